"""Small ways to damage the data, made from the data itself: the same every time, nothing random.

Each module holds the families of one way in which a graph goes wrong.
"""

from __future__ import annotations

from tests.gate.mutations import (
    derived,
    impossible,
    malformed,
    misdirected,
    missing,
    outside,
    repeated,
)
from tests.gate.mutations.damages import Mutation

MODULES = (missing, malformed, misdirected, repeated, impossible, derived, outside)


def mutations() -> list[Mutation]:
    """All mutations; a name is that of the family, and then what it is done to."""
    return [
        Mutation(f"{family.__name__.replace('_', '-')} {where}", frozenset(gone), frozenset(come))
        for module in MODULES
        for family in module.FAMILIES
        for where, gone, come in family()
    ]
