"""The query operation of the SPARQL 1.1 Protocol: a request goes in, a response comes out.

https://www.w3.org/TR/sparql11-protocol/#query-operation

It knows no web framework: the HTTP server and Flask both call :class:`SparqlEndpoint`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from email.utils import formatdate

from partnergraph.engine import Answer, Engine, Query
from partnergraph.errors import (
    MalformedQuery,
    OutboundQuery,
    PartnergraphError,
    QueryError,
    QueryTooComplex,
    RequestError,
    UnfitParameter,
)
from partnergraph.formats import CSV
from partnergraph.protocol.budgets import Budgets
from partnergraph.protocol.cache import AnswerCache, Outcome
from partnergraph.protocol.conditions import IN_PARTS, is_held
from partnergraph.protocol.messages import Headers, Request, Response
from partnergraph.protocol.problems import MEDIA_TYPE, problem_body, problem_of
from partnergraph.protocol.query_request import METHODS, QueryLimits, read_query
from partnergraph.slips.diagnosis import mark
from partnergraph.sparql.tokens import line_and_column, survey

CROSS_ORIGIN: Headers = (
    ("access-control-allow-origin", "*"),
    (
        "access-control-expose-headers",
        (
            "Accept-Ranges, Content-Location, Content-Range, ETag, Link, Location, Retry-After, "
            "Partnergraph-Notice, Partnergraph-Version"
        ),
    ),
)

_ALLOWED = (
    "Accept, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Range, "
    "If-Unmodified-Since, Range"
)
"""Header fields with which other sites' pages may ask."""

NOTICE = "partnergraph-notice"
"""The header field that says what of a request did not count."""

VARY = ("vary", "Accept, Accept-Encoding")

WHY_EMPTY = "/sparql/why-empty"
"""Where it is asked why a query has no solution."""

STORE_BUT_ASK = ("cache-control", "no-cache")
"""An answer may be kept, and used again once its entity tag has been confirmed."""


DESCRIBED_BY = frozenset({"format", "lang"})
"""Parameters that may stand beside no query: they say how the endpoint shall be described."""


def is_query(request: Request) -> bool:
    """Whether a request asks something; without a query it asks what this endpoint is.

    https://www.w3.org/TR/sparql11-service-description/#accessing
    """
    names = {part.partition("=")[0] for part in request.query_string.split("&") if part}
    return request.method not in ("GET", "HEAD") or not names <= DESCRIBED_BY


@dataclass(frozen=True)
class Source:
    """What is answered from: the version of the dataset, and since when, in seconds.

    Not when its files last changed: what is served changes as well where one of them is deleted,
    or an option is another.
    """

    version: str
    changed: float


class SparqlEndpoint:
    """Answers the requests to ``/sparql``."""

    def __init__(
        self,
        engine: Engine,
        answers: AnswerCache,
        budgets: Budgets,
        source: Source,
        limits: QueryLimits,
    ) -> None:
        """Args:
        engine: answers the queries.
        answers: keeps the answers.
        budgets: what each client has left.
        source: what it answers from.
        limits: how large a stranger's query may be.
        """
        self.common_headers: Headers = (*CROSS_ORIGIN, ("partnergraph-version", source.version))
        self._engine = engine
        self._answers = answers
        self._budgets = budgets
        self._limits = limits
        self.changed = int(source.changed)
        self._validity: Headers = (
            STORE_BUT_ASK,
            ("last-modified", formatdate(source.changed, usegmt=True)),
        )

    async def respond(self, request: Request) -> Response:
        """Answer a request; every error becomes a response, too."""
        try:
            if request.method == "OPTIONS":
                return self.preflight(METHODS)
            if request.path == WHY_EMPTY:
                return await self._answer(self._why_empty(request), request)
            query = read_query(request, self._limits)
            response = await self._answer(query, request)
            if query.notice:
                response.headers += ((NOTICE, query.notice),)
            return response
        except PartnergraphError as error:
            return self.refuse(error)

    def _why_empty(self, request: Request) -> Query:
        """Asks why a query has no solution; that is said in one media type only."""
        anything = {**request.headers, "accept": "*/*"}
        query = read_query(replace(request, headers=anything), self._limits)
        return replace(query, why_empty=True)

    def refuse(self, error: PartnergraphError) -> Response:
        """The response that says an error."""
        problem = problem_of(error)
        body = problem_body(problem, str(error), **_place(error))
        own = dict(problem.headers) | (error.headers if isinstance(error, RequestError) else {})
        headers = (("content-type", MEDIA_TYPE), VARY, *self.common_headers, *own.items())
        return Response(problem.status, headers, body, problem.slug)

    def entity_tag(self, query: Query) -> str:
        """The strong validator of the answer to a query, known before there is one."""
        return self._answers.entity_tag(query)

    async def outcome(self, query: Query, address: str) -> Outcome:
        """What comes of a query that the publisher has written: it is known to be harmless.

        Args:
            query: what is asked.
            address: who asks.

        Raises:
            PartnergraphError: there is no answer now; what would come again is returned.
        """
        tag = self._answers.entity_tag(query)
        outcome = self._answers.get(tag)
        if outcome is None:
            client = self._budgets.client(address)
            self._budgets.require(client)
            outcome = await self._engine.answer(query, client)
            self._answers.keep(tag, outcome)
        return outcome

    async def _answer(self, query: Query, request: Request) -> Response:
        tag = self._answers.entity_tag(query)
        if is_held(request, tag):
            return self._unchanged(tag)
        outcome = self._answers.get(tag)
        if outcome is not None:
            return self._response(outcome, tag, "repeated", repeatable=True)
        client = self._budgets.client(request.client)
        self._budgets.require(client)
        begin = time.perf_counter()
        notable = survey(query.text)
        self._budgets.charge(client, time.perf_counter() - begin)
        if notable.outbound:
            line, column = line_and_column(query.text, notable.outbound.start)
            raise OutboundQuery(
                f"{notable.outbound.text} asks another server, which this endpoint never does. Get "
                "the data from there yourself, or ask a server of your own that allows it.",
                line=line,
                column=column,
                excerpt=mark(query.text, line, column),
            )
        try:
            outcome = await self._engine.answer(query, client)
        except MalformedQuery as error:
            # Kept without its traceback, which would keep the whole request.
            outcome = error.with_traceback(None)
        if notable.volatile:
            return self._response(outcome, None, "answered")
        self._answers.keep(tag, outcome)
        return self._response(outcome, tag, "answered", repeatable=True)

    def _response(
        self, outcome: Answer | QueryError, tag: str | None, word: str, *, repeatable: bool = False
    ) -> Response:
        if isinstance(outcome, QueryError):
            response = self.refuse(outcome)
            response.repeatable = repeatable
            return response
        headers: Headers = (("content-type", outcome.format.media_type), VARY)
        if outcome.coding:
            headers += (("content-encoding", outcome.coding),)
        if tag and outcome.format is CSV:
            headers += (IN_PARTS,)
        # Now and at random: what depends on the moment has no validator and is not kept.
        headers += (("etag", tag), *self._validity) if tag else (("cache-control", "no-store"),)
        return Response(200, headers + self.common_headers, outcome.body, word, repeatable)

    def _unchanged(self, tag: str) -> Response:
        headers = (("etag", tag), *self._validity, VARY, *self.common_headers)
        return Response(304, headers, b"", "unchanged", repeatable=True)

    def preflight(self, methods: str) -> Response:
        """What a browser is told that asks whether other sites' pages may ask."""
        headers: Headers = (
            ("allow", methods),
            ("access-control-allow-methods", methods),
            ("access-control-allow-headers", _ALLOWED),
            ("access-control-max-age", "86400"),
        )
        return Response(204, (VARY, *self.common_headers, *headers), b"", "preflight")


def _place(error: PartnergraphError) -> dict[str, object]:
    if isinstance(error, UnfitParameter):
        return {"parameter": error.parameter}
    if isinstance(error, OutboundQuery) or (isinstance(error, QueryTooComplex) and error.line):
        return {"line": error.line, "column": error.column, "excerpt": error.excerpt}
    if isinstance(error, MalformedQuery):
        place = {"line": error.line, "column": error.column, "excerpt": error.excerpt}
        return {**place, "hint": error.hint}
    return {}
