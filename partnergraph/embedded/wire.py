"""What goes between the server and the query processes: messages with queries, and their replies.

Both ends are ours, and of one version; only the texts inside are strangers'.
"""

from __future__ import annotations

import marshal
import struct
from dataclasses import astuple
from enum import IntEnum
from typing import Any

from partnergraph.engine import Answer, Enrichment, Query
from partnergraph.errors import NotAcceptable, QueryTooComplex, ResultTooLarge
from partnergraph.formats import GRAPH_FORMATS, JSON, RESULTS_FORMATS
from partnergraph.slips.excess import read_excess
from partnergraph.slips.refusals import read_explanation

ORDER = struct.Struct("!ci")
"""To the process that forks them, and back: a letter and a number."""

LARGEST_MESSAGE = 1024 * 1024
"""Bytes that a message may have, where the system's socket buffers allow as much."""

TICKET = struct.Struct("!Q")
"""Before a message: its number."""

HEADER = struct.Struct("!QBdQ")
"""Before a reply: the number of its message, its :class:`Outcome`, its seconds and its bytes."""

Extra = tuple[bool, tuple[Any, ...]] | None
"""Whether it is asked why there is no answer, and the fields of an enrichment; or nothing else."""

QueryMessage = tuple[
    str,
    tuple[str, ...],
    tuple[str, ...],
    str | None,
    str | None,
    str | None,
    int,
    Extra,
    tuple[int, ...] | None,
]
"""Text, default graphs, named graphs, formats of results and of graphs, coding, cap in bytes.

And what else is asked for, and how much there may be of the query.
"""


class Outcome(IntEnum):
    """What a reply says; the bytes after it are the answer, or the reason."""

    RESULTS = 1
    GRAPH = 2
    CODED_RESULTS = 3
    CODED_GRAPH = 4
    MALFORMED = 5
    TOO_LARGE = 6
    NOT_ACCEPTABLE = 7
    OUT_OF_MEMORY = 8
    EXPLANATION = 9
    TOO_MUCH = 10
    NOT_SAYABLE = 11


def write_message(query: Query, cap: int) -> bytes:
    """A query as a message.

    Args:
        query: what is asked.
        cap: bytes that its answer may have.
    """
    message: QueryMessage = (
        query.text,
        query.default_graphs,
        query.named_graphs,
        query.results_format.name if query.results_format else None,
        query.graph_format.name if query.graph_format else None,
        query.coding,
        cap,
        _extra(query),
        tuple(query.bounds) if query.bounds else None,
    )
    return marshal.dumps(message)


def _extra(query: Query) -> Extra:
    enrichment = query.enrichment or Enrichment("")
    return (query.why_empty, astuple(enrichment)) if query.why_empty or query.enrichment else None


def read_message(message: bytes | memoryview) -> QueryMessage:
    """What a message says."""
    read: QueryMessage = marshal.loads(message)  # noqa: S302 - written by the server itself
    return read


def read_reply(query: Query, outcome: Outcome, body: bytes, cap: int, memory: int) -> Answer:
    """The answer to a query.

    Args:
        query: what was asked.
        outcome: what the reply says.
        body: the bytes after it.
        cap: bytes that an answer may have.
        memory: MiB that a query may use.

    Raises:
        QueryError: there is none.
    """
    if outcome in (Outcome.RESULTS, Outcome.CODED_RESULTS) and query.results_format:
        coding = query.coding if outcome is Outcome.CODED_RESULTS else None
        return Answer(query.results_format, body, coding)
    if outcome in (Outcome.GRAPH, Outcome.CODED_GRAPH) and query.graph_format:
        coding = query.coding if outcome is Outcome.CODED_GRAPH else None
        return Answer(query.graph_format, body, coding)
    if outcome is Outcome.EXPLANATION:
        return Answer(JSON, body)
    if outcome is Outcome.MALFORMED:
        raise read_explanation(body)
    if outcome is Outcome.NOT_SAYABLE:
        raise NotAcceptable(body.decode())
    if outcome is Outcome.TOO_MUCH:
        raise read_excess(body)
    if outcome is Outcome.TOO_LARGE:
        raise ResultTooLarge(
            f"The answer is larger than {cap} bytes. "
            "Give the query a LIMIT, or download the whole dataset at /data/."
        )
    if outcome is Outcome.OUT_OF_MEMORY:
        raise too_complex(memory)
    raise _not_acceptable(query)


def too_complex(memory: int) -> QueryTooComplex:
    """What is said of a query that has ended its process, which may use so many MiB."""
    return QueryTooComplex(
        f"The query is nested too deeply, or it needs more than {memory} MiB of memory. "
        "Simplify it."
    )


def _not_acceptable(query: Query) -> NotAcceptable:
    results = query.results_format is None
    asked = "A SELECT or ASK query" if results else "A CONSTRUCT or DESCRIBE query"
    types = (one.media_type for one in (RESULTS_FORMATS if results else GRAPH_FORMATS))
    offered = ", ".join(one.partition(";")[0] for one in types)
    return NotAcceptable(f"{asked} is answered as one of {offered}; accept one of these.")
