"""The land on a map: outlines of the world, cut to what is shown and no finer than can be seen.

It is that of Natural Earth, without borders, which not everyone draws alike; ``world.json`` is
made from it when the package is built.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from partnergraph.pictures.boxes import Box, overlap
from partnergraph.pictures.projection import View

_DETAIL = 1100
"""Steps into which the width of a map is divided: land is drawn as fine as these."""

Ring = Sequence[tuple[float, float]]
"""The corners of a polygon, in units of the world."""


@lru_cache(256)
def draw_land(view: View) -> str:
    """The land in a cut-out, as the path of an SVG."""
    left, top, width, height = view
    margin = width // 50
    box = (left - margin, top - margin, left + width + margin, top + height + margin)
    least = max(width / _DETAIL, 1)
    parts = (_outline(_clip(ring, box), least) for own, ring in _world() if overlap(own, box))
    return "".join(parts)


@cache
def _world() -> tuple[tuple[Box, Ring], ...]:
    """The outlines of all land, each with the box that it is in."""
    document = json.loads(Path(__file__).with_name("world.json").read_text("ascii"))
    return tuple(
        ((min(xs), min(ys), max(xs), max(ys)), tuple(zip(xs, ys, strict=True)))
        for xs, ys in ((ring[::2], ring[1::2]) for ring in document["rings"])
    )


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
