"""With whom a territory works: its partners, what was agreed when and about what, its networks.

Read from the dataset for the pictures of its page; each of them (map, timeline, table) shows the
same partners.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pyoxigraph import Literal, NamedNode, Store

from partnergraph.namespaces import TP, expand
from partnergraph.things.in_force import Days

_TYPE = NamedNode(expand("rdf:type"))
_PARTY, _LISTED = NamedNode(f"{TP}party"), NamedNode(f"{TP}listedAsPartnerOf")
_PARTNERSHIP, _AGREEMENT = NamedNode(f"{TP}Partnership"), NamedNode(f"{TP}Agreement")
_COUNTRY, _STATUS, _PERIOD = (NamedNode(f"{TP}{name}") for name in ("country", "status", "period"))
_BEGAN, _ENDED, _SIGNED = (NamedNode(f"{TP}{name}") for name in ("began", "ended", "signed"))
_SUSPENDED, _FOUNDED = NamedNode(f"{TP}suspended"), NamedNode(f"{TP}founded")
_AGREED, _PRACTISED = NamedNode(f"{TP}agreedField"), NamedNode(f"{TP}practisedField")
_UNCERTAIN = NamedNode(f"{TP}practisedAttributionUncertain")
_MEMBER, _NETWORK = NamedNode(expand("org:member")), NamedNode(expand("org:organization"))
_LATITUDE, _LONGITUDE = NamedNode(expand("wgs:lat")), NamedNode(expand("wgs:long"))
_TRUE = "true"
_POLE = 90.0


@dataclass(frozen=True)
class Place:
    """Where a territory is, in degrees."""

    latitude: float
    longitude: float

    @classmethod
    def read(cls, latitude: str, longitude: str) -> Place | None:
        """A place from two texts; ``None`` where these are no degrees."""
        try:
            place = cls(float(latitude), float(longitude))
        except ValueError:
            return None
        is_on_earth = abs(place.latitude) <= _POLE and abs(place.longitude) <= 2 * _POLE
        return place if is_on_earth else None


@dataclass(frozen=True)
class Period:
    """A stretch of a partnership; its dates as the source gives them, empty where it gives none."""

    began: str
    ended: str


@dataclass(frozen=True)
class Claim:
    """A partnership or an agreement as one source tells it.

    Attributes:
        thing: which one.
        is_agreement: whether it is an agreement.
        periods: when it held; of an agreement, from when it was signed.
        status: what the source says of it now, if it says it.
    """

    thing: NamedNode
    is_agreement: bool
    periods: tuple[Period, ...]
    status: NamedNode | None = None


@dataclass(frozen=True)
class Tie:
    """Another territory that a territory works with.

    Attributes:
        partner: which one.
        country: in which country it is.
        place: where it is; ``None`` where the data do not say.
        is_listed: whether a source lists it as a partner.
        claims: the partnerships, then the agreements of both.
        agreed: the fields that their agreements name.
        practised: the fields that they work in, and whether that is certain.
    """

    partner: NamedNode
    country: NamedNode | None
    place: Place | None
    is_listed: bool
    claims: tuple[Claim, ...]
    agreed: frozenset[NamedNode]
    practised: dict[NamedNode, bool] = field(default_factory=dict)

    @property
    def partnerships(self) -> tuple[Claim, ...]:
        """The partnerships of both."""
        return tuple(one for one in self.claims if not one.is_agreement)

    @property
    def agreements(self) -> tuple[Claim, ...]:
        """The agreements of both."""
        return tuple(one for one in self.claims if one.is_agreement)


@dataclass(frozen=True)
class Membership:
    """A territory in a network: since when, until when, and when the network was founded."""

    network: NamedNode
    period: Period
    founded: str


class Cooperation:
    """What one territory's cooperation is."""

    def __init__(self, store: Store, territory: NamedNode) -> None:
        """Args:
        store: the dataset.
        territory: whose cooperation.
        """
        self._store = store
        self.territory = territory

    @cached_property
    def place(self) -> Place | None:
        """Where the territory is."""
        return self._place(self.territory)

    @cached_property
    def ties(self) -> tuple[Tie, ...]:
        """Everyone it works with, by IRI."""
        claims: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        for claim in self._subjects(_PARTY, self.territory):
            for other in self._objects(claim, _PARTY):
                if other != self.territory:
                    claims[other].add(claim)
        listed = set(self._subjects(_LISTED, self.territory))
        others = sorted({*claims, *listed}, key=str)
        return tuple(self._tie(one, claims[one], is_listed=one in listed) for one in others)

    @cached_property
    def memberships(self) -> tuple[Membership, ...]:
        """Its networks, by IRI."""
        found = []
        for membership in self._subjects(_MEMBER, self.territory):
            for network in self._objects(membership, _NETWORK):
                period = self._period(membership, _BEGAN)
                found.append(Membership(network, period, self._date(network, _FOUNDED)))
        return tuple(sorted(found, key=lambda one: str(one.network)))

    def _tie(self, partner: NamedNode, claims: Iterable[NamedNode], *, is_listed: bool) -> Tie:
        every = sorted(claims, key=str)
        kinds = {claim: _AGREEMENT in self._objects(claim, _TYPE) for claim in every}
        agreements = [claim for claim in every if kinds[claim]]
        partnerships = [claim for claim in every if not kinds[claim]]
        practised: dict[NamedNode, bool] = {}
        for one in partnerships:
            certain = all(term.value != _TRUE for term in self._objects(one, _UNCERTAIN))
            for area in self._objects(one, _PRACTISED):
                practised[area] = practised.get(area, False) or certain
        return Tie(
            partner,
            next(iter(self._objects(partner, _COUNTRY)), None),
            self._place(partner),
            is_listed,
            (
                *(Claim(one, False, self._periods(one), self._status(one)) for one in partnerships),
                *(Claim(one, True, (self._period(one, _SIGNED),)) for one in agreements),
            ),
            frozenset(area for one in agreements for area in self._objects(one, _AGREED)),
            practised,
        )

    def _periods(self, partnership: NamedNode) -> tuple[Period, ...]:
        parts = self._objects(partnership, _PERIOD) or [partnership]
        periods = (self._period(one, _BEGAN) for one in parts)
        return tuple(sorted(periods, key=lambda one: (one.began, one.ended)))

    def _period(self, claim: Any, begins: NamedNode) -> Period:
        ended = self._date(claim, _ENDED) or self._date(claim, _SUSPENDED)
        return Period(self._date(claim, begins), ended)

    def _status(self, claim: NamedNode) -> NamedNode | None:
        return next(iter(self._objects(claim, _STATUS)), None)

    def _place(self, territory: NamedNode) -> Place | None:
        return Place.read(self._text(territory, _LATITUDE), self._text(territory, _LONGITUDE))

    def _date(self, node: Any, predicate: NamedNode) -> str:
        date = self._text(node, predicate)
        return date if Days.read(date) else ""

    def _text(self, node: Any, predicate: NamedNode) -> str:
        literals = (one for one in self._objects(node, predicate) if isinstance(one, Literal))
        return next((one.value for one in literals), "")

    def _objects(self, node: Any, predicate: NamedNode) -> list[Any]:
        quads = self._store.quads_for_pattern(node, predicate, None, None)
        return sorted({quad.object for quad in quads}, key=str)

    def _subjects(self, predicate: NamedNode, value: Any) -> list[Any]:
        quads = self._store.quads_for_pattern(None, predicate, value, None)
        return sorted({quad.subject for quad in quads}, key=str)


def main_territory(store: Store) -> NamedNode | None:
    """The territory that most is told of: of the most claims, and listed with the most partners."""
    told = Counter(
        quad.object
        for predicate in (_PARTY, _LISTED)
        for quad in store.quads_for_pattern(None, predicate, None, None)
        if isinstance(quad.object, NamedNode)
    )
    return min(told, key=lambda one: (-told[one], str(one)), default=None)


def years(ties: Iterable[Tie]) -> Iterator[int]:
    """Every year in which something began, was signed or ended."""
    for tie in ties:
        for claim in tie.claims:
            for period in claim.periods:
                for date in (period.began, period.ended):
                    if date[:4].isdecimal():
                        yield int(date[:4])
