"""Our server beside others: the same data, the same questions, one load generator, in one run.

``python benchmarks/side_by_side.py`` starts and stops every server itself.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import click

from benchmarks.comparison import Comparison, Extent, say
from benchmarks.figures import Figures
from benchmarks.machine import available_memory, describe_machine
from benchmarks.measuring import has_wrk
from benchmarks.network import PARTNERSHIPS
from benchmarks.plot import draw
from benchmarks.report import write_report
from benchmarks.running import ROOT
from benchmarks.servers import SERVERS
from benchmarks.workloads import WORKLOADS, network, partners

BYTES_OF_A_TRIPLE = 4_500
"""What all servers together need for a triple while they start; found by trying."""
RUNAWAY_KEY, MEMORY_KEY = "runaway", "memory"
QUICK = Extent(rounds=1, seconds=1.0, partnerships=1_000)


def run_all(comparison: Comparison, chosen: set[str]) -> None:
    """All that was chosen, one data set after the other."""
    workloads = [each for each in WORKLOADS if each.key in chosen]
    say("making the data")
    size = comparison.extent.partnerships
    small = partners(comparison.folder)
    comparison.compare(small, [each for each in workloads if each.needs <= small.triples])
    middle = network(comparison.folder, size)
    comparison.compare(middle, [each for each in workloads if each.needs <= middle.triples])
    lookups = next(each for each in WORKLOADS if each.key == "lookup-new")
    if RUNAWAY_KEY in chosen:
        comparison.disturb(middle, lookups)
    if MEMORY_KEY in chosen:
        comparison.weigh(middle, [lookups, *(each for each in WORKLOADS if each.key == "groups")])
    if any(each.large for each in workloads):
        large = network(comparison.folder, 10 * size)
        if large.triples * BYTES_OF_A_TRIPLE > available_memory():
            comparison.figures.omitted.append(f"{large.name}: too little memory was available")
        else:
            comparison.compare(large, [each for each in workloads if each.large])


KEYS = [*(each.key for each in WORKLOADS), RUNAWAY_KEY, MEMORY_KEY]


@click.command(context_settings={"show_default": True})
@click.option("--others", type=Path, default=ROOT / ".venv-bench", help="Environment of the rest.")
@click.option("--quick", is_flag=True, help="One round and little data, to try it out.")
@click.option("--rounds", type=click.IntRange(1), default=5, help="Rounds that count.")
@click.option("--seconds", type=float, default=2.0, help="Length of a burst.")
@click.option("--partnerships", type=int, default=PARTNERSHIPS, help="Size of the network.")
@click.option("--only", type=click.Choice(KEYS), multiple=True, help="Not everything, but this.")
@click.option("--servers", default=",".join(each.key for each in SERVERS), help="Who takes part.")
@click.option("--write", is_flag=True, help="Write docs/benchmarks.md and docs/benchmarks.svg.")
def main(
    *, others: Path, quick: bool, only: tuple[str, ...], servers: str, write: bool, **extent: Any
) -> None:
    """Compare SPARQL servers side by side, and print (or write) the report."""
    if not has_wrk():
        say("The load generator wrk is not installed; on Debian: apt-get install wrk")
        sys.exit(2)
    bounds = QUICK if quick else Extent(**extent)
    asked = [each(others.absolute()) for each in SERVERS if each.key in servers.split(",")]
    figures = Figures(describe_machine(), bounds.rounds, bounds.seconds)
    figures.versions = {each.title: each.version() for each in asked}
    present = [each for each in asked if figures.versions[each.title]]
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        run_all(Comparison(present, Path(folder), bounds, figures), set(only or KEYS))
    say(f"done in {(time.perf_counter() - begin) / 60:.1f} minutes")
    text = write_report(figures)
    click.echo(text)
    if write:
        (ROOT / "docs" / "benchmarks.md").write_text(text, "utf-8")
        (ROOT / "docs" / "benchmarks.svg").write_text(draw(figures), "utf-8")


if __name__ == "__main__":
    main()
