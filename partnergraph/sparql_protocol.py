"""The query operation of the SPARQL 1.1 Protocol: a request goes in, a response comes out.

https://www.w3.org/TR/sparql11-protocol/#query-operation

It knows no web framework: the HTTP server and Flask both call :class:`SparqlEndpoint`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode

from partnergraph.engine import Engine, Query
from partnergraph.errors import MalformedQuery, NotAcceptable, PartnergraphError, RequestError
from partnergraph.formats import FORMATS, GRAPH_FORMATS, RESULTS_FORMATS, Format, negotiate
from partnergraph.problems import MEDIA_TYPE, problem_body, problem_of

METHODS = "GET, HEAD, POST, OPTIONS"
FORM = "application/x-www-form-urlencoded"
SPARQL_QUERY = "application/sparql-query"
SPARQL_UPDATE = "application/sparql-update"

Headers = tuple[tuple[str, str], ...]

CROSS_ORIGIN: Headers = (
    ("access-control-allow-origin", "*"),
    ("access-control-expose-headers", "ETag, Retry-After, Partnergraph-Version"),
)


@dataclass(frozen=True)
class Request:
    """What the endpoint needs of an HTTP request."""

    method: str
    query_string: str = ""
    content_type: str = ""
    accept: str | None = None
    body: bytes = b""


@dataclass(frozen=True)
class Response:
    """An HTTP response, finished."""

    status: int
    headers: Headers
    body: bytes


class SparqlEndpoint:
    """Answers the requests to ``/sparql``."""

    def __init__(self, engine: Engine, version: str, max_query_bytes: int) -> None:
        """Args:
        engine: answers the queries.
        version: the dataset's version, which stands on every response.
        max_query_bytes: the longest query string or body.
        """
        self.max_query_bytes = max_query_bytes
        self._engine = engine
        self.common_headers: Headers = (*CROSS_ORIGIN, ("partnergraph-version", version))
        self._always: Headers = (("vary", "Accept"), *self.common_headers)

    async def respond(self, request: Request) -> Response:
        """Answer a request; every error becomes a response, too."""
        try:
            if request.method == "OPTIONS":
                return self._options()
            answer = await self._engine.answer(read_query(request, self.max_query_bytes))
        except PartnergraphError as error:
            return self.refuse(error)
        return self._response(200, answer.format.media_type, answer.body)

    def refuse(self, error: PartnergraphError) -> Response:
        """The response that says an error."""
        problem = problem_of(error)
        place = (
            {"line": error.line, "column": error.column}
            if isinstance(error, MalformedQuery)
            else {}
        )
        extra = error.headers if isinstance(error, RequestError) else {}
        response = self._response(
            problem.status, MEDIA_TYPE, problem_body(problem, str(error), **place)
        )
        return Response(
            response.status, (*response.headers, *problem.headers, *extra.items()), response.body
        )

    def _options(self) -> Response:
        headers: Headers = (
            ("allow", METHODS),
            ("access-control-allow-methods", METHODS),
            ("access-control-allow-headers", "Accept, Content-Type"),
            ("access-control-max-age", "86400"),
        )
        return Response(204, (*self._always, *headers), b"")

    def _response(self, status: int, media_type: str, body: bytes) -> Response:
        headers: Headers = (("content-type", media_type), ("content-length", str(len(body))))
        return Response(status, (*headers, *self._always), body)


def read_query(request: Request, max_bytes: int) -> Query:
    """The query that a request asks.

    Raises:
        RequestError: the request is not a query operation; the message says what would be right.
    """
    if request.method not in ("GET", "HEAD", "POST"):
        raise RequestError(
            405, f"A query is asked with {METHODS}; this endpoint only reads.", {"allow": METHODS}
        )
    if max(len(request.query_string), len(request.body)) > max_bytes:
        raise RequestError(413, f"A query may be {max_bytes} bytes long.")
    parameters = _parameters(request.query_string)
    media_type = request.content_type.partition(";")[0].strip().lower()
    if request.method != "POST":
        text = _only(parameters, "query")
    elif media_type == FORM:
        # The protocol puts all parameters of this form into the body; ``format`` may also be said
        # in the address, as a form's action often has it.
        parameters = _parameters(_text(request.body)) + parameters
        text = _only(parameters, "query")
    elif media_type == SPARQL_QUERY:
        if any(name == "query" for name, _ in parameters):
            raise RequestError(400, "The query stands in the body and in the address.")
        text = _text(request.body)
    else:
        raise RequestError(
            415, f"POST a query as {FORM} or as {SPARQL_QUERY}, in UTF-8; updates are not taken."
        )
    if any(name == "update" for name, _ in parameters):
        raise RequestError(400, "This endpoint only reads: it takes no update.")
    results_format, graph_format = _formats(request.accept, parameters)
    return Query(
        text=text,
        default_graphs=_iris(parameters, "default-graph-uri"),
        named_graphs=_iris(parameters, "named-graph-uri"),
        results_format=results_format,
        graph_format=graph_format,
    )


Parameters = Sequence[tuple[str, str]]


def _parameters(encoded: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=100)
    except UnicodeDecodeError:
        raise RequestError(400, "The parameters are not percent-encoded UTF-8.") from None
    except ValueError:
        raise RequestError(400, "There are more than 100 parameters.") from None


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError(400, f"The body is not UTF-8 (byte {error.start}).") from None


def _all(parameters: Parameters, name: str) -> tuple[str, ...]:
    return tuple(value for key, value in parameters if key == name)


def _iris(parameters: Parameters, name: str) -> tuple[str, ...]:
    iris = _all(parameters, name)
    for iri in iris:
        try:
            NamedNode(iri)
        except ValueError:
            raise RequestError(
                400, f"The parameter {name!r} is no absolute IRI: {iri!r}."
            ) from None
    return iris


def _only(parameters: Parameters, name: str) -> str:
    values = _all(parameters, name)
    if len(values) == 1:
        return values[0]
    if not values:
        raise RequestError(400, f"The parameter {name!r} is missing: /sparql?query=SELECT…")
    raise RequestError(400, f"The parameter {name!r} is given {len(values)} times; once is right.")


def _formats(accept: str | None, parameters: Parameters) -> tuple[Format | None, Format | None]:
    """The format of results and that of graphs: by ``format`` where it is given, else by Accept."""
    named = _all(parameters, "format")
    if not named:
        results, graph = negotiate(accept, RESULTS_FORMATS), negotiate(accept, GRAPH_FORMATS)
        if not (results or graph):
            offered = ", ".join(one.media_type for one in (*RESULTS_FORMATS, *GRAPH_FORMATS))
            raise NotAcceptable(f"There is: {offered}.")
        return results, graph
    found = FORMATS.get(named[0])
    if found is None or len(named) > 1:
        raise RequestError(400, f"The parameter 'format' is one of {', '.join(FORMATS)}.")
    return (
        found if found in RESULTS_FORMATS else None,
        found if found in GRAPH_FORMATS else None,
    )
