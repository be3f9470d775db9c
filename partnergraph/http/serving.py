"""The HTTP side: one small application in front takes what must be quick, Flask takes the rest."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import resource
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from http import HTTPStatus
from ipaddress import ip_address

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from partnergraph.embedded.pool import WorkerPool
from partnergraph.engine import Query
from partnergraph.errors import DoesNotConform, PartnergraphError, RequestError, UsageError
from partnergraph.formats import HTML, RESULTS_FORMATS, negotiate, negotiate_language
from partnergraph.gate.posted_graphs import GraphValidation
from partnergraph.http.connections import Limits, Listener
from partnergraph.http.metrics import Metrics
from partnergraph.http.named_queries import NamedQueries
from partnergraph.http.picture_answers import PICTURE, SparqlPictures
from partnergraph.protocol.budgets import Budgets
from partnergraph.protocol.cache import AnswerCache
from partnergraph.protocol.endpoint import WHY_EMPTY, SparqlEndpoint, is_query
from partnergraph.protocol.messages import SAFE, Request, Response
from partnergraph.protocol.problems import PROBLEM_FORMATS, PROBLEMS, ProblemPage
from partnergraph.protocol.query_request import LONGEST_PREFERENCES
from partnergraph.questions.files import FOLDER
from partnergraph.results import Severity
from partnergraph.settings import Settings
from partnergraph.site.checks import CheckPages, is_form

GRACE = 2.0
"""Seconds that requests under way have to end when the server ends."""

CONNECTIONS = 1024
"""Connections that may be open at once, where the system allows as many."""

UNSENT = 4
"""How many answers of the largest size may wait for slow readers."""

PAGE_THREADS = 8
"""Pages that are made at once."""

QUERIES = f"/{FOLDER}"
"""What the addresses of stored queries begin with."""

ANSWERING = ("/sparql", WHY_EMPTY, PICTURE, QUERIES)
"""What answers queries, and gives its responses the headers of all."""

ROUTES = ("/sparql", WHY_EMPTY, PICTURE, "/validate", "/health", "/metrics")
"""What is not answered by Flask."""

logger = logging.getLogger("partnergraph")

HEALTH_QUERY = Query("ASK { ?subject ?predicate ?object }", results_format=RESULTS_FORMATS[0])


@dataclass(frozen=True)
class Edition:
    """One version of the dataset, and all that answers from it.

    Attributes:
        version: the dataset's version.
        engine: evaluates queries.
        answers: those that are kept.
        endpoint: speaks the SPARQL protocol.
        named_queries: answers stored queries.
        pictures: draws answers.
        check_pages: answers the form that a graph is checked with.
        pages: Flask, with everything else.
        problem_page: makes the page that says an error.
    """

    version: str
    engine: WorkerPool
    answers: AnswerCache
    endpoint: SparqlEndpoint
    named_queries: NamedQueries
    pictures: SparqlPictures
    check_pages: CheckPages
    pages: Flask
    problem_page: ProblemPage


class Application:
    """Everything that answers HTTP requests, from whichever edition is the current one."""

    def __init__(
        self,
        settings: Settings,
        edition: Edition,
        renew: Callable[[], Edition],
        metrics: Metrics,
        budgets: Budgets,
    ) -> None:
        """Args:
        settings: where to listen, and within which bounds.
        edition: what is served at first.
        renew: makes an edition of what the files say now.
        metrics: what is measured.
        budgets: what each client has left.
        """
        self._settings = settings
        self._edition = edition
        self._renew = renew
        self._metrics = metrics
        self._told_apart = budgets.client
        self._validation = GraphValidation(settings, budgets)
        self._threads = ThreadPoolExecutor(PAGE_THREADS, thread_name_prefix="page")
        self._renewal: asyncio.Task[None] | None = None
        self._renewal_wanted = False
        self._retired: set[asyncio.Task[None]] = set()

    async def serve(self, ready: Callable[[], None]) -> None:
        """Answer requests until SIGINT or SIGTERM; SIGHUP reads the files anew.

        Args:
            ready: is called when queries can be answered.

        Raises:
            UsageError: the address cannot be listened on.
        """
        settings = self._settings
        loop = asyncio.get_running_loop()
        listener = self._listener = self._create_listener()
        ended = asyncio.Event()
        try:
            try:
                server = await loop.create_server(
                    listener, settings.host, settings.port, backlog=CONNECTIONS
                )
            except OSError as error:
                raise UsageError(
                    f"cannot listen on {settings.host}:{settings.port} ({_reason(error)}); choose "
                    "another --port or --host"
                ) from None
            await self._edition.engine.start()
            self._metrics.watch(listener, lambda: self._edition)
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, ended.set)
            loop.add_signal_handler(signal.SIGHUP, self._renew_soon)
            loop.call_soon(ready)
            await ended.wait()
            # A query process, a thread or a slow client may keep us beyond any patience; nothing
            # is lost by leaving them, as the processes end with their sockets.
            # Not by the loop, which ends before the interpreter has waited for all threads.
            last_resort = threading.Timer(2 * GRACE, os._exit, (0,))
            last_resort.daemon = True
            last_resort.start()
            server.close()
            await _until_closed(listener)
        finally:
            await self._edition.engine.stop()
            await self._validation.stop()

    async def respond(self, request: Request) -> Response:
        """Answer one request; see :class:`partnergraph.http.connections.Service`."""
        begin = time.perf_counter()
        edition = self._edition
        if self._settings.client_header:
            forwarded = request.headers.get(self._settings.client_header.lower(), "")
            # A proxy adds what it sees at the end; what stands before that, anyone can say.
            request.client = _address(forwarded.rpartition(",")[2].strip()) or request.client
        route = request.path if request.path in ROUTES else "pages"
        if request.path.startswith(QUERIES):
            route = QUERIES
        if route == "/sparql" and not is_query(request):
            route = "pages"
        if route == "/validate" and request.method in ("GET", "HEAD"):
            route = "pages"
        try:
            response = await self._answer(route, edition, request)
        except RequestError as error:
            response = edition.endpoint.refuse(error)
        except Exception:
            logger.exception("request failed", extra={"path": request.path})
            response = self.refuse(RequestError(500, "The fault is ours; it is logged."))
        if route not in ANSWERING:
            known = {name for name, _ in response.headers}
            response.headers += tuple(
                one for one in edition.endpoint.common_headers if one[0] not in known
            )
        # What was asked of an edition that is not current any more must not be remembered.
        response.repeatable = response.repeatable and edition is self._edition
        seconds = time.perf_counter() - begin
        self._metrics.observe(route, response, seconds)
        if self._settings.log != "faults":
            self._log(request, response, seconds)
        return response

    async def _answer(self, route: str, edition: Edition, request: Request) -> Response:
        if route in ANSWERING:
            if route == QUERIES:
                response = await edition.named_queries.respond(request, self._threads)
            elif route == PICTURE:
                response = await edition.pictures.respond(request, self._threads)
            else:
                response = await edition.endpoint.respond(request)
            if response.status >= HTTPStatus.BAD_REQUEST and not _is_page(response):
                return _for_reader(response, request, edition.problem_page)
            return response
        if route == "/validate":
            return await self._validated(edition, request)
        if route == "/health":
            return await self._health(edition, request)
        if route == "/metrics":
            return self._measured(request)
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, _page, edition.pages, request
        )

    async def _validated(self, edition: Edition, request: Request) -> Response:
        if not is_form(request):
            return await self._validation.respond(request)
        validate = self._validation.respond
        try:
            response = await edition.check_pages.respond(request, validate, self._threads)
        except PartnergraphError as error:
            response = edition.endpoint.refuse(error)
        if _is_page(response):
            return response
        return _for_reader(response, request, edition.problem_page)

    def refuse(self, error: RequestError, request: Request | None = None) -> Response:
        """The response to what is no proper request; a page, where a browser sends a long form."""
        edition = self._edition
        response = edition.endpoint.refuse(error)
        if request:
            response = _for_reader(response, request, edition.problem_page)
        self._metrics.observe("connection", response, 0.0)
        return response

    def _create_listener(self) -> Listener:
        settings = self._settings
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 2 * CONNECTIONS
        if soft < wanted:
            soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        limits = Limits(
            url=settings.max_query_bytes + len("/sparql?"),
            body=settings.max_query_bytes,
            upload=settings.max_upload_bytes,
            uploads=frozenset({"/validate"}),
            connections=min(CONNECTIONS, soft // 2),
            unsent=UNSENT * settings.max_result_bytes,
        )
        # Behind a proxy, all clients have its address.
        told_apart = (lambda _: "") if settings.client_header else self._told_apart
        remembers = settings.log == "faults" and settings.cache_bytes > 0
        return Listener(self, limits, told_apart, remembers=remembers)

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

    # A new edition

    def _renew_soon(self) -> None:
        """Read the files anew; after the present reading, where there is one."""
        self._renewal_wanted = True
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.get_running_loop().create_task(self._renew_while_wanted())

    async def _renew_while_wanted(self) -> None:
        """Once more, too, where the files were said to have changed while they were being read."""
        while self._renewal_wanted:
            self._renewal_wanted = False
            await self._take_up_new_edition()

    async def _take_up_new_edition(self) -> None:
        """Swap the edition in one step, or keep the one there is and say why."""
        try:
            edition = await asyncio.to_thread(self._renew)
            await edition.engine.start()
        except PartnergraphError as error:
            self._metrics.renewed("refused")
            logger.error(
                "reload refused, still serving the last valid version",
                extra={"reason": _explained(error), "version": self._edition.version},
            )
            return
        except Exception:
            self._metrics.renewed("failed")
            logger.exception("reload failed, still serving the last valid version")
            return
        former, self._edition = self._edition, edition
        self._listener.remembered.clear()
        self._metrics.renewed("taken up")
        logger.warning("reloaded", extra={"version": edition.version})
        task = asyncio.get_running_loop().create_task(self._let_go(former))
        self._retired.add(task)
        task.add_done_callback(self._retired.discard)

    async def _let_go(self, former: Edition) -> None:
        """Stop a former edition's engine, once it has answered what it was asked before."""
        deadline = time.monotonic() + 2 * self._settings.timeout
        while former.engine.occupied and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
        await former.engine.stop()


def _for_reader(response: Response, request: Request, page: ProblemPage) -> Response:
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


def _is_page(response: Response) -> bool:
    return ("content-type", HTML.media_type) in response.headers


def _explained(error: PartnergraphError) -> str:
    """An error in one text, with what a report has found first."""
    if not isinstance(error, DoesNotConform):
        return str(error)
    results = [one for one in error.report.results if one.severity is Severity.VIOLATION]
    first = results[0]
    words = first.messages.get("en") or next(iter(first.messages.values()), "")
    return (
        f"{error} {len(results)} violations, the first of {first.focus_node} "
        f"({first.shape}): {words} See all of them: partnergraph validate"
    )


def _address(text: str) -> str:
    """An IP address in its usual form; empty where the text is none."""
    try:
        return str(ip_address(text.strip("[]")))
    except ValueError:
        return ""


async def _until_closed(listener: Listener) -> None:
    """Close all connections, with a little time for what is being answered."""
    listener.close()
    deadline = time.monotonic() + GRACE
    while listener.connections and time.monotonic() < deadline:
        await asyncio.sleep(0.02)


def _page(pages: Flask, request: Request) -> Response:
    """What Flask answers."""
    environ = EnvironBuilder(
        # The response to HEAD has the fields of that to GET; the connection leaves out the content.
        method="GET" if request.method == "HEAD" else request.method,
        query_string=request.query_string,
        headers=list(request.headers.items()),
        data=request.body,
        # Not as path=, which would read a question mark in it as the start of a query string.
        # https://peps.python.org/pep-3333/#unicode-issues
        environ_overrides={"PATH_INFO": request.path.encode().decode("latin-1")},
    ).get_environ()
    chunks, status, headers = run_wsgi_app(pages, environ, buffered=True)
    fields = ((name.lower(), value) for name, value in headers.items())
    return Response(
        int(status.split(maxsplit=1)[0]),
        tuple(one for one in fields if one[0] not in ("content-length", "date")),
        b"".join(chunks),
        "page",
        # Pages follow from the edition and the request alone.
        repeatable=status[:3] in ("200", "303", "304"),
    )


def _require_reading(request: Request) -> None:
    if request.method not in ("GET", "HEAD"):
        raise RequestError(405, f"{request.path} is only read.", {"allow": "GET, HEAD"})


def _reason(error: OSError) -> str:
    # socket lengthens strerror with what it was doing; the numbers of getaddrinfo are negative.
    if not error.errno or error.errno < 0:
        return "no such address"
    return os.strerror(error.errno).lower()
