"""Whatever a query does to the process that runs it, the next one is answered."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest

from tests.serving import Server, eventually, running

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
QUICK = "SELECT (COUNT(*) AS ?n) { ?network a <https://partnergraph.example/def#Network> }"
DEADLINE = 1.0


@pytest.fixture(scope="module")
def bounded() -> Iterator[Server]:
    """A server with tight bounds."""
    options = ("--timeout", f"{DEADLINE:g}", "--memory", "64", "--max-result-bytes", "64KiB")
    with running(*options, "--workers", "2") as server:
        yield server


def answers(server: Server) -> bool:
    """Whether both processes answer rightly: two queries at a time, several times over."""
    return all(server.select(QUICK).text.split() == ["n", "2"] for _ in range(6))


def in_background(server: Server, query: str) -> threading.Thread:
    """A thread that asks a query and lets its fate be."""
    thread = threading.Thread(target=server.select, args=(query,))
    thread.start()
    return thread


def nested(opening: str, closing: str, depth: int = 3000) -> str:
    """A query with a pattern nested to a depth."""
    return f"SELECT * {{ {opening * depth} {closing * depth} }}"


@pytest.mark.parametrize(
    "query",
    [
        nested("{", "}"),
        f"SELECT * {{ FILTER ({'(' * 5000}1{')' * 5000}) }}",
        nested("OPTIONAL {", "}"),
        f"SELECT * {{ FILTER ({'!' * 10_000}true) }}",
    ],
    ids=["groups", "parentheses", "OPTIONAL", "negations"],
)
def test_deep_nesting_ends_no_more_than_its_process(query: str, bounded: Server) -> None:
    """A query that overflows the stack is refused, each time, and the service goes on."""
    for _ in range(3):
        response = bounded.client.post("/sparql", data={"query": query})
        assert response.status_code == 400, response.text
        assert response.json()["type"].endswith("#query-too-complex")
    assert answers(bounded)


@pytest.mark.parametrize(
    "query",
    [
        ENDLESS,
        f"SELECT * {{ {'[ <p:p> ' * 200}[] {'] . ' * 200} }}".replace("] . ] ", "] ] "),
        f"SELECT * {{ ?s {'/'.join(['<p:p>'] * 800)} ?o }}",
    ],
    ids=["cross product", "nested blank nodes", "long path"],
)
def test_no_query_outlives_its_deadline(query: str, bounded: Server) -> None:
    """Parsing and planning included, measured from outside."""
    begin = time.monotonic()
    response = bounded.client.post("/sparql", data={"query": query})
    assert time.monotonic() - begin < DEADLINE + 1
    assert response.status_code in (200, 400, 503)
    assert answers(bounded)


def test_deadline_is_loud(bounded: Server) -> None:
    """A query that is ended says so, and when to come again."""
    response = bounded.select(ENDLESS)
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    assert int(response.headers["retry-after"]) > 0


def test_memory_of_a_query_is_bounded(bounded: Server) -> None:
    """A string that doubles with each step ends its process, not the service."""
    steps = " ".join(f"BIND (CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(34))
    response = bounded.client.post(
        "/sparql", data={"query": f'SELECT * {{ BIND ("x" AS ?x0) {steps} }}'}
    )
    assert response.status_code == 400, response.text
    assert answers(bounded)


def test_result_over_the_cap_is_refused_whole(bounded: Server) -> None:
    """There is no cut-off answer."""
    response = bounded.select("SELECT * { ?s ?p ?o }")
    assert response.status_code == 400
    assert response.json()["type"].endswith("#result-too-large")
    assert answers(bounded)


@pytest.mark.parametrize("form", ["SERVICE", "SERVICE SILENT", "LOAD"])
def test_nothing_goes_out(form: str, bounded: Server) -> None:
    """No query connects to anything, not even on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"<http://127.0.0.1:{listener.getsockname()[1]}/>"
        query = (
            f"LOAD {address}"
            if form == "LOAD"
            else f"SELECT * {{ {form} {address} {{ ?s ?p ?o }} }}"
        )
        bounded.client.post("/sparql", data={"query": query})
        listener.settimeout(0.3)
        with pytest.raises(TimeoutError):
            listener.accept()
    assert answers(bounded)


def test_killed_idle_worker_is_replaced(bounded: Server) -> None:
    """kill -9 of a free process leaves as many as before."""
    for victim in bounded.workers:
        os.kill(victim, signal.SIGKILL)
    assert answers(bounded)
    assert eventually(lambda: len(bounded.workers) == 2)


def test_killed_busy_worker_is_replaced(bounded: Server) -> None:
    """kill -9 of a process at work fails its query and no other."""
    asking = in_background(bounded, ENDLESS)
    time.sleep(DEADLINE / 4)
    for victim in bounded.workers:
        os.kill(victim, signal.SIGKILL)
    asking.join()
    assert answers(bounded)
    assert eventually(lambda: len(bounded.workers) == 2)


def test_killed_nursery_is_replaced(bounded: Server) -> None:
    """kill -9 of the process that holds the data only delays the next answer."""
    before = bounded.nursery
    os.kill(before, signal.SIGKILL)
    assert eventually(lambda: bounded.children() not in ([], [before]) and answers(bounded))
    assert eventually(lambda: len(bounded.workers) == 2)


def test_client_that_hangs_up_stops_its_query() -> None:
    """Within a second its process is at work for others again, long before the deadline."""
    with running("--workers", "1", "--timeout", "60") as server:
        (before,) = server.workers
        with pytest.raises(httpx.ReadTimeout):
            server.client.get("/sparql", params={"query": ENDLESS}, timeout=0.3)
        begin = time.monotonic()
        assert answers(server)
        assert time.monotonic() - begin < 1
        assert server.workers != [before]


def test_more_queries_than_workers_wait_their_turn(bounded: Server) -> None:
    """Many clients at once are all answered."""
    results: list[int] = []
    threads = [
        threading.Thread(target=lambda: results.append(bounded.select(QUICK).status_code))
        for _ in range(40)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [200] * 40


def test_blank_nodes_keep_their_labels(server: Server) -> None:
    """The same query gives the same bytes, from whichever process."""
    query = "SELECT ?s ?p ?o { ?s ?p ?o FILTER (ISBLANK(?s)) }"
    assert len({server.select(query).content for _ in range(8)}) == 1


def test_clients_that_leave_disturb_nobody() -> None:
    """Bombs whose senders hang up at once leave the process that holds the data as it is."""
    with running("--workers", "2") as server:
        before = server.nursery
        bomb = {"query": nested("{", "}")}
        for patience in (0.001, 0.003, 0.006, 0.01, 0.02) * 8:
            with suppress(httpx.TimeoutException):
                server.client.post("/sparql", data=bomb, timeout=httpx.Timeout(5, read=patience))
        assert answers(server)
        assert server.nursery == before
        assert eventually(lambda: len(server.workers) == 2)
