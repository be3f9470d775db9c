"""Promise 11: /health runs a real query and fails when the store does."""

from __future__ import annotations

import os
import signal

from tests.serving import eventually, running


def test_health_fails_with_the_store_and_recovers() -> None:
    """While the processes that hold the data stand still, and afterwards."""
    with running("--timeout", "0.5", "--workers", "1") as server:
        response = server.client.get("/health")
        assert (response.status_code, response.json()) == (200, {"status": "ok"})
        nursery, workers = server.nursery, server.workers
        for pid in (nursery, *workers):
            os.kill(pid, signal.SIGSTOP)
        try:
            response = server.client.get("/health")
            assert (response.status_code, response.json()) == (503, {"status": "failing"})
            assert response.headers["cache-control"] == "no-store"
        finally:
            for pid in (*workers, nursery):  # That one ends what was too late.
                os.kill(pid, signal.SIGCONT)
        assert eventually(server.healthy)


def test_health_is_never_kept() -> None:
    """Each time a process is asked."""
    with running("--workers", "1") as server:
        for _ in range(3):
            assert server.healthy()
        assert server.measured('partnergraph_cache_lookups_total{found="request"}') == 0
