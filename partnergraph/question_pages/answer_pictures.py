"""The picture of an answer: a map, a timeline, a bar chart or a network, read off its columns.

Which one is best, the query says (``#defaultView``). What a picture needs, it finds by the names
and the values of the columns, so that it works for any query.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from partnergraph.namespaces import expand
from partnergraph.pages.rows import Value
from partnergraph.pictures.arc_diagrams import ArcDiagram, Node, draw_arcs
from partnergraph.pictures.maps import Map, Spot, draw_map
from partnergraph.pictures.timelines import Event, Line, Stretch, Timeline, draw_timeline
from partnergraph.things.cooperation import Place
from partnergraph.things.in_force import Days

MOST_SPOTS = 150
MOST_LINES = 60
MOST_BARS = 60

Row = Mapping[str, Value]
"""The values of a solution, by column."""

_LATITUDE, _LONGITUDE = "lat", "long"
_TYPE = expand("rdf:type")


@dataclass(frozen=True)
class BarLine:
    """A bar: what it is of, where that leads, the number, and its length in per cent."""

    name: str
    address: str
    number: str
    length: float


@dataclass(frozen=True)
class Picture:
    """A picture of one kind.

    Attributes:
        view: its kind, as ``#defaultView`` calls it.
        drawing: what is drawn.
        untold: rows that it has no room for.
    """

    view: str
    drawing: Map | Timeline | ArcDiagram | tuple[BarLine, ...]
    untold: int = 0


def draw(view: str, rows: Sequence[Row], called: Callable[[str], str]) -> Picture | None:
    """A picture of an answer; ``None`` where it has not what the picture needs.

    Args:
        view: ``Map``, ``Timeline``, ``BarChart`` or ``Graph``; nothing else has a picture.
        rows: the solutions.
        called: gives the names of columns.
    """
    if view == "Timeline":
        return _timeline(rows, called)
    kinds: dict[str, Callable[[Sequence[Row]], Picture | None]] = {
        "Map": _map,
        "BarChart": _bars,
        "Graph": _network,
    }
    return kinds[view](rows) if view in kinds else None


def _map(rows: Sequence[Row]) -> Picture | None:
    spots: dict[tuple[str, Place], Spot] = {}
    for row in rows:
        place = _place(row)
        if place is None:
            continue
        name, address = _first_name(row)
        number = _last_number(row, {_LATITUDE, _LONGITUDE})
        weight = max(number, 1.0) if number is not None else 1.0
        spots.setdefault((name, place), Spot(place, name, address, weight=weight))
    # What a number measures (kilometres, say) need not be what there is more of.
    same = [replace(one, weight=1.0) for one in spots.values()]
    drawing = draw_map(same[:MOST_SPOTS])
    return Picture("Map", drawing, max(len(same) - MOST_SPOTS, 0)) if drawing else None


def _place(row: Row) -> Place | None:
    latitude, longitude = (row.get(name) for name in (_LATITUDE, _LONGITUDE))
    return Place.read(_text(latitude), _text(longitude))


def _timeline(rows: Sequence[Row], called: Callable[[str], str]) -> Picture | None:
    lines: dict[tuple[str, str], Line] = {}
    for row in rows:
        dates = {
            name: _text(value)
            for name, value in row.items()
            if value.is_date and Days.read(_text(value))
        }
        name, address = _line_name(row)
        line = lines.setdefault((name, address), Line(name, address))
        began, ended = dates.pop("began", ""), dates.pop("ended", "")
        if began or ended:
            said = ", ".join(
                f"{called(column)} {date}"
                for column, date in (("began", began), ("ended", ended))
                if date
            )
            stretch = Stretch(began, ended, bool(ended), said)
            line = replace(line, stretches=(*line.stretches, stretch))
        kind = row.get("event")
        event = str(kind.reference.name) if kind and kind.reference else ""
        events = [
            Event(date, f"{event or called(column)} {date}") for column, date in dates.items()
        ]
        if not dates and event:
            events = [Event("", event)]
        lines[name, address] = replace(line, events=(*line.events, *events))
    drawing = draw_timeline(list(lines.values())[:MOST_LINES])
    return Picture("Timeline", drawing, max(len(lines) - MOST_LINES, 0)) if drawing else None


def _line_name(row: Row) -> tuple[str, str]:
    """What a line of a timeline is of: with whom something happened, where a column says so."""
    for column in ("counterpart", "partner"):
        value = row.get(column)
        if value and value.reference:
            return str(value.reference.name), value.reference.path
    return _first_name(row)


def _bars(rows: Sequence[Row]) -> Picture | None:
    found = []
    for row in rows:
        number = _last_number(row, set())
        if number is not None:
            name, address = _first_name(row)
            found.append((name, address, number))
    largest = max((number for _, _, number in found), default=0.0)
    if largest <= 0:
        return None
    bars = tuple(
        BarLine(name, address, f"{number:g}", round(max(number, 0) / largest * 100, 1))
        for name, address, number in found[:MOST_BARS]
    )
    return Picture("BarChart", bars, max(len(found) - MOST_BARS, 0))


def _network(rows: Sequence[Row]) -> Picture | None:
    connections: dict[tuple[Node, Node], None] = {}
    for row in rows:
        predicate = row.get("predicate")
        if predicate and predicate.reference and predicate.reference.iri == _TYPE:
            continue
        nodes = [
            Node(str(value.reference.name), value.reference.path)
            for column, value in row.items()
            if value.reference and column != "predicate"
        ]
        for one, other in list(combinations(nodes, 2))[:1]:
            connections[min((one, other), (other, one), key=str)] = None
    drawing = draw_arcs(connections)
    return Picture("Graph", drawing, drawing.untold) if drawing else None


def _first_name(row: Row) -> tuple[str, str]:
    """What the first column with a name has, and where it leads."""
    for value in row.values():
        if value.reference:
            return str(value.reference.name), value.reference.path
    return next((str(value.text) for value in row.values() if value.text), ""), ""


def _last_number(row: Row, without: set[str]) -> float | None:
    numbers = [_number(value) for name, value in row.items() if name not in without]
    return next((one for one in reversed(numbers) if one is not None), None)


def _number(value: Value | None) -> float | None:
    if value is None or value.text is None or value.is_date or value.text.language:
        return None
    try:
        number = float(value.text.text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _text(value: Value | None) -> str:
    return value.text.text if value and value.text else ""
