"""Maps: land, places and what connects them, as a page draws them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from partnergraph.pictures.land import draw_land
from partnergraph.pictures.map_labels import LAYOUTS, Dot, Label, place_labels
from partnergraph.pictures.projection import View, project, share_of, view_of
from partnergraph.things.cooperation import Place


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

    view: View
    land: str
    arcs: tuple[str, ...]
    points: tuple[Point, ...]


def draw_map(spots: Sequence[Spot]) -> Map | None:
    """A map of some places; ``None`` where there are none.

    Args:
        spots: what to draw. What is not home is connected with each that is.
    """
    if not spots:
        return None
    projected = [project(one.place) for one in spots]
    view = view_of(projected)
    homes = [where for where, one in zip(projected, spots, strict=True) if one.is_home]
    largest = max(one.weight for one in spots)
    dots = [
        Dot(one.name, *share_of(view, where), _radius(one.weight, largest), one.is_home)
        for where, one in zip(projected, spots, strict=True)
    ]
    placed = [place_labels(dots, layout) for layout in LAYOUTS]
    points = tuple(
        Point(spot, number, round(dot.x * 100, 2), round(dot.y * 100, 2), dot.radius, labels)
        for number, (spot, dot, labels) in enumerate(
            zip(spots, dots, zip(*placed, strict=True), strict=True), 1
        )
    )
    arcs = tuple(
        _arc(home, where)
        for where, one in zip(projected, spots, strict=True)
        if not one.is_home
        for home in homes
    )
    return Map(view, draw_land(view), arcs, points)


def _radius(weight: float, largest: float) -> float:
    """The pixels of a place that has some weight, where the largest has another."""
    return 3.5 + 5 * math.sqrt(weight / largest) if largest > 1 else 5


def _arc(home: tuple[float, float], other: tuple[float, float]) -> str:
    """A bow from one point to another, which leaves room for names between them."""
    (x, y), (to_x, to_y) = home, other
    middle_x, middle_y = (x + to_x) / 2, (y + to_y) / 2
    bend = 0.16 if to_x >= x else -0.16
    control_x, control_y = middle_x + (to_y - y) * bend, middle_y - (to_x - x) * bend
    return f"M{x:.0f} {y:.0f}Q{control_x:.0f} {control_y:.0f} {to_x:.0f} {to_y:.0f}"
