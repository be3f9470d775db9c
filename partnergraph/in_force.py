"""What was in force on a day: the dataset without the claims that had ended or had not begun.

Dates are known to a year, a month or a day. So a claim is in force, is not, or may have been: where
the source gives no date, or one that is not precise enough. A partnership is in force where one of
its agreements is. See docs/decisions/0015.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import permutations
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from partnergraph.dataset import Graphs
from partnergraph.namespaces import TP, expand

DAYS = r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?"
"""A year, a month or a day."""

_PATTERN = re.compile(DAYS)

_TYPE = NamedNode(expand("rdf:type"))
_PARTY = NamedNode(f"{TP}party")
_PARTNERSHIP = NamedNode(f"{TP}Partnership")
_AGREEMENT = NamedNode(f"{TP}Agreement")
_MEMBERSHIP = NamedNode(expand("org:Membership"))
_OF_PARTNERSHIP = NamedNode(f"{TP}partnership")
_BEGAN, _ENDED, _SIGNED = (NamedNode(f"{TP}{name}") for name in ("began", "ended", "signed"))
_PERIOD, _STATUS = NamedNode(f"{TP}period"), NamedNode(f"{TP}status")

_CLAIMS = {_PARTNERSHIP: _BEGAN, _AGREEMENT: _SIGNED, _MEMBERSHIP: _BEGAN}
"""The classes of what can be in force, and when that begins."""

_LASTING = (None, NamedNode(f"{TP}Listed"))
"""The statuses of what has no end, as far as is known."""

_DERIVED_LINKS = {
    NamedNode(f"{TP}twinnedWith"): _PARTNERSHIP,
    NamedNode(f"{TP}coSignatoryWith"): _AGREEMENT,
}
"""Links between the parties of a claim, which hold while it is in force."""

Node = NamedNode | BlankNode


class InForce(IntEnum):
    """Whether a claim is in force; of several reasons, the greatest counts."""

    NO = 0
    PERHAPS = 1
    YES = 2


@dataclass(frozen=True)
class Days:
    """The days that a date may mean, as numbers: 20220722."""

    first: int
    last: int

    @classmethod
    def read(cls, date: str) -> Days | None:
        """The days of a year, a month or a day; ``None`` where it is no such date."""
        match = _PATTERN.fullmatch(date)
        if match is None:
            return None
        year, month, day = match.groups()
        first, last = f"{year}{month or '01'}{day or '01'}", f"{year}{month or 12}{day or 31}"
        return cls(int(first), int(last))


def views(graphs: Graphs, days: Days) -> tuple[Store, Store]:
    """The dataset with what was in force on a day, and with what may have been as well.

    Args:
        graphs: the dataset.
        days: the day; or a month or a year, of which a claim has to cover all.
    """
    found = _Claims(graphs.store).in_force(days)
    certain = _view(graphs, {claim for claim, answer in found.items() if answer < InForce.YES})
    if InForce.PERHAPS not in found.values():
        return certain, certain
    never = {claim for claim, answer in found.items() if answer == InForce.NO}
    return certain, _view(graphs, never)


class _Claims:
    def __init__(self, store: Store) -> None:
        self._store = store

    def in_force(self, days: Days) -> dict[Node, InForce]:
        found: dict[Node, InForce] = {}
        for kind, begins in _CLAIMS.items():
            for claim in self._subjects(_TYPE, kind):
                found[claim] = self._answer(claim, begins, days)
        agreements: dict[Node, InForce] = defaultdict(lambda: InForce.NO)
        for agreement in self._subjects(_TYPE, _AGREEMENT):
            for partnership in self._objects(agreement, _OF_PARTNERSHIP):
                agreements[partnership] = max(agreements[partnership], found[agreement])
        for partnership in set(agreements) & set(found):
            if found[partnership] and agreements[partnership] == InForce.YES:
                found[partnership] = InForce.YES
        return found

    def _answer(self, claim: Node, begins: NamedNode, days: Days) -> InForce:
        statuses = self._objects(claim, _STATUS) or [None]
        lasting = all(status in _LASTING for status in statuses)
        periods = self._objects(claim, _PERIOD)
        if periods:
            # One that is over says nothing of the next; the status is that of the last.
            return max(self._covers(one, _BEGAN, days, lasting=lasting) for one in periods)
        return self._covers(claim, begins, days, lasting=lasting)

    def _covers(self, node: Node, begins: NamedNode, days: Days, *, lasting: bool) -> InForce:
        begun = InForce.PERHAPS
        for began in self._dates(node, begins):
            begun = InForce.YES if began.last <= days.first else InForce.PERHAPS
            if began.first > days.last:
                return InForce.NO
        continued = InForce.YES if lasting else InForce.PERHAPS
        for ended in self._dates(node, _ENDED):
            continued = InForce.YES if ended.first >= days.last else InForce.PERHAPS
            if ended.last < days.first:
                return InForce.NO
        return min(begun, continued)

    def _dates(self, node: Node, predicate: NamedNode) -> Iterator[Days]:
        for value in self._objects(node, predicate):
            days = Days.read(value.value) if isinstance(value, Literal) else None
            if days:
                yield days

    def _subjects(self, predicate: NamedNode, value: Any) -> set[Any]:
        quads = self._store.quads_for_pattern(None, predicate, value, None)
        return {quad.subject for quad in quads}

    def _objects(self, node: Any, predicate: NamedNode) -> list[Any]:
        quads = self._store.quads_for_pattern(node, predicate, None, None)
        return sorted({quad.object for quad in quads}, key=str)


def _view(graphs: Graphs, without: set[Node]) -> Store:
    """The dataset without some claims, and with the links that follow from the others."""
    store = Store()
    store.bulk_extend(
        quad
        for quad in graphs.store
        if quad.subject not in without
        and quad.object not in without
        and quad.predicate not in _DERIVED_LINKS
    )
    derived = NamedNode(graphs.graph_iri("derived"))
    merged = any(True for _ in graphs.store.quads_for_pattern(None, None, None, DefaultGraph()))
    names = (derived, DefaultGraph()) if merged else (derived,)
    store.extend(
        Quad(one, predicate, other, name)
        for predicate, kind in _DERIVED_LINKS.items()
        for one, other in _pairs(store, kind)
        for name in names
    )
    return store


def _pairs(store: Store, kind: NamedNode) -> Iterable[tuple[Any, Any]]:
    for claim in {quad.subject for quad in store.quads_for_pattern(None, _TYPE, kind, None)}:
        parties = {quad.object for quad in store.quads_for_pattern(claim, _PARTY, None, None)}
        yield from permutations(parties, 2)
