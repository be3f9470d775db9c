"""What a crawler needs: the IRIs to follow, pages read as a reader sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

import httpx
from rdflib import BNode, Graph, Literal, URIRef

from tests.serving import Server

MOST_HOPS = 1
"""A thing leads to its description at once."""

Statement = tuple[object, object, object]


@dataclass
class Page(HTMLParser):
    """A page as a reader sees it: its text, its links, its language."""

    text: str = ""
    links: set[str] = field(default_factory=set)
    language: str = ""
    scripts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "html":
            self.language = values.get("lang") or ""
        for name in ("href", "src", "action"):
            if values.get(name) is not None:
                self.links.add(values[name] or "")
        if tag == "data":
            self.text += f" {values.get('value')} "
        if tag == "script":
            self._within = "script"
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within:
            self.scripts[-1] += data
        else:
            self.text += data


def read_page(response: httpx.Response) -> Page:
    """A page, with its links as the browser resolves them."""
    page = Page()
    page.feed(response.text)
    page.links = {urljoin(str(response.url), link) for link in page.links}
    return page


def follow(server: Server, iri: str, accept: str, language: str = "") -> httpx.Response:
    """What is at an IRI, after one hop at most."""
    headers = {"accept": accept}
    if language:
        headers["accept-language"] = language
    response = server.client.get(urldefrag(iri).url, headers=headers)
    hops = 0
    while response.status_code in (301, 302, 303, 307, 308):
        assert response.status_code == 303, iri
        hops += 1
        assert hops <= MOST_HOPS, iri
        response = server.client.get(
            urljoin(str(response.url), response.headers["location"]), headers=headers
        )
    assert response.status_code == 200, f"{iri}: {response.status_code} {response.text[:200]}"
    return response


def base_of(server: Server) -> str:
    """What the IRIs begin with that the server publishes at its own address."""
    return f"{str(server.client.base_url).rstrip('/')}/"


def named_iris(server: Server) -> list[str]:
    """Every IRI under the server's base in any answer: subjects, predicates, objects, graphs."""
    query = """
        SELECT DISTINCT ?x {
          { ?x ?p ?o } UNION { ?s ?x ?o } UNION { ?s ?p ?x } UNION { GRAPH ?x { ?s ?p ?o } }
          FILTER (isIRI(?x) && STRSTARTS(STR(?x), "%s"))
        } ORDER BY ?x"""
    iris = server.select(query % base_of(server)).text.split()[1:]
    assert len(iris) > 300
    # What has a fragment is asked for, and answered, without it.
    return sorted({urldefrag(iri).url for iri in iris})


def constructed(server: Server, template: str, pattern: str = "") -> set[Statement]:
    """The statements of a CONSTRUCT query whose subject and object have names."""
    query = f"CONSTRUCT {{ {template} }} WHERE {{ {pattern or template} }}"
    response = server.client.get("/sparql", params={"query": query, "format": "nt"})
    assert response.status_code == 200, response.text
    return without_blank_nodes(Graph().parse(data=response.text, format="nt"))


def without_blank_nodes(graph: Graph) -> set[Statement]:
    """The statements of a graph that name all they speak of; literals as they are written."""
    return {
        (subject, predicate, _written(value))
        for subject, predicate, value in graph
        if not isinstance(subject, BNode) and not isinstance(value, BNode)
    }


def _written(term: object) -> object:
    # rdflib holds two literals of one value for equal; here it matters how they are written.
    if isinstance(term, Literal):
        text, datatype = str(term), str(term.datatype or "")
        # The engine keeps numbers by their value: all integers are xsd:integer, and 5.430 is 5.43.
        if datatype.endswith("#decimal"):
            text = f"{Decimal(text).normalize():f}"
        return (text, term.language or "", datatype.replace("nonNegativeInteger", "integer"))
    return URIRef(str(term))
