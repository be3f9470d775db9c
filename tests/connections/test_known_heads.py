"""A request whose head came before is answered as if it had been parsed."""

from __future__ import annotations

import re
import socket
import time
from urllib.parse import quote

import pytest

from partnergraph.connections.known_heads import LONGEST, KnownHeads
from partnergraph.http.exchanges import Limits
from tests.bounded import ENDLESS
from tests.connections.test_http_protocol import exchange, statuses
from tests.serving import Server, eventually, running

FIELDS = b"Host: x\r\nAccept: */*\r\n"
ASK = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n" + FIELDS + b"\r\n"
FORM = (
    b"POST /sparql HTTP/1.1\r\n"
    + FIELDS
    + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 15\r\n\r\n"
)
SCOPE = {
    "method": "GET",
    "path": "/sparql",
    "query_string": b"query=ASK%7B%7D",
    "headers": [(b"host", b"x"), (b"accept", b"*/*")],
}


def knowing(*requests: bytes, headers: object = None) -> KnownHeads:
    """What is known after some requests; all have the fields of ``ASK``, or others."""
    heads = KnownHeads(Limits(url=100, body=1000, upload=1000, uploads=frozenset(), unsent=0))
    for request in requests:
        heads.learn(request, SCOPE | ({"headers": headers} if headers else {}))
    return heads


@pytest.mark.parametrize(
    ("line", "target"),
    [
        (b"GET /sparql?query=ASK%7B%7D", ("GET", "/sparql", "query=ASK%7B%7D")),
        (b"GET /sparql?query=SELECT+*&x=%3F", ("GET", "/sparql", "query=SELECT+*&x=%3F")),
        (b"GET /sparql", ("GET", "/sparql", "")),
        (b"GET /doc/place/lv/valmiera.ttl", ("GET", "/doc/place/lv/valmiera.ttl", "")),
        (b"GET /queries/partners?a=b?c", ("GET", "/queries/partners", "a=b?c")),
        (b"POST /sparql?x", ("POST", "/sparql", "x")),
    ],
)
def test_only_the_first_line_is_read(line: bytes, target: tuple[str, str, str]) -> None:
    request = knowing(ASK).read(line + b" HTTP/1.1\r\n" + FIELDS + b"\r\n", "::1")
    assert request
    assert (request.method, request.path, request.query_string) == target
    assert request.headers == {"host": "x", "accept": "*/*"}
    assert (request.body, request.client) == (b"", "::1")


@pytest.mark.parametrize(
    "line",
    [
        b"HEAD /sparql HTTP/1.1",
        b"get /sparql HTTP/1.1",
        b"GET  /sparql HTTP/1.1",
        b"GET /sparql HTTP/1.0",
        b"GET /sparql HTTP/1.1 ",
        b"GET /sparql HTTP/1.1\nX: y",
        b"GET /sparql HTTP/1.1\rX: y",
        b"GET //sparql HTTP/1.1",
        b"GET sparql HTTP/1.1",
        b"GET http://x/sparql HTTP/1.1",
        b"GET /sp%61rql HTTP/1.1",
        b"GET /sparql#x HTTP/1.1",
        b"GET /sparql?x#y HTTP/1.1",
        b"GET /sparql?x y HTTP/1.1",
        b"GET /sparql?\xc4\x81 HTTP/1.1",
        b"GET /sparql?\x00 HTTP/1.1",
        b"GET /sparql?" + b"x" * 100 + b" HTTP/1.1",
        b"",
        b"\r\n\r\nGET /sparql HTTP/1.1",
    ],
)
def test_what_has_another_meaning_is_left_to_the_parser(line: bytes) -> None:
    assert knowing(ASK).read(line + b"\r\n" + FIELDS + b"\r\n", "") is None


@pytest.mark.parametrize(
    "data",
    [
        ASK + ASK,
        ASK[:-2],
        ASK[:-4],
        ASK + b"x",
        ASK.replace(b"Accept", b"accept"),
        ASK.replace(b"Host: x", b"Host: y"),
        ASK.replace(b"Host: x", b"Host: x\r\nContent-Length: 3") + b"ASK",
        FORM + b"query=ASK%7B%7D",
    ],
)
def test_what_is_more_or_less_or_else_is_left_to_the_parser(data: bytes) -> None:
    assert knowing(ASK).read(data, "") is None


@pytest.mark.parametrize(
    "field",
    [
        (b"connection", b"close"),
        (b"connection", b"keep-alive, upgrade"),
        (b"expect", b"100-continue"),
        (b"transfer-encoding", b"chunked"),
        (b"upgrade", b"h2c"),
        (b"content-length", b"1"),
        (b"host", b"a, b"),
        (b"x", b"y" * LONGEST),
    ],
)
def test_a_head_that_says_how_it_is_sent_is_not_remembered(field: tuple[bytes, bytes]) -> None:
    fields = [field] if field[0] == b"host" else [(b"host", b"x"), field]
    head = b"".join(b"%s: %s\r\n" % one for one in fields)
    request = b"GET /sparql?x HTTP/1.1\r\n" + head + b"\r\n"
    assert knowing(request, headers=fields).read(request, "") is None


def test_a_content_has_the_length_that_its_head_says() -> None:
    fields = [(b"host", b"x"), (b"content-length", b"15")]
    heads = knowing(FORM + b"query=ASK%7B%7D", headers=fields)
    request = heads.read(FORM + b"query=ASK%7B1%7D"[:15], "")
    assert request
    assert request.body == b"query=ASK%7B1%7"
    assert heads.read(FORM + b"query=ASK%7B%7", "") is None
    assert heads.read(FORM + b"query=ASK%7B%7D+", "") is None


def answers(server: Server, *parts: bytes, count: int) -> list[tuple[bytes, bytes]]:
    """So many responses, each its head, but for the moment when it was made, and its body."""
    found = []
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for part in parts:
            client.sendall(part)
            time.sleep(0.02)
        file = client.makefile("rb")
        for _ in range(count):
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += file.readline()
            length = re.search(rb"content-length: (\d+)", head)
            body = file.read(int(length[1])) if length else b""
            found.append((re.sub(rb"\r\ndate: [^\r]*", b"", head), body))
    return found


QUERIES = [
    "SELECT * { ?s ?p ?o } LIMIT 3",
    "SELECT * { ?s ?p ?o } LIMIT 9000",
    "ASK {}",
    "ASK {",
    "SELECT * { SERVICE <http://x/> {} }",
    "CONSTRUCT WHERE { <https://partnergraph.example/id/network/ubc> ?p ?o }",
    "DESCRIBE <https://partnergraph.example/id/network/hanse>",
]
TARGETS = [
    *(f"/sparql?query={quote(query)}" for query in QUERIES),
    *(f"/sparql?query={quote(query)}&format=csv" for query in QUERIES),
    "/sparql?query=%FF",
    "/sparql?format=nonsense&query=ASK%7B%7D",
    "/sparql?update=x",
    "/sparql",
    "/nowhere",
    "/id/place/lv/valmiera",
    "/doc/place/lv/valmiera.ttl",
    "/data/dataset.nt",
    "/queries/partners.csv?city=x",
    "/queries/partners.json",
    "/health",
]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("accept", ["*/*", "text/turtle", "text/html", "image/png"])
def test_the_response_is_the_same(target: str, accept: str, server: Server) -> None:
    """As that to the same request in two parts, which is parsed."""
    fields = f" HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\n\r\n"
    request = f"GET {target}{fields}".encode()
    first = f"GET /sparql?query=ASK%7B%7D{fields}".encode()
    parsed = answers(server, request[:20], request[20:], count=1)
    assert answers(server, first + request[:20], request[20:], count=2)[1:] == parsed
    assert answers(server, first, request, request, count=3)[1:] == parsed * 2


def test_a_form_is_the_same_again(server: Server) -> None:
    received = exchange(server, *(FORM + b"query=ASK%7B%7D",) * 3, pause=0.05, patience=0.3)
    assert statuses(received) == [b"200"] * 3
    assert received.count(b'{"head":{},"boolean":true}') == 3


def test_what_comes_meanwhile_waits(server: Server) -> None:
    """Whole or in parts; each gets its own answer, in order."""
    queries = [f"GET /sparql?query=SELECT+({n}+AS+%3Fn)%7B%7D HTTP/1.1\r\n" for n in range(40)]
    requests = [query.encode() + FIELDS + b"\r\n" for query in queries]
    ahead = requests[1:]
    received = exchange(
        server, ASK, requests[0], *(b"".join(ahead)[at : at + 500] for at in range(0, 9000, 500))
    )
    found = [int(n) for n in re.findall(rb'"value":"(\d+)"', received)]
    assert len(found) > 20
    assert found == list(range(len(found)))


ENDLESS_ONE = f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\n".encode() + FIELDS + b"\r\n"


@pytest.mark.alone
def test_a_client_that_leaves_stops_its_query() -> None:
    """Also with more that waits behind it."""
    with running("--workers", "1", "--timeout", "60") as server:
        for behind in (b"", ASK, ASK * 20):
            with socket.create_connection(("127.0.0.1", server.port)) as client:
                client.sendall(ASK)
                assert client.recv(65536)
                client.sendall(ENDLESS_ONE)
                time.sleep(0.2)
                client.sendall(behind)
                assert eventually(lambda: server.measured("partnergraph_connections") >= 1)
            begin = time.monotonic()
            assert server.select("ASK {} # " + str(len(behind))).text == "true\r\n"
            assert time.monotonic() - begin < 1.5


def test_the_server_ends_after_its_answer() -> None:
    """What is under way when it is told to end is answered, and nothing after that."""
    with running("--workers", "1", "--timeout", "2") as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
            client.sendall(ASK)
            assert client.recv(65536)
            client.sendall(ENDLESS_ONE)
            time.sleep(0.3)
            server.process.terminate()
            time.sleep(0.1)
            received = b""
            while data := client.recv(65536):
                received += data
        assert statuses(received) == [b"503"]
        assert b"connection: close" in received
        assert server.process.wait(10) == 0
