"""Something that the rules build is missing, wrong, or stated."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Quad

from partnergraph.dataset.canonical import DERIVED
from tests.gate.mutations.damages import Damage, full_name, label, said_of, to, without
from tests.gate.mutations.material import about, find, find_derived
from tests.gate.mutations.terms import VALMIERA, VODNJAN, Node, iri, node


def _built(subject: Node, predicate: str, value: Node) -> Quad:
    return Quad(subject, iri(predicate), value, DERIVED)


def _twins(one: Node, other: Node) -> list[Quad]:
    return [_built(one, "tp:twinnedWith", other), _built(other, "tp:twinnedWith", one)]


PROPERTIES = (
    "tp:twinnedWith",
    "tp:coSignatoryWith",
    "tp:agreedField",
    "tp:beganYear",
    "tp:signedYear",
    "tp:foundedYear",
)


def _stated(*predicates: str) -> Iterator[Damage]:
    for quad in find_derived(*predicates, most=1):
        yield full_name(quad), [], [said_of(quad.subject, quad)]


def stated_in_partners() -> Iterator[Damage]:
    yield from _stated(*PROPERTIES)


def derived_beginning_stated() -> Iterator[Damage]:
    yield from _stated("tp:began")


def not_twinned() -> Iterator[Damage]:
    yield from map(without, find_derived("tp:twinnedWith", most=4))


def not_agreed() -> Iterator[Damage]:
    yield from map(without, find_derived("tp:agreedField", most=4))


def not_derived() -> Iterator[Damage]:
    dropped = ("tp:coSignatoryWith", "tp:began", "tp:beganYear", "tp:signedYear")
    yield from map(without, find_derived(*dropped, most=1))


def twinned() -> Iterator[Damage]:
    """Co-signatories, two without a partnership of their own, and a city with itself."""
    district = iri("id:place/de/guetersloh-district")
    for one, other in ((VALMIERA, VODNJAN), (VALMIERA, district), (VALMIERA, VALMIERA)):
        yield label(other), [], _twins(one, other)


def twinned_when_ended_or_suspended() -> Iterator[Damage]:
    """The partnership is over, and the derived graph does not know it yet."""
    for quad in find("tp:status", of="tp:Partnership", most=3):
        one, other = (node(party.object) for party in about(quad.subject, "tp:party"))
        suspended = to(quad, iri("tp:Suspended"))
        yield label(quad.subject), [quad], [suspended, *_twins(one, other)]


def agreed() -> Iterator[Damage]:
    for quad in find("tp:instrument", most=3):
        wrong = _built(node(quad.subject), "tp:agreedField", iri("tpc:art"))
        yield label(quad.subject), [], [wrong]


FAMILIES = (
    stated_in_partners,
    derived_beginning_stated,
    not_twinned,
    not_agreed,
    not_derived,
    twinned,
    twinned_when_ended_or_suspended,
    agreed,
)
