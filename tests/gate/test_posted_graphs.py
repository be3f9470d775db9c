"""``POST /validate``: a graph goes in, its SHACL report comes out."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, Triple, serialize

from partnergraph.dataset.canonical import in_graph
from partnergraph.dataset.loading import complete
from partnergraph.dataset.parsing import parse_quads, read_quads
from partnergraph.formats import GRAPH_FORMATS
from partnergraph.gate.places import placed_in_text
from partnergraph.gate.reports import as_json, as_text
from partnergraph.gate.validation import validate
from partnergraph.gate.validation_process import POSTED
from partnergraph.namespaces import XSD
from partnergraph.results import Report
from tests.serving import ROOT, Server, eventually, running

PARTNERS = ROOT / "data" / "partners.ttl"
TURTLE = "text/turtle"
SHACL = "http://www.w3.org/ns/shacl#"
AGREEMENT = b"<x:a> a <https://partnergraph.example/def#Agreement> ."
SLOW = b"".join(AGREEMENT.replace(b"x:a", b"x:%d" % n) for n in range(14_000))
"""A graph whose report takes longer than any deadline here."""

LONG = ("--max-upload-bytes", "1MiB")


@pytest.fixture(scope="module")
def validating() -> Iterator[Server]:
    """A server of its own: others count the processes of theirs."""
    with running("--workers", "1", *LONG) as server:
        yield server


@pytest.fixture(scope="module")
def patient() -> Iterator[Server]:
    with running("--workers", "1", "--timeout", "60", *LONG) as server:
        yield server


def post(
    server: Server, content: bytes, media_type: str = TURTLE, query: str = "", **fields: str
) -> httpx.Response:
    headers = {name.replace("_", "-"): value for name, value in fields.items()}
    headers["content-type"] = media_type
    return server.client.post(f"/validate{query}", content=content, headers=headers)


def triples() -> list[Triple]:
    return [quad.triple for quad in read_quads(PARTNERS)]


def report_of(statements: list[Triple]) -> Report:
    """What this process itself finds."""
    posted = [in_graph(triple, POSTED) for triple in statements]
    return validate(complete(posted, ROOT / "ontology", alone=True))


def validators(server: Server) -> list[int]:
    """The process that forks those which validate."""
    return [
        pid
        for pid in server.children()
        if b"partnergraph.gate.validation_process" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]


def at_work(server: Server) -> list[int]:
    """The processes that validate a graph."""
    return [child for pid in validators(server) for child in server.children(pid)]


def descriptors(pid: int) -> list[str]:
    """What a process has open."""
    entries = Path(f"/proc/{pid}/fd").iterdir()
    return sorted(str(entry.readlink()).partition(":")[0] for entry in entries)


def ended(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.parametrize("syntax", GRAPH_FORMATS, ids=lambda one: one.name)
def test_our_own_graph_conforms_in_every_syntax(syntax: object, validating: Server) -> None:
    assert syntax in GRAPH_FORMATS
    one = next(known for known in GRAPH_FORMATS if known is syntax)
    assert isinstance(one.syntax, RdfFormat)
    content = serialize(triples(), format=one.syntax)
    assert content is not None
    response = post(validating, content, one.media_type, accept="application/json")
    assert response.status_code == 200
    assert response.json()["conforms"] is True


@pytest.mark.parametrize("every", range(3, 15))
def test_report_is_the_one_of_the_command_line(every: int, validating: Server) -> None:
    """The process without files finds the same in damaged graphs as one with all its freedom."""
    damaged = [triple for n, triple in enumerate(triples()) if n % every]
    content = serialize(damaged, format=RdfFormat.N_TRIPLES)
    assert content is not None
    response = post(validating, content, "application/n-triples", "?format=json")
    assert response.status_code == 200
    assert response.json()["violations"] > 0

    def findings(document: str) -> list[tuple[str, str, str]]:
        return sorted(
            (result["shape"], result["path"] or "", result["message"]["en"])
            for result in json.loads(document)["results"]
        )

    assert findings(response.text) == findings(as_json(report_of(damaged)))


@pytest.mark.parametrize(
    ("asked", "media_type"),
    [
        ({}, "text/turtle; charset=utf-8"),
        ({"accept": "*/*"}, "text/turtle; charset=utf-8"),
        ({"accept": "text/turtle"}, "text/turtle; charset=utf-8"),
        ({"accept": "application/ld+json"}, "application/ld+json"),
        ({"accept": "application/json;q=0.9, text/html"}, "application/json"),
        ({"accept": "text/plain"}, "text/plain; charset=utf-8"),
        ({"query": "?format=turtle"}, "text/turtle; charset=utf-8"),
        ({"query": "?format=jsonld"}, "application/ld+json"),
        ({"query": "?format=json", "accept": "text/plain"}, "application/json"),
        ({"query": "?format=text"}, "text/plain; charset=utf-8"),
    ],
)
def test_format_is_the_one_asked_for(
    asked: dict[str, str], media_type: str, validating: Server
) -> None:
    response = post(validating, AGREEMENT, **asked)
    assert response.status_code == 200
    assert response.headers["content-type"] == media_type
    assert response.headers["vary"] == "Accept, Accept-Language"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(("name", "suffix"), [("turtle", ".ttl"), ("jsonld", ".jsonld")])
def test_report_in_rdf_says_that_the_graph_does_not_conform(
    name: str, suffix: str, validating: Server
) -> None:
    content = post(validating, AGREEMENT, query=f"?format={name}").content
    found = {
        (quad.predicate.value, str(quad.object))
        for quad in parse_quads(content, suffix, Path(name))
    }
    assert (f"{SHACL}conforms", f'"false"^^<{XSD}boolean>') in found
    assert (f"{SHACL}focusNode", "<x:a>") in found


@pytest.mark.parametrize(
    ("query", "accept_language", "language"),
    [
        ("", "", "en"),
        ("", "lv, en;q=0.5", "lv"),
        ("", "de", "en"),
        ("&lang=lv", "en", "lv"),
        ("&lang=en", "lv", "en"),
    ],
)
def test_text_is_in_the_language_asked_for(
    query: str, accept_language: str, language: str, validating: Server
) -> None:
    response = post(
        validating, AGREEMENT, query=f"?format=text{query}", accept_language=accept_language
    )
    assert response.headers["content-language"] == language
    statements = [quad.triple for quad in parse_quads(AGREEMENT, ".ttl", Path("agreement.ttl"))]
    report = placed_in_text(report_of(statements), AGREEMENT.decode(), "ttl")
    assert response.text == as_text(report, "lv" if language == "lv" else "en")
    assert f"  {'rinda' if language == 'lv' else 'line'}  " in response.text


@pytest.mark.parametrize(
    ("content", "media_type", "line", "column"),
    [
        (b"<a:b> <c:d> <e:f> .\n<a:b> x", TURTLE, 2, 7),
        (b"<a:b> <c:d> <e:f> .\n<a:b> x", "application/n-triples", 2, 7),
        (b'{"@id": "a:b",\n "x:y": }', "application/ld+json", 2, None),
        (b"<a>\n  </b>", "application/rdf+xml", 2, 5),
        (b'<a:b> <c:d> "\xff" .', TURTLE, 1, None),
        (b"<a> <b> <c> .", TURTLE, 1, None),
    ],
)
def test_malformed_graph_is_told_its_place(
    content: bytes, media_type: str, line: int, column: int | None, validating: Server
) -> None:
    response = post(validating, content, media_type)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"].endswith("/problems#malformed-graph")
    assert problem["line"] == line
    assert problem["column"] == column if column else problem["column"] > 0
    assert str(ROOT) not in response.text


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"media_type": "text/html"}, 415, "application/trig"),
        ({"media_type": "application/x-www-form-urlencoded"}, 415, "text/turtle"),
        ({"media_type": "text/turtle; charset=latin-1"}, 415, "UTF-8"),
        ({"content_encoding": "gzip"}, 415, "uncompressed"),
        ({"accept": "text/html"}, 406, "text/plain"),
        ({"query": "?format=html"}, 400, "turtle"),
        ({"query": "?lang=de"}, 400, "lv"),
        ({"query": "?" + "a=b&" * 101}, 400, "parameters"),
        ({"accept": "a/b," * 300}, 431, "1024"),
    ],
)
def test_what_cannot_be_done_is_refused(
    fields: dict[str, str], status: int, said: str, validating: Server
) -> None:
    response = post(validating, gzip.compress(AGREEMENT), **fields)
    assert response.status_code == status
    assert said in response.json()["detail"]
    assert response.headers["vary"] == "Accept, Accept-Language"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_a_graph_is_posted(method: str, validating: Server) -> None:
    response = validating.client.request(method, "/validate")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_pages_of_other_sites_may_post() -> None:
    with running("--workers", "1") as server:
        response = server.client.options("/validate", headers={"origin": "https://other.example"})
        assert validators(server) == []  # Nothing is started for that.
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["access-control-allow-methods"] == "GET, HEAD, POST, OPTIONS"
    assert "Content-Type" in response.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in response.headers


def test_quads_keep_their_graphs_but_not_those_of_the_gate(validating: Server) -> None:
    """Statements in graph/shapes or graph/ontology are not the publisher's, so they go."""
    for name in ("shapes", "ontology", "dataset"):
        content = AGREEMENT[:-1] + b"<https://partnergraph.example/graph/%s> ." % name.encode()
        response = post(validating, content.replace(b" a ", _TYPE), "application/n-quads")
        assert "sh:conforms true" in response.text
    content = AGREEMENT[:-1] + b"<x:graph> ."
    response = post(validating, content.replace(b" a ", _TYPE), "application/n-quads")
    assert "sh:conforms false" in response.text


_TYPE = b" <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "


def test_values_that_cannot_be_compared_are_told(validating: Server) -> None:
    """Triples as values are not SHACL's; what fails on them is the graph, not the service."""
    response = post(validating, AGREEMENT + b"<x:a> <x:b> <<( <x:a> <x:b> <x:c> )>> .")
    assert response.status_code == 400
    assert response.json()["type"].endswith("/problems#graph-not-validated")
    assert "Traceback" not in response.text


@pytest.mark.alone
def test_later_graphs_are_validated_in_less_than_a_second(validating: Server) -> None:
    content = PARTNERS.read_bytes()
    assert post(validating, content).status_code == 200
    begin = time.monotonic()
    assert post(validating, content).status_code == 200
    assert time.monotonic() - begin < 1


# Bounds


def test_graph_may_be_longer_than_a_query(validating: Server) -> None:
    size = 1024**2
    assert post(validating, AGREEMENT.ljust(size)).status_code == 200
    response = post(validating, AGREEMENT.ljust(size + 1))
    assert response.status_code == 413
    assert str(size) in response.json()["detail"]


def sent_raw(server: Server, request: bytes) -> bytes:
    """The first line of the response to bytes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        client.sendall(
            b"POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: text/turtle\r\n" + request
        )
        return client.recv(65_536).partition(b"\r\n")[0]


@pytest.mark.alone
def test_declared_length_is_refused_before_the_content_comes(validating: Server) -> None:
    begin = time.monotonic()
    assert sent_raw(validating, b"content-length: 1048577\r\n\r\n").startswith(b"HTTP/1.1 413 ")
    assert time.monotonic() - begin < 1


def test_chunked_content_is_cut_off_at_the_limit(validating: Server) -> None:
    def chunks(count: int) -> Iterator[bytes]:
        for _ in range(count):
            yield b" " * 65_536

    url = f"{validating.client.base_url}/validate"
    assert httpx.post(url, content=chunks(16), headers={"content-type": TURTLE}).status_code == 200
    with suppress(httpx.WriteError):  # The server may have hung up by then.
        response = httpx.post(url, content=chunks(40), headers={"content-type": TURTLE})
        assert response.status_code == 413


@pytest.mark.alone
def test_small_chunks_do_not_hold_up_the_server(validating: Server) -> None:
    """A content is put together in linear time."""
    body = b"1\r\n \r\n" * 1_000_000 + b"0\r\n\r\n"
    begin = time.monotonic()
    status = sent_raw(validating, b"transfer-encoding: chunked\r\n\r\n" + body)
    assert status == b"HTTP/1.1 200 OK"
    assert time.monotonic() - begin < 8


@pytest.mark.parametrize("path", ["/sparql", "/", "/health", "/validate/", "/%76alidate2"])
def test_other_requests_stay_as_short_as_before(path: str, validating: Server) -> None:
    response = validating.client.post(path, content=b" " * 65_537)
    assert response.status_code == 413
    assert "65536" in response.json()["detail"]


@pytest.mark.alone
def test_deadline_is_kept_from_outside() -> None:
    with running("--workers", "1", "--timeout", "1", *LONG) as server:
        post(server, AGREEMENT)
        begin = time.monotonic()
        response = post(server, SLOW, query="?format=turtle")
        assert time.monotonic() - begin < 3
        assert response.status_code == 503
        assert response.json()["type"].endswith("/problems#validation-timeout")
        assert response.headers["retry-after"] == "60"
        assert eventually(lambda: not at_work(server))


def test_seconds_are_charged_to_the_client() -> None:
    options = ("--workers", "1", "--budget", "0.3", "--budget-on-loopback")
    with running(*options) as server:
        found = [post(server, AGREEMENT) for _ in range(12)]
    assert found[0].status_code == 200
    assert found[-1].status_code == 429
    assert int(found[-1].headers["retry-after"]) > 0


@pytest.mark.alone
def test_two_are_validated_at_a_time_and_the_others_wait(patient: Server) -> None:
    """The server answers others meanwhile."""
    post(patient, AGREEMENT)
    content = PARTNERS.read_bytes()
    with ThreadPoolExecutor(20) as threads:
        responses = threads.map(lambda _: post(patient, content), range(20))
        most = 0
        while len(at_work(patient)) > 0 or most == 0:
            most = max(most, len(at_work(patient)))
            assert patient.healthy()
    assert most <= 3  # One may have ended, and not be buried yet.
    assert [response.status_code for response in responses] == [200] * 20


@pytest.mark.alone
def test_who_would_wait_for_too_long_is_told_when_to_come_again() -> None:
    """At once, and not after having waited; who waits has an answer in time."""
    content = AGREEMENT * 2 + PARTNERS.read_bytes()
    with running("--workers", "1", "--timeout", "3") as server, ThreadPoolExecutor(30) as threads:
        post(server, content)

        def timed(_: int) -> tuple[httpx.Response, float]:
            begin = time.monotonic()
            return post(server, content), time.monotonic() - begin

        found = list(threads.map(timed, range(30)))
    refused = [(response, took) for response, took in found if response.status_code == 503]
    assert len(refused) >= 5
    assert all(1 <= int(response.headers["retry-after"]) <= 60 for response, _ in refused)
    assert all(response.json()["type"].endswith("#unavailable") for response, _ in refused)
    assert all(took < 2 for _, took in refused)
    assert sum(response.status_code == 200 for response, _ in found) == 30 - len(refused) >= 2


@pytest.mark.alone
def test_a_flood_of_graphs_delays_only_its_sender() -> None:
    options = ("--workers", "1", "--budget", "600", "--client-header", "X-Forwarded-For", *LONG)
    headers = {"content-type": TURTLE}

    def send(server: Server, client: str) -> httpx.Response:
        fields = headers | {"X-Forwarded-For": client}
        url = f"{server.client.base_url}/validate"
        return httpx.post(url, content=PARTNERS.read_bytes(), headers=fields, timeout=60)

    with running(*options) as server, ThreadPoolExecutor(12) as threads:
        post(server, AGREEMENT)
        flood = [threads.submit(send, server, "192.0.2.1") for _ in range(12)]
        assert eventually(lambda: at_work(server))
        assert send(server, "198.51.100.1").status_code == 200
        assert sum(one.done() for one in flood) < 6
        codes = {one.result().status_code for one in flood}
    assert codes == {200, 503}  # An eighth of all that may wait, and no more.


@pytest.mark.alone
def test_client_that_hangs_up_ends_the_process(patient: Server) -> None:
    with ThreadPoolExecutor(1) as threads:
        sent = threads.submit(
            httpx.post,
            f"{patient.client.base_url}/validate",
            content=SLOW,
            headers={"content-type": TURTLE},
            timeout=httpx.Timeout(30, read=2),
        )
        assert eventually(lambda: at_work(patient))
        (pid,) = at_work(patient)
        with pytest.raises(httpx.ReadTimeout):
            sent.result()
    assert eventually(lambda: ended(pid), seconds=1)
    assert post(patient, AGREEMENT).status_code == 200


@pytest.mark.alone
def test_process_has_no_file_and_no_connection(patient: Server) -> None:
    """And may not open one; its memory and its time are limited, too."""
    with ThreadPoolExecutor(1) as threads:
        sent = threads.submit(post, patient, SLOW)
        assert eventually(lambda: at_work(patient))
        time.sleep(1)  # By then it validates.
        (pid,) = at_work(patient)
        limits = Path(f"/proc/{pid}/limits").read_text("ascii")
        opened = descriptors(pid)
        parent = descriptors(validators(patient)[0])
        os.kill(pid, signal.SIGKILL)
        sent.result()
    assert re.search(r"^Max open files +0 +0 ", limits, re.MULTILINE)
    assert re.search(r"^Max address space +\d+ +\d+ ", limits, re.MULTILINE)
    assert re.search(r"^Max cpu time +91 +91 ", limits, re.MULTILINE)
    assert opened == ["/dev/null", "/dev/null", "socket"]
    # Nor does the process that forks it hold the server's sockets: one for orders, one for the job.
    assert parent.count("socket") == 2


@pytest.mark.alone
@pytest.mark.parametrize("whom", ["child", "parent"])
def test_process_that_is_killed_is_told_and_replaced(whom: str, patient: Server) -> None:
    post(patient, AGREEMENT)
    with ThreadPoolExecutor(1) as threads:
        sent = threads.submit(post, patient, SLOW)
        assert eventually(lambda: at_work(patient))
        (child,) = at_work(patient)
        os.kill(child if whom == "child" else validators(patient)[0], signal.SIGKILL)
        response = sent.result()
    assert response.status_code == (400 if whom == "child" else 503)
    assert eventually(lambda: ended(child), seconds=1)
    assert post(patient, AGREEMENT).status_code == 200
    assert patient.healthy()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_process_is_left_over(number: signal.Signals) -> None:
    with (
        running("--workers", "1", "--timeout", "60", *LONG) as server,
        ThreadPoolExecutor(1) as threads,
    ):
        sent = threads.submit(post, server, SLOW)
        assert eventually(lambda: at_work(server))
        family = validators(server) + at_work(server)
        assert len(family) == 2
        server.process.send_signal(number)
        with suppress(httpx.TransportError):
            sent.result()
        assert eventually(lambda: all(map(ended, family)), seconds=8)
