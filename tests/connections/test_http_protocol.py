"""HTTP/1.1 as clients of every kind speak it."""

from __future__ import annotations

import json
import re
import socket
import time
from urllib.parse import quote

import pytest

from tests.bounded import ENDLESS
from tests.serving import Server, running

ASK = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n"
HEALTH = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"


def exchange(
    server: Server, *parts: bytes, pause: float = 0.0, patience: float = 1.0, awaited: int = 0
) -> bytes:
    """What the server sends back until it closes, or says nothing for a while.

    Args:
        server: is asked.
        parts: what is sent.
        pause: seconds after each of them.
        patience: seconds for which the server may say nothing.
        awaited: how many responses are waited for so long; whether more come is seen at once.
    """
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        for part in parts:
            client.sendall(part)
            time.sleep(pause)
        client.settimeout(patience)
        received = b""
        try:
            while data := client.recv(65536):
                received += data
                if awaited and len(statuses(received)) >= awaited:
                    client.settimeout(0.1)
        except TimeoutError:
            pass
        return received


def statuses(received: bytes) -> list[bytes]:
    """The status codes of the responses in what was received."""
    return re.findall(rb"HTTP/1\.1 (\d{3}) ", received)


@pytest.mark.parametrize("at", range(1, len(ASK), 7))
def test_request_may_be_split_anywhere(at: int, server: Server) -> None:
    assert statuses(exchange(server, ASK[:at], ASK[at:], pause=0.01, awaited=1)) == [b"200"]


def test_pipelined_requests_are_answered_in_order(server: Server) -> None:
    received = exchange(server, (ASK + HEALTH) * 30, awaited=60)
    assert statuses(received) == [b"200"] * 60
    assert received.index(b'"boolean"') < received.index(b'"status"')


def test_what_is_no_request_does_not_spoil_the_one_before(server: Server) -> None:
    for before in range(4):
        received = exchange(server, ASK * before + b"GARBAGE\r\n\r\n")
        assert statuses(received) == [b"200"] * before + [b"400"]


def test_a_content_that_is_none_does_not_spoil_the_requests_before(server: Server) -> None:
    broken = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nASK\r\nzz\r\n"
    )
    for before in range(4):
        received = exchange(server, ASK * before + broken)
        assert statuses(received) == [b"200"] * before + [b"400"]


def test_nothing_is_answered_after_the_last_request(server: Server) -> None:
    last = HEALTH.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    received = exchange(server, last + ASK)
    assert statuses(received) == [b"200"]
    assert b'"ok"' in received


def test_a_request_behind_a_long_query_waits_for_it() -> None:
    """Its own patience begins when it is its turn."""
    slow = f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with running("--timeout", "12") as server:
        assert statuses(exchange(server, slow, HEALTH, pause=0.3, patience=20, awaited=2)) == [
            b"503",
            b"200",
        ]


def test_head_is_get_without_a_body(server: Server) -> None:
    received = exchange(server, HEALTH.replace(b"GET", b"HEAD"), patience=0.3)
    assert b"content-length: 16" in received
    assert received.endswith(b"\r\n\r\n")


def test_http_1_0_is_answered_and_closed(server: Server) -> None:
    received = exchange(server, b"GET /health HTTP/1.0\r\n\r\n")
    assert statuses(received) == [b"200"]
    assert b"connection: close" in received


def test_address_as_a_proxy_is_told_it(server: Server) -> None:
    request = ASK.replace(b"GET /", b"GET http://example.org/")
    assert statuses(exchange(server, request, patience=0.3)) == [b"200"]


LENGTH = b"Content-Length: 15\r\n\r\nquery=ASK%7B%7D"
CHUNKS = b"Transfer-Encoding: chunked\r\n\r\n6\r\nquery=\r\n9\r\nASK%7B%7D\r\n0\r\n\r\n"


@pytest.mark.parametrize("split", [0, 4, 200])
@pytest.mark.parametrize("content", [LENGTH, CHUNKS], ids=["length", "chunks"])
@pytest.mark.parametrize("protocol", [b"h2c", b"websocket", b"TLS/1.0"])
def test_upgrade_is_ignored_with_its_content(
    protocol: bytes, content: bytes, split: int, server: Server
) -> None:
    """curl --http2 and Java's HttpClient ask for one with their first request.

    https://www.rfc-editor.org/rfc/rfc9110#name-upgrade
    """
    request = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n"
        b"Upgrade: " + protocol + b"\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n" + content
    )
    parts = (request[:-split], request[-split:]) if split else (request,)
    received = exchange(server, *parts, HEALTH, pause=0.05, patience=3, awaited=2)
    assert statuses(received) == [b"200", b"200"]
    assert received.index(b'"boolean":true') < received.index(b'"status": "ok"')


def test_upgrade_does_not_keep_open_what_shall_be_closed(server: Server) -> None:
    fields = b"\r\nConnection: close, Upgrade\r\nUpgrade: h2c\r\n\r\n"
    received = exchange(server, HEALTH.replace(b"\r\n\r\n", fields), HEALTH, pause=0.1)
    assert statuses(received) == [b"200"]


def test_client_that_waits_for_it_is_told_to_continue(server: Server) -> None:
    head = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
        b"Content-Type: application/sparql-query\r\nContent-Length: 6\r\n\r\n"
    )
    assert statuses(exchange(server, head, b"ASK {}", pause=0.2, patience=0.3)) == [b"100", b"200"]


def test_remembered_response_is_that_of_the_same_bytes_only(server: Server) -> None:
    """Another method, a body, or more requests behind it are looked at anew."""
    for _ in range(3):
        assert statuses(exchange(server, ASK, patience=0.2)) == [b"200"]
    assert statuses(exchange(server, ASK + HEALTH, patience=0.3)) == [b"200", b"200"]
    assert exchange(server, ASK.replace(b"GET", b"HEAD"), patience=0.2).endswith(b"\r\n\r\n")
    assert statuses(exchange(server, ASK.replace(b"GET", b"DELETE"), patience=0.2)) == [b"405"]


def test_a_request_is_more_than_its_head(server: Server) -> None:
    """Two questions of one length, whose contents come after their heads, get each its answer."""
    head = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        b"Accept: text/csv\r\nContent-Length: %d\r\n\r\n"
    )
    questions = [b"SELECT (%d AS ?n) {}" % n for n in (1, 2, 3, 2, 1)]
    for pause in (0.0, 0.05):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
            for question in questions:
                client.sendall(head % len(question))
                time.sleep(pause)
                client.sendall(question)
                answer = client.recv(65536)
                while not answer.endswith(b"\r\n") or b"\r\nn\r\n" not in answer:
                    answer += client.recv(65536)
                assert answer.split()[-1] == question[8:9]


def test_fields_after_the_content_count_for_nothing() -> None:
    """Nobody gets another's budget by a trailer."""
    options = ("--budget", "0.1", "--client-header", "X-Forwarded-For")
    request = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.1\r\n"
        b"Content-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"a\r\nASK { #%03d\r\n0\r\nX-Forwarded-For: 198.51.100.%d\r\n\r\n"
    )
    with running(*options) as server:
        found = [exchange(server, request % (n, n), patience=0.1)[9:12] for n in range(60)]
    assert found[0] == b"400"
    # The tank fills up slowly, so that one of many is let through now and then.
    assert found.count(b"429") > 20


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n", b"405"),
        (b"CONNECT example.org:443 HTTP/1.1\r\n", b"405"),
        (b"CONNECT / HTTP/1.1\r\nHost: x\r\n", b"4.."),
        (b"GET /health HTTP/1.1\r\n", b"400"),
        (b"GET /health HTTP/1.1\r\nHost: x\r\nHost: y\r\n", b"400"),
        (b"GET /health HTTP/1.1\r\nHost: x, y\r\n", b"400"),
        (b"GET /health HTTP/1.1\r\nHost:\r\n", b"400"),
        (b"GET /health HTTP/1.1\r\nHost: x/y\r\n", b"400"),
        (b"GET /health HTTP/1.1\r\nHost: user@x\r\n", b"400"),
        (b"GET /health HTTP/1.1\r\nHost: x:http\r\n", b"400"),
        (b"GET /health HTTP/1.1\r\nHost: [::1]:8000\r\n", b"200"),
        (b"GET /health HTTP/1.1\r\nHost: c\xc4\x93sis.example\r\n", b"400"),
        (b"GET /health HTTP/1.1\r\nHost: x\r\nExpect: 200-ok\r\n", b"417"),
        (b"GET /health HTTP/1.1\r\nHost: x\r\nExpect: 100-continue, x\r\n", b"417"),
        (b"GET /health HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n", b"400"),
        (b"GET /health HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n", b"400"),
        (b"GET http://example.org HTTP/1.1\r\nHost: example.org\r\n", b"..."),
        (b"GET /queries/c\xc4\x93sis HTTP/1.1\r\nHost: x\r\n", b"400"),
        (b"GET /sparql?query=ASK%7B%7D%23\xc4\x93 HTTP/1.1\r\nHost: x\r\n", b"400"),
        (b"GET /sparql?query=ASK%7B%7D%23\xc4 HTTP/1.1\r\nHost: x\r\n", b"400"),
        (b"OPTIONS * HTTP/1.1\r\nHost: x\r\n", b"..."),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n", b"400"),
    ],
    ids=lambda one: repr(one)[2:60] if len(one) > 3 else None,
)
def test_heads_have_one_meaning_or_none(head: bytes, status: bytes, server: Server) -> None:
    """https://www.rfc-editor.org/rfc/rfc9112#name-request-target and the pages after it."""
    received = exchange(server, head + b"\r\n", patience=3, awaited=1)
    (found,) = statuses(received)
    assert re.fullmatch(status, found), received
    if found >= b"400":
        assert b"content-type: application/problem+json" in received


def test_what_is_no_http_is_logged_as_nothing_but_json() -> None:
    """A stranger's bytes make no traceback, and no line that is none of JSON."""
    with running() as server:
        for wrong in (
            b"\x16\x03\x01\x02\x00\x01\x00",
            b"CONNECT x:1 HTTP/1.1\r\n\r\n",
            b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
            b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n",
        ):
            assert statuses(exchange(server, wrong, patience=3, awaited=1)) != []
        server.process.terminate()
        assert server.process.stderr
        lines = server.process.stderr.read().splitlines()
    assert [line for line in lines[1:] if not isinstance(json.loads(line), dict)] == []
    assert not any("Traceback" in line for line in lines)


@pytest.mark.parametrize(
    "path", [b"/data/dataset.nt", b"/def.ttl", b"/def.html", b"/problems.html"]
)
def test_a_long_response_is_the_same_again(path: bytes, server: Server) -> None:
    """Whether it comes in parts or at once, over one connection."""
    request = b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        file = client.makefile("rb")
        bodies = []
        for _ in range(4):
            client.sendall(request)
            length = None
            while line := file.readline().strip():
                if line.startswith(b"content-length: "):
                    length = int(line[16:])
            assert length
            bodies.append(file.read(length))
    assert len(set(bodies)) == 1
