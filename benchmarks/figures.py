"""What a comparison found, and how a figure is written."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.measuring import Sample

OURS = "Partnergraph"
NOTHING = "–"

Key = tuple[str, str, str]
"""Data set, workload, server."""


@dataclass
class Figures:
    """Everything that was found.

    Attributes:
        versions: server → version; None where it is not installed.
        datasets: data set → triples.
        faults: why a workload was not timed.
        loading: (data set, server) → seconds to fill its store before it is started.
        memory: (data set, server) → MiB of all its processes after the queries.
        starts: server → seconds from start to first right answer, a round each.
        beside: server → lookups without and with a runaway query, a round each.
        refused: servers that ended the runaway query before the burst was over.
        omitted: what was left out, and why.
        workers: MiB that the loaded data takes and that one more worker takes, a round each.
    """

    machine: dict[str, str]
    rounds: int
    seconds: float
    versions: dict[str, str | None] = field(default_factory=dict)
    datasets: dict[str, int] = field(default_factory=dict)
    samples: dict[Key, list[Sample]] = field(default_factory=dict)
    faults: dict[Key, str] = field(default_factory=dict)
    loading: dict[tuple[str, str], float] = field(default_factory=dict)
    memory: dict[tuple[str, str], float] = field(default_factory=dict)
    starts: dict[str, list[float]] = field(default_factory=dict)
    beside: dict[str, list[tuple[Sample, Sample]]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    workers: list[tuple[float, float]] = field(default_factory=list)
    omitted: list[str] = field(default_factory=list)

    @property
    def middle(self) -> str:
        """The data set that start, memory and the runaway query are measured with."""
        return [*self.datasets][min(1, len(self.datasets) - 1)]

    @property
    def others(self) -> list[str]:
        """The other servers that took part."""
        return [title for title, version in self.versions.items() if version and title != OURS]

    @property
    def present(self) -> list[str]:
        """All servers that took part."""
        return [title for title, version in self.versions.items() if version]

    def ratios(self, data: str, workload: str, other: str) -> list[float]:
        """Our answers a second by those of another, round by round; none where one is invalid."""
        ours = self.samples.get((data, workload, OURS), [])
        theirs = self.samples.get((data, workload, other), [])
        if not all(each.valid for each in (*ours, *theirs)):
            return []
        return [a.rate / b.rate for a, b in zip(ours, theirs, strict=False)]

    def trouble(self, data: str, workload: str, title: str) -> str:
        """Why there are no figures; empty where there are."""
        key = (data, workload, title)
        if key in self.faults:
            return self.faults[key]
        samples = self.samples.get(key, [])
        if all(each.valid for each in samples):
            return "" if samples else NOTHING
        errors = sum(each.errors for each in samples)
        return f"invalid: {errors:,} errors" if errors else "invalid: a burst without an answer"


def number(value: float) -> str:
    """A figure with three digits that count, and no more."""
    if value == 0:
        return "0"
    digits = max(0, 2 - len(str(int(abs(value)))) + 1) if abs(value) >= 1 else 2
    return f"{value:,.{digits}f}"


def spread(values: list[float], unit: str = "") -> str:
    """Median and range."""
    if not values:
        return NOTHING
    middle = f"{number(statistics.median(values))}{unit}"
    if len(values) == 1:
        return middle
    return f"{middle} ({number(min(values))}–{number(max(values))})"


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def summary(samples: list[Sample]) -> str:
    """Rate, median latency and 99th percentile: their medians over the rounds."""
    rate = statistics.median(each.rate for each in samples)
    p50 = 1000 * statistics.median(each.p50 for each in samples)
    p99 = 1000 * statistics.median(each.p99 for each in samples)
    return f"{number(rate)}/s · {number(p50)} ms · {number(p99)} ms"
