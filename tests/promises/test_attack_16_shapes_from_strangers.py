"""Attacks 11 and 16: graphs from strangers that fetch, expand, nest or bring their own shapes."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.gate.test_posted_graphs import AGREEMENT, at_work, post
from tests.serving import Server, eventually, running

CONFORMS = {"conforms": True, "violations": 0, "warnings": 0, "infos": 0, "results": []}
JSON_LD = "application/ld+json"
RDF_XML = "application/rdf+xml"
PREFIXES = """
PREFIX ex: <http://attack.example/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX tp: <https://partnergraph.example/def#>
PREFIX tps: <https://partnergraph.example/shapes#>
ex:thing a ex:Class ; ex:text "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!" .
"""


@dataclass
class Trap:
    """A server that nobody should come to, and how often somebody did."""

    port: int
    visitors: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/context.jsonld"


@contextmanager
def listening() -> Iterator[Trap]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        trap = Trap(listener.getsockname()[1])

        def accept() -> None:
            while True:
                try:
                    connection, address = listener.accept()
                except OSError:
                    return
                trap.visitors.append(str(address))
                connection.close()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield trap
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@pytest.fixture(scope="module")
def trap() -> Iterator[Trap]:
    with listening() as trap:
        yield trap


@pytest.fixture(scope="module")
def attacked() -> Iterator[Server]:
    """A server of its own, which is as it was when all attacks are over."""
    with running("--workers", "1", "--timeout", "5", "--memory", "256") as server:
        post(server, AGREEMENT)
        before = version(server)
        yield server
        assert server.healthy()
        assert version(server) == before
        assert eventually(lambda: not at_work(server))
        assert len(server.children()) == 2


def version(server: Server) -> str:
    """The version that the server tells, and what it counts."""
    response = server.select("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    return response.headers["partnergraph-version"] + response.text


def kind(response: httpx.Response) -> str:
    """The name of the problem that a response tells."""
    name: str = response.json()["type"].rpartition("#")[2]
    return name


def test_the_trap_would_notice() -> None:
    with listening() as trap:
        socket.create_connection(("127.0.0.1", trap.port)).close()
        assert eventually(lambda: trap.visitors)


# 16: shapes


SHAPES = {
    "SPARQL constraint": """ex:Shape a sh:NodeShape ; sh:targetClass ex:Class ;
        sh:sparql [ sh:message "found" ; sh:select "SELECT $this { ?a ?b ?c . ?d ?e ?f }" ] .""",
    "SPARQL that asks others": """ex:Shape a sh:NodeShape ; sh:targetClass ex:Class ;
        sh:sparql [ sh:select "SELECT $this { SERVICE <TRAP> { ?a ?b ?c } }" ] .""",
    "JavaScript": """ex:Shape a sh:NodeShape ; sh:targetClass ex:Class ;
        sh:js [ a sh:JSConstraint ; sh:jsLibrary [ sh:jsLibraryURL "TRAP" ] ;
          sh:jsFunctionName "f" ] .""",
    "import": """ex:ontology a owl:Ontology ; owl:imports <TRAP> .
        <https://partnergraph.example/shapes> a owl:Ontology ; owl:imports <TRAP> .""",
    "import of a file": "ex:ontology a owl:Ontology ; owl:imports <file:///etc/passwd> .",
    "pattern": """ex:Shape a sh:NodeShape ; sh:targetClass ex:Class ;
        sh:property [ sh:path ex:text ; sh:pattern "^a+$" ] .""",
    "recursion": """ex:Shape a sh:NodeShape ; sh:targetClass ex:Class ; sh:node ex:Shape ;
        sh:not ex:Shape ; sh:property ex:Shape .""",
    "target": 'ex:Shape a sh:NodeShape ; sh:target [ sh:select "SELECT ?this {?this ?p ?o}" ] .',
    "rule": """ex:Shape a sh:NodeShape ; sh:targetClass ex:Class ;
        sh:rule [ a sh:SPARQLRule ; sh:construct "CONSTRUCT { $this a ex:Other } WHERE {}" ] .""",
    "function": 'ex:f a sh:SPARQLFunction ; sh:returnType ex:t ; sh:select "SELECT 1 {}" .',
    "everything": "ex:Shape a sh:NodeShape ; sh:targetNode ex:thing ; sh:hasValue ex:nothing .",
}


@pytest.mark.alone
@pytest.mark.parametrize("name", SHAPES)
def test_posted_shapes_have_no_effect(name: str, attacked: Server, trap: Trap) -> None:
    """They are statements like any others."""
    text = PREFIXES + SHAPES[name].replace("TRAP", trap.url)
    begin = time.monotonic()
    response = post(attacked, text.encode(), query="?format=json")
    assert time.monotonic() - begin < 2
    assert (response.status_code, response.json()) == (200, CONFORMS)
    assert trap.visitors == []


@pytest.mark.parametrize("graph", ["", "GRAPH <https://partnergraph.example/graph/shapes>"])
def test_our_shapes_cannot_be_changed(graph: str, attacked: Server) -> None:
    """Neither switched off nor given other targets, wherever the statements say they stand."""
    found = post(attacked, AGREEMENT, query="?format=json").json()
    shapes = {result["shape"] for result in found["results"]}
    attack = PREFIXES.replace("ex:thing", "ex:thing ex:p 1 . ex:thing")
    prefixes, _, data = attack.partition("ex:thing")
    switched_off = "".join(f"<{shape}> sh:deactivated true ; sh:message 'x' . " for shape in shapes)
    text = f"{prefixes} {{ {AGREEMENT.decode()} ex:thing{data} }} {graph} {{ {switched_off} }}"
    response = post(attacked, text.encode(), "application/trig", "?format=json")
    assert response.json()["violations"] == found["violations"] > 0
    # The lines are others, as more stands before them.
    results = [
        [{**result, "line": None} for result in one["results"]] for one in (response.json(), found)
    ]
    assert results[0] == results[1]


# 11: syntax


ENTITIES = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 2}">' for n in range(12))
DOCUMENT = (
    '<!DOCTYPE r [{}]><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{}</r:RDF>'
)


@pytest.mark.parametrize(
    "declared",
    [
        f'<!ENTITY e0 "x">{ENTITIES}',
        '<!ENTITY e12 SYSTEM "file:///etc/passwd">',
        '<!ENTITY e12 SYSTEM "TRAP">',
        '<!ENTITY % p SYSTEM "TRAP"> %p;',
    ],
)
def test_xml_entities_are_refused(declared: str, attacked: Server, trap: Trap) -> None:
    content = DOCUMENT.format(declared.replace("TRAP", trap.url), "<r:x>&e12;</r:x>")
    response = post(attacked, content.encode(), RDF_XML)
    assert response.status_code == 400
    assert kind(response) == "malformed-graph"
    assert "entity" in response.json()["detail"]
    assert "root:" not in response.text
    assert trap.visitors == []


def test_document_type_elsewhere_is_not_fetched(attacked: Server, trap: Trap) -> None:
    content = f'<!DOCTYPE r SYSTEM "{trap.url}"><r/>'
    assert post(attacked, content.encode(), RDF_XML).status_code in (200, 400)
    assert trap.visitors == []


@pytest.mark.parametrize("where", ["TRAP", "file:///etc/passwd", "ftp://127.0.0.1/", "other"])
@pytest.mark.parametrize(
    "document",
    [
        '{"@context": "WHERE", "@id": "x:a"}',
        '{"@context": ["WHERE", {"@vocab": "x:"}], "a": 1}',
        '{"@context": {"@version": 1.1, "@import": "WHERE"}, "@id": "x:a"}',
        '{"@context": {"@version": 1.1, "t": {"@id": "x:t", "@context": "WHERE"}}, "t": {"a": 1}}',
    ],
)
def test_contexts_are_not_fetched(document: str, where: str, attacked: Server, trap: Trap) -> None:
    content = document.replace("WHERE", where).replace("TRAP", trap.url).encode()
    response = post(attacked, content, JSON_LD)
    assert response.status_code == 400
    assert kind(response) == "malformed-graph"
    assert "root:" not in response.text
    assert trap.visitors == []


NESTED = {
    "collections": (b"<x:a> <x:b> " + b"(" * 100 + b")" * 100 + b" .", "text/turtle"),
    "open collections": (b"<x:a> <x:b> " + b"(" * 100, "text/turtle"),
    "blank nodes": (b"<x:a> <x:b> " + b"[<x:b> " * 100 + b"1" + b"]" * 100 + b" .", "text/turtle"),
    "triple terms": (
        b"<x:a> <x:b> " + b"<<( <x:a> <x:b> " * 100 + b"1" + b" )>>" * 100 + b" .",
        "text/turtle",
    ),
    "arrays": (b"[" * 100 + b"]" * 100, JSON_LD),
    "objects": (b'{"x:b":' * 100 + b"1" + b"}" * 100, JSON_LD),
    "contexts": (b'{"@context":' * 100 + b"1" + b"}" * 100, JSON_LD),
    "elements": (b"<a>" * 100 + b"</a>" * 100, RDF_XML),
    "blank nodes that meet": (
        b"".join(b"_:a%d <x:b> _:a%d .\n" % (n, n * 7 % 30) for n in range(30)),
        "application/n-triples",
    ),
    "a chain of classes": (
        b"".join(
            b"<x:%d> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <x:%d> .\n" % (n, n + 1)
            for n in range(200)
        )
        + b"<x:200> <http://www.w3.org/2000/01/rdf-schema#subClassOf> "
        b"<https://partnergraph.example/def#Agreement> . <x:a> a <x:0> .",
        "text/turtle",
    ),
}


@pytest.mark.alone
@pytest.mark.parametrize("name", NESTED)
def test_nested_graphs_get_an_answer_in_time(name: str, attacked: Server) -> None:
    content, media_type = NESTED[name]
    begin = time.monotonic()
    response = post(attacked, content, media_type, "?format=json")
    assert time.monotonic() - begin < 7
    assert response.status_code in (200, 400), response.text
    if response.status_code != 200:
        assert kind(response) in ("malformed-graph", "graph-too-complex")
    assert attacked.healthy()


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL])
def test_a_graph_that_ends_its_process_ends_nothing_else(
    number: signal.Signals, attacked: Server
) -> None:
    """Whatever ends it: the graph is refused, and the next one validated."""
    assert post(attacked, AGREEMENT).status_code == 200
    agreements = b"".join(AGREEMENT.replace(b"x:a", b"x:%d" % n) for n in range(2_000))
    with ThreadPoolExecutor(1) as threads:
        sent = threads.submit(post, attacked, agreements)
        assert eventually(lambda: _validating(attacked), seconds=5)
        for pid in _validating(attacked):
            os.kill(pid, number)
        response = sent.result()
    assert (response.status_code, kind(response)) == (400, "graph-too-complex")
    assert post(attacked, AGREEMENT).status_code == 200
    assert attacked.healthy()


def _validating(server: Server) -> list[int]:
    """The processes that validate a graph now."""
    holders = [
        pid
        for pid in server.children()
        if b"validation_process" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    return [child for holder in holders for child in server.children(holder)]


def test_circles_of_classes_are_walked_once(attacked: Server) -> None:
    circle = "ex:A rdfs:subClassOf ex:B . ex:B rdfs:subClassOf ex:A . ex:A rdfs:subClassOf ex:A ."
    text = f"{PREFIXES} {circle} tp:Agreement rdfs:subClassOf ex:A . ex:thing a ex:A ."
    response = post(attacked, text.encode(), query="?format=json")
    assert (response.status_code, response.json()) == (200, CONFORMS)


def test_memory_has_a_cap() -> None:
    """What needs more ends, and nobody else notices."""
    statements = b"".join(AGREEMENT.replace(b"x:a", b"x:%d" % n) for n in range(15_000))
    bounds = ("--memory", "24", "--timeout", "30", "--max-upload-bytes", "1MiB")
    with running("--workers", "1", *bounds) as server:
        response = post(server, statements)
        assert response.status_code == 400
        assert kind(response) == "graph-too-complex"
        assert server.healthy()


@pytest.mark.alone
def test_twenty_strangers_at_once(attacked: Server) -> None:
    """Each gets an answer, or is told to come again; who asks queries is not kept waiting."""
    contents = [content for content, media_type in NESTED.values() if media_type == "text/turtle"]
    with ThreadPoolExecutor(20) as threads:
        sent = [threads.submit(post, attacked, contents[n % len(contents)]) for n in range(20)]
        begin = time.monotonic()
        assert attacked.healthy()
        assert time.monotonic() - begin < 2
        codes = {future.result().status_code for future in sent}
    assert codes <= {200, 400, 503}
    assert post(attacked, AGREEMENT).status_code == 200
