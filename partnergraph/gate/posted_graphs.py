"""``POST /validate``: a stranger's graph goes in, its SHACL report comes out.

The shapes are those of the ontology folder, always. Each graph is read and validated by a process
of its own, which :mod:`partnergraph.gate.validation_process` forks and which is killed as soon as
nobody waits for it any more: at the deadline, or when the client hangs up. Nothing is kept.
"""

from __future__ import annotations

import asyncio
import marshal
import math
import time
from urllib.parse import parse_qs

from partnergraph.errors import (
    EngineUnavailable,
    GraphNotValidated,
    GraphTooComplex,
    MalformedGraph,
    NotAcceptable,
    PartnergraphError,
    RequestError,
    ResultTooLarge,
    ValidationTimeout,
)
from partnergraph.formats import (
    GRAPH_FORMATS,
    LANGUAGES,
    Format,
    negotiate,
    negotiate_language,
)
from partnergraph.gate.validation_process import Limits, Outcome
from partnergraph.gate.validators import Validators
from partnergraph.protocol.budgets import Budgets
from partnergraph.protocol.messages import Headers, Request, Response
from partnergraph.protocol.places import Places
from partnergraph.protocol.problems import MEDIA_TYPE, problem_body, problem_of
from partnergraph.protocol.query_request import LONGEST_PREFERENCES, MOST_PARAMETERS
from partnergraph.settings import Settings

AT_ONCE = 2
"""Graphs that are validated at a time."""

QUEUE = 64
"""Graphs that wait for their turn; each takes memory."""

SHARE = 8
"""What part of them one client may have."""

USUAL = 1.0
"""Seconds that a graph takes, before one was validated."""

METHODS = "GET, HEAD, POST, OPTIONS"

SYNTAXES = {one.media_type.partition(";")[0]: f".{one.name}" for one in GRAPH_FORMATS}
"""What a graph may be posted as, with the extension that a file of the syntax has."""

REPORT_FORMATS = (
    Format("turtle", "text/turtle; charset=utf-8"),
    Format("jsonld", "application/ld+json"),
    Format("json", "application/json"),
    Format("text", "text/plain; charset=utf-8"),
)
"""What a report can be had in, the first by default."""

COMMON: Headers = (
    ("vary", "Accept, Accept-Language"),
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
)


class GraphValidation:
    """Answers the requests to ``/validate``."""

    def __init__(self, settings: Settings, budgets: Budgets) -> None:
        """Args:
        settings: where the ontology is, and the bounds of each validation.
        budgets: what each client has left.
        """
        # Of the processor's time, half as much again: the deadline is to come first.
        seconds = math.ceil(1.5 * settings.timeout) + 1
        limits = Limits(settings.memory * 1024**2, seconds, settings.max_result_bytes)
        self._validators = Validators(settings.ontology, limits)
        self._timeout = settings.timeout
        self._max_bytes = settings.max_upload_bytes
        self._budgets = budgets
        self._places = Places(AT_ONCE, QUEUE, SHARE, "Too many graphs wait to be validated.")
        self._pace = USUAL  # Seconds that a graph takes of late.

    async def stop(self) -> None:
        """End the processes."""
        await self._validators.stop()

    async def respond(self, request: Request) -> Response:
        """Answer a request; every error becomes a response, too."""
        try:
            if request.method == "OPTIONS":
                return _preflight()
            if request.method != "POST":
                raise RequestError(405, "A graph is posted to /validate.", {"allow": METHODS})
            suffix = _syntax(request)
            report_format, language = _wishes(request)
            if len(request.body) > self._max_bytes:
                raise RequestError(413, f"A graph may be {self._max_bytes} bytes long.")
            job = marshal.dumps((suffix, report_format.name, language, request.body))
            body = await self._validate(job, self._budgets.client(request.client))
        except PartnergraphError as error:
            return _refuse(error)
        # The messages of the other formats stand there in both languages.
        languages = language if report_format.name == "text" else ", ".join(LANGUAGES)
        fields = (("content-type", report_format.media_type), ("content-language", languages))
        return Response(200, (*fields, *COMMON), body, "validated")

    async def _validate(self, job: bytes, client: str) -> bytes:
        """The report of a graph.

        Raises:
            PartnergraphError: it gets none.
        """
        self._budgets.require(client)
        await self._validators.start()
        await self._turn(client)
        begin = time.perf_counter()
        try:
            async with asyncio.timeout(self._timeout):
                outcome, body = await self._validators.reply(job)
        except TimeoutError:
            raise ValidationTimeout(
                f"The validation did not finish within {self._timeout:g} s."
            ) from None
        finally:
            took = time.perf_counter() - begin
            self._pace += (took - self._pace) / 4
            self._budgets.charge(client, took)
            self._places.leave(client)
        if outcome is Outcome.REPORT:
            return body
        if outcome is Outcome.TOO_COMPLEX:
            raise GraphTooComplex("The graph ended the process that validated it.")
        if outcome is Outcome.TOO_LARGE:
            raise ResultTooLarge("The report is over the limit of answers; post fewer things.")
        if outcome is Outcome.UNAVAILABLE:
            raise EngineUnavailable("No process can be started to validate the graph.")
        reason, line, column = marshal.loads(body)  # noqa: S302 - written by our own process
        if outcome is Outcome.MALFORMED:
            raise MalformedGraph(reason, line=line, column=column)
        if outcome is Outcome.NOT_VALIDATED:
            raise GraphNotValidated(f"This graph cannot be validated: {reason}")
        raise RuntimeError(reason)  # The ontology cannot be read any more.

    async def _turn(self, client: str) -> None:
        """Wait for a client's turn, if it comes in time.

        Raises:
            RequestError: it does not; Retry-After says when it would.
        """

        def wait() -> float:
            # No client that is told apart from others has all places.
            return self._places.ahead(client) * self._pace / (AT_ONCE - 1 if client else AT_ONCE)

        def seconds() -> int:
            return math.ceil(max(1.0, wait()))

        if wait() > self._timeout:
            words = "The graphs before this one take too long."
            raise RequestError(503, words, {"retry-after": str(seconds())})
        try:
            async with asyncio.timeout(self._timeout):
                await self._places.take(client, seconds)
        except TimeoutError:
            words = "The graphs before this one have taken longer than usual."
            raise RequestError(503, words, {"retry-after": str(seconds())}) from None


def _syntax(request: Request) -> str:
    """The file extension of the syntax that a graph is posted in."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        # A few bytes could become gigabytes: https://www.rfc-editor.org/rfc/rfc7694
        raise RequestError(415, "Send the graph uncompressed.", {"accept-encoding": "identity"})
    media_type, *parameters = request.headers.get("content-type", "").lower().split(";")
    for name, _, value in (parameter.partition("=") for parameter in parameters):
        if name.strip() == "charset" and value.strip(' "') not in ("utf-8", "utf8", "us-ascii"):
            raise RequestError(415, f"Send the graph in UTF-8, not in {value.strip()}.")
    syntax = SYNTAXES.get(media_type.strip())
    if not syntax:
        known = ", ".join(SYNTAXES)
        raise RequestError(415, f"Post a graph as one of {known}.", {"accept-post": known})
    return syntax


def _wishes(request: Request) -> tuple[Format, str]:
    """The format and the language of the report: by parameter, else by the header fields."""
    try:
        parameters = parse_qs(request.query_string, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        raise RequestError(400, f"There are more than {MOST_PARAMETERS} parameters.") from None
    for name in ("accept", "accept-language"):
        if len(request.headers.get(name, "")) > LONGEST_PREFERENCES:
            raise RequestError(431, f"{name.title()} may have {LONGEST_PREFERENCES} bytes.")
    preferred = negotiate_language(request.headers.get("accept-language"))
    language = parameters.get("lang", [preferred])[0]
    if language not in LANGUAGES:
        raise RequestError(400, f"The parameter 'lang' is one of {', '.join(LANGUAGES)}.")
    if "format" in parameters:
        names = {one.name: one for one in REPORT_FORMATS}
        named = names.get(parameters["format"][0])
        if not named:
            raise RequestError(400, f"The parameter 'format' is one of {', '.join(names)}.")
        return named, language
    wanted = negotiate(request.headers.get("accept"), REPORT_FORMATS)
    if not wanted:
        offered = ", ".join(one.media_type for one in REPORT_FORMATS)
        raise NotAcceptable(f"There is: {offered}.")
    return wanted, language


def _refuse(error: PartnergraphError) -> Response:
    problem = problem_of(error)
    place = (
        {"line": error.line, "column": error.column} if isinstance(error, MalformedGraph) else {}
    )
    own = dict(problem.headers) | (error.headers if isinstance(error, RequestError) else {})
    headers = (("content-type", MEDIA_TYPE), ("content-language", "en"), *COMMON, *own.items())
    return Response(
        problem.status, headers, problem_body(problem, str(error), **place), problem.slug
    )


def _preflight() -> Response:
    headers: Headers = (
        ("allow", METHODS),
        ("access-control-allow-methods", METHODS),
        ("access-control-allow-headers", "Accept, Accept-Language, Content-Type"),
        ("access-control-max-age", "86400"),
    )
    return Response(204, (*COMMON, *headers), b"", "preflight")
