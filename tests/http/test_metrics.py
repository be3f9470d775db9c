"""What the operator sees: measurements for Prometheus, and logs without a word of the queries."""

from __future__ import annotations

import json

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.bounded import ENDLESS, QUICK
from tests.serving import Server, eventually, running

SECRET = "SELECT ?secret { ?secret ?p ?o } LIMIT 1"


def logged(server: Server) -> list[dict[str, object]]:
    """What a server has written on standard error as JSON, once it has ended."""
    server.process.terminate()
    assert server.process.stderr
    return [json.loads(line) for line in server.process.stderr if line.startswith("{")]


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


@pytest.mark.parametrize("level", ["faults", "requests", "queries"])
def test_logs_say_what_they_are_asked_for(level: str) -> None:
    """No text of a query unless it is wanted; and nothing that a client sends breaks a line."""
    with running("--log", level, "--workers", "1") as server:
        for _ in range(2):
            server.select(SECRET)
        server.client.post("/sparql", content="ASK {\n} secret", headers={"user-agent": "a\tb"})
        server.client.get("/no%0Awhere%22")
        records = logged(server)
    text = json.dumps(records)
    requests = [one for one in records if one["event"] == "request" and one["path"] == "/sparql"]
    assert len(requests) == (0 if level == "faults" else 3)
    assert ("secret" in text) == (level == "queries")
    if level != "faults":
        assert [one["status"] for one in requests] == [200, 200, 415]
        assert [one["outcome"] for one in requests][:2] == ["answered", "repeated"]
        assert any(one["path"] == '/no\nwhere"' for one in records)
