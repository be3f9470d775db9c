"""Networks as arc diagrams: every node has a line of its own, and arcs connect them.

Names stand one below another, so none covers another, however many there are, and they can be read
on a telephone: https://doi.org/10.1109/INFVIS.2002.1173155. What has many nodes is summed up by
what these belong to, or shows only those with the most connections.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

MOST_NODES = 80
"""Nodes that are drawn; of more, those with the most connections."""

LINE = 22
"""The height of a line, in pixels."""

WIDTH = 130
"""How far arcs reach, in pixels, to the left of the names."""


@dataclass(frozen=True)
class Node:
    """A node: what it is called, where that leads, and what it is listed with."""

    name: str
    address: str = ""
    group: str = ""


@dataclass(frozen=True)
class Arc:
    """A connection of two nodes: its path in an SVG, how wide it is drawn, and its title."""

    path: str
    width: float
    title: str


@dataclass(frozen=True)
class ArcDiagram:
    """An arc diagram.

    Attributes:
        nodes: from top to bottom, each with the number of its connections.
        arcs: what connects them.
        untold: how many nodes are left out.
    """

    nodes: tuple[tuple[Node, int], ...]
    arcs: tuple[Arc, ...]
    untold: int = 0

    @property
    def height(self) -> int:
        """In pixels."""
        return len(self.nodes) * LINE


def draw_arcs(connections: Iterable[tuple[Node, Node]]) -> ArcDiagram | None:
    """An arc diagram of some connections, which have no direction; ``None`` of none."""
    counted: Counter[tuple[Node, Node]] = Counter(
        (min(pair, key=_place), max(pair, key=_place)) for pair in connections
    )
    degrees: Counter[Node] = Counter()
    for (one, other), number in counted.items():
        degrees[one] += number
        degrees[other] += number if other != one else 0
    if not degrees:
        return None
    most = sorted(degrees, key=lambda node: (-degrees[node], _place(node)))[:MOST_NODES]
    lines = {node: line for line, node in enumerate(sorted(most, key=_place))}
    drawn = sorted(
        (lines[one], lines[other], number, f"{one.name} – {other.name}: {number}")
        for (one, other), number in counted.items()
        if one in lines and other in lines
    )
    largest = max((number for _, _, number, _ in drawn), default=1)
    arcs = tuple(
        Arc(_path(top, bottom, len(lines)), _width(number, largest), title)
        for top, bottom, number, title in drawn
    )
    nodes = tuple((node, degrees[node]) for node in lines)
    return ArcDiagram(nodes, arcs, len(degrees) - len(lines))


def _place(node: Node) -> tuple[str, str, str]:
    return node.group, node.name, node.address


def _width(number: int, largest: int) -> float:
    return round(1 + 5 * math.sqrt(number / largest), 1) if largest > 1 else 1.5


def _path(top: int, bottom: int, lines: int) -> str:
    begin, end = (top + 0.5) * LINE, (bottom + 0.5) * LINE
    if top == bottom:  # A connection within one group.
        return f"M{WIDTH} {begin - 5}a5 5 0 1 0 0 10"
    reach = 12 + (WIDTH - 18) * (bottom - top) / max(lines - 1, 1)
    return f"M{WIDTH} {begin:g}A{reach:.0f} {(end - begin) / 2:g} 0 0 0 {WIDTH} {end:g}"
