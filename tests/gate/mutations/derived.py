"""Something that the rules build is missing, wrong, or stated."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Quad

from partnergraph.dataset.canonical import DERIVED
from tests.gate.mutations.material import (
    PARTNERS,
    VALMIERA,
    VODNJAN,
    Damage,
    Node,
    about,
    find,
    full_name,
    iri,
    label,
    node,
    spread,
    without,
)
from tests.gate.mutations.material import derived as all_derived


def _derived(predicate: str, most: int) -> list[Quad]:
    wanted = iri(predicate)
    return spread([quad for quad in all_derived() if quad.predicate == wanted], most)


def _built(subject: Node, predicate: str, value: Node) -> Quad:
    return Quad(subject, iri(predicate), value, DERIVED)


PROPERTIES = (
    "tp:twinnedWith",
    "tp:coSignatoryWith",
    "tp:agreedField",
    "tp:beganYear",
    "tp:signedYear",
    "tp:foundedYear",
)


def stated_in_partners() -> Iterator[Damage]:
    for predicate in PROPERTIES:
        for quad in _derived(predicate, 1):
            stated = Quad(quad.subject, quad.predicate, quad.object, PARTNERS)
            yield full_name(quad), [], [stated]


def derived_beginning_stated() -> Iterator[Damage]:
    for quad in _derived("tp:began", 1):
        stated = Quad(quad.subject, quad.predicate, quad.object, PARTNERS)
        yield full_name(quad), [], [stated]


def not_twinned() -> Iterator[Damage]:
    yield from map(without, _derived("tp:twinnedWith", 4))


def not_agreed() -> Iterator[Damage]:
    yield from map(without, _derived("tp:agreedField", 4))


def not_derived() -> Iterator[Damage]:
    for predicate in ("tp:coSignatoryWith", "tp:began", "tp:beganYear", "tp:signedYear"):
        yield from map(without, _derived(predicate, 1))


def twinned() -> Iterator[Damage]:
    """Co-signatories, two without a partnership of their own, and a city with itself."""
    district = iri("id:place/de/guetersloh-district")
    for one, other in ((VALMIERA, VODNJAN), (VALMIERA, district), (VALMIERA, VALMIERA)):
        pair = [_built(one, "tp:twinnedWith", other), _built(other, "tp:twinnedWith", one)]
        yield label(other), [], pair


def twinned_when_ended_or_suspended() -> Iterator[Damage]:
    """The partnership is over, and the derived graph does not know it yet."""
    for quad in find("tp:status", of="tp:Partnership", most=3):
        one, other = (node(party.object) for party in about(quad.subject, "tp:party"))
        pair = [_built(one, "tp:twinnedWith", other), _built(other, "tp:twinnedWith", one)]
        suspended = Quad(quad.subject, quad.predicate, iri("tp:Suspended"), quad.graph_name)
        yield label(quad.subject), [quad], [suspended, *pair]


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
