"""Stored queries as other software reads them: the SIB's example queries, and grlc."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef

from partnergraph.questions.files import StoredQueries
from partnergraph.questions.stored import StoredQuery
from tests.serving import ROOT, Server, eventually, running

QUERIES = StoredQueries(ROOT / "queries")
SHAPES = Graph().parse(Path(__file__).with_name("sib_examples.ttl"))
SCHEMA = Namespace("https://schema.org/")
SH = Namespace("http://www.w3.org/ns/shacl#")
THING = "https://partnergraph.example/id/query/"
TEXTS = {"SELECT": SH.select, "ASK": SH.ask, "CONSTRUCT": SH.construct}
GRLC = "grlc==1.3.11"
READ_BY_GRLC = """
import json, sys
from grlc.gquery import get_metadata
found = {}
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        read = get_metadata(file.read(), "")
    read.pop("variables", None)
    found[path] = read
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(found, file, default=str)
"""

every_query = pytest.mark.parametrize("query", QUERIES.values(), ids=lambda one: one.name)


@pytest.fixture(scope="module")
def examples(server: Server) -> Graph:
    """The examples, as they are served."""
    response = server.client.get("/.well-known/sparql-examples", headers={"accept": "text/turtle"})
    assert response.status_code == 200
    return Graph().parse(data=response.text, format="turtle")


def conforms(graph: Graph) -> bool:
    """Whether a graph is of the SIB's form."""
    conforming, _, _ = pyshacl.validate(graph, shacl_graph=SHAPES)
    assert isinstance(conforming, bool)
    return conforming


def test_examples_are_of_the_form_of_the_sib(examples: Graph) -> None:
    assert conforms(examples)
    assert set(examples.subjects(RDF.type, SH.SPARQLExecutable)) == {
        URIRef(THING + name) for name in QUERIES
    }


CHRONOLOGY = URIRef(f"{THING}chronology")


@pytest.mark.parametrize(
    "damage",
    [
        lambda graph: graph.remove((CHRONOLOGY, SH.select, None)),
        lambda graph: graph.add((CHRONOLOGY, SH.ask, Literal("ASK {}"))).add(
            (CHRONOLOGY, RDF.type, SH.SPARQLAskExecutable)
        ),
        lambda graph: graph.remove((CHRONOLOGY, SCHEMA.target, None)),
        lambda graph: graph.remove((CHRONOLOGY, RDFS.comment, None)),
        lambda graph: graph.add((CHRONOLOGY, SCHEMA.keyword, Literal("a"))),
        lambda graph: graph.add((CHRONOLOGY, SCHEMA.keywords, Literal(" a"))),
        lambda graph: graph.remove((None, SH.declare, None)),
    ],
)
def test_examples_of_another_form_are_noticed(
    damage: Callable[[Graph], Graph], examples: Graph
) -> None:
    """The shapes see what they are for."""
    assert not conforms(damage(Graph() + examples))


@every_query
def test_an_example_is_the_query(query: StoredQuery, examples: Graph, server: Server) -> None:
    """Its words are those of the file, and its text gets the same answer at the endpoint."""
    thing = URIRef(THING + query.name)
    labels = {str(one.language): str(one) for one in examples.objects(thing, RDFS.label)}  # type: ignore[attr-defined]
    assert labels == dict(query.summary)
    assert str(examples.value(thing, SCHEMA.keywords)) == query.tag
    assert str(examples.value(thing, SCHEMA.version)) == query.version
    text = str(examples.value(thing, TEXTS[query.form]))
    form = "csv" if query.has_solutions else "nt"
    by_name = server.client.get(f"/queries/{query.name}.{form}").text
    at_endpoint = server.client.get("/sparql", params={"query": text, "format": form}).text
    assert sorted(at_endpoint.splitlines()) == sorted(by_name.splitlines())


def test_examples_are_in_the_default_graph(server: Server) -> None:
    """Where editors look for them: https://github.com/sib-swiss/sparql-editor."""
    answer = server.select(
        """PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT (COUNT(DISTINCT ?q) AS ?n)
        { ?q a sh:SPARQLExecutable ; sh:select|sh:ask|sh:construct ?text }"""
    )
    assert answer.text.split() == ["n", str(len(QUERIES))]


def test_a_query_that_is_changed_changes_what_is_answered_of_it(tmp_path: Path) -> None:
    """Though the version of the data stays: an answer from before is no longer confirmed."""
    path = tmp_path / "one.rq"
    text = "#+ summary: First\nSELECT ?x { ?x a ?y } ORDER BY ?x\n"
    path.write_text(text, "utf-8")
    query = "SELECT ?label { ?x <https://schema.org/version> ?v ; rdfs:label ?label }"
    query = f"PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> {query}"
    with running("--queries", str(tmp_path)) as server:
        first = server.select(query)
        path.write_text(text.replace("First", "Second"), "utf-8")
        server.process.send_signal(signal.SIGHUP)
        tag = {"if-none-match": first.headers["etag"]}
        parameters = {"query": query, "format": "csv"}

        def is_new() -> bool:
            later = server.client.get("/sparql", params=parameters, headers=tag)
            return later.status_code == 200 and "Second" in later.text

        assert "First" in first.text
        assert eventually(is_new)


@pytest.fixture(scope="module")
def read_by_grlc(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What grlc reads in each file; installed apart, as it fixes versions of what we use."""
    folder = tmp_path_factory.mktemp("grlc")
    python = folder / "bin" / "python"
    steps: tuple[tuple[str | Path, ...], ...] = (
        (sys.executable, "-m", "venv", folder),
        (python, "-m", "pip", "install", "-q", "--disable-pip-version-check", GRLC),
        (python, "-c", READ_BY_GRLC, "read.json", *(ROOT / "queries").glob("*.rq")),
    )
    for step in steps:
        done = subprocess.run(
            step, cwd=folder, capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == 0, done.stderr[-2000:]
    read = json.loads((folder / "read.json").read_text("utf-8"))
    return {Path(path).stem: one for path, one in read.items()}


@every_query
def test_grlc_reads_the_same(query: StoredQuery, read_by_grlc: dict[str, Any]) -> None:
    """Summary, description, tags, defaults and parameters."""
    read = read_by_grlc[query.name]
    assert read["summary"] == query.summary["en"]
    assert read["description"] == query.description["en"]
    assert read["tags"] == [query.tag]
    assert read["method"] == "GET"
    defaults = {name: value for one in read.get("defaults", []) for name, value in one.items()}
    assert {name: str(value) for name, value in defaults.items()} == {
        one.name: one.default for one in query.parameters if one.default
    }
    if query.form == "ASK":
        assert "parameters" not in read  # grlc reads those of SELECT and CONSTRUCT only.
        return
    assert {
        name: (one["original"], one["required"]) for name, one in read["parameters"].items()
    } == {one.name: (f"?{one.variable}", one.required) for one in query.parameters}
