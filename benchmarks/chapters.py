"""The chapters of the report that are not about one workload."""

from __future__ import annotations

from benchmarks.figures import NOTHING, OURS, Figures, number, spread, summary, table
from benchmarks.measuring import Sample
from benchmarks.workloads import WORKLOADS

NEGLIGIBLE = 0.01
"""Seconds of loading that mean that nothing was loaded."""


def beside(figures: Figures) -> str:
    """Lookups without and with a runaway query; empty where that was not measured."""
    if not figures.beside:
        return ""
    rows = [_beside_row(figures, title) for title in figures.present if title in figures.beside]
    return (
        "## Lookups beside a runaway query\n\n"
        f"`lookup-new` about {figures.middle} by 8 clients, each server on its own, without and\n"
        "with one more client that asks for a cross product without end, and asks again when it\n"
        "is ended.\n\n"
        + table(
            ["server", "without", "with", "rate kept", f"with: rate of {OURS} by its rate"], rows
        )
    )


def _beside_row(figures: Figures, title: str) -> list[str]:
    pairs = figures.beside[title]
    name = f"{title} (ended or refused the query)" if title in figures.refused else title
    shown = [_some(samples) for samples in zip(*pairs, strict=True)]
    if errors := sum(each.errors for pair in pairs for each in pair):
        return [name, *shown, f"invalid: {errors:,} errors", NOTHING]
    kept = [beside.rate / alone.rate for alone, beside in pairs if alone.valid]
    ours = figures.beside.get(OURS, [])
    ratios = [a.rate / b.rate for (_, a), (_, b) in zip(ours, pairs, strict=False) if b.valid]
    versus = NOTHING if title == OURS else spread(ratios) if ratios else "it answered nothing"
    return [name, *shown, spread(kept), versus]


def _some(samples: tuple[Sample, ...]) -> str:
    return summary([*samples]) if any(each.requests for each in samples) else "no answer"


def starts(figures: Figures) -> str:
    """The times from start to first answer; empty where they were not measured."""
    if not figures.starts:
        return ""
    rows = [
        [title, _loading(figures, title), spread(figures.starts[title], " s")]
        for title in figures.present
        if title in figures.starts
    ]
    return (
        f"## Start\n\nWith {figures.middle}. A server with a store on disk loads it once,\n"
        "beforehand; the others read the file at each start "
        f"({OURS} also gives the data a canonical form).\n\n"
        + table(["server", "loading beforehand", "start to first right answer"], rows)
    )


def _loading(figures: Figures, title: str) -> str:
    seconds = figures.loading.get((figures.middle, title), 0)
    return f"{number(seconds)} s" if seconds > NEGLIGIBLE else NOTHING


def memory(figures: Figures) -> str:
    """The memory of all servers, and of one more worker of ours."""
    if not figures.memory:
        return ""
    rows = [
        [title, *(_mebibytes(figures.memory.get((data, title))) for data in figures.datasets)]
        for title in figures.present
    ]
    text = "## Memory\n\nPSS of all processes of a server after the queries, in MiB.\n\n" + table(
        ["server", *figures.datasets], rows
    )
    if figures.workers:
        loaded, more = zip(*figures.workers, strict=True)
        shares = [100 * worker / data for data, worker in figures.workers if data > 0]
        text += (
            f"\nWith {figures.middle} loaded, the process of {OURS} that holds the data is\n"
            f"larger by {spread([*loaded])} MiB (RSS) than with a single triple; one more worker\n"
            "takes "
            f"{spread([*more])} MiB (PSS), which is {spread(shares)} % of that.\n"
        )
    return text


def _mebibytes(value: float | None) -> str:
    return NOTHING if value is None else number(value)


def growth(figures: Figures) -> str:
    """How latency grows from the middle data set to the largest."""
    middle, large = figures.middle, [*figures.datasets][-1]
    if middle == large:
        return ""
    rows = [
        [
            f"`{each.key}`",
            *(_grown(figures, each.key, middle, large, title) for title in figures.present),
        ]
        for each in WORKLOADS
        if each.large
    ]
    return f"## Growth\n\nMedian latency with {large} by that with {middle}.\n\n" + table(
        ["workload", *figures.present], rows
    )


def _grown(figures: Figures, workload: str, middle: str, large: str, title: str) -> str:
    if any(figures.trouble(data, workload, title) for data in (middle, large)):
        return NOTHING
    pairs = zip(
        figures.samples[middle, workload, title],
        figures.samples[large, workload, title],
        strict=False,
    )
    return spread([b.p50 / a.p50 for a, b in pairs])
