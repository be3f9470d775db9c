"""Maps: land, places and what connects them, as a page draws them.

Places are projected by Mercator, which keeps shapes right wherever a map is cut out of the world
(https://proj.org/en/stable/operations/projections/merc.html). The land is that of Natural Earth,
without borders, which not everyone draws alike; it is made when the package is built. Names are
placed so that no two of them touch, whatever the width of the page: as text keeps its size while
the map grows, they are placed anew for narrow and for wide pages.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from partnergraph.things.cooperation import Place

RATIO = 3 / 2
"""The width of a map for its height."""

WORLD = 100_000
"""Units of the world's width."""

_LEAST_WIDTH = 2600
"""Units that a map is wide at least: about 9 degrees."""

_MARGIN = 0.14
"""What is shown around the places, for the width of what they take."""

_DETAIL = 1100
"""Steps into which the width of a map is divided: land is drawn as fine as these."""

_CHARACTER, _LINE = 7.2, 16.0
"""Of the text of a map, in CSS pixels: the width of a character, the height of a line."""

_STEPS = 12
"""Widths between the least and the most of a layout that labels are tried for."""


@dataclass(frozen=True)
class Spot:
    """Something to draw on a map.

    Attributes:
        place: where it is.
        name: what it is called.
        address: where it leads; empty where nowhere.
        is_home: whether the others are connected with it.
        weight: how much of it there is; the largest is drawn as large as may be.
    """

    place: Place
    name: str
    address: str = ""
    is_home: bool = False
    weight: float = 1.0


@dataclass(frozen=True)
class Label:
    """A name on a map: the text, how far it is from its place in pixels, and where it begins.

    Attributes:
        text: the name, or where that has no room, its number in the list of places.
        dx: to the right of the place.
        dy: below it, of the line the text stands on.
        anchor: ``start``, ``middle`` or ``end``.
        is_number: whether it is a number.
    """

    text: str
    dx: float
    dy: float
    anchor: str
    is_number: bool = False


@dataclass(frozen=True)
class Point:
    """A place on a map: from left and from top in per cent, its size, and its labels."""

    spot: Spot
    number: int
    x: float
    y: float
    radius: float
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class Map:
    """A map.

    Attributes:
        view: what of the world is shown: left, top, width and height in its units.
        land: the outlines of the land, as the path of an SVG.
        arcs: the connections, each as such a path.
        points: the places.
    """

    view: tuple[int, int, int, int]
    land: str
    arcs: tuple[str, ...]
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Layout:
    """The widths of a map, in pixels, that labels are placed for."""

    least: float
    most: float


LAYOUTS = (Layout(250, 560), Layout(560, 1000))
"""For telephones, and for anything wider; page.css shows one or the other."""


def draw_map(spots: Sequence[Spot]) -> Map | None:
    """A map of some places; ``None`` where there are none.

    Args:
        spots: what to draw. What is not home is connected with each that is.
    """
    if not spots:
        return None
    projected = [project(one.place) for one in spots]
    view = _view(projected)
    homes = [where for where, one in zip(projected, spots, strict=True) if one.is_home]
    largest = max(one.weight for one in spots)
    shares = [_share(where, view) for where in projected]
    radii = [3.5 + 5 * math.sqrt(one.weight / largest) if largest > 1 else 5 for one in spots]
    placed = [_place_labels(spots, shares, radii, layout) for layout in LAYOUTS]
    points = tuple(
        Point(spot, number, round(share[0] * 100, 2), round(share[1] * 100, 2), radius, labels)
        for number, (spot, share, radius, labels) in enumerate(
            zip(spots, shares, radii, zip(*placed, strict=True), strict=True), 1
        )
    )
    arcs = tuple(
        _arc(home, where)
        for where, one in zip(projected, spots, strict=True)
        if not one.is_home
        for home in homes
    )
    return Map(view, _land(view), arcs, points)


def project(place: Place) -> tuple[float, float]:
    """Where a place is in the units of the world, from left and from top."""
    latitude = math.radians(min(max(place.latitude, -84.0), 84.0))
    x = (place.longitude + 180) / 360 * WORLD
    y = WORLD / 2 - math.log(math.tan(math.pi / 4 + latitude / 2)) / (2 * math.pi) * WORLD
    return x, y


def _view(points: Sequence[tuple[float, float]]) -> tuple[int, int, int, int]:
    """A cut-out with all points, of the ratio that maps have."""
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    width = max((right - left) * (1 + 2 * _MARGIN), (bottom - top) * (1 + 2 * _MARGIN) * RATIO)
    width = min(max(width, _LEAST_WIDTH), WORLD)
    height = width / RATIO
    x, y = (left + right - width) / 2, (top + bottom - height) / 2
    x = min(max(x, 0), WORLD - width)
    return round(x), round(y), round(width), round(height)


def _share(point: tuple[float, float], view: tuple[int, int, int, int]) -> tuple[float, float]:
    return (point[0] - view[0]) / view[2], (point[1] - view[1]) / view[3]


def _arc(home: tuple[float, float], other: tuple[float, float]) -> str:
    """A bow from one point to another, which leaves room for names between them."""
    (x, y), (to_x, to_y) = home, other
    middle_x, middle_y = (x + to_x) / 2, (y + to_y) / 2
    bend = 0.16 if to_x >= x else -0.16
    control_x, control_y = middle_x + (to_y - y) * bend, middle_y - (to_x - x) * bend
    return f"M{x:.0f} {y:.0f}Q{control_x:.0f} {control_y:.0f} {to_x:.0f} {to_y:.0f}"


# Land

Ring = Sequence[tuple[float, float]]
Box = tuple[float, float, float, float]


@cache
def _world() -> tuple[tuple[Box, Ring], ...]:
    """The outlines of all land, each with the box that it is in."""
    document = json.loads(Path(__file__).with_name("world.json").read_text("ascii"))
    return tuple(
        ((min(xs), min(ys), max(xs), max(ys)), tuple(zip(xs, ys, strict=True)))
        for xs, ys in ((ring[::2], ring[1::2]) for ring in document["rings"])
    )


@lru_cache(256)
def _land(view: tuple[int, int, int, int]) -> str:
    """The land in a cut-out, no finer than can be seen."""
    left, top, width, height = view
    margin = width // 50
    box = (left - margin, top - margin, left + width + margin, top + height + margin)
    least = max(width / _DETAIL, 1)
    parts = (_outline(_clip(ring, box), least) for own, ring in _world() if _overlap(own, box))
    return "".join(parts)


def _clip(ring: Ring, box: Box) -> Ring:
    """What of a polygon is in a box: https://doi.org/10.1145/360767.360802."""
    for axis, bound, sign in ((0, box[0], 1), (1, box[1], 1), (0, box[2], -1), (1, box[3], -1)):
        ring = list(_cut(ring, axis, bound, sign))
    return ring


def _cut(ring: Ring, axis: int, bound: float, sign: int) -> Iterator[tuple[float, float]]:
    """What of a polygon is on one side of a line."""
    for before, point in pairwise((*ring[-1:], *ring)):
        inside = (point[axis] - bound) * sign >= 0
        if inside != ((before[axis] - bound) * sign >= 0):
            part = (bound - before[axis]) / (point[axis] - before[axis])
            crossing = before[1 - axis] + part * (point[1 - axis] - before[1 - axis])
            yield (bound, crossing) if axis == 0 else (crossing, bound)
        if inside:
            yield point


def _outline(ring: Ring, least: float) -> str:
    """A polygon as a path, without points that are too near to be told apart."""
    kept: list[tuple[int, int]] = []
    for x, y in ring:
        if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= least:
            kept.append((round(x), round(y)))
    if len(kept) < 3:  # noqa: PLR2004
        return ""
    steps = (f"{x - from_x} {y - from_y}" for (from_x, from_y), (x, y) in pairwise(kept))
    return f"M{kept[0][0]} {kept[0][1]}l{' '.join(steps)}z"


# Names


def _place_labels(
    spots: Sequence[Spot],
    shares: Sequence[tuple[float, float]],
    radii: Sequence[float],
    layout: Layout,
) -> list[Label]:
    """A label for each place, none of which touches another or a place at any width."""
    # What is crowded least is placed last: it finds room anyway.
    crowds = [_crowd(one, shares) for one in range(len(spots))]
    order = sorted(range(len(spots)), key=lambda one: (not spots[one].is_home, -crowds[one], one))
    more = (layout.most - layout.least) / _STEPS
    widths = [layout.least + more * step for step in range(_STEPS + 1)]
    taken = {one: [_dot(shares[one], radii[one], width) for width in widths] for one in order}
    labels: dict[int, Label] = {}
    boxes: list[list[Box]] = list(taken.values())
    for one in order:
        for label in _candidates(spots[one].name, str(one + 1), radii[one]):
            own = [_box(label, shares[one], width) for width in widths]
            others = (box for box in boxes if box is not taken[one])
            within = all(_is_within(box, width) for box, width in zip(own, widths, strict=True))
            if within and not any(
                _overlap(mine, theirs)
                for other in others
                for mine, theirs in zip(own, other, strict=True)
            ):
                labels[one] = label
                boxes.append(own)
                break
        else:
            labels[one] = Label("", 0, 0, "middle", is_number=True)
    return [labels[one] for one in range(len(spots))]


def _crowd(one: int, shares: Sequence[tuple[float, float]]) -> float:
    x, y = shares[one]
    return sum(1 / (0.01 + math.hypot(x - a, (y - b) / RATIO)) for a, b in shares)


def _candidates(name: str, number: str, radius: float) -> Iterator[Label]:
    """Labels in the order in which they are liked: the name beside its place, then its number."""
    away = radius + 3
    for text, is_number in ((name, False), (number, True)):
        yield Label(text, away, 4, "start", is_number)
        yield Label(text, -away, 4, "end", is_number)
        yield Label(text, 0, -away - 2, "middle", is_number)
        yield Label(text, 0, away + 11, "middle", is_number)
        for dx, anchor in ((away - 2, "start"), (2 - away, "end")):
            for dy in (-away, away + 8, -away - 12, away + 20):
                yield Label(text, dx, dy, anchor, is_number)


def _dot(share: tuple[float, float], radius: float, width: float) -> Box:
    x, y = share[0] * width, share[1] * width / RATIO
    return x - radius, y - radius, x + radius, y + radius


def _box(label: Label, share: tuple[float, float], width: float) -> Box:
    """The pixels that a label takes on a map of some width."""
    long = len(label.text) * _CHARACTER + 4
    x, y = share[0] * width + label.dx, share[1] * width / RATIO + label.dy
    left = {"start": x, "middle": x - long / 2, "end": x - long}[label.anchor]
    return left, y - _LINE + 4, left + long, y + 4


def _is_within(box: Box, width: float) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= width / RATIO


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
