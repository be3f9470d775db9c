"""Promise 10: the dataset's version stands on every answer; entity tags differ where answers do."""

from __future__ import annotations

import itertools
import socket
from pathlib import Path

import pytest

from partnergraph.dataset.loading import load_dataset
from partnergraph.engine import Query
from partnergraph.protocol.cache import AnswerCache
from partnergraph.settings import Settings
from tests.serving import Server, running

QUERY = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s LIMIT 50"
GRAPH = "https://partnergraph.example/graph/"


@pytest.mark.parametrize(
    "path",
    ["/", "/nowhere", "/%3f", "/health", "/metrics", "/problems", "/sparql", "/sparql?query=ASK{}"],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "DELETE"])
def test_version_and_cors_stand_on_every_answer(method: str, path: str, server: Server) -> None:
    """Whoever answers, and whatever the answer."""
    response = server.client.request(method, path)
    assert response.headers["partnergraph-version"] == load_dataset(Settings()).version
    assert response.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in response.headers


def test_version_stands_on_what_is_no_request(server: Server) -> None:
    """Also a refusal of bytes that are no HTTP names it."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
        client.sendall(b"nonsense\r\n\r\n")
        assert b"\r\npartnergraph-version: " in client.recv(2000)


def test_entity_tags_differ_where_answers_may(server: Server) -> None:
    """By query, format, coding and dataset; and each is confirmed by 304 without a body."""
    tags: dict[str, str] = {}
    for text, accept, coding, graph in itertools.product(
        (QUERY, QUERY.replace("50", "51")),
        ("application/sparql-results+json", "application/sparql-results+xml", "text/csv"),
        ("identity", "gzip", "br", "zstd"),
        (None, f"{GRAPH}partners", f"{GRAPH}contact"),
    ):
        parameters = {"query": text} | ({"default-graph-uri": graph} if graph else {})
        headers = {"accept": accept, "accept-encoding": coding}
        response = server.client.get("/sparql", params=parameters, headers=headers)
        assert response.status_code == 200
        tag = response.headers["etag"]
        assert tag not in tags, (tags[tag], parameters, headers)
        tags[tag] = f"{parameters} {headers}"
        confirmed = server.client.get(
            "/sparql", params=parameters, headers={**headers, "if-none-match": f'"x", W/{tag}'}
        )
        assert confirmed.status_code == 304
        assert confirmed.content == b""
        assert confirmed.headers["etag"] == tag
        assert confirmed.headers["vary"] == response.headers["vary"]


def test_entity_tag_differs_by_version(tmp_path: Path) -> None:
    """The same query of other data is another answer."""
    tags = set()
    for name in ("a", "b"):
        data = tmp_path / f"{name}.ttl"
        data.write_text(f"<s:{name}> <p:p> <o:o> .", "utf-8")
        with running("--data", str(data), "--no-validation", "--workers", "1") as server:
            tags.add(server.select("ASK { ?s ?p ?o }").headers["etag"])
    assert len(tags) == 2


def test_entity_tag_differs_by_default_graph(tmp_path: Path) -> None:
    """The same data, seen in another way, gives other answers."""
    data = tmp_path / "data.nq"
    data.write_text("<s:s> <p:p> <o:o> <g:g> .", "utf-8")
    seen = set()
    for mode in ("union", "plain"):
        options = ("--data", str(data), "--no-validation", "--default-graph", mode)
        with running(*options, "--workers", "1") as server:
            response = server.select("ASK { ?s ?p ?o }")
            seen.add((response.headers["etag"], response.text))
    assert len({tag for tag, _ in seen}) == len({text for _, text in seen}) == 2


def test_no_query_has_the_entity_tag_of_another() -> None:
    """Whatever characters it has in it."""
    answers = AnswerCache("version", 0)
    queries = [
        Query("ASK {} #"),
        Query("ASK {} #\0<g:g"),
        Query("ASK {} #", default_graphs=("g:g",)),
        Query("ASK {} #", named_graphs=("g:g",)),
        Query("", default_graphs=("g:g", "g:h")),
        Query("", default_graphs=("g:g",), named_graphs=("g:h",)),
        Query("ASK {} #", coding="gzip"),
        Query("=ASK {} #"),
    ]
    assert len({answers.entity_tag(query) for query in queries}) == len(queries)


def test_entity_tag_of_another_version_is_not_confirmed(server: Server) -> None:
    """What is not current is sent anew."""
    response = server.client.get(
        "/sparql", params={"query": QUERY}, headers={"if-none-match": '"0123456789abcdef"'}
    )
    assert response.status_code == 200


@pytest.mark.parametrize("form", ["CONSTRUCT { [] <p:p> 1 } {}", "CONSTRUCT { _:a <p:p> (1) } {}"])
def test_graphs_with_new_nodes_are_not_kept(form: str, server: Server) -> None:
    """Each has other labels, so no two are the same bytes."""
    response = server.client.get("/sparql", params={"query": form})
    assert response.status_code == 200
    assert "etag" not in response.headers


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "UUID()", "STRUUID()", "now()"])
def test_what_depends_on_the_moment_is_not_kept(function: str, server: Server) -> None:
    """No entity tag, and another answer each time."""
    query = f"SELECT ({function} AS ?value) {{}}"
    answers = [server.select(query) for _ in range(3)]
    assert len({one.text for one in answers}) == 3
    for one in answers:
        assert "etag" not in one.headers
        assert one.headers["cache-control"] == "no-store"


def test_repeated_query_costs_no_process(server: Server) -> None:
    """Neither word for word nor when only the request differs."""
    query = f"{QUERY} # repeated"
    first = server.select(query)
    before = server.measured('partnergraph_cache_lookups_total{found="nowhere"}')
    for number in range(5):
        again = server.client.get(
            "/sparql",
            params={"query": query, "format": "csv", "other": str(number)},
        )
        assert again.content == first.content
        assert again.headers["etag"] == first.headers["etag"]
        assert server.select(query).content == first.content
    assert server.measured('partnergraph_cache_lookups_total{found="nowhere"}') == before
    assert server.measured('partnergraph_cache_lookups_total{found="request"}') > 0
