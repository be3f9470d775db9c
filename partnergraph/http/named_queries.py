"""``/queries/<name>``: stored queries over HTTP, as pages with a form and as data.

By the ending of the address, by ``format``, or by Accept. The query runs where all queries run, in
a process that may be killed, and its answer is kept as those of ``/sparql`` are.
"""

from __future__ import annotations

import difflib
import json
from contextlib import suppress
from dataclasses import replace
from email.utils import formatdate
from hashlib import blake2b
from urllib.parse import urlencode

from partnergraph.content_codings import WORTHWHILE, encode, negotiate_coding
from partnergraph.engine import Answer, Enrichment, Query
from partnergraph.errors import (
    PartnergraphError,
    QueryError,
    RequestError,
    UnfitParameter,
)
from partnergraph.formats import (
    CSV,
    FORMATS,
    GRAPH_FORMATS,
    HTML,
    LANGUAGES,
    RESULTS_FORMATS,
    XLSX,
    Format,
)
from partnergraph.protocol.cache import Outcome
from partnergraph.protocol.conditions import IN_PARTS, is_held
from partnergraph.protocol.endpoint import STORE_BUT_ASK, SparqlEndpoint
from partnergraph.protocol.messages import SAFE, Headers, Request, Response
from partnergraph.protocol.query_request import short_field
from partnergraph.protocol.workshop import Workshop
from partnergraph.question_pages.answer_tables import MOST_ROWS
from partnergraph.question_pages.calls import Call, read_call
from partnergraph.question_pages.presentation import QueryPages, data_formats
from partnergraph.questions.asked import Asked, read_asked
from partnergraph.questions.choices import Choices
from partnergraph.questions.files import FOLDER, StoredQueries
from partnergraph.questions.stored import StoredQuery

METHODS = "GET, HEAD, OPTIONS"

VARY = ("vary", "Accept, Accept-Encoding, Accept-Language")

_JSON = RESULTS_FORMATS[0]
_N_TRIPLES = FORMATS["nt"]


class NamedQueries:
    """Answers the requests below ``/queries/``."""

    def __init__(
        self,
        queries: StoredQueries,
        choices: Choices,
        pages: QueryPages,
        endpoint: SparqlEndpoint,
        base: str,
    ) -> None:
        """Args:
        queries: all of them.
        choices: which things their parameters may stand for.
        pages: makes pages.
        endpoint: answers queries, and says errors.
        base: what the IRIs of the dataset begin with.
        """
        self._queries = queries
        self._choices = choices
        self._pages = pages
        self._endpoint = endpoint
        self._base = base

    async def respond(self, request: Request, workshop: Workshop) -> Response:
        """Answer a request; every error becomes a response, too.

        Args:
            request: for a path below ``/queries/``.
            workshop: where pages are made and names are looked up.
        """
        try:
            if request.method == "OPTIONS":
                return self._endpoint.preflight(METHODS)
            if request.method not in ("GET", "HEAD"):
                raise RequestError(405, "A stored query is only read.", {"allow": METHODS})
            name, _, ending = request.path.removeprefix(f"/{FOLDER}").partition(".")
            query = self._query(name)
            call = read_call(request, query, ending, workshop)
            if call.representation.format is HTML:
                return await self._page(call)
            return await self._data(call)
        except PartnergraphError as error:
            return self._endpoint.refuse(error)

    def _query(self, name: str) -> StoredQuery:
        if name in self._queries:
            return self._queries[name]
        close = difflib.get_close_matches(name[:100], self._queries, 3, 0.5)
        near = f" There is {' and '.join(f'/{FOLDER}{one}' for one in close)}." if close else ""
        raise RequestError(404, f"There is no stored query of this name.{near} All: /queries.")

    async def _data(self, call: Call) -> Response:
        """The answer as data."""
        form = call.representation.format
        asked = await call.make(lambda: read_asked(call.query, call.fields, self._choices))
        asked.require()
        # A workbook is made of JSON, and is compressed already.
        wanted = _JSON if form is XLSX else form
        coding = negotiate_coding(short_field(call.request, "accept-encoding"))
        asks = Query(
            asked.text,
            results_format=wanted if wanted in RESULTS_FORMATS else None,
            graph_format=wanted if wanted in GRAPH_FORMATS else None,
            coding=None if form is XLSX else coding,
            enrichment=asked.options.enrichment(self._base),
        )
        tag = self._endpoint.entity_tag(asks)
        if form is XLSX:
            tag = f'{tag[:-1]}-xlsx"'
        own: Headers = (("etag", tag), *self._links(asked, form))
        if is_held(call.request, tag):
            return self._response(304, own)
        answer = _answer(await self._endpoint.outcome(asks, call.request.client))
        if form is XLSX:
            made = await call.make(lambda: _workbook(answer.body, call.query.name))
            return self._response(200, (("content-type", form.media_type), *own), made)
        if answer.coding:
            own += (("content-encoding", answer.coding),)
        if form is CSV:
            own += (IN_PARTS,)
        return self._response(200, (("content-type", form.media_type), *own), answer.body)

    async def _page(self, call: Call) -> Response:
        """The page: its form, and the answer where nothing is missing."""
        language = call.representation.language
        status = 200
        try:
            asked = await call.make(lambda: read_asked(call.query, call.fields, self._choices))
            body = await self._answer_page(call, asked)
        except UnfitParameter as error:
            status, unfit = error.status, error
            body = await call.make(
                lambda: self._pages.unfit(call.query, dict(call.fields), unfit, language)
            )
        tag = f'"{blake2b(body, digest_size=16).hexdigest()}"'
        coding = negotiate_coding(short_field(call.request, "accept-encoding"))
        cited = [("cited", call.cited)] if call.cited else []
        search = urlencode([*call.fields, *cited])
        own: Headers = (
            ("content-language", language),
            *SAFE.items(),
            ("content-location", f"{call.query.name}.{language}.html{search and f'?{search}'}"),
        )
        if coding and len(body) >= WORTHWHILE:
            # A coding makes another representation, and so another strong tag.
            plain, tag = body, f'{tag[:-1]}-{coding}"'
            own += (("content-encoding", coding),)
            body = await call.make(lambda: encode(plain, coding))
        own += (("etag", tag),)
        return self._response(status, (("content-type", HTML.media_type), *own), body)

    async def _answer_page(self, call: Call, asked: Asked) -> bytes:
        language = call.representation.language
        if asked.missing:
            return await call.make(lambda: self._pages.page(asked, language))
        options = asked.options
        enrichment = replace(
            options.enrichment(self._base) or Enrichment(self._base),
            labels=(),  # The page names things itself.
            limit=MOST_ROWS if options.limit is None else min(options.limit, MOST_ROWS),
            counted=True,
            spreadsheet=False,
        )
        asks = Query(asked.text, (), (), _JSON, _N_TRIPLES, enrichment=enrichment)
        client = call.request.client
        document = _answer(await self._endpoint.outcome(asks, client)).body
        explanation = None
        if _is_empty(document):
            why = replace(asks, why_empty=True, enrichment=options.enrichment(self._base))
            with suppress(QueryError):  # That there is nothing is an answer by itself.
                explanation = json.loads(_answer(await self._endpoint.outcome(why, client)).body)
        return await call.make(
            lambda: self._pages.page(
                asked, language, document, cited=call.cited, explanation=explanation
            )
        )

    def _links(self, asked: Asked, form: Format) -> Headers:
        """Where the same can be had otherwise: https://www.rfc-editor.org/rfc/rfc8288."""
        name, search = asked.query.name, asked.query_string()
        others = [one for one in data_formats(asked.query) if one is not form]
        links = [
            f'<{name}{search}>; rel="canonical"',
            '<../openapi.json>; rel="service-desc"; type="application/vnd.oai.openapi+json"',
            *(
                f'<{name}.{language}.html{search}>; rel="alternate"; type="text/html"; '
                f'hreflang="{language}"'
                for language in LANGUAGES
            ),
            *(
                f'<{name}.{one.name}{search}>; rel="alternate"; '
                f'type="{one.media_type.partition(";")[0]}"'
                for one in others
            ),
        ]
        location = f"{name}.{form.name}{search}"
        return (("link", ", ".join(links)), ("content-location", location))

    def _response(self, status: int, own: Headers, body: bytes = b"") -> Response:
        validity: Headers = (
            STORE_BUT_ASK,
            ("last-modified", formatdate(self._endpoint.changed, usegmt=True)),
        )
        headers = (*own, VARY, *validity, *self._endpoint.common_headers)
        return Response(status, headers, body, "answered", repeatable=True)


def _workbook(document: bytes, title: str) -> bytes:
    # Not at the top: what writes workbooks takes a part of a second of each start to import.
    from partnergraph.question_pages.workbooks import workbook  # noqa: PLC0415

    return workbook(document, title)


def _answer(outcome: Outcome) -> Answer:
    if isinstance(outcome, Answer):
        return outcome
    raise outcome


def _is_empty(document: bytes) -> bool:
    """Whether a graph has no triple, or a table, which ends with the marks of its rows, no row."""
    return not document or document.endswith(b'"marks":[]}')
