"""Boxes of a picture, which tell quickly what can be seen and what is in the way."""

from __future__ import annotations

Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes have more than an edge in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
