"""Promise 1: a 200 body is complete; there are no cut-off results."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from contextlib import suppress
from urllib.parse import quote

import httpx
import pytest

from tests.bounded import DEADLINE, ENDLESS, answers, problem
from tests.serving import Server, running

LARGE = "SELECT * { ?s ?p ?o . ?t ?q ?o } LIMIT 60000"


def test_result_over_the_cap_is_refused_whole(bounded: Server) -> None:
    """Not a byte of it is sent."""
    problem(bounded.select("SELECT * { ?s ?p ?o }"), 400, "result-too-large")
    assert answers(bounded)


@pytest.mark.parametrize("form", ["SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_the_cap_counts_bytes_before_compression(form: str, bounded: Server) -> None:
    """A small coded answer cannot become a large one."""
    response = bounded.client.get("/sparql", params={"query": form}, headers={"accept": "*/*"})
    problem(response, 400, "result-too-large")


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
def test_all_rows_arrive_in_every_coding(coding: str, server: Server) -> None:
    """Several megabytes, counted."""
    response = server.client.get(
        "/sparql", params={"query": LARGE, "format": "csv"}, headers={"accept-encoding": coding}
    )
    assert response.headers.get("content-encoding", "identity") == coding
    assert response.content.count(b"\r\n") == 60_001


def test_slow_reader_gets_all_of_it(server: Server) -> None:
    """However long it takes over it."""
    request = f"GET /sparql?format=csv&query={quote(LARGE)} HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        client.sendall(request.encode())
        received = bytearray()
        while b"\r\n\r\n" not in received:
            received += client.recv(4096)
        head, _, begun = bytes(received).partition(b"\r\n\r\n")
        length = int(head.partition(b"content-length: ")[2].split()[0])
        body = bytearray(begun)
        while len(body) < length and (part := client.recv(65536)):
            body += part
            time.sleep(0.001)
    assert len(body) == length > 4_000_000
    assert body.count(b"\r\n") == 60_001


def test_query_whose_process_dies_is_no_answer() -> None:
    """An error goes out, not what there was of the result."""
    with running("--workers", "1") as server:
        responses: list[httpx.Response] = []
        asking = threading.Thread(target=lambda: responses.append(server.select(ENDLESS)))
        asking.start()
        time.sleep(DEADLINE / 2)
        (victim,) = server.workers
        os.kill(victim, signal.SIGKILL)
        asking.join()
        problem(responses[0], 503, "unavailable")
        assert answers(server)


def test_nothing_is_written_into_an_answer_that_is_being_read(server: Server) -> None:
    """Half a request behind a long answer cannot spoil it, whatever becomes of that request."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        request = f"GET /sparql?format=csv&query={quote(LARGE)} HTTP/1.1\r\nHost: x\r\n\r\n"
        client.sendall(request.encode() + b"GET /hea")
        time.sleep(13)
        received = bytearray()
        client.settimeout(3)
        with suppress(TimeoutError):
            while part := client.recv(65536):
                received += part
    assert received.startswith(b"HTTP/1.1 200 ")
    length = int(received.partition(b"content-length: ")[2].split()[0])
    body = received.partition(b"\r\n\r\n")[2]
    assert b"HTTP/1.1" not in body[:length]
    assert len(body) >= length
