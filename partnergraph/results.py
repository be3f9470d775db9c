"""What validation finds: results, gravest first, in one report."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import rdflib


class Severity(Enum):
    """How much a result weighs; the value sorts them, gravest first."""

    VIOLATION = 0
    WARNING = 1
    INFO = 2


@dataclass(frozen=True)
class Passage:
    """A stretch of a source: the heading it stands under and its code points, end exclusive."""

    heading: str | None
    start: int
    end: int


@dataclass(frozen=True)
class Place:
    """A line of a text.

    Attributes:
        file: the name of a file; empty for what came without one.
        line: its number, from 1.
    """

    file: str
    line: int


@dataclass(frozen=True)
class Result:
    """One thing that a shape found.

    Attributes:
        severity: only a violation keeps a graph from being served.
        shape: the IRI of the constraint, such as ``…/shapes#Agreement-party``.
        constraint: its number and name in both languages, as the shapes group them.
        focus_node: the thing it is about.
        path: the property it is about, where there is a single one.
        value: the value that is wrong, where there is one.
        messages: what is wrong and what would be right, by language.
        passages: where the source speaks of the thing.
        suggestion: the known property that an unknown one resembles.
        place: where in the text it is said, where that is known.
    """

    severity: Severity
    shape: str
    constraint: tuple[int, dict[str, str]]
    focus_node: str
    path: str | None
    value: str | None
    messages: dict[str, str]
    passages: tuple[Passage, ...] = ()
    suggestion: str | None = None
    place: Place | None = None


@dataclass(frozen=True)
class Report:
    """All results, gravest first, and the SHACL validation report they were read from."""

    results: tuple[Result, ...]
    graph: rdflib.Graph = field(repr=False)

    @property
    def conforms(self) -> bool:
        """Whether there is no violation; warnings and infos do not keep a graph from being served.

        Decided from the severities, as ``sh:conforms`` counts every result.
        """
        return not self.count(Severity.VIOLATION)

    def count(self, severity: Severity) -> int:
        """How many results have this severity."""
        return sum(result.severity is severity for result in self.results)
