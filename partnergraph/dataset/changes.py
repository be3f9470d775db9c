"""What is new in this version: what sources tell of, compared with another version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, NamedNode, Quad

from partnergraph.dataset.canonical import Dataset
from partnergraph.namespaces import GRAPH, PUBLICATION, TP, expand

_TYPE = NamedNode(expand("rdf:type"))
_CLASSES = {
    *(NamedNode(f"{TP}{name}") for name in ("Territory", "Partnership", "Agreement", "Network")),
    NamedNode(expand("org:Membership")),
}
_NOT_SOURCES = ("dataset", "derived", "ontology", "shapes")
"""Graphs that no source tells."""

_DEEPEST = 6
"""How deep blank nodes are told apart by what hangs from them."""

Statements = dict[Any, set[tuple[str, Any]]]


@dataclass(frozen=True)
class Changes:
    """The things that are new, of which something else is said, and that are gone, by IRI."""

    new: tuple[NamedNode, ...]
    changed: tuple[NamedNode, ...]
    gone: tuple[NamedNode, ...]


def compare(dataset: Dataset, before: Iterable[Quad]) -> Changes:
    """What has changed.

    Args:
        dataset: this version.
        before: the other one, as its files say it; under this or the original address.
    """
    now = _things(dataset, dataset.base)
    then = _things(before, dataset.base)
    both = set(now) & set(then)
    return Changes(
        _nodes(set(now) - both),
        _nodes({one for one in both if now[one] != then[one]}),
        _nodes(set(then) - both),
    )


def _nodes(iris: Iterable[str]) -> tuple[NamedNode, ...]:
    return tuple(map(NamedNode, sorted(iris)))


def _things(quads: Iterable[Quad], base: str) -> dict[str, frozenset[tuple[str, str]]]:
    """What is said of each thing, by its IRI."""
    of: Statements = defaultdict(set)
    things: set[Any] = set()
    without = {f"{start}{stem}" for stem in _NOT_SOURCES for start in (GRAPH, f"{base}graph/")}
    for quad in quads:
        if getattr(quad.graph_name, "value", "") in without:
            continue
        of[quad.subject].add((quad.predicate.value, quad.object))
        if quad.predicate == _TYPE and quad.object in _CLASSES:
            things.add(quad.subject)
    return {
        _published(one.value, base): frozenset(_said(one, of, base, _DEEPEST))
        for one in things
        if isinstance(one, NamedNode)
    }


def _said(node: Any, of: Statements, base: str, depth: int) -> set[tuple[str, str]]:
    return {(predicate, _text(term, of, base, depth)) for predicate, term in of[node]}


def _text(term: Any, of: Statements, base: str, depth: int) -> str:
    if isinstance(term, BlankNode):
        return str(sorted(_said(term, of, base, depth - 1))) if depth else ""
    return _published(term.value, base) if isinstance(term, NamedNode) else str(term)


def _published(iri: str, base: str) -> str:
    return f"{base}{iri.removeprefix(PUBLICATION)}" if iri.startswith(f"{PUBLICATION}id/") else iri
