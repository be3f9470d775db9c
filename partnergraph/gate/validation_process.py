"""The processes that validate strangers' graphs: one graph each, confined, and easily killed.

``python -m partnergraph.gate.validation_process CONTROL ONTOLOGY MEMORY SECONDS CAP`` imports
rdflib and pySHACL once and then forks. With each byte that comes over the socket with the
descriptor CONTROL comes another socket, that of one job, and a child is forked for it. The child
reads a graph from its socket up to the end of input, writes its reply and ends. The parent reads
nothing that a stranger wrote; it watches:

- When the server closes its end of a job's socket, the job's child is killed. That is all there is
  to the deadline and to clients that hang up, and it holds when the server dies, too.
- When a child ends, however it does, the server sees the end of the job's socket.
- When CONTROL closes, the process ends, and with it its children.

Linux only, as :mod:`partnergraph.embedded.nursery` is.
"""

from __future__ import annotations

import gc
import marshal
import os
import resource
import select
import signal
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple, NoReturn

from pyoxigraph import DefaultGraph, NamedNode, Quad

from partnergraph.dataset.canonical import in_graph
from partnergraph.dataset.loading import complete
from partnergraph.dataset.one_form import rewritten_tags
from partnergraph.dataset.parsing import parse_quads
from partnergraph.errors import PartnergraphError, UnreadableInput
from partnergraph.gate.places import placed_in_text
from partnergraph.gate.reports import Language, ReportFormat, render
from partnergraph.gate.validation import validate
from partnergraph.isolation.confinement import cap, cap_memory, discard_output, end_with_parent
from partnergraph.isolation.fork_server import READY
from partnergraph.namespaces import GRAPH

POSTED = NamedNode(f"{GRAPH}posted")
"""The named graph that triples become."""

HEADER = struct.Struct("!BQ")
"""Before a reply: its :class:`Outcome` and its bytes."""

Job = tuple[str, ReportFormat, Language, bytes]
"""File extension of the syntax, format and language of the report, and the graph."""

Fault = tuple[str, int | None, int | None]
"""What is wrong, and the line and the column of it."""

_OPEN = 3
"""Descriptors that a child begins with: its job's socket, and nothing, twice."""

_NUMBER = b'{"x:a": {"@value": 1.5, "@type": "http://www.w3.org/2001/XMLSchema#decimal"}}'
_SAMPLE = b'<x:a> a <https://partnergraph.example/def#Agreement> ; <x:b> "1"^^<x:c>, "a"@lv, [] .'


class Outcome(IntEnum):
    """What a reply says; the bytes after it are the report, or a :data:`Fault`."""

    REPORT = 1
    MALFORMED = 2
    TOO_COMPLEX = 3
    TOO_LARGE = 4
    NOT_VALIDATED = 5
    FAULT = 6
    UNAVAILABLE = 7


class Limits(NamedTuple):
    """How much one job may use: bytes of memory, seconds of a processor, bytes of its report."""

    memory: int
    seconds: int
    cap: int


class _Child(NamedTuple):
    pid: int
    pidfd: int
    job: socket.socket


def main() -> None:
    """Import and warm up, then fork for each job until the server closes the socket."""
    # Ctrl-C in a terminal reaches every process of the group; the server decides when to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=int(sys.argv[1]))
    ontology = Path(sys.argv[2])
    limits = Limits(*map(int, sys.argv[3:]))
    _warm_up(ontology)
    gc.collect()
    gc.freeze()
    with suppress(ConnectionError):
        control.sendall(READY)
        _look_after(control, ontology, limits)


def _warm_up(ontology: Path) -> None:
    """Import what is imported at first use only: a child can open no file for it."""
    list(_posted(_NUMBER, ".jsonld"))
    for report_format in ReportFormat.__args__:  # type: ignore[attr-defined]
        with suppress(PartnergraphError):  # What is wrong with the ontology, each job says.
            dataset = complete(_posted(_SAMPLE, ".ttl"), ontology, alone=True)
            report = placed_in_text(validate(dataset), _SAMPLE.decode(), "ttl")
            render(report, report_format, "en")


def _look_after(control: socket.socket, ontology: Path, limits: Limits) -> None:
    children: list[_Child] = []
    poll = select.poll()
    poll.register(control, select.POLLIN)
    try:
        while True:
            events = {descriptor for descriptor, _ in poll.poll()}
            # Endings first: a new child gets descriptors that former ones had.
            for child in children[:]:
                if child.pidfd in events:
                    children.remove(child)
                    _bury(child, poll)
                elif child.job.fileno() in events:
                    signal.pidfd_send_signal(child.pidfd, signal.SIGKILL)
                    poll.unregister(child.job)
            if control.fileno() in events:
                order, descriptors, _, _ = socket.recv_fds(control, 1, 1)
                if not order:
                    return
                for descriptor in descriptors:
                    new = _fork(socket.socket(fileno=descriptor), ontology, limits)
                    if new:
                        children.append(new)
                        poll.register(new.pidfd, select.POLLIN)
                        poll.register(new.job, 0)  # Its end is told always; the rest is not ours.
    finally:
        for child in children:
            signal.pidfd_send_signal(child.pidfd, signal.SIGKILL)


def _bury(child: _Child, poll: select.poll) -> None:
    os.waitpid(child.pid, 0)
    for descriptor in (child.pidfd, child.job.fileno()):
        with suppress(KeyError):
            poll.unregister(descriptor)
    os.close(child.pidfd)
    child.job.close()


def _fork(job: socket.socket, ontology: Path, limits: Limits) -> _Child | None:
    parent = os.getpid()
    try:
        pid = os.fork()
    except OSError:  # No process is to be had at present.
        with job, suppress(OSError):
            job.sendall(HEADER.pack(Outcome.UNAVAILABLE, 0))
        return None
    if pid == 0:
        _be_child(job, parent, ontology, limits)
    return _Child(pid, os.pidfd_open(pid), job)


def _be_child(job: socket.socket, parent: int, ontology: Path, limits: Limits) -> NoReturn:
    """A child must not run its parent's code."""
    try:
        end_with_parent(parent)
        discard_output()
        os.dup2(job.fileno(), 0)
        os.closerange(_OPEN, os.sysconf("SC_OPEN_MAX"))
        own = socket.socket(fileno=0)
        outcome, body = _reply(b"".join(_parts(own)), ontology, limits)
        own.sendall(HEADER.pack(outcome, len(body)) + body)
    finally:
        os._exit(0)


def _parts(job: socket.socket) -> Iterator[bytes]:
    while part := job.recv(1 << 18):
        yield part


def _reply(message: bytes, ontology: Path, limits: Limits) -> tuple[Outcome, bytes]:
    # Written by the server itself; only the graph inside it is a stranger's.
    suffix, report_format, language, content = marshal.loads(message)  # noqa: S302
    _confine(limits)
    failed = Outcome.MALFORMED
    try:
        quads = list(_posted(content, suffix))
        failed = Outcome.FAULT
        # One file at a time, for the ontology; then none, for good.
        resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN + 1, _OPEN + 1))
        dataset = complete(quads, ontology, alone=True)
        tags = rewritten_tags(content, suffix, POSTED.value)
        dataset = replace(dataset, rewritten=(*dataset.rewritten, *tags))
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
        failed = Outcome.NOT_VALIDATED
        report = placed_in_text(validate(dataset), content.decode("utf-8", "replace"), suffix[1:])
        body = render(report, report_format, language).encode()
    except (MemoryError, RecursionError):
        return Outcome.TOO_COMPLEX, b""
    except Exception as error:
        return failed, marshal.dumps(_fault(error))
    return (Outcome.REPORT, body) if len(body) <= limits.cap else (Outcome.TOO_LARGE, b"")


def _fault(error: Exception) -> Fault:
    if isinstance(error, UnreadableInput):
        return error.reason, error.line, error.column
    if isinstance(error, PartnergraphError):
        # "the shapes are not SHACL: …" – they are; pySHACL says the same of data it cannot take.
        return str(error).partition(": ")[2] or str(error), None, None
    return f"the validator fails on it ({type(error).__name__})", None, None


def _posted(content: bytes, suffix: str) -> Iterator[Quad]:
    """The quads of a posted graph; triples become ``graph/posted``."""
    for quad in parse_quads(content, suffix, Path(f"posted{suffix}")):
        plain = isinstance(quad.graph_name, DefaultGraph)
        yield in_graph(quad.triple, POSTED) if plain else quad


def _confine(limits: Limits) -> None:
    """Cap memory above today's, processor time and files; no new descriptor, so no connection."""
    cap_memory(limits.memory)
    cap(resource.RLIMIT_CPU, limits.seconds)  # Should the server be too busy to keep the time.
    cap(resource.RLIMIT_FSIZE, 0)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, _OPEN + 1))


if __name__ == "__main__":
    main()
