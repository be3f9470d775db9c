"""Promise 2: every limit is loud, in one shape, without a word about the machine."""

from __future__ import annotations

import re
import threading

import httpx
import pytest
from markupsafe import escape

from partnergraph.protocol.problems import PROBLEMS
from tests.attacks import DEFAULTS, GROWING, nested
from tests.bounded import ENDLESS, problem
from tests.serving import ROOT, Server, running

DIRECT = {"content-type": "application/sparql-query"}


def ask(server: Server, query: str, **headers: str) -> httpx.Response:
    """The response to a query that is the body."""
    return server.client.post("/sparql", content=query, headers={**DIRECT, **headers})


@pytest.mark.parametrize(
    ("query", "status", "slug"),
    [
        ("SELECT *\nWHERE { ?s ?p }", 400, "malformed-query"),
        (nested("{", "}", DEFAULTS.max_depth), 400, "query-too-complex"),
        (GROWING, 400, "query-too-complex"),
        ("SELECT * { ?s ?p ?o }", 400, "result-too-large"),
        ("ASK { SERVICE <http://127.0.0.1/> {} }", 400, "outbound-query"),
        (f"ASK {{}} # {'x' * 70_000}", 413, "request-too-long"),
        (ENDLESS, 503, "query-timeout"),
    ],
)
def test_limit_has_a_problem_of_its_own(
    query: str, status: int, slug: str, bounded: Server
) -> None:
    """Bad, too deep, too large, too long, too late: each is said."""
    response = ask(bounded, query)
    problem(response, status, slug)
    assert str(ROOT) not in response.text
    assert "Traceback" not in response.text
    if status == 503:
        assert int(response.headers["retry-after"]) > 0


def test_syntax_error_has_line_and_column(bounded: Server) -> None:
    """And so has a keyword that is not allowed."""
    document = problem(ask(bounded, "SELECT *\nWHERE { ?s ?p }"), 400, "malformed-query")
    assert document["line"] == 2
    document = problem(ask(bounded, "ASK {\n  SERVICE <s:s> {} }"), 400, "outbound-query")
    assert (document["line"], document["column"]) == (2, 3)


def test_busy_is_said() -> None:
    """A query that finds no process in time is told when to come again."""
    with running("--workers", "1", "--timeout", "2") as server:
        responses: list[httpx.Response] = []
        threads = [
            threading.Thread(target=lambda n=n: responses.append(server.select(f"{ENDLESS} #{n}")))
            for n in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        slugs = {str(one.json()["type"]).rpartition("#")[2] for one in responses}
        assert slugs == {"query-timeout", "unavailable"}
        assert all(int(one.headers["retry-after"]) > 0 for one in responses)


@pytest.mark.parametrize("language", ["en", "lv"])
def test_every_problem_is_explained_on_a_page(language: str, server: Server) -> None:
    """With title and advice, in both languages, under the name that its type ends with."""
    page = server.client.get("/problems", headers={"accept-language": language}).text
    assert f'<html lang="{language}">' in page
    for slug, entry in PROBLEMS.items():
        section = page.partition(f'<section id="{slug}">')[2].partition("</section>")[0]
        assert escape(entry.title[language]) in section
        assert escape(entry.advice[language]) in section
        assert str(entry.status) in section


def test_types_are_those_of_the_page(server: Server) -> None:
    """A type that a response names is an anchor there."""
    page = server.client.get("/problems").text
    response = server.client.get("/nowhere")
    assert f'id="{response.json()["type"].rpartition("#")[2]}"' in page
    assert re.search(r"/problems#", response.json()["type"])
