"""Each attack on its own: a documented answer in time, and the service goes on as before."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from contextlib import suppress

import pytest

from tests.attacks import Attack, all_attacks
from tests.bounded import DEADLINE, QUICK
from tests.serving import ROOT, Server, eventually, running


def test_attacks_are_of_all_kinds() -> None:
    """None of the kinds that are requests is forgotten."""
    assert {attack.number for attack in all_attacks()} == {*range(1, 11), 12, 13, 18}


@pytest.mark.alone
@pytest.mark.parametrize("attack", all_attacks(), ids=lambda one: f"{one.number}-{one.name}"[:60])
def test_attack_gets_a_documented_answer(attack: Attack, bounded: Server) -> None:
    """In time, in the one shape, without a word about the machine; and the next one is answered."""
    begin = time.monotonic()
    response = bounded.send(attack)
    assert time.monotonic() - begin < 2 * DEADLINE + 1
    assert response.status_code in attack.statuses, response.text[:500]
    if response.status_code != 200:
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["status"] == response.status_code
    assert "Traceback" not in response.text
    assert str(ROOT) not in response.text
    assert "root:" not in response.text
    assert bounded.select(QUICK).text.split() == ["n", "2"]


def test_deep_nesting_is_refused_to_many_at_once(bounded: Server) -> None:
    """1: and the processes are there for others."""
    deep = next(one for one in all_attacks() if one.name == "groups")
    threads = [threading.Thread(target=bounded.send, args=(deep,)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bounded.select(QUICK).text.split() == ["n", "2"]
    assert eventually(lambda: len(bounded.workers) == 2)


@pytest.mark.alone
def test_slow_head_is_cut_off(server: Server) -> None:
    """7: a client that sends its head byte by byte (slowloris) is turned away, and told why."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        client.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        begin = time.monotonic()
        answer = b""
        while part := client.recv(4096):
            answer += part
        assert time.monotonic() - begin < 15
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["type"].endswith("#request-timeout")


@pytest.mark.parametrize(
    ("beginning", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"x: y\r\n" * 50_000, 431),
        (b"GET /sparql?query=", 413),
    ],
    ids=["field", "fields", "URL"],
)
def test_endless_head_is_cut_off(beginning: bytes, status: int, server: Server) -> None:
    """8: what never ends is not collected; the client is told why, and cut off."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        with suppress(OSError):
            client.sendall(beginning)
            for _ in range(100):
                client.sendall(b"x" * 4096)
        assert client.recv(100).startswith(b"HTTP/1.1 %d " % status)


def test_chunked_body_without_end_is_cut_off(server: Server) -> None:
    """8: a body without a length is counted while it comes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        client.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        for _ in range(20):
            client.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX:y\x00z\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\nX: y\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
    ],
    ids=["smuggling", "two lengths", "NUL", "space", "bare LF", "no host", "HTTP/0.9", "TLS"],
)
def test_ambiguous_requests_are_refused(head: bytes, server: Server) -> None:
    """18: what two servers could understand in two ways is understood in none."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
        client.sendall(head)
        assert client.recv(100).startswith(b"HTTP/1.1 400 ")


def test_idle_connections_leave_room_for_others() -> None:
    """7: a client that opens all the connections it can get does not keep others out."""
    with running("--budget-on-loopback") as server:
        held: list[socket.socket] = []
        try:
            for _ in range(200):
                connection = socket.create_connection(
                    ("127.0.0.1", server.port), 5, source_address=("127.0.0.3", 0)
                )
                held.append(connection)
            assert server.healthy()
        finally:
            for one in held:
                one.close()


def test_poisoned_requests_do_not_reach_others(server: Server) -> None:
    """17: an answer depends on what it says it depends on, and on nothing else."""
    query = {"query": "SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 20"}
    plain = server.client.get("/sparql", params=query, headers={"accept-encoding": "identity"})
    for headers in (
        {"accept": "text/csv"},
        {"accept": "application/sparql-results+xml"},
        {"accept-encoding": "gzip"},
        {"x-forwarded-host": "evil.example", "x-original-url": "/health"},
        {"accept-language": "lv"},
    ):
        for _ in range(2):
            server.client.get("/sparql", params=query, headers=headers)
    for graph in ("contact", "partners"):
        other = {**query, "default-graph-uri": f"https://partnergraph.example/graph/{graph}"}
        assert server.client.get("/sparql", params=other).content != plain.content
    again = server.client.get("/sparql", params=query, headers={"accept-encoding": "identity"})
    assert again.content == plain.content
    assert again.headers["content-type"] == plain.headers["content-type"]


def test_header_injection_is_impossible(server: Server) -> None:
    """14: nothing that a client sends comes back in a header."""
    smuggled = "ASK {} %0d%0aX-Injected:%201"
    response = server.client.get(f"/sparql?query={smuggled}&default-graph-uri=a:%0d%0aX-Injected:1")
    assert "x-injected" not in response.headers


def test_the_machine_is_as_before(bounded: Server) -> None:
    """After all of them: as many processes, and the same data."""
    assert eventually(lambda: len(bounded.workers) == 2)
    assert bounded.select("ASK { <s:attack> ?p ?o }").text.strip() == "false"
    os.kill(bounded.nursery, 0)
