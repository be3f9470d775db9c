"""Promise 5: memory is bounded, per worker and in all."""

from __future__ import annotations

from pathlib import Path

from tests.attacks import GROWING
from tests.bounded import answers, problem
from tests.serving import Server, eventually, running
from tests.slow_readers import slow_readers

LARGE = "SELECT * { ?s ?p ?o . ?t ?q ?o } LIMIT 20000"


def resident(pid: int) -> int:
    """Bytes of memory that a process has."""
    return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * 4096


def test_memory_of_a_query_is_bounded(bounded: Server) -> None:
    """A string that doubles with each step ends its process, not the service."""
    for n in range(3):
        problem(bounded.select(f"{GROWING} # {n}"), 400, "query-too-complex")
        assert answers(bounded)


def test_answers_that_are_kept_are_bounded() -> None:
    """A thousand different answers leave the server as large as a hundred."""
    with running("--cache-bytes", "1MiB") as server:
        for n in range(100):
            server.select(f"SELECT * {{ ?s ?p ?o }} LIMIT 200 OFFSET {n}")
        before = resident(server.process.pid)
        for n in range(100, 1100):
            server.select(f"SELECT * {{ ?s ?p ?o }} LIMIT 200 OFFSET {n}")
        assert resident(server.process.pid) < before + 24 * 1024**2


def test_refusals_that_are_kept_are_small(server: Server) -> None:
    """Hundreds of long queries that are none leave nothing of themselves."""
    padding = "x" * 60_000
    direct = {"content-type": "application/sparql-query"}
    for n in range(100):
        server.client.post("/sparql", content=f"ASK {{ # {n} {padding}", headers=direct)
    before = resident(server.process.pid)
    for n in range(100, 700):
        server.client.post("/sparql", content=f"ASK {{ # {n} {padding}", headers=direct)
    assert resident(server.process.pid) < before + 16 * 1024**2


def test_slow_readers_are_bounded() -> None:
    """Long answers that nobody reads are held up to a bound; who comes after that is told so."""
    with running("--max-result-bytes", "8MiB") as server:
        with slow_readers(server, (f"{LARGE} # {n}" for n in range(12))) as readers:
            assert eventually(lambda: unsent(server) > 16 * 1024**2)
            statuses = [client.recv(12) for client in readers]
            assert b"HTTP/1.1 503" in statuses
            assert b"HTTP/1.1 200" in statuses
            assert unsent(server) <= 4 * 8 * 1024**2
            assert answers(server)
        assert eventually(lambda: unsent(server) == 0)


def unsent(server: Server) -> float:
    """Bytes of long answers that wait for their readers."""
    return server.measured("partnergraph_unsent_bytes")
