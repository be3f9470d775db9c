"""From an HTTP request to the query that it asks.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

import re
from binascii import a2b_qp
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from pyoxigraph import NamedNode

from partnergraph.content_codings import negotiate_coding
from partnergraph.engine import Bounds, Query
from partnergraph.errors import NotAcceptable, RequestError
from partnergraph.formats import (
    FORMATS,
    GRAPH_FORMATS,
    RESULTS_FORMATS,
    Format,
    formats_named,
    negotiate,
)
from partnergraph.protocol.messages import Request

METHODS = "GET, HEAD, POST, OPTIONS"
FORM = "application/x-www-form-urlencoded"
SPARQL_QUERY = "application/sparql-query"

MOST_PARAMETERS = 100
"""Parameters that a request may have."""

MOST_FORMATS = 4
"""Times that a request may say its format; further ones do not count."""

LONGEST_PREFERENCES = 1024
"""Bytes that Accept, and Accept-Encoding, may have."""

Parameters = Sequence[tuple[str, str]]
"""Names and values, in the order of the request."""

_LONE_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")
"""A percent sign that begins no escape; it stands for itself."""


@dataclass(frozen=True)
class QueryLimits:
    """How large a stranger's query may be.

    Attributes:
        bytes: of its query string, or of its body.
        bounds: how much there may be of it.
    """

    bytes: int
    bounds: Bounds | None = None


def read_query(request: Request, limits: QueryLimits) -> Query:
    """The query that a request asks.

    Args:
        request: complete.
        limits: how large the query may be.

    Raises:
        RequestError: the request is not a query operation; the message says what would be right.
    """
    if request.method not in ("GET", "HEAD", "POST"):
        raise RequestError(
            405, f"A query is asked with {METHODS}; this endpoint only reads.", {"allow": METHODS}
        )
    if max(len(request.query_string), len(request.body)) > limits.bytes:
        raise RequestError(413, f"A query may be {limits.bytes} bytes long.")
    parameters = read_parameters(request.query_string)
    media_type = _media_type(request) if request.method == "POST" else ""
    if media_type == FORM:
        # The protocol puts all parameters of this form into the body; ``format`` may also be said
        # in the address, as a form's action often has it.
        parameters = read_parameters(_text(request.body)) + parameters
    fields: dict[str, list[str]] = {}
    for name, value in parameters:
        fields.setdefault(name, []).append(value)
    if "update" in fields:
        raise RequestError(400, "This endpoint only reads: it takes no update.")
    if media_type in ("", FORM):
        text = _only(fields, "query")
    elif media_type == SPARQL_QUERY:
        if "query" in fields:
            raise RequestError(400, "The query stands in the body and in the address.")
        text = _text(request.body)
    else:
        raise RequestError(
            415, f"POST a query as {FORM} or as {SPARQL_QUERY}, in UTF-8; updates are not taken."
        )
    results_format, graph_format, notice = _formats(
        short_field(request, "accept"), tuple(fields.get("format", ())[:MOST_FORMATS])
    )
    return Query(
        text=text,
        default_graphs=_iris(fields, "default-graph-uri"),
        named_graphs=_iris(fields, "named-graph-uri"),
        results_format=results_format,
        graph_format=graph_format,
        coding=negotiate_coding(short_field(request, "accept-encoding")),
        bounds=limits.bounds,
        notice=notice,
    )


def short_field(request: Request, name: str) -> str | None:
    """A header field that is weighed element by element, and so has to be short.

    Raises:
        RequestError: it is not.
    """
    value = request.headers.get(name)
    if value and len(value) > LONGEST_PREFERENCES:
        raise RequestError(431, f"{name.title()} may have {LONGEST_PREFERENCES} bytes.")
    return value


def _media_type(request: Request) -> str:
    """The media type of the body, which has to be UTF-8, uncompressed."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        # A few bytes could become gigabytes: https://www.rfc-editor.org/rfc/rfc7694
        raise RequestError(
            415, "Send the query uncompressed; it is short.", {"accept-encoding": "identity"}
        )
    media_type, *parameters = request.headers.get("content-type", "none").lower().split(";")
    for name, _, value in (parameter.partition("=") for parameter in parameters):
        if name.strip() == "charset" and value.strip(' "') not in ("utf-8", "utf8", "us-ascii"):
            raise RequestError(415, f"Send the query in UTF-8, not in {value.strip()}.")
    return media_type.strip() or "none"


def read_parameters(encoded: str) -> list[tuple[str, str]]:
    """The fields of a form: https://url.spec.whatwg.org/#urlencoded-parsing.

    Raises:
        RequestError: they are too many, or not in UTF-8.
    """
    fields = encoded.split("&") if encoded else []
    if len(fields) > MOST_PARAMETERS:
        raise RequestError(400, f"There are more than {MOST_PARAMETERS} parameters.")
    try:
        pairs = [field.partition("=") for field in fields]
        return [(_decoded(name), _decoded(value)) for name, _, value in pairs]
    except UnicodeDecodeError:
        raise RequestError(400, "The parameters are not percent-encoded UTF-8.") from None


def _decoded(encoded: str) -> str:
    """What a percent-encoded name or value stands for.

    ``urllib.parse`` would do as well, but takes a fifth of the time of a whole request: it goes
    through the escapes one by one. Quoted-printable differs in its sign alone, and its decoder is
    written in C.
    """
    content = encoded.replace("+", " ").encode()
    if b"%" not in content:
        return content.decode()
    if _LONE_PERCENT.search(content):
        return unquote_to_bytes(content).decode()
    return a2b_qp(content.replace(b"=", b"=3D").replace(b"%", b"=")).decode()


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError(400, f"The body is not UTF-8 (byte {error.start}).") from None


def _iris(fields: Mapping[str, list[str]], name: str) -> tuple[str, ...]:
    # A dataset is a set of graphs; the engine would count one twice that is named twice.
    iris = tuple(dict.fromkeys(fields.get(name, ())))
    for iri in iris:
        try:
            NamedNode(iri)
        except ValueError:
            raise RequestError(
                400, f"The parameter {name!r} is no absolute IRI: {iri!r}."
            ) from None
    return iris


def _only(fields: Mapping[str, list[str]], name: str) -> str:
    values = fields.get(name, ())
    if len(values) == 1:
        return values[0]
    if not values and "graph" in fields:
        stem = fields["graph"][0].rpartition("/graph/")[2]
        raise RequestError(
            400, f"This endpoint answers queries; a named graph has its own address: /graph/{stem}"
        )
    if not values:
        raise RequestError(400, f"The parameter {name!r} is missing: /sparql?query=SELECT…")
    raise RequestError(400, f"The parameter {name!r} is given {len(values)} times; once is right.")


@lru_cache(maxsize=256)
def _formats(
    accept: str | None, named: tuple[str, ...]
) -> tuple[Format | None, Format | None, str]:
    """The format of results and that of graphs: by ``format`` where it is given, else by Accept.

    And what the client should be told: a name that nobody knows does not count where Accept says
    what is wanted.
    """
    # Some clients say it twice, as a name and as a media type: the first that is known counts.
    for formats in map(formats_named, named):
        if any(formats):
            return *formats, ""
    results, graph = negotiate(accept, RESULTS_FORMATS), negotiate(accept, GRAPH_FORMATS)
    known = f"The parameter 'format' is one of {', '.join(FORMATS)}"
    if named and (not (results or graph) or (accept or "*/*").strip() == "*/*"):
        raise RequestError(400, f"{known}.")
    if not (results or graph):
        offered = ", ".join(one.media_type for one in (*RESULTS_FORMATS, *GRAPH_FORMATS))
        raise NotAcceptable(f"There is: {offered}.")
    return results, graph, f"{known}; Accept has decided." if named else ""
