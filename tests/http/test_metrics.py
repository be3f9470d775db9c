"""What the operator sees: measurements for Prometheus."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from tests.bounded import ENDLESS, QUICK
from tests.serving import Server, eventually


def test_metrics_are_what_prometheus_reads(bounded: Server) -> None:
    """Requests and latencies by outcome, processes, cache, version."""
    bounded.select(ENDLESS)
    bounded.select(QUICK)
    bounded.select(QUICK)
    response = bounded.client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    families = {one.name: one for one in text_string_to_metric_families(response.text)}
    assert {
        "partnergraph_request_seconds",
        "partnergraph_query_processes",
        "partnergraph_query_processes_ended",
        "partnergraph_queries_waiting",
        "partnergraph_connections",
        "partnergraph_unsent_bytes",
        "partnergraph_cache_bytes",
        "partnergraph_cache_lookups",
        "partnergraph_dataset_info",
    } <= families.keys()
    ended = {one.labels["reason"] for one in families["partnergraph_query_processes_ended"].samples}
    assert "deadline" in ended
    (dataset,) = families["partnergraph_dataset_info"].samples
    assert dataset.labels["version"] == response.headers["partnergraph-version"]
    outcomes = {one.labels["outcome"] for one in families["partnergraph_request_seconds"].samples}
    assert {"answered", "query-timeout"} <= outcomes
    idle = 'partnergraph_query_processes{state="idle"}'
    assert eventually(lambda: bounded.measured(idle) == 2)  # One that was killed is replaced.
