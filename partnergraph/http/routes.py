"""Which part of an edition answers a request: what must be quick directly, the rest by Flask."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import replace
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import quote

from partnergraph.engine import Query
from partnergraph.errors import PartnergraphError, RequestError
from partnergraph.formats import RESULTS_FORMATS
from partnergraph.gate.posted_graphs import GraphValidation
from partnergraph.http.check_answers import answer_form
from partnergraph.http.check_form import is_form
from partnergraph.http.edition import Edition
from partnergraph.http.error_pages import for_reader, is_page
from partnergraph.http.metrics import Metrics
from partnergraph.http.picture_answers import PICTURE
from partnergraph.http.renewal import Editions
from partnergraph.protocol.conditions import CONDITIONS, met
from partnergraph.protocol.endpoint import WHY_EMPTY, is_query
from partnergraph.protocol.messages import Request, Response
from partnergraph.protocol.workshop import Workshop
from partnergraph.questions.files import FOLDER
from partnergraph.settings import Settings

QUERIES = f"/{FOLDER}"
"""What the addresses of stored queries begin with."""

ANSWERING = ("/sparql", WHY_EMPTY, PICTURE, QUERIES)
"""What answers queries, and gives its responses the headers of all."""

ROUTES = ("/sparql", WHY_EMPTY, PICTURE, "/validate", "/health", "/metrics")
"""What is not answered by Flask."""

HEALTH_QUERY = Query("ASK { ?subject ?predicate ?object }", results_format=RESULTS_FORMATS[0])

logger = logging.getLogger("partnergraph")


class Routes:
    """Answers requests."""

    def __init__(
        self,
        settings: Settings,
        editions: Editions,
        validation: GraphValidation,
        metrics: Metrics,
        workshop: Workshop,
    ) -> None:
        """Args:
        settings: what is logged, and whom requests come from.
        editions: what is answered from.
        validation: validates strangers' graphs.
        metrics: what is measured.
        workshop: where pages and pictures are made.
        """
        self._settings = settings
        self._editions = editions
        self._validation = validation
        self._metrics = metrics
        self._workshop = workshop

    async def respond(self, request: Request) -> Response:
        """Answer one request; it raises nothing but cancellation."""
        begin = time.perf_counter()
        edition = self._editions.current
        if self._settings.client_header:
            forwarded = request.headers.get(self._settings.client_header.lower(), "")
            # A proxy adds what it sees at the end; what stands before that, anyone can say.
            request.client = _address(forwarded.rpartition(",")[2].strip()) or request.client
        path = _straight(request.path)
        if path != request.path:
            if path not in ROUTES:  # What is nowhere is not found here either.
                there = await self.respond(replace(request, path=path))
                if there.status >= HTTPStatus.BAD_REQUEST:
                    return there
            return self._elsewhere(edition, request, path)
        route = _route(request)
        try:
            response = await self._answer(route, edition, request)
            if not CONDITIONS.isdisjoint(request.headers):
                response = met(response, request)
        except RequestError as error:
            response = for_reader(edition.endpoint.refuse(error), request, edition.problem_page)
        except Exception:
            logger.exception("request failed", extra={"path": request.path})
            response = self.refuse(RequestError(500, "The fault is ours; it is logged."))
        if route not in ANSWERING:
            known = {name for name, _ in response.headers}
            response.headers += tuple(
                one for one in edition.endpoint.common_headers if one[0] not in known
            )
        # What was asked of an edition that is not current any more must not be remembered.
        response.repeatable = response.repeatable and edition is self._editions.current
        seconds = time.perf_counter() - begin
        self._metrics.observe(route, response, seconds)
        if self._settings.log != "faults":
            self._log(request, response, seconds)
        return response

    def _elsewhere(self, edition: Edition, request: Request, path: str) -> Response:
        """To the address that is meant.

        Relative, as a proxy may have taken something from the beginning.
        """
        up = "../" * (request.path.count("/") - 1) or "./"
        query = f"?{request.query_string}" if request.query_string else ""
        location = f"{up}{quote(path.lstrip('/'))}{query}"
        plain = ("content-type", "text/plain; charset=utf-8")
        headers = (("location", location), plain, *edition.endpoint.common_headers)
        response = Response(308, headers, b"", "redirected")
        self._metrics.observe("pages", response, 0.0)
        return response

    async def _answer(self, route: str, edition: Edition, request: Request) -> Response:
        if route in ANSWERING:
            if route == QUERIES:
                response = await edition.named_queries.respond(request, self._workshop)
            elif route == PICTURE:
                response = await edition.pictures.respond(request, self._workshop)
            else:
                response = await edition.endpoint.respond(request)
            if response.status >= HTTPStatus.BAD_REQUEST and not is_page(response):
                return for_reader(response, request, edition.problem_page)
            return response
        if route == "/validate":
            return await self._validated(edition, request)
        if route == "/health":
            return await self._health(edition, request)
        if route == "/metrics":
            return self._measured(request)
        return await edition.pages.respond(request, self._workshop)

    async def _validated(self, edition: Edition, request: Request) -> Response:
        if not is_form(request):
            return await self._validation.respond(request)
        validate = self._validation.respond
        try:
            response = await answer_form(request, edition.check_pages, validate, self._workshop)
        except PartnergraphError as error:
            response = edition.endpoint.refuse(error)
        if is_page(response):
            return response
        return for_reader(response, request, edition.problem_page)

    def refuse(self, error: RequestError, request: Request | None = None) -> Response:
        """The response to what is no proper request; a page, where a browser sends a long form."""
        edition = self._editions.current
        response = edition.endpoint.refuse(error)
        if request:
            response = for_reader(response, request, edition.problem_page)
        self._metrics.observe("connection", response, 0.0)
        return response

    async def _health(self, edition: Edition, request: Request) -> Response:
        """Whether a real query gets its answer."""
        _require_reading(request)
        try:
            answer = await edition.engine.answer(HEALTH_QUERY)
            healthy = json.loads(answer.body)["boolean"] in (True, False)  # It may be empty.
        except PartnergraphError:
            healthy = False
        body = json.dumps({"status": "ok" if healthy else "failing"}).encode()
        headers = (("content-type", "application/json"), ("cache-control", "no-store"))
        return Response(200 if healthy else 503, headers, body, "healthy" if healthy else "failing")

    def _measured(self, request: Request) -> Response:
        _require_reading(request)
        media_type, body = self._metrics.exposition()
        return Response(200, (("content-type", media_type), ("cache-control", "no-store")), body)

    def _log(self, request: Request, response: Response, seconds: float) -> None:
        details: dict[str, object] = {
            "client": request.client,
            "method": request.method,
            "path": request.path,
            "status": response.status,
            "outcome": response.outcome,
            "bytes": len(response.body),
            "seconds": round(seconds, 6),
        }
        if self._settings.log == "queries":
            details["query_string"] = request.query_string
            details["body"] = request.body.decode(errors="replace")
        logger.info("request", extra=details)


def _route(request: Request) -> str:
    """What answers a request."""
    path = request.path
    if path.startswith(QUERIES):
        return QUERIES
    described = path == "/sparql" and not is_query(request)
    shown = path == "/validate" and request.method in ("GET", "HEAD")
    return path if path in ROUTES and not (described or shown) else "pages"


def _straight(path: str) -> str:
    """A path without slashes that mean nothing: before it, and after an address that has none."""
    if not path.startswith("/"):  # Such as the asterisk of OPTIONS.
        return path
    straight = f"/{path.lstrip('/')}"
    bare = straight.rstrip("/")
    return bare if bare in (*ROUTES, QUERIES.rstrip("/")) else straight


def _address(text: str) -> str:
    """An IP address in its usual form; empty where the text is none."""
    try:
        return str(ip_address(text.strip("[]")))
    except ValueError:
        return ""


def _require_reading(request: Request) -> None:
    if request.method not in ("GET", "HEAD"):
        raise RequestError(405, f"{request.path} is only read.", {"allow": "GET, HEAD"})
