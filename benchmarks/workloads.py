"""What the servers are asked, about which data, and what makes two answers the same."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, RdfFormat, parse, serialize

from benchmarks.measuring import MARK
from benchmarks.network import SEED, make_network, write_network
from benchmarks.running import RESULTS, ask
from partnergraph.dataset.loading import load_dataset
from partnergraph.namespaces import RDF, SKOS, TP, XSD
from partnergraph.settings import Settings

TRIPLES = "application/n-triples"
PREFIXES = f"#{MARK}\nPREFIX tp: <{TP}> PREFIX skos: <{SKOS}> "
CONSTRUCTED = 100_000


@dataclass(frozen=True)
class Material:
    """A data set: one file of N-Triples, and the places that are asked about.

    Attributes:
        small: so small that no query about it is slow.
        places: IRIs, in the order in which they are asked about.
        first: how many triples the first of the places is the subject of.
    """

    name: str
    path: Path
    triples: int
    small: bool
    places: list[str]
    first: int

    def is_right(self, base: str) -> bool:
        """Whether a server knows all about the first place.

        Raises:
            Failed: it does not answer.
        """
        return (
            len(json.loads(ask(base, _lookup(self.places[0])))["results"]["bindings"]) == self.first
        )


def partners(folder: Path) -> Material:
    """The graph that this repository publishes: the merge of all its named graphs."""
    quads = parse(load_dataset(Settings()).snapshot("union"), format=RdfFormat.N_QUADS)
    triples = sorted({quad.triple for quad in quads if quad.graph_name == DefaultGraph()}, key=str)
    path = folder / "partners.nt"
    serialize(triples, path, format=RdfFormat.N_TRIPLES)
    territory = ("<" + RDF + "type>", f"<{TP}Territory>")
    places = [
        str(each.subject)[1:-1]
        for each in triples
        if (str(each.predicate), str(each.object)) == territory
    ]
    return _material("the partners graph", path, len(triples), places, small=True)


def network(folder: Path, partnerships: int) -> Material:
    """A made-up network with so many partnerships."""
    made = make_network(partnerships)
    path = folder / f"network-{partnerships}.nt"
    triples = write_network(path, made)
    places = [made.place(number) for number in range(len(made.countries))]
    # As many as the load generator is given; spread over all degrees.
    places = random.Random(SEED).sample(places, min(5_000, len(places)))
    return _material(f"{partnerships:,} partnerships", path, triples, places, small=False)


def _material(name: str, path: Path, triples: int, places: list[str], *, small: bool) -> Material:
    beginning = f"<{places[0]}> "
    with path.open(encoding="utf-8") as lines:
        first = sum(line.startswith(beginning) for line in lines)
    return Material(name, path, triples, small, places, first)


@dataclass(frozen=True)
class Workload:
    """One kind of request.

    Attributes:
        key: its name on the command line.
        sentence: what it is, for the report.
        queries: the queries about a data set; :data:`MARK` in one becomes a number of its own.
        connections: how many requests are under way at a time.
        slow: made by hand where the data is not small.
        large: asked about the largest data set, too.
        needs: triples that the data must have.
    """

    key: str
    sentence: str
    queries: Callable[[Material], list[str]]
    connections: int = 8
    media_type: str = RESULTS
    slow: bool = False
    large: bool = False
    needs: int = 0


def _lookup(place: str) -> str:
    return f"SELECT ?property ?value WHERE {{ <{place}> ?property ?value }}"


def _each(template: str) -> Callable[[Material], list[str]]:
    """The query about each place in turn."""
    return lambda data: [PREFIXES + template.replace("PLACE", place) for place in data.places]


def _groups(_: Material) -> list[str]:
    body = "?a tp:twinnedWith ?b . ?a tp:country ?from . ?b tp:country ?to"
    order = "GROUP BY ?from ?to ORDER BY DESC(?links) ?from ?to LIMIT 20"
    return [f"{PREFIXES}SELECT ?from ?to (COUNT(*) AS ?links) WHERE {{ {body} }} {order}"]


def _paths(data: Material) -> list[str]:
    """Each path has a constant start, as Virtuoso refuses one that comes from VALUES."""
    fours = zip(*(data.places[start::4] for start in range(4)), strict=False)
    unions = (
        " UNION ".join(f"{{ <{place}> tp:twinnedWith+ ?place }}" for place in four)
        for four in fours
    )
    return [f"{PREFIXES}SELECT (COUNT(?place) AS ?places) WHERE {{ {each} }}" for each in unions]


WORKLOADS = (
    Workload(
        "lookup-same",
        "everything about one place, the same request again and again (a cache may answer)",
        lambda data: [_lookup(data.places[0])],
    ),
    Workload(
        "lookup-new",
        "everything about a place, another one each time",
        _each("SELECT ?property ?value WHERE { <PLACE> ?property ?value }"),
        large=True,
    ),
    Workload(
        "two-steps",
        "the partners of a place's partners, with their names, another place each time",
        _each(
            "SELECT DISTINCT ?partner ?name WHERE { "
            "<PLACE> tp:twinnedWith/tp:twinnedWith ?partner . "
            '?partner skos:prefLabel ?name FILTER(LANG(?name) = "en") }'
        ),
        large=True,
    ),
    Workload(
        "groups",
        "all links, grouped by the two countries, the 20 most frequent pairs",
        _groups,
        connections=1,
        slow=True,
    ),
    Workload(
        "path",
        "how many places any number of links leads to, from four places, others each time",
        _paths,
        connections=1,
        slow=True,
    ),
    Workload(
        "construct",
        f"{CONSTRUCTED:,} triples of the graph, as N-Triples",
        lambda _: [f"{PREFIXES}CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }} LIMIT {CONSTRUCTED}"],
        connections=1,
        media_type=TRIPLES,
        slow=True,
        needs=CONSTRUCTED,
    ),
)

RUNAWAY = (
    f"{PREFIXES}SELECT (COUNT(*) AS ?all) "
    "WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?i) }"
)
"""A cross product that no server finishes."""

Answer = tuple[Any, ...]


def read_answer(body: bytes, media_type: str) -> Answer:
    """What an answer says, however written: its solutions, sorted, or how many triples it has.

    Raises:
        ValueError: it is not in the media type.
    """
    if media_type == TRIPLES:
        return (len({line for line in body.splitlines() if line.strip()}),)
    try:
        bindings = json.loads(body)["results"]["bindings"]
        return tuple(sorted(tuple(sorted(_solution(each).items())) for each in bindings))
    except (KeyError, TypeError, AttributeError):
        raise ValueError("these are no results in JSON") from None


def _solution(binding: dict[str, dict[str, str]]) -> dict[str, tuple[str, ...]]:
    return {name: _term(term) for name, term in binding.items()}


def _term(term: dict[str, str]) -> tuple[str, ...]:
    """A term without what says nothing: labels of blank nodes, the datatype of plain strings."""
    if term["type"] == "bnode":
        return ("bnode",)
    kind = "literal" if term["type"] == "typed-literal" else term["type"]
    datatype = term.get("datatype", "").removeprefix(f"{XSD}string")
    return (kind, term["value"], datatype, term.get("xml:lang", "").lower())
