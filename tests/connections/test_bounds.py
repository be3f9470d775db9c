"""Every wait of a connection has an end, and all that grows has a bound."""

from __future__ import annotations

import itertools
import socket
import struct
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.connections.test_http_protocol import ASK, HEALTH, exchange, statuses
from tests.serving import Server, eventually, running

POST = (
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
NO_LINGER = struct.pack("ii", 1, 0)
"""A socket with it is reset when it is closed."""


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=20)


@pytest.mark.alone
def test_clients_that_break_off_do_not_end_the_patience() -> None:
    """Whatever becomes of dozens of half-sent requests, the next one is still cut off in time."""
    with running() as server, ExitStack() as stack:
        halves = (HEALTH[:-2], POST + b"5\r\nASK", b"")
        for half, number in itertools.product(halves, range(30)):
            client = stack.enter_context(connect(server))
            client.sendall(half)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            if number % 3 == 0:
                client.close()
            elif number % 3 == 1:
                client.shutdown(socket.SHUT_WR)
        begin = time.monotonic()
        late = stack.enter_context(connect(server))
        late.sendall(HEALTH[:-2])
        assert statuses(late.recv(4096)) == [b"408"]
        assert time.monotonic() - begin < 15
        assert eventually(lambda: server.measured("partnergraph_connections") <= 31)
        assert server.healthy()


@pytest.mark.alone
@pytest.mark.parametrize("path", [b"/sparql?query=ASK%7B%7D", b"/health", b"/"])
def test_requests_sent_ahead_do_not_hold_up_others(path: bytes, server: Server) -> None:
    """Promise 12: a write of 250 kB is some thousand requests, and others ask in the meantime."""
    one = b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    exchange(server, one, patience=0.3)
    with ExitStack() as stack:
        for _ in range(10):
            client = stack.enter_context(connect(server))
            client.settimeout(0.2)
            with suppress(TimeoutError):
                client.sendall(one * (250_000 // len(one)))
        waited = []
        for _ in range(5):
            begin = time.monotonic()
            assert server.healthy()
            waited.append(time.monotonic() - begin)
        assert sorted(waited)[2] < 1.0


@pytest.mark.parametrize(
    "part",
    [b"x" * 65536, b"x: y\r\n" * 10_000, b"4;" + b"x" * 65536],
    ids=["a trailer field", "trailer fields", "a chunk extension"],
)
def test_what_follows_a_content_has_a_bound(part: bytes, server: Server) -> None:
    """Promise 5: it is cut off, and said why."""
    with connect(server) as client:
        client.sendall(POST + b"6\r\nASK {}\r\n" + (b"" if part[:1] == b"4" else b"0\r\n"))
        with suppress(OSError):
            for _ in range(2**22 // len(part)):
                client.sendall(part)
        assert statuses(client.recv(4096)) == [b"431"]
    assert server.healthy()


@pytest.mark.alone
def test_endless_trailers_take_no_memory() -> None:
    """Ten connections that send them together."""
    with running() as server, ExitStack() as stack:
        before = memory(server)
        for _ in range(10):
            client = stack.enter_context(connect(server))
            client.sendall(POST + b"0\r\nx: ")
            with suppress(OSError):
                for _ in range(1000):
                    client.sendall(b"x" * 65536)
        assert memory(server) < before + 16 * 2**20
        assert server.healthy()


def memory(server: Server) -> int:
    """Bytes of the process that speaks HTTP."""
    pages = Path(f"/proc/{server.process.pid}/statm").read_text("ascii").split()[1]
    return int(pages) * 4096


def test_many_requests_ahead_are_all_answered(server: Server) -> None:
    """However many come at once: none is lost, each in its turn."""
    received = exchange(server, (ASK + HEALTH) * 1500, patience=10, awaited=3000)
    assert statuses(received) == [b"200"] * 3000


def test_a_long_content_that_is_refused_is_read_to_its_end(server: Server) -> None:
    """Who sends too much hears why, and not that the connection is broken.

    https://www.rfc-editor.org/rfc/rfc9112#name-tear-down
    """
    head = POST.replace(b"Transfer-Encoding: chunked", b"Content-Length: 3000000")
    with connect(server) as client:
        client.sendall(head)
        for _ in range(30):
            client.sendall(b"x" * 100_000)
        answer = client.recv(4096)
    assert statuses(answer) == [b"413"]
    assert b"connection: close" in answer


@pytest.mark.alone
def test_who_goes_on_sending_is_not_listened_to_for_long(server: Server) -> None:
    """A refusal is a farewell, however slowly the rest comes."""
    head = POST.replace(b"Transfer-Encoding: chunked", b"Content-Length: 3000000")
    with connect(server) as client:
        client.sendall(head)
        assert statuses(client.recv(4096)) == [b"413"]
        begin = time.monotonic()
        with suppress(OSError):
            while time.monotonic() - begin < 15:
                client.sendall(b"x")
                time.sleep(0.2)
        assert time.monotonic() - begin < 6
