"""A server with tight bounds, and queries that break them, for the tests of the promises."""

from __future__ import annotations

import threading

import httpx

from tests.serving import Server

DEADLINE = 1.0
"""Seconds that a query may take there."""

BOUNDS = (
    *("--timeout", f"{DEADLINE:g}"),
    *("--memory", "64"),
    *("--max-result-bytes", "64KiB"),
    *("--workers", "2"),
)

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
QUICK = "SELECT (COUNT(*) AS ?n) { ?network a <https://partnergraph.example/def#Network> }"


def answers(server: Server) -> bool:
    """Whether the processes answer rightly; no two of the queries are the same to a cache."""
    return all(server.select(f"{QUICK} # {n}").text.split() == ["n", "2"] for n in range(6))


def in_background(server: Server, query: str) -> threading.Thread:
    """A thread that asks a query and lets its fate be."""
    thread = threading.Thread(target=server.select, args=(query,))
    thread.start()
    return thread


def problem(response: httpx.Response, status: int, slug: str) -> dict[str, object]:
    """The problem that a response is, which has to be of this kind."""
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, object] = response.json()
    assert document["status"] == status
    assert str(document["type"]).endswith(f"#{slug}")
    assert document["title"]
    assert document["detail"]
    return document
