"""The network of all partnerships: territories where these are few, else their countries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pyoxigraph import NamedNode, Store

from partnergraph.namespaces import TP, expand
from partnergraph.pages.rows import Reader, Reference
from partnergraph.pictures.arc_diagrams import MOST_NODES, ArcDiagram, Node, draw_arcs

_TYPE = NamedNode(expand("rdf:type"))
_PARTNERSHIP, _PARTY = NamedNode(f"{TP}Partnership"), NamedNode(f"{TP}party")
_COUNTRY = NamedNode(f"{TP}country")

MOST_PAIRS = 300
"""Rows of the table."""


@dataclass(frozen=True)
class Pair:
    """Two nodes and how many partnerships there are between them."""

    one: Reference
    other: Reference
    count: int


@dataclass(frozen=True)
class Network:
    """The network.

    Attributes:
        diagram: its picture; ``None`` where there are no partnerships.
        pairs: what is connected, the most first.
        by_country: whether territories are summed up by their countries.
        territories: how many territories have a partnership.
        untold: how many pairs the table leaves out.
    """

    diagram: ArcDiagram | None
    pairs: tuple[Pair, ...]
    by_country: bool
    territories: int
    untold: int


def read_network(store: Store, reader: Reader) -> Network:
    """The network of a dataset, named in the language of a reader."""
    pairs = _pairs(store)
    places = {place for pair in pairs for place in pair}
    countries = {place: _country(store, place) for place in places}
    by_country = len(places) > MOST_NODES
    counted: Counter[tuple[NamedNode, NamedNode]] = Counter()
    for pair, number in pairs.items():
        one, other = (countries[place] if by_country else place for place in pair)
        if one and other:
            counted[min(one, other, key=str), max(one, other, key=str)] += number

    def node(thing: NamedNode) -> Node:
        reference = reader.reference(thing)
        country = countries.get(thing)
        group = str(reader.reference(country).name) if country else ""
        return Node(str(reference.name), reference.path, group)

    nodes = {thing: node(thing) for pair in counted for thing in pair}
    connections = (
        (nodes[one], nodes[other])
        for (one, other), number in counted.items()
        for _ in range(number)
    )
    most = sorted(
        counted.items(), key=lambda item: (-item[1], nodes[item[0][0]].name, nodes[item[0][1]].name)
    )
    shown = (
        Pair(reader.reference(one), reader.reference(other), number)
        for (one, other), number in most[:MOST_PAIRS]
    )
    untold = max(len(most) - MOST_PAIRS, 0)
    return Network(draw_arcs(connections), tuple(shown), by_country, len(places), untold)


def _pairs(store: Store) -> Counter[tuple[Any, Any]]:
    found: Counter[tuple[Any, Any]] = Counter()
    claims = {quad.subject for quad in store.quads_for_pattern(None, _TYPE, _PARTNERSHIP, None)}
    for claim in claims:
        parties = {quad.object for quad in store.quads_for_pattern(claim, _PARTY, None, None)}
        found.update(combinations(sorted(parties, key=str), 2))
    return found


def _country(store: Store, place: NamedNode) -> Any:
    quads = store.quads_for_pattern(place, _COUNTRY, None, None)
    return min((quad.object for quad in quads), key=str, default=None)
