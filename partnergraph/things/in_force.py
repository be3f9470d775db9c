"""What was in force on a day: the dataset without the claims that had ended or had not begun.

Dates are known to a year, a month or a day. So a claim is in force, is not, or may have been: where
the source gives no date, or one that is not precise enough. A partnership has begun where one of
its agreements is in force. See docs/decisions/0015.
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

from partnergraph.dataset.canonical import Graphs
from partnergraph.namespaces import TP, expand

DAYS = (
    "[0-9]{4}(?:-(?:(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|1[0-9]|2[0-8]))?"
    "|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31|02-29))?"
)
"""A year, a month or a day; the 29th of February in every year, as it does no harm."""

_PATTERN = re.compile(DAYS)

_TYPE = NamedNode(expand("rdf:type"))
_PARTY = NamedNode(f"{TP}party")
_PARTNERSHIP = NamedNode(f"{TP}Partnership")
_AGREEMENT = NamedNode(f"{TP}Agreement")
_MEMBERSHIP = NamedNode(expand("org:Membership"))
_OF_PARTNERSHIP = NamedNode(f"{TP}partnership")
_BEGAN, _ENDED, _SIGNED = (NamedNode(f"{TP}{name}") for name in ("began", "ended", "signed"))
_SUSPENDED, _FOUNDED = NamedNode(f"{TP}suspended"), NamedNode(f"{TP}founded")
_OF_NETWORK = NamedNode(expand("org:organization"))
_PARTS = tuple(
    NamedNode(f"{TP}{name}") for name in ("activity", "anniversary", "fieldGroup", "period")
)
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
        if _PATTERN.fullmatch(date) is None:
            return None
        year, month, day = (*date.split("-"), "", "")[:3]
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


def dateless_view(graphs: Graphs) -> Store:
    """The dataset without anything that can be in force: what holds on any day."""
    return _view(graphs, _Claims(graphs.store).every())


class _Claims:
    def __init__(self, store: Store) -> None:
        self._store = store

    def every(self) -> set[Node]:
        return {claim for kind in _CLAIMS for claim in self._subjects(_TYPE, kind)}

    def in_force(self, days: Days) -> dict[Node, InForce]:
        found: dict[Node, InForce] = {}
        for kind, begins in _CLAIMS.items():
            for claim in self._subjects(_TYPE, kind):
                found[claim] = self._answer(claim, begins, days)
        for agreement in self._subjects(_TYPE, _AGREEMENT):
            if found[agreement] < InForce.YES:
                continue
            for partnership in self._objects(agreement, _OF_PARTNERSHIP):
                # What is agreed upon has begun; whether it goes on is its own affair.
                if found.get(partnership, InForce.NO):
                    found[partnership] = self._answer(partnership, _BEGAN, days, has_begun=True)
        return found

    def _answer(
        self, claim: Node, begins: NamedNode, days: Days, *, has_begun: bool = False
    ) -> InForce:
        statuses = self._objects(claim, _STATUS) or [None]
        lasting = all(status in _LASTING for status in statuses)
        for network in self._objects(claim, _OF_NETWORK):
            for founded in self._dates(network, _FOUNDED):
                if founded.first > days.last:
                    return InForce.NO
        # One period that is over says nothing of the next; the status is that of the last.
        parts = self._objects(claim, _PERIOD)
        begun = [
            self._has_begun(one, _BEGAN if parts else begins, days) for one in parts or [claim]
        ]
        if has_begun and not parts:
            begun = [InForce.YES]
        continued = [self._goes_on(one, days, lasting=lasting) for one in parts or [claim]]
        return max(map(min, begun, continued))

    def _has_begun(self, node: Node, begins: NamedNode, days: Days) -> InForce:
        begun = InForce.PERHAPS
        for began in self._dates(node, begins):
            if began.first > days.last:
                return InForce.NO
            begun = InForce.YES if began.last <= days.first else InForce.PERHAPS
        return begun

    def _goes_on(self, node: Node, days: Days, *, lasting: bool) -> InForce:
        goes_on = InForce.YES if lasting else InForce.PERHAPS
        for predicate in (_ENDED, _SUSPENDED):
            for stopped in self._dates(node, predicate):
                if stopped.last < days.first:
                    return InForce.NO
                goes_on = InForce.YES if stopped.first >= days.last else InForce.PERHAPS
        return goes_on

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
    """The dataset without some claims and their parts, with the links that follow from others."""
    without = without | _parts_of(graphs.store, without)
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


def _parts_of(store: Store, claims: set[Node]) -> set[Node]:
    """What some claims consist of, and no other does."""
    owners: dict[Any, set[Any]] = defaultdict(set)
    for predicate in _PARTS:
        for quad in store.quads_for_pattern(None, predicate, None, None):
            owners[quad.object].add(quad.subject)
    return {part for part, having in owners.items() if having <= claims}


def _pairs(store: Store, kind: NamedNode) -> Iterable[tuple[Any, Any]]:
    for claim in {quad.subject for quad in store.quads_for_pattern(None, _TYPE, kind, None)}:
        parties = {quad.object for quad in store.quads_for_pattern(claim, _PARTY, None, None)}
        yield from permutations(parties, 2)
