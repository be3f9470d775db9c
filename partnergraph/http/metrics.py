"""What is measured, as Prometheus reads it: https://prometheus.io/docs/instrumenting/exposition_formats/."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0
from prometheus_client.registry import Collector

from partnergraph.protocol.messages import Response

BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Observation:
    """What is not counted but looked at, whenever somebody asks.

    Attributes:
        version: of the dataset.
        processes: query processes, by state.
        waiting: queries that wait for one.
        connections: that are open.
        unsent: bytes of long answers that slow readers have to read.
        cached: bytes that kept answers take.
        found: requests whose answer was looked for before a query process was asked, by where it
            was found.
    """

    version: str
    processes: Mapping[str, int]
    waiting: int
    connections: int
    unsent: int
    cached: int
    found: Mapping[str, int]


class Metrics(Collector):
    """Counts and durations of one server, all of its processes together."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._seconds = Histogram(
            "partnergraph_request_seconds",
            "Time from a request to its response, by what was asked for and what came of it.",
            ("route", "outcome", "status"),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._ended = Counter(
            "partnergraph_query_processes_ended",
            "Query processes that were ended or died, by reason.",
            ("reason",),
            registry=self._registry,
        )
        self._reloads = Counter(
            "partnergraph_reloads",
            "Times that the files were read anew, by what came of it.",
            ("outcome",),
            registry=self._registry,
        )
        # What labels() would look up under a lock each time.
        self._children: dict[tuple[str, str, int], Histogram] = {}

    def observe(self, route: str, response: Response, seconds: float) -> None:
        """Count a response."""
        key = (route, response.outcome, response.status)
        child = self._children.get(key)
        if child is None:
            child = self._children[key] = self._seconds.labels(*key)
        child.observe(seconds)

    def process_ended(self, reason: str) -> None:
        """Count a query process that was ended or has died."""
        self._ended.labels(reason).inc()

    def renewed(self, outcome: str) -> None:
        """Count a reading of the files."""
        self._reloads.labels(outcome).inc()

    def watch(self, observe: Callable[[], Observation]) -> None:
        """Also tell what is observed, from now on."""
        self._observe_now = observe
        self._registry.register(self)

    def exposition(self) -> tuple[str, bytes]:
        """The media type and the text of all measurements."""
        return CONTENT_TYPE_PLAIN_1_0_0, generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """What is not counted but looked at."""
        seen = self._observe_now()
        processes = GaugeMetricFamily(
            "partnergraph_query_processes", "Query processes, by state.", labels=("state",)
        )
        for state, number in seen.processes.items():
            processes.add_metric((state,), number)
        yield processes
        for name, text, value in (
            ("queries_waiting", "Queries that wait for a process.", seen.waiting),
            ("connections", "Open connections.", seen.connections),
            ("unsent_bytes", "Long answers that slow readers have to read.", seen.unsent),
            ("cache_bytes", "Bytes that kept answers take.", seen.cached),
        ):
            yield GaugeMetricFamily(f"partnergraph_{name}", text, value)
        lookups = CounterMetricFamily(
            "partnergraph_cache_lookups",
            "Requests whose answer was looked for before a query process was asked, by where it "
            "was found: by the bytes of the request, by the query, or not at all.",
            labels=("found",),
        )
        for place, number in seen.found.items():
            lookups.add_metric((place,), number)
        yield lookups
        yield InfoMetricFamily(
            "partnergraph_dataset", "The dataset that is served.", {"version": seen.version}
        )
