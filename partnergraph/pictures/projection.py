"""Projects places by Mercator: on the whole world, and on what of it a map shows.

Mercator keeps shapes right wherever a map is cut out of the world:
https://proj.org/en/stable/operations/projections/merc.html
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from partnergraph.things.cooperation import Place

RATIO = 3 / 2
"""The width of a map for its height."""

WORLD = 100_000
"""Units of the world's width."""

_LEAST_WIDTH = 2600
"""Units that a map is wide at least: about 9 degrees."""

_MARGIN = 0.14
"""What is shown around the places, for the width of what they take."""

View = tuple[int, int, int, int]
"""What of the world a map shows: left, top, width and height in its units."""


def project(place: Place) -> tuple[float, float]:
    """Where a place is in the units of the world, from left and from top."""
    latitude = math.radians(min(max(place.latitude, -84.0), 84.0))
    x = (place.longitude + 180) / 360 * WORLD
    y = WORLD / 2 - math.log(math.tan(math.pi / 4 + latitude / 2)) / (2 * math.pi) * WORLD
    return x, y


def view_of(points: Sequence[tuple[float, float]]) -> View:
    """A cut-out with all points, of the ratio that maps have."""
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    width = max((right - left) * (1 + 2 * _MARGIN), (bottom - top) * (1 + 2 * _MARGIN) * RATIO)
    width = min(max(width, _LEAST_WIDTH), WORLD)
    height = width / RATIO
    x, y = (left + right - width) / 2, (top + bottom - height) / 2
    x = min(max(x, 0), WORLD - width)
    return round(x), round(y), round(width), round(height)


def share_of(view: View, point: tuple[float, float]) -> tuple[float, float]:
    """Where a point is in a cut-out: from left for its width, and from top for its height."""
    return (point[0] - view[0]) / view[2], (point[1] - view[1]) / view[3]
