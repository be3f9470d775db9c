"""What a query process does: one query in, finished bytes or an error out.

It is forked by :mod:`partnergraph.embedded.nursery` with the data already in memory, may open no
file or connection, and may be killed at any moment.
"""

from __future__ import annotations

import io
import resource
import socket
import struct
import time
from collections.abc import Iterable

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from partnergraph.answers.empty import explain_empty
from partnergraph.answers.enrichment import enriched
from partnergraph.answers.found import widest_view
from partnergraph.answers.results_json import written
from partnergraph.content_codings import WORTHWHILE, encode
from partnergraph.embedded.wire import (
    HEADER,
    LARGEST_MESSAGE,
    TICKET,
    Outcome,
    QueryMessage,
    read_message,
)
from partnergraph.engine import Bounds, Enrichment
from partnergraph.errors import NotAcceptable
from partnergraph.formats import FORMATS
from partnergraph.isolation.confinement import cap, cap_memory, pages
from partnergraph.mends.evaluation import evaluate
from partnergraph.namespaces import PREFIXES
from partnergraph.slips.excess import explain_excess
from partnergraph.slips.refusals import explain
from partnergraph.sparql.extent import Excess, excess
from partnergraph.syntaxes.graph_documents import as_xml, write_graph

_FIRST: QueryMessage = ("ASK {}", (), (), "json", "ttl", None, 1024, None, None)

WEAR = 0.2
"""What part of the data a process may have of its own before it is replaced."""

LIFETIME = 10.0
"""Seconds that a process works at least, as making another one takes milliseconds."""

PAUSE = 0.25
"""Seconds without a query after which a process has nothing to do."""

LEAST_WEAR = 8192
"""Pages that are never too many: 32 MiB, mostly."""


class _OverCap(Exception):
    """The answer has grown over its cap."""


class _NotAcceptable(Exception):
    """The client accepts no representation of this kind of answer."""


_OUTCOMES: dict[type[Exception], Outcome] = {
    NotAcceptable: Outcome.NOT_SAYABLE,
    _NotAcceptable: Outcome.NOT_ACCEPTABLE,
    _OverCap: Outcome.TOO_LARGE,
    MemoryError: Outcome.OUT_OF_MEMORY,
    RecursionError: Outcome.OUT_OF_MEMORY,
}

_LINE_ENDS = {QueryResultsFormat.CSV: b"\r\n", QueryResultsFormat.TSV: b"\n"}
"""What ends the only line of an ASK."""

_CODED = {Outcome.RESULTS: Outcome.CODED_RESULTS, Outcome.GRAPH: Outcome.CODED_GRAPH}


class _CappedBuffer(io.BytesIO):
    """A buffer that refuses to grow over a cap."""

    def __init__(self, cap: int) -> None:
        super().__init__()
        self._cap = cap

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        if self.tell() + len(data) > self._cap:
            raise _OverCap
        return super().write(data)


def confine(memory: int) -> int:
    """Cap the address space at ``memory`` bytes above today's, and forbid new descriptors.

    Returns:
        the pages of memory that the process, newly forked, shares with its parent.
    """
    _, resident = pages()
    cap_memory(memory)
    # No new descriptor, no connection: SERVICE and LOAD fail before anything is sent.
    cap(resource.RLIMIT_NOFILE, 0)
    return resident


def serve(messages: socket.socket, replies: socket.socket, store: Store, memory: int) -> None:
    """Answer queries, one after another, until the other end closes or the process is worn out.

    The engine locks each quad that it looks at, in the memory that holds the quad: so the pages
    with the data become this process's own, one by one. When they are too many, the process ends
    as soon as it has nothing to do, or after a while; the next one shares all of them again.

    Args:
        messages: where queries come from.
        replies: where answers go.
        store: the data.
        memory: bytes that a query may use beside the data.
    """
    buffer = bytearray(LARGEST_MESSAGE)
    view = memoryview(buffer)
    reply(store, _FIRST)  # What the engine sets up once is not counted as a query's.
    shared = confine(memory)
    worn_out = _page_faults() + max(LEAST_WEAR, int(shared * WEAR))
    retirement = time.monotonic() + LIFETIME
    seconds, rest = divmod(PAUSE, 1)
    pause = struct.pack("@ll", int(seconds), int(rest * 1_000_000))
    messages.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, pause)
    while True:
        try:
            length = messages.recv_into(buffer)
        except BlockingIOError:
            if _page_faults() > worn_out:
                return
            continue
        if not length:
            return
        message = read_message(view[TICKET.size : length])
        begin = time.monotonic()
        outcome, body = reply(store, message)
        end = time.monotonic()
        (ticket,) = TICKET.unpack_from(buffer)
        replies.sendall(HEADER.pack(ticket, outcome, end - begin, len(body)) + body)
        if end > retirement:
            if _page_faults() > worn_out:
                return
            retirement = end + PAUSE


def _page_faults() -> int:
    """How often a page of memory has become this process's own: an upper bound of how many have."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def reply(store: Store, message: QueryMessage) -> tuple[Outcome, bytes]:
    """Evaluate one query and serialise its result."""
    text, coding, bounds = message[0], message[5], message[8]
    try:
        found = excess(text, Bounds(*bounds)) if bounds else None
        if found:
            return _too_much(text, found)
        outcome, body = _answer(store, message)
        if coding and outcome in _CODED and len(body) >= WORTHWHILE:
            return _CODED[outcome], encode(body, coding)
        return outcome, body
    except SyntaxError as error:
        return Outcome.MALFORMED, explain(text, error.msg or "")
    except (NotAcceptable, _NotAcceptable, _OverCap, MemoryError, RecursionError) as error:
        return _OUTCOMES[type(error)], str(error).encode()
    except (OSError, RuntimeError, ValueError) as error:
        if getattr(error, "filename", None):
            raise  # A fault of ours: nothing in a confined process opens a file.
        # What the engine refuses while it evaluates, such as SERVICE without a descriptor.
        return Outcome.MALFORMED, explain("", str(error))


def _too_much(text: str, found: Excess) -> tuple[Outcome, bytes]:
    if found.kind == "grammar":
        return Outcome.MALFORMED, explain(text, "It goes beyond the grammar of SPARQL 1.1.")
    return Outcome.TOO_MUCH, explain_excess(found)


def _answer(store: Store, message: QueryMessage) -> tuple[Outcome, bytes]:
    text, default_graphs, named_graphs, results_format, graph_format, _, cap, extra, _ = message
    buffer = _CappedBuffer(cap)
    result: QuerySolutions | QueryBoolean | Iterable[Triple] | bytes
    if extra:
        why_empty, fields = extra
        enrichment = Enrichment(*fields)
        if why_empty:
            return Outcome.EXPLANATION, explain_empty(widest_view(store, enrichment), text)
        result = enriched(store, text, enrichment)
        if isinstance(result, bytes):
            syntax = _results_syntax(results_format)
            buffer.write(written(result, syntax, spreadsheet=enrichment.spreadsheet))
            return Outcome.RESULTS, _checked(buffer.getvalue(), syntax)
    else:
        result = evaluate(store, text, default_graphs, named_graphs)
        if isinstance(result, (QuerySolutions, QueryBoolean)):
            syntax = _results_syntax(results_format)
            result.serialize(buffer, syntax)
            if isinstance(result, QueryBoolean):
                buffer.write(_LINE_ENDS.get(syntax, b""))
            return Outcome.RESULTS, _checked(buffer.getvalue(), syntax)
    return Outcome.GRAPH, _written_graph(result, graph_format, buffer)


def _checked(content: bytes, syntax: QueryResultsFormat) -> bytes:
    return as_xml(content) if syntax == QueryResultsFormat.XML else content


def _results_syntax(name: str | None) -> QueryResultsFormat:
    syntax = FORMATS[name].syntax if name else None
    if not isinstance(syntax, QueryResultsFormat):
        raise _NotAcceptable
    return syntax


def _written_graph(result: Iterable[Triple], name: str | None, buffer: io.BytesIO) -> bytes:
    syntax = FORMATS[name].syntax if name else None
    if not isinstance(syntax, RdfFormat):
        raise _NotAcceptable
    # A graph is a set; the engine gives a triple once for each solution that builds it.
    triples = dict.fromkeys(result)
    if syntax == RdfFormat.RDF_XML:
        buffer.write(write_graph(triples, syntax))
    else:
        serialize(triples, buffer, syntax, prefixes=PREFIXES)
    return buffer.getvalue()
