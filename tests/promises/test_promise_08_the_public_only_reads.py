"""Promise 8: every update form, method and media type leaves the data as it is."""

from __future__ import annotations

import pytest

from tests.attacks import UPDATE, all_attacks
from tests.bounded import problem
from tests.serving import Server

UPDATES = [one for one in all_attacks() if one.number == 12]

FORMS = [
    "INSERT DATA { <s:attack> <p:p> 1 }",
    "DELETE DATA { <s:attack> <p:p> 1 }",
    "DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "DELETE WHERE { ?s ?p ?o }",
    "WITH <g:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "CLEAR ALL",
    "DROP SILENT DEFAULT",
    "CREATE GRAPH <g:g>",
    "COPY DEFAULT TO <g:g>",
    "MOVE <g:g> TO DEFAULT",
    "ADD <g:g> TO DEFAULT",
]


def contents(server: Server) -> tuple[str, str]:
    """The version of the data, and how many statements there are in each graph."""
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
    response = server.select(query)
    return response.headers["partnergraph-version"], response.text


@pytest.mark.parametrize("attack", UPDATES, ids=lambda attack: attack.name)
def test_request_for_an_update_is_refused(attack: object, server: Server) -> None:
    """However it is dressed."""
    before = contents(server)
    assert server.send(attack).status_code in (400, 405, 415)  # type: ignore[arg-type]
    assert contents(server) == before


@pytest.mark.parametrize("text", FORMS)
def test_update_as_a_query_is_refused(text: str, server: Server) -> None:
    """Every form of it is no query."""
    before = contents(server)
    problem(server.client.get("/sparql", params={"query": text}), 400, "malformed-query")
    assert contents(server) == before


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
@pytest.mark.parametrize("path", ["/", "/problems", "/health", "/metrics"])
def test_nothing_else_takes_a_change(method: str, path: str, server: Server) -> None:
    """A wrong method gets 405 with what is allowed."""
    response = server.client.request(method, path, content=UPDATE)
    problem(response, 405, "method-not-allowed")
    assert "GET" in response.headers["allow"]
