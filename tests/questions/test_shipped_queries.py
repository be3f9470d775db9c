"""Every stored query of this repository: its expected answer, what is said of it, its names."""

from __future__ import annotations

import csv
import io
import tomllib
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from partnergraph.answers.enriched_tables import BOOLEAN
from partnergraph.dataset.loading import load_dataset
from partnergraph.question_pages.answer_tables import GRAPH_COLUMNS
from partnergraph.questions.asked import read_asked
from partnergraph.questions.choices import Choices
from partnergraph.questions.files import NAMES, VIEWS, StoredQueries
from partnergraph.questions.stored import StoredQuery
from partnergraph.settings import Settings
from partnergraph.things.labels import Labels
from tests.serving import ROOT, Server

FOLDER = ROOT / "queries"
EXPECTED = ROOT / "tests" / "expected"
QUERIES = StoredQueries(FOLDER)
LONGEST_SUMMARY = 90

every_query = pytest.mark.parametrize("query", QUERIES.values(), ids=lambda one: one.name)


def test_queries_and_expected_answers_pair() -> None:
    """No query without an expected answer, no expected answer without a query."""
    assert len(QUERIES) >= 20
    assert sorted(QUERIES) == sorted(path.stem for path in EXPECTED.iterdir())


@every_query
def test_query_gives_its_expected_answer(query: StoredQuery, server: Server) -> None:
    """The answer over HTTP for the default values is the expected one, row by row."""
    if query.has_solutions:
        response = server.client.get(f"/queries/{query.name}.csv")
        expected = (EXPECTED / f"{query.name}.csv").read_text("utf-8")
        assert response.text.splitlines() == expected.splitlines()
    else:
        response = server.client.get(f"/queries/{query.name}.nt")
        expected = (EXPECTED / f"{query.name}.nt").read_text("utf-8")
        assert sorted(response.text.splitlines()) == expected.splitlines()
    assert response.status_code == 200


@every_query
def test_the_query_with_its_values_gets_the_same_answer_at_the_endpoint(
    query: StoredQuery, server: Server
) -> None:
    """What a page shows as SPARQL is what was asked."""
    dataset = load_dataset(Settings())
    asked = read_asked(query, (), Choices(dataset, Labels(dataset)))
    form = "csv" if query.has_solutions else "nt"
    at_endpoint = server.client.get("/sparql", params={"query": asked.text, "format": form})
    by_name = server.client.get(f"/queries/{query.name}.{form}")
    assert sorted(at_endpoint.text.splitlines()) == sorted(by_name.text.splitlines())


@every_query
def test_what_is_said_of_a_query(query: StoredQuery) -> None:
    """Titles and descriptions in both languages, a view, and an order where there are rows."""
    for words in (query.summary, query.description):
        assert set(words) == {"en", "lv"}
        assert words["en"] != words["lv"]
    assert len(query.summary["en"]) <= LONGEST_SUMMARY
    assert not query.summary["en"].endswith(".")
    assert query.view in VIEWS
    assert query.is_ordered == (query.form == "SELECT")
    if query.view == "Map":
        assert {"lat", "long"} <= set(query.columns)


@every_query
def test_columns_are_tidy(query: StoredQuery, server: Server) -> None:
    """No names in the place of things: these are added on request."""
    if query.form == "SELECT":
        named = server.client.get(f"/queries/{query.name}.csv", params={"labels": "lv"})
        header, *rows = csv.reader(io.StringIO(named.text))
        things = [place for place, name in enumerate(header) if f"{name}Label" in header]
        assert things or not rows
        assert len(set(map(tuple, rows))) == len(rows)


def test_every_name_is_given_in_both_languages_and_none_is_left_over() -> None:
    """Columns, parameters and tags are named once for all queries."""
    names = tomllib.loads((FOLDER / NAMES).read_text("utf-8"))
    used = {
        "columns": {BOOLEAN, *GRAPH_COLUMNS}
        | {name for query in QUERIES.values() for name in query.columns},
        "parameters": {one.name for query in QUERIES.values() for one in query.parameters},
        "tags": {query.tag for query in QUERIES.values()},
    }
    assert {kind: set(entries) for kind, entries in names.items()} == used
    for entries in names.values():
        assert list(entries) == sorted(entries)
        for words in entries.values():
            assert set(words) == {"en", "lv"}


def test_expected_graphs_are_in_order() -> None:
    """So that a change of one fact is a diff of one line."""
    paths = list(EXPECTED.glob("*.nt"))
    assert paths
    for path in paths:
        lines = path.read_text("utf-8").splitlines()
        assert lines == sorted(set(lines))
        assert all(True for _ in parse(path=Path(path), format=RdfFormat.N_TRIPLES))
