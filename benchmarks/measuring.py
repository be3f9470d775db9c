"""One burst of requests and what it showed: by wrk for quick queries, by hand for slow ones."""

from __future__ import annotations

import itertools
import json
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.running import RESULTS, Failed, ask

SCRIPT = Path(__file__).with_name("wrk.lua")
MARK = "~N~"
"""Stands in a query for a number that no other request of the run has."""
MOST = 200
"""Requests of a burst that is made by hand."""

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Sample:
    """What one burst showed.

    Attributes:
        rate: answers a second.
        p50, p99: seconds that half (99 of 100) of the answers took at most.
        requests: how many were answered.
        errors: answers that were no success, and requests without an answer.
    """

    rate: float
    p50: float
    p99: float
    requests: int
    errors: int = 0

    @property
    def valid(self) -> bool:
        """Whether the figures may be used: something was answered, and all of it with success."""
        return self.errors == 0 and self.requests > 0


def number(query: str) -> str:
    """The query with a number of its own in place of its mark."""
    return query.replace(MARK, str(next(_numbers)))


def burst(base: str, queries: list[str], connections: int, seconds: float) -> Sample:
    """Let wrk ask the queries in turn, over so many connections.

    Raises:
        Failed: wrk reported nothing.
    """
    address = urllib.parse.urlsplit(base)
    first = next(_numbers) * 10_000_000
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        for query in queries:
            target = f"{address.path}?{address.query}{urllib.parse.quote(query, safe='')}"
            file.write(target + "\n")
        file.flush()
        command = ["wrk", "--threads", "1", "--connections", str(connections)]
        command += ["--duration", f"{max(1, round(seconds))}s", "--timeout", "30s"]
        command += ["--header", f"Accept: {RESULTS}", "--script", str(SCRIPT)]
        command += [f"http://{address.netloc}", "--", file.name, str(first)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    return parse_wrk(done.stdout)


def parse_wrk(output: str) -> Sample:
    """What the script has written at the end of wrk's own words.

    Raises:
        Failed: it has written nothing, or no figures.
    """
    lines = [line for line in output.splitlines() if line.startswith("RESULT ")]
    try:
        found = json.loads(lines[-1].removeprefix("RESULT "))
        requests, errors = int(found["requests"]), int(found["refused"]) + int(found["broken"])
        rate = requests / float(found["seconds"])
        return Sample(rate, float(found["p50"]), float(found["p99"]), requests, errors)
    except (IndexError, KeyError, ValueError, ZeroDivisionError):
        raise Failed("wrk reported nothing") from None


def by_hand(base: str, queries: list[str], media_type: str, seconds: float) -> Sample:
    """Ask one query after the other until the time is over; what was begun is waited for."""
    times: list[float] = []
    errors = 0
    begin = time.perf_counter()
    while time.perf_counter() - begin < seconds and len(times) + errors < MOST:
        query = number(queries[(len(times) + errors) % len(queries)])
        start = time.perf_counter()
        try:
            ask(base, query, media_type)
        except Failed:
            errors += 1
        else:
            times.append(time.perf_counter() - start)
    if not times:
        return Sample(0, 0, 0, 0, errors)
    rate = len(times) / sum(times)
    return Sample(rate, statistics.median(times), percentile(times, 99), len(times), errors)


def percentile(values: list[float], share: int) -> float:
    """The smallest of the values that so many of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-share * len(ordered) // 100) - 1)]


@contextmanager
def runaway(base: str, query: str) -> Iterator[list[float]]:
    """One client that asks a query without end, and asks again whenever it is over.

    Yields:
        the seconds of each answer or refusal that came, in a list that grows.
    """
    over, ends = threading.Event(), list[float]()

    def insist() -> None:
        while not over.is_set():
            begin = time.perf_counter()
            try:
                ask(base, number(query))
            except Failed:
                over.wait(0.02)
            ends.append(time.perf_counter() - begin)

    thread = threading.Thread(target=insist, daemon=True)
    thread.start()
    try:
        # The query should be on its way when the others begin.
        over.wait(0.3)
        yield ends
    finally:
        over.set()


def has_wrk() -> bool:
    """Whether the load generator is installed."""
    return shutil.which("wrk") is not None
