"""Places the names on a map so that no two of them touch, whatever the width of the page.

As text keeps its size while the map grows, they are placed anew for narrow and for wide pages.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from partnergraph.pictures.boxes import Box, overlap
from partnergraph.pictures.projection import RATIO

_CHARACTER, _LINE = 7.2, 16.0
"""Of the text of a map, in CSS pixels: the width of a character, the height of a line."""

_STEPS = 12
"""Widths between the least and the most of a layout that labels are tried for."""


@dataclass(frozen=True)
class Dot:
    """A place as it is drawn, which a label belongs to.

    Attributes:
        name: what it is called.
        x: where it is from left, for the width of the map.
        y: where it is from top, for the height of the map.
        radius: in pixels.
        is_home: whether it is labelled before all others.
    """

    name: str
    x: float
    y: float
    radius: float
    is_home: bool


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
class Layout:
    """The widths of a map, in pixels, that labels are placed for."""

    least: float
    most: float


LAYOUTS = (Layout(250, 560), Layout(560, 1000))
"""For telephones, and for anything wider; page.css shows one or the other."""


def place_labels(dots: Sequence[Dot], layout: Layout) -> list[Label]:
    """A label for each place, none of which touches another or a place at any width."""
    # What is crowded least is placed last: it finds room anyway.
    crowds = [_crowd(dot, dots) for dot in dots]
    order = sorted(range(len(dots)), key=lambda one: (not dots[one].is_home, -crowds[one], one))
    more = (layout.most - layout.least) / _STEPS
    widths = [layout.least + more * step for step in range(_STEPS + 1)]
    taken = {one: [_disc(dots[one], width) for width in widths] for one in order}
    labels: dict[int, Label] = {}
    boxes: list[list[Box]] = list(taken.values())
    for one in order:
        for label in _candidates(dots[one].name, str(one + 1), dots[one].radius):
            own = [_box(label, dots[one], width) for width in widths]
            others = (box for box in boxes if box is not taken[one])
            within = all(_is_within(box, width) for box, width in zip(own, widths, strict=True))
            if within and not any(
                overlap(mine, theirs)
                for other in others
                for mine, theirs in zip(own, other, strict=True)
            ):
                labels[one] = label
                boxes.append(own)
                break
        else:
            labels[one] = Label("", 0, 0, "middle", is_number=True)
    return [labels[one] for one in range(len(dots))]


def _crowd(dot: Dot, dots: Sequence[Dot]) -> float:
    return sum(1 / (0.01 + math.hypot(dot.x - one.x, (dot.y - one.y) / RATIO)) for one in dots)


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


def _disc(dot: Dot, width: float) -> Box:
    """The pixels that a place takes on a map of some width."""
    x, y = dot.x * width, dot.y * width / RATIO
    return x - dot.radius, y - dot.radius, x + dot.radius, y + dot.radius


def _box(label: Label, dot: Dot, width: float) -> Box:
    """The pixels that a label takes on a map of some width."""
    long = len(label.text) * _CHARACTER + 4
    x, y = dot.x * width + label.dx, dot.y * width / RATIO + label.dy
    left = {"start": x, "middle": x - long / 2, "end": x - long}[label.anchor]
    return left, y - _LINE + 4, left + long, y + 4


def _is_within(box: Box, width: float) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= width / RATIO
