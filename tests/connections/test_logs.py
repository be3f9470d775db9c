"""What the operator reads: logs without a word of the queries."""

from __future__ import annotations

import json

import pytest

from tests.serving import Server, running

SECRET = "SELECT ?secret { ?secret ?p ?o } LIMIT 1"


def logged(server: Server) -> list[dict[str, object]]:
    """What a server has written on standard error as JSON, once it has ended."""
    server.process.terminate()
    assert server.process.stderr
    return [json.loads(line) for line in server.process.stderr if line.startswith("{")]


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
