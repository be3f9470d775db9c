"""Promise 6: a client that hangs up stops its query within a second."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest

from tests.bounded import ENDLESS, answers
from tests.serving import Server, eventually, running


@pytest.fixture(scope="module")
def patient() -> Iterator[Server]:
    """A server with one process and a far deadline."""
    with running("--workers", "1", "--timeout", "60") as server:
        yield server


@pytest.mark.alone
def test_the_process_is_free_for_others_at_once(patient: Server) -> None:
    """Long before the deadline."""
    (before,) = patient.workers
    with pytest.raises(httpx.ReadTimeout):
        patient.client.get("/sparql", params={"query": ENDLESS}, timeout=0.3)
    begin = time.monotonic()
    assert answers(patient)
    assert time.monotonic() - begin < 1
    assert patient.workers != [before]


@pytest.mark.alone
def test_queries_that_wait_are_forgotten(patient: Server) -> None:
    """They never run: nobody waits for them."""
    for n in range(5):
        with suppress(httpx.ReadTimeout):
            patient.client.get("/sparql", params={"query": f"{ENDLESS} #{n}"}, timeout=0.05)
    begin = time.monotonic()
    assert answers(patient)
    assert time.monotonic() - begin < 1


def test_clients_that_leave_disturb_nobody() -> None:
    """Queries whose senders hang up at once leave the process that holds the data as it is."""
    with running("--workers", "2") as server:
        before = server.nursery
        heavy = {"query": ENDLESS}
        for patience in (0.001, 0.003, 0.006, 0.01, 0.02) * 8:
            with suppress(httpx.TimeoutException):
                server.client.post("/sparql", data=heavy, timeout=httpx.Timeout(5, read=patience))
        assert answers(server)
        assert server.nursery == before
        assert eventually(lambda: len(server.workers) == 2)
