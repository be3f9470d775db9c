"""Errors as pages for people: what a program is told in JSON, a browser shows."""

from __future__ import annotations

import json
from dataclasses import replace

from partnergraph.formats import HTML, negotiate, negotiate_language
from partnergraph.pages.problem_pages import ProblemPages
from partnergraph.protocol.messages import SAFE, Request, Response
from partnergraph.protocol.problems import PROBLEM_FORMATS, PROBLEMS
from partnergraph.protocol.query_request import LONGEST_PREFERENCES


def for_reader(response: Response, request: Request, page: ProblemPages) -> Response:
    """An error as a page, where a browser asks: its reader has filled in a form."""
    accept = request.headers.get("accept")
    if negotiate(accept, PROBLEM_FORMATS) is not HTML or len(accept or "") > LONGEST_PREFERENCES:
        return response
    said = json.loads(response.body)
    language = negotiate_language(request.headers.get("accept-language"))
    slug = said["type"].partition("#")[2]
    body = page(
        PROBLEMS[slug],
        said.get("detail"),
        request.path.lstrip("/"),
        language,
        excerpt=said.get("excerpt"),
        hint=said.get("hint"),
    )
    kept = tuple(one for one in response.headers if one[0] not in ("content-type", "vary"))
    own = (
        ("content-type", HTML.media_type),
        ("content-language", language),
        ("vary", "Accept, Accept-Encoding, Accept-Language"),
    )
    return replace(response, headers=(*own, *SAFE.items(), *kept), body=body)


def is_page(response: Response) -> bool:
    """Whether it is one already."""
    return ("content-type", HTML.media_type) in response.headers
