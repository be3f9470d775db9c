"""Errors as HTTP: one shape for all of them, RFC 9457 problem details.

https://www.rfc-editor.org/rfc/rfc9457
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

from partnergraph.errors import (
    EngineUnavailable,
    GraphNotValidated,
    GraphTooComplex,
    MalformedGraph,
    MalformedQuery,
    NotAcceptable,
    OutboundQuery,
    PartnergraphError,
    QueryTimeout,
    QueryTooComplex,
    RequestError,
    ResultTooLarge,
    UnfitParameter,
    ValidationTimeout,
)
from partnergraph.formats import HTML, Format
from partnergraph.namespaces import PUBLICATION
from partnergraph.protocol.messages import Headers

MEDIA_TYPE = "application/problem+json"

PROBLEM_FORMATS = (Format("problem", MEDIA_TYPE), HTML)
"""What an error is said in, the first by default."""


@dataclass(frozen=True)
class Problem:
    """A kind of problem.

    Attributes:
        status: the HTTP status code.
        slug: its name, in the IRI of its type and on the page that explains it.
        title: what it is, by language.
        advice: what to do about it, by language.
        headers: that a response of this kind has.
    """

    status: int
    slug: str
    title: dict[str, str]
    advice: dict[str, str]
    headers: Headers = ()


def _read_problems() -> dict[str, Problem]:
    text = Path(__file__).with_suffix(".toml").read_text("utf-8")
    problems: dict[str, Problem] = {}
    for slug, entry in tomllib.loads(text).items():
        wait = entry.get("retry_after")
        headers: Headers = (("retry-after", str(wait)),) if wait else ()
        problems[slug] = Problem(entry["status"], slug, entry["title"], entry["advice"], headers)
    return problems


PROBLEMS = _read_problems()
"""By name; problems.toml says what each of them is."""

_OF_ERROR: dict[type[PartnergraphError], str] = {
    MalformedQuery: "malformed-query",
    OutboundQuery: "outbound-query",
    QueryTooComplex: "query-too-complex",
    ResultTooLarge: "result-too-large",
    UnfitParameter: "unfit-parameter",
    NotAcceptable: "not-acceptable",
    QueryTimeout: "query-timeout",
    EngineUnavailable: "unavailable",
    MalformedGraph: "malformed-graph",
    GraphNotValidated: "graph-not-validated",
    GraphTooComplex: "graph-too-complex",
    ValidationTimeout: "validation-timeout",
}

_OF_STATUS = {
    400: "bad-request",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    408: "request-timeout",
    410: "gone",
    412: "precondition-failed",
    413: "request-too-long",
    415: "unsupported-media-type",
    416: "no-such-part",
    417: "expectation-failed",
    429: "budget-exhausted",
    431: "headers-too-long",
    503: "unavailable",
}

_OTHERWISE = "internal-error"


def problem_of(error: PartnergraphError) -> Problem:
    """The kind of problem that an error is to a client."""
    if isinstance(error, RequestError) and type(error) not in _OF_ERROR:
        return problem_of_status(error.status)
    return PROBLEMS[_OF_ERROR.get(type(error), _OTHERWISE)]


def problem_of_status(status: int) -> Problem:
    """The kind of problem that a bare status code stands for."""
    return PROBLEMS[_OF_STATUS.get(status, _OTHERWISE)]


def problem_body(problem: Problem, detail: str | None, **extensions: object) -> bytes:
    """The JSON document of one occurrence of a problem."""
    document: dict[str, object] = {
        "type": f"{PUBLICATION}problems#{problem.slug}",
        "title": problem.title["en"],
        "status": problem.status,
    }
    if detail:
        document["detail"] = detail
    document.update((name, value) for name, value in extensions.items() if value is not None)
    return json.dumps(document, ensure_ascii=False).encode()
