"""Other publishers' files are served beside the page's graph, and what they dispute stays theirs.

The files are examples: their sources are the texts beside them, in our own words.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from partnergraph.dataset.loading import load_dataset
from partnergraph.dataset.sources import verify
from partnergraph.gate.validation import validate
from partnergraph.namespaces import GRAPH, ID, PREFIXES
from partnergraph.results import Report, Severity
from partnergraph.settings import ROOT, Settings
from tests.graphs import repository_files
from tests.serving import Server, running

PUBLISHERS = repository_files("ontology/examples/valid/publishers/*.ttl")
DATA = (ROOT / "data", *PUBLISHERS)
STEMS = ["riga-suspended", "riga-terminated", "tartu"]
CLAIMS = {
    "riga-suspended": ("Suspended", "suspended", "Riga, Latvia: agreements suspended"),
    "riga-terminated": ("Ended", "ended", "Riga, Latvia: agreements terminated"),
}
"""What each report says became of Riga's agreements: status, property of the date, heading."""

PARTNERS = ["by/minsk", "ru/kazan", "ru/moscow", "ru/st-petersburg"]


@pytest.fixture(scope="module")
def publishers() -> Iterator[Server]:
    """The page's graph and the other publishers' files, served."""
    with running(*(option for path in DATA for option in ("--data", str(path)))) as server:
        yield server


@cache
def report() -> Report:
    """What the gate finds in all of them together."""
    return validate(load_dataset(Settings(data=DATA)))


def ask(server: Server, query: str) -> list[list[str]]:
    """The rows of a SELECT query asked over HTTP, without the names of the variables."""
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    response = server.select(f"{prefixes}BASE <{ID}>\n{query}")
    assert response.status_code == 200, response.text
    return list(csv.reader(io.StringIO(response.text)))[1:]


def twinned_with(server: Server, place: str) -> list[str]:
    """The places that a place is twinned with, in both directions."""
    query = f"""
        SELECT ?partner WHERE {{
          <place/{place}> tp:twinnedWith ?partner . ?partner tp:twinnedWith <place/{place}>
        }} ORDER BY ?partner"""
    return [partner.removeprefix(f"{ID}place/") for (partner,) in ask(server, query)]


def test_the_files_are_these() -> None:
    assert [path.stem for path in PUBLISHERS] == STEMS


@pytest.mark.parametrize("path", PUBLISHERS, ids=lambda path: path.stem)
def test_passages_stand_in_the_text_beside_the_file(path: Path) -> None:
    """The text is whole as described, and each passage is where the graph says."""
    check = verify(path.with_suffix(".txt"), (path,))
    assert check.agrees
    assert not check.changed


def test_each_file_is_a_named_graph_beside_those_of_the_page(publishers: Server) -> None:
    rows = ask(publishers, "SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } }")
    graphs = {graph for (graph,) in rows}
    assert {f"{GRAPH}{stem}" for stem in (*STEMS, "partners", "contact", "linkset")} <= graphs


@pytest.mark.parametrize("stem", STEMS)
def test_each_source_mints_its_own_claims(stem: str, publishers: Server) -> None:
    """A file states partnerships and agreements under its own stem, and nobody else does."""
    query = f"""
        SELECT DISTINCT ?graph ?claim WHERE {{
          GRAPH ?graph {{ ?claim a ?class . VALUES ?class {{ tp:Partnership tp:Agreement }} }}
          FILTER (?graph = <{GRAPH}{stem}> || CONTAINS(STR(?claim), "/{stem}/"))
        }}"""
    rows = ask(publishers, query)
    assert rows
    own = (f"{ID}partnership/{stem}/", f"{ID}agreement/{stem}/")
    assert all(graph == f"{GRAPH}{stem}" and claim.startswith(own) for graph, claim in rows)


def test_a_partnership_that_lapsed_has_two_periods(publishers: Server) -> None:
    query = """
        SELECT ?began ?ended ?status WHERE {
          <partnership/tartu/tartu-veszprem> tp:period ?period ; tp:status ?status .
          ?period tp:began ?began . OPTIONAL { ?period tp:ended ?ended }
        } ORDER BY ?began"""
    listed = PREFIXES["tp"] + "Listed"
    assert ask(publishers, query) == [["1969", "1975", listed], ["1990", "", listed]]


def test_dates_of_signing_keep_their_precision_and_documents_their_kind(
    publishers: Server,
) -> None:
    query = f"""
        SELECT ?partner ?signed (DATATYPE(?signed) AS ?precision) ?instrument WHERE {{
          GRAPH <{GRAPH}tartu> {{
            ?agreement tp:party ?partner ; tp:signed ?signed ; tp:instrument ?instrument .
            FILTER (?partner != <place/ee/tartu>)
          }}
        }} ORDER BY ?partner"""
    xsd, tpc, place = PREFIXES["xsd"], PREFIXES["tpc"], f"{ID}place/"
    assert ask(publishers, query) == [
        [f"{place}hu/veszprem", "1971", f"{xsd}gYear", f"{tpc}vienosanas"],
        [f"{place}lt/kaunas", "1993-05-04", f"{xsd}date", f"{tpc}memorandum"],
    ]


def test_a_partnership_taken_up_again_makes_its_parties_twinned(publishers: Server) -> None:
    assert twinned_with(publishers, "ee/tartu") == ["hu/veszprem", "lt/kaunas"]


def test_partnerships_ended_or_suspended_make_nobody_twinned(publishers: Server) -> None:
    """Not Moscow and no other; that they are co-signatories is all that ties them directly."""
    query = """
        SELECT DISTINCT ?property ?partner WHERE {
          { <place/lv/riga> ?property ?partner } UNION { ?partner ?property <place/lv/riga> }
          ?partner a tp:Territory
        } ORDER BY ?partner"""
    assert twinned_with(publishers, "lv/riga") == []
    assert ask(publishers, query) == [
        [f"{PREFIXES['tp']}coSignatoryWith", f"{ID}place/{partner}"] for partner in PARTNERS
    ]


@pytest.mark.parametrize("partner", PARTNERS)
@pytest.mark.parametrize("kind", ["partnership", "agreement"])
def test_two_reports_that_differ_are_both_served(
    kind: str, partner: str, publishers: Server
) -> None:
    """Each claim stands in the graph of its source, dated, with the passage it is taken from."""
    query = f"""
        SELECT ?graph ?claim ?status ?property ?date ?heading ?source WHERE {{
          GRAPH ?graph {{
            ?claim a tp:{kind.title()} ; tp:party <place/lv/riga>, <place/{partner}> ;
              tp:status ?status ; ?property ?date ; prov:wasDerivedFrom ?passage .
            VALUES ?property {{ tp:ended tp:suspended }}
            ?passage a tp:Passage ; tp:heading ?heading ; oa:hasSource ?source .
          }}
        }} ORDER BY ?graph"""
    tp, name = PREFIXES["tp"], f"riga-{partner.partition('/')[2]}"
    assert ask(publishers, query) == [
        [
            f"{GRAPH}{stem}",
            f"{ID}{kind}/{stem}/{name}",
            f"{tp}{status}",
            f"{tp}{date_property}",
            "2022-03-02",
            heading,
            f"{ID}source/{stem}",
        ]
        for stem, (status, date_property, heading) in CLAIMS.items()
    ]


def test_nobody_knows_when_rigas_agreements_were_signed(publishers: Server) -> None:
    """Eight agreements, four a report, say so; none has a date."""
    query = """
        SELECT ?agreement ?signed WHERE {
          ?agreement a tp:Agreement ; tp:party <place/lv/riga> ; tp:signedUnknown true .
          OPTIONAL { ?agreement tp:signed ?signed }
        }"""
    rows = ask(publishers, query)
    assert len(rows) == len(CLAIMS) * len(PARTNERS)
    assert {signed for _, signed in rows} == {""}


def test_the_gate_lets_all_of_them_pass_and_says_where_sources_differ() -> None:
    """Beyond what the page alone gives, only constraint 22 speaks, as an info, of Riga's claims."""
    alone = validate(load_dataset(Settings()))
    assert report().conforms
    new = [result for result in report().results if result not in alone.results]
    found = {
        (result.focus_node.strip("<>").removeprefix(ID), result.path, result.value)
        for result in new
    }
    tp = PREFIXES["tp"]
    assert found == {
        (f"{kind}/{stem}/riga-{partner.partition('/')[2]}", f"{tp}status", f"<{tp}{status}>")
        for kind in ("partnership", "agreement")
        for stem, (status, _, _) in CLAIMS.items()
        for partner in PARTNERS
    }
    assert {(result.constraint[0], result.severity) for result in new} == {(22, Severity.INFO)}


@pytest.mark.parametrize("stem", CLAIMS)
def test_each_difference_names_the_passage_of_the_source_that_says_so(stem: str) -> None:
    about = [result for result in report().results if f"/{stem}/" in result.focus_node]
    assert len(about) == 2 * len(PARTNERS)
    for result in about:
        assert [passage.heading for passage in result.passages] == [CLAIMS[stem][2]]
