"""What is measured, server by server and round by round, and kept as figures.

The servers take turns, so that what disturbs one disturbs all.
"""

from __future__ import annotations

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import click

from benchmarks.figures import Figures
from benchmarks.measuring import Sample, burst, by_hand, number, runaway
from benchmarks.running import Failed, Running, ask, memory
from benchmarks.servers import Server, run
from benchmarks.workloads import RUNAWAY, Answer, Material, Workload, read_answer

CHECKED = 3
"""Queries of each workload whose answers are compared before anything is timed."""
WARM_UP = 1.0
"""Seconds of a burst that does not count."""


@dataclass(frozen=True)
class Extent:
    """How much is measured: rounds that count, seconds of a burst, size of the network."""

    rounds: int
    seconds: float
    partnerships: int


@dataclass
class Comparison:
    """What is compared, how long, and what was found so far."""

    servers: list[Server]
    folder: Path
    extent: Extent
    figures: Figures
    stores: dict[tuple[str, str], Path] = field(default_factory=dict)

    def store(self, server: Server, data: Material) -> Path:
        """The folder of a server with the data loaded, which is done once."""
        key = (server.key, data.name)
        if key not in self.stores:
            self.stores[key] = self.folder / f"{server.key}-{data.path.stem}"
            self.stores[key].mkdir()
            say(f"{data.name}: loading {server.title}")
            begin = time.perf_counter()
            server.prepare(data.path, self.stores[key])
            self.figures.loading[data.name, server.title] = time.perf_counter() - begin
        return self.stores[key]

    def compare(self, data: Material, workloads: list[Workload]) -> None:
        """All workloads about one data set, by all servers, round by round."""
        self.figures.datasets[data.name] = data.triples
        if not workloads:
            return
        with ExitStack() as stack:
            up = self._start(data, workloads, stack)
            for workload in workloads:
                self._check(data, workload, up)
            # The first round warms up and does not count.
            for turn in range(self.extent.rounds + (self.extent.rounds > 1)):
                say(f"{data.name}: round {turn}")
                counts = turn > 0 or self.extent.rounds == 1
                for workload in workloads:
                    self._round(data, workload, up, counts=counts)
            for title, running in up.items():
                self.figures.memory[data.name, title] = memory(running.processes)

    def _start(
        self, data: Material, workloads: list[Workload], stack: ExitStack
    ) -> dict[str, Running]:
        """Start all servers at once, as some take minutes; the stack stops them."""
        stores: dict[Server, Path] = {}
        for server in self.servers:
            try:
                stores[server] = self.store(server, data)
            except (Failed, subprocess.CalledProcessError):
                self._fail(data, workloads, server.title, "did not load the data")
        say(f"{data.name}: starting {len(stores)} servers")
        with ThreadPoolExecutor() as threads:
            waiting = {
                server: threads.submit(
                    stack.enter_context, run(server, data.path, store, data.is_right)
                )
                for server, store in stores.items()
            }
        up = {}
        for server, start in waiting.items():
            try:
                up[server.title] = start.result()
            except Failed as failure:
                self._fail(data, workloads, server.title, str(failure))
        return up

    def _fail(self, data: Material, workloads: list[Workload], title: str, why: str) -> None:
        for workload in workloads:
            self.figures.faults[data.name, workload.key, title] = why

    def _check(self, data: Material, workload: Workload, up: dict[str, Running]) -> None:
        """Compare the answers; who differs from most others is not timed."""
        answers: dict[str, list[Answer]] = {}
        for title, server in up.items():
            try:
                answers[title] = _answers(server.base, workload, data)
            except Failed as failure:
                say(f"{data.name}, {workload.key}: {title} gives {failure}")
                self._fail(data, [workload], title, f"no answer: {failure.short}")
            except ValueError as error:
                self._fail(data, [workload], title, f"unreadable: {error}")
        for title, fault in judge(answers).items():
            self._fail(data, [workload], title, fault)

    def _round(
        self, data: Material, workload: Workload, up: dict[str, Running], *, counts: bool
    ) -> None:
        queries = workload.queries(data)
        for title, server in up.items():
            key = (data.name, workload.key, title)
            if key in self.figures.faults:
                continue
            seconds = self.extent.seconds if counts else WARM_UP
            sample = _sample(server.base, workload, queries, seconds, slow=not data.small)
            if counts:
                self.figures.samples.setdefault(key, []).append(sample)

    def disturb(self, data: Material, lookups: Workload) -> None:
        """Lookups without and with a runaway query beside them, each server on its own.

        A server that goes on with the query when its client has left would disturb the others.
        """
        queries = lookups.queries(data)
        for turn in range(self.extent.rounds):
            for server in self.servers:
                say(f"{data.name}: runaway query, round {turn + 1}, {server.title}")
                try:
                    self._disturb(server, data, queries, lookups.connections)
                except (Failed, subprocess.CalledProcessError) as failure:
                    say(f"{server.title}: {failure}")

    def _disturb(self, server: Server, data: Material, queries: list[str], clients: int) -> None:
        store = self.store(server, data)
        with run(server, data.path, store, data.is_right) as up:
            self.figures.starts.setdefault(server.title, []).append(up.seconds)
            if self.extent.rounds > 1:
                burst(up.base, queries, clients, WARM_UP)
            alone = burst(up.base, queries, clients, self.extent.seconds)
            with runaway(up.base, RUNAWAY) as ends:
                beside = burst(up.base, queries, clients, self.extent.seconds)
                refused = any(seconds < self.extent.seconds for seconds in ends)
        self.figures.beside.setdefault(server.title, []).append((alone, beside))
        if refused:
            self.figures.refused.add(server.title)

    def weigh(self, data: Material, workloads: list[Workload]) -> None:
        """What one more worker of this server takes, beside what the loaded data takes."""
        server = next((each for each in self.servers if type(each) is Server), None)
        if server is None:
            return
        empty = self.folder / "one.nt"
        empty.write_text("<urn:a> <urn:b> <urn:c> .\n", "utf-8")
        nothing = Material("one triple", empty, 1, small=True, places=["urn:a"], first=1)
        for turn in range(min(3, self.extent.rounds)):
            say(f"{data.name}: memory of a worker, round {turn + 1}")
            try:
                base, _ = self._weigh(server, nothing, 2, [])
                held, two = self._weigh(server, data, 2, workloads)
                _, three = self._weigh(server, data, 3, workloads)
            except Failed as failure:
                say(f"{server.title}: {failure}")
                return
            self.figures.workers.append((held - base, three - two))

    def _weigh(
        self, server: Server, data: Material, workers: int, workloads: list[Workload]
    ) -> tuple[float, float]:
        """The Rss of the process that workers are made from, and the Pss of all, after queries."""
        options = ("--workers", str(workers))
        with run(server, data.path, self.folder, data.is_right, *options) as up:
            for workload in workloads:
                _sample(up.base, workload, workload.queries(data), WARM_UP, slow=True)
            processes = up.processes
            return memory(processes[1:2], "Rss"), memory(processes)


def judge(answers: dict[str, list[Answer]]) -> dict[str, str]:
    """What is wrong with the answers of each server: nothing, where it agrees with most."""
    given = [*answers.values()]
    common = max(given, key=given.count, default=[])
    if 2 * given.count(common) <= len(given):
        return dict.fromkeys(answers, "the answers differ")
    return {title: "wrong answer" for title, answer in answers.items() if answer != common}


def _sample(
    base: str, workload: Workload, queries: list[str], seconds: float, *, slow: bool
) -> Sample:
    if workload.slow and slow:
        return by_hand(base, queries, workload.media_type, seconds)
    try:
        return burst(base, queries, workload.connections, seconds)
    except Failed:
        return Sample(0, 0, 0, 0, errors=1)


def _answers(base: str, workload: Workload, data: Material) -> list[Answer]:
    queries = workload.queries(data)[:CHECKED]
    kind = workload.media_type
    return [read_answer(ask(base, number(query), kind), kind) for query in queries]


def say(what: str) -> None:
    """Tell a person who waits what is done now."""
    click.echo(what, err=True)
