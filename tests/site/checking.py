"""A graph that is posted as a browser posts it, and the page that comes back, for tests."""

from __future__ import annotations

import re

import httpx

from tests.serving import Server

HEAD = """PREFIX tp: <https://partnergraph.example/def#>
PREFIX id: <https://partnergraph.example/id/>
"""
WRONG = f"""{HEAD}
id:agreement-x
    a tp:Agreement ;
    tp:signed "1991-13" ;
    tp:signedUnknown true ;
    tp:parti id:place-a .
"""
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def check(server: Server, graph: str, language: str = "en", **fields: str) -> httpx.Response:
    """What the form answers."""
    form = {"graph": graph, "syntax": "ttl", "lang": language, **fields}
    return server.client.post("/validate", data=form, headers=BROWSER)


def text_of(response: httpx.Response) -> str:
    """What a page says, without its markup."""
    return re.sub(r"<[^>]+>|\s+", " ", response.text)


def marked(response: httpx.Response) -> set[int]:
    """The lines that findings are beside."""
    found = re.findall(r'id="line-(\d+)" class="new"', response.text)
    return set(map(int, found))
