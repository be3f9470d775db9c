"""``/validate`` for people: a form goes in, the page with the report comes out.

The graph is validated as every one that is posted: :mod:`partnergraph.gate.posted_graphs`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from partnergraph.errors import ResultTooLarge
from partnergraph.formats import HTML
from partnergraph.gate.posted_graphs import COMMON
from partnergraph.http.check_form import read_form
from partnergraph.protocol.messages import SAFE, Request, Response
from partnergraph.protocol.workshop import Workshop
from partnergraph.site.checks import CheckPages

MOST_BYTES = 8 * 1024 * 1024
"""Of a report that is read for the page."""

Validate = Callable[[Request], Awaitable[Response]]
"""Answers a graph that is posted."""


async def answer_form(
    request: Request, pages: CheckPages, validate: Validate, workshop: Workshop
) -> Response:
    """Answer a form.

    Args:
        request: posted by a browser.
        pages: makes pages.
        validate: answers the graph that is in the form.
        workshop: where forms are read and pages are made.

    Raises:
        RequestError: the form cannot be read.
        ResultTooLarge: the report is too long for a page.
    """
    form = await workshop.make(request.client, lambda: read_form(request))
    if form is None:
        return await validate(request)  # It is no form of ours; this says what may be posted.
    if not form.graph.strip():
        body = pages.unfilled(form.syntax, form.language)
        return _response(Response(HTTPStatus.BAD_REQUEST, COMMON), body, form.language)
    answer = await validate(form.as_posted(request))
    if len(answer.body) > MOST_BYTES:
        raise ResultTooLarge("The report is too large for a page; post fewer things.")
    found = (form.graph, form.syntax, form.language, answer.body)
    body = await workshop.make(request.client, lambda: pages.checked(*found))
    return _response(answer, body, form.language)


def _response(answer: Response, body: bytes, language: str) -> Response:
    """The page in the place of an answer for programs."""
    kept = [one for one in answer.headers if one[0] in ("retry-after", "vary", "cache-control")]
    fields = (("content-type", HTML.media_type), ("content-language", language))
    return Response(answer.status, (*fields, *SAFE.items(), *kept), body, answer.outcome)
