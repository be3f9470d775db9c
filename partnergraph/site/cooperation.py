"""What the page of a territory shows of its cooperation: map, timeline, fields, networks."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode, Store

from partnergraph.namespaces import TP
from partnergraph.pages.rows import Reader, Reference
from partnergraph.pictures.maps import Map, Spot, draw_map
from partnergraph.pictures.timelines import Event, Line, Stretch, Timeline, draw_timeline
from partnergraph.site.published import Published
from partnergraph.things.cooperation import Claim, Cooperation, Membership, Tie
from partnergraph.things.labels import Text

_TERRITORY = NamedNode(f"{TP}Territory")

_OVER = (NamedNode(f"{TP}Ended"), NamedNode(f"{TP}Suspended"))

_WORDS = {
    "partnership": {"lv": "sadarbība", "en": "partnership"},
    "agreement": {"lv": "vienošanās", "en": "agreement"},
    "began": {"lv": "sākums", "en": "began"},
    "ended": {"lv": "beigas", "en": "ended"},
    "signed": {"lv": "parakstīta", "en": "signed"},
    "unknown": {"lv": "datums nav zināms", "en": "date unknown"},
    "member": {"lv": "dalība", "en": "membership"},
}


@dataclass(frozen=True)
class Dated:
    """A claim with its dates as they are written in a table."""

    reference: Reference
    dates: str


@dataclass(frozen=True)
class Partner:
    """A partner as a table lists it."""

    reference: Reference
    number: int | None
    country: Reference | None
    is_listed: bool
    partnerships: tuple[Dated, ...]
    agreements: tuple[Dated, ...]


@dataclass(frozen=True)
class Field:
    """A field of cooperation: with whom it was agreed, or is practised, in the order of partners.

    Attributes:
        reference: the field.
        cells: for each column ``agreed``, ``practised``, ``both``, ``uncertain``, or nothing.
    """

    reference: Reference
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Member:
    """A network that the territory is in."""

    reference: Reference
    founded: str
    dates: str


@dataclass(frozen=True)
class CooperationView:
    """All of it.

    Attributes:
        territory: whose cooperation.
        partners: with whom, by name.
        map: where these are, as far as that is known.
        placeless: those that the map cannot show.
        timeline: since when.
        columns: those of them that some field is told of.
        fields: in what.
        networks: where the territory is a member.
    """

    territory: Reference
    partners: tuple[Partner, ...]
    map: Map | None
    placeless: tuple[Partner, ...]
    timeline: Timeline | None
    columns: tuple[Partner, ...]
    fields: tuple[Field, ...]
    networks: tuple[Member, ...]


def cooperation_of(thing: NamedNode, published: Published, language: str) -> CooperationView | None:
    """What there is to show of a territory's cooperation; ``None`` for anything else."""
    if _TERRITORY not in published.things.types(thing.value):
        return None
    return CooperationReader(published.dataset.store, published.reader(language)).view(thing)


class CooperationReader:
    """Makes views of cooperation in one language."""

    def __init__(self, store: Store, reader: Reader) -> None:
        """Args:
        store: the dataset.
        reader: names things.
        """
        self._store = store
        self._reader = reader

    def view(self, territory: NamedNode) -> CooperationView | None:
        """What there is to show of a territory; ``None`` where that is nothing."""
        cooperation = Cooperation(self._store, territory)
        ties = sorted(cooperation.ties, key=lambda one: self._name(one.partner).place)
        if not (ties or cooperation.memberships or cooperation.place):
            return None
        home = self._reader.reference(territory)
        located = [one for one in ties if one.place]
        spots = [Spot(one.place, *self._spot(one.partner)) for one in located if one.place]
        if cooperation.place:
            spots.insert(0, Spot(cooperation.place, *self._spot(territory), is_home=True))
        first = 2 if cooperation.place else 1
        numbers = {one.partner: number for number, one in enumerate(located, first)}
        partners = tuple(self._partner(one, numbers.get(one.partner)) for one in ties)
        members = sorted(cooperation.memberships, key=lambda one: self._name(one.network).place)
        told = [one for one in ties if one.agreed or one.practised]
        by_thing = dict(zip((one.partner for one in ties), partners, strict=True))
        lines = [*map(self._line, ties), *map(self._network_line, members)]
        return CooperationView(
            home,
            partners,
            draw_map(spots),
            tuple(one for one in partners if one.number is None),
            draw_timeline(lines),
            tuple(by_thing[one.partner] for one in told),
            self._fields(told),
            tuple(map(self._member, members)),
        )

    def _name(self, thing: NamedNode) -> Text:
        return self._reader.reference(thing).name

    def _spot(self, thing: NamedNode) -> tuple[str, str]:
        reference = self._reader.reference(thing)
        return str(reference.name), reference.path

    def _word(self, name: str) -> str:
        return _WORDS[name][self._reader.language]

    def _partner(self, tie: Tie, number: int | None) -> Partner:
        reference = self._reader.reference
        return Partner(
            reference(tie.partner),
            number,
            reference(tie.country) if tie.country else None,
            tie.is_listed,
            tuple(map(self._dated, tie.partnerships)),
            tuple(map(self._dated, tie.agreements)),
        )

    def _dated(self, claim: Claim) -> Dated:
        unknown = "" if claim.status in _OVER else self._word("unknown")
        dates = (
            f"{period.began or '?'}–{period.ended}" if period.ended else period.began
            for period in claim.periods
        )
        text = ", ".join(one for one in dates if one)
        return Dated(self._reader.reference(claim.thing), text or unknown)

    def _line(self, tie: Tie) -> Line:
        name, address = self._spot(tie.partner)
        stretches = tuple(
            Stretch(
                period.began,
                period.ended,
                claim.status in _OVER,
                self._said("partnership", "began", period.began, period.ended),
            )
            for claim in tie.partnerships
            for period in claim.periods
        )
        events = tuple(
            Event(period.began, self._said("agreement", "signed", period.began))
            for claim in tie.agreements
            for period in claim.periods
        )
        return Line(name, address, stretches, events)

    def _network_line(self, membership: Membership) -> Line:
        name, address = self._spot(membership.network)
        period = membership.period
        said = self._said("member", "began", period.began, period.ended)
        return Line(name, address, (Stretch(period.began, period.ended, title=said),))

    def _said(self, what: str, began: str, start: str, end: str = "") -> str:
        beginning = f"{self._word(began)} {start}" if start else self._word("unknown")
        ending = f", {self._word('ended')} {end}" if end else ""
        return f"{self._word(what)}: {beginning}{ending}"

    def _member(self, membership: Membership) -> Member:
        period = membership.period
        dates = f"{period.began or '?'}–{period.ended}" if period.ended else period.began
        reference = self._reader.reference(membership.network)
        return Member(reference, membership.founded, dates)

    def _fields(self, ties: list[Tie]) -> tuple[Field, ...]:
        every = {area for tie in ties for area in (*tie.agreed, *tie.practised)}
        rows = (
            Field(self._reader.reference(area), tuple(_cell(tie, area) for tie in ties))
            for area in every
        )
        return tuple(sorted(rows, key=lambda one: one.reference.name.place))


def _cell(tie: Tie, area: NamedNode) -> str:
    agreed, practised = area in tie.agreed, tie.practised.get(area)
    if agreed:
        return "agreed" if practised is None else "both"
    if practised is None:
        return ""
    return "practised" if practised else "uncertain"
