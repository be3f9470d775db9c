"""``/sparql/picture``: the answer to a query as a picture, a piece of a page.

The query is asked as at ``/sparql``, within the same bounds; then its answer is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlencode

from partnergraph.errors import PartnergraphError, RequestError, ResultTooLarge
from partnergraph.formats import FORMATS, HTML, LANGUAGES, RESULTS_FORMATS
from partnergraph.protocol.endpoint import SparqlEndpoint
from partnergraph.protocol.messages import SAFE, Request, Response
from partnergraph.protocol.query_request import read_parameters
from partnergraph.protocol.workshop import Workshop
from partnergraph.questions.files import VIEWS

PICTURE = "/sparql/picture"

MOST_BYTES = 4 * 1024 * 1024
"""Of an answer that is drawn."""

_OWN = ("view", "lang")
_ACCEPT = f"{RESULTS_FORMATS[0].media_type}, {FORMATS['nt'].media_type};q=0.5"

Drawn = Callable[[str, bytes, str], bytes]
"""The kind of picture, the answer (in JSON or N-Triples) and a language → the piece of a page."""


class SparqlPictures:
    """Answers the requests for pictures."""

    def __init__(self, endpoint: SparqlEndpoint, drawn: Drawn) -> None:
        """Args:
        endpoint: answers queries.
        drawn: draws answers.
        """
        self._endpoint = endpoint
        self._drawn = drawn

    async def respond(self, request: Request, workshop: Workshop) -> Response:
        """Answer a request; every error becomes a response, too.

        Args:
            request: a query, as for ``/sparql``, with the parameters ``view`` and ``lang``.
            workshop: where pictures are drawn.
        """
        try:
            return await self._respond(request, workshop)
        except PartnergraphError as error:
            return self._endpoint.refuse(error)

    async def _respond(self, request: Request, workshop: Workshop) -> Response:
        fields = read_parameters(request.query_string)
        own = {name: value for name, value in fields if name in _OWN}
        view, language = own.get("view", ""), own.get("lang", LANGUAGES[0])
        if view not in VIEWS or language not in LANGUAGES:
            raise RequestError(
                400, f"view is one of {', '.join(VIEWS)}; lang is {' or '.join(LANGUAGES)}."
            )
        asked = replace(
            request,
            path="/sparql",
            query_string=urlencode([one for one in fields if one[0] not in _OWN]),
            headers={
                **{
                    name: value
                    for name, value in request.headers.items()
                    if name not in ("accept-encoding", "if-none-match", "if-modified-since")
                },
                "accept": _ACCEPT,
            },
        )
        answer = await self._endpoint.respond(asked)
        if answer.status != HTTPStatus.OK or request.method == "OPTIONS":
            return answer
        if len(answer.body) > MOST_BYTES:
            raise ResultTooLarge("The answer is too large for a picture; ask for less of it.")
        body = await workshop.make(request.client, lambda: self._drawn(view, answer.body, language))
        headers = (
            ("content-type", HTML.media_type),
            ("content-language", language),
            ("cache-control", "no-store"),
            *SAFE.items(),
            *self._endpoint.common_headers,
        )
        return Response(200, headers, body, answer.outcome)
