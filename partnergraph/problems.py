"""Errors as HTTP: one shape for all of them, RFC 9457 problem details.

https://www.rfc-editor.org/rfc/rfc9457
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from partnergraph.errors import (
    EngineUnavailable,
    MalformedQuery,
    NotAcceptable,
    OutboundQuery,
    PartnergraphError,
    QueryTimeout,
    QueryTooComplex,
    RequestError,
    ResultTooLarge,
)
from partnergraph.namespaces import PUBLICATION

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Problem:
    """A kind of problem: its status, and what its type and title are."""

    status: int
    slug: str
    title: str
    headers: tuple[tuple[str, str], ...] = ()


PROBLEMS: dict[type[PartnergraphError], Problem] = {
    MalformedQuery: Problem(400, "malformed-query", "The query is not SPARQL 1.1"),
    OutboundQuery: Problem(400, "outbound-query", "The query asks other servers"),
    QueryTooComplex: Problem(400, "query-too-complex", "The query is too complex"),
    ResultTooLarge: Problem(400, "result-too-large", "The answer is too large"),
    NotAcceptable: Problem(406, "not-acceptable", "No acceptable representation"),
    QueryTimeout: Problem(
        503, "query-timeout", "The query took too long", (("Retry-After", "60"),)
    ),
    EngineUnavailable: Problem(503, "unavailable", "The service is busy", (("Retry-After", "5"),)),
}

REQUEST_PROBLEMS = {
    400: Problem(400, "bad-request", "The request is not of the SPARQL protocol"),
    404: Problem(404, "not-found", "There is nothing here"),
    405: Problem(405, "method-not-allowed", "The method is not allowed here"),
    406: Problem(406, "not-acceptable", "No acceptable representation"),
    408: Problem(408, "request-timeout", "The request took too long to arrive"),
    413: Problem(413, "request-too-long", "The request is too long"),
    415: Problem(415, "unsupported-media-type", "The request's media type is not supported"),
    429: Problem(429, "budget-exhausted", "The client has used up its budget"),
    431: Problem(431, "headers-too-long", "The header fields are too long"),
    500: Problem(500, "internal-error", "Something went wrong here"),
}


def problem_of(error: PartnergraphError) -> Problem:
    """The kind of problem that an error is to a client."""
    if isinstance(error, RequestError):
        return REQUEST_PROBLEMS[error.status]
    return PROBLEMS.get(type(error), REQUEST_PROBLEMS[500])


def problem_body(problem: Problem, detail: str | None, **extensions: object) -> bytes:
    """The JSON document of one occurrence of a problem."""
    document: dict[str, object] = {
        "type": f"{PUBLICATION}problems#{problem.slug}",
        "title": problem.title,
        "status": problem.status,
    }
    if detail:
        document["detail"] = detail
    document.update((name, value) for name, value in extensions.items() if value is not None)
    return json.dumps(document, ensure_ascii=False).encode()
