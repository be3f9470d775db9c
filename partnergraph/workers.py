"""The embedded engine: queries in processes that may be killed.

The process that talks HTTP never parses or evaluates a query. It hands each one to a process of
:mod:`partnergraph.worker` that is free, keeps the deadline, and replaces what dies or is killed.
"""

from __future__ import annotations

import asyncio
import marshal
import os
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from partnergraph.engine import Answer, Query
from partnergraph.errors import (
    EngineUnavailable,
    MalformedQuery,
    NotAcceptable,
    QueryTimeout,
    QueryTooComplex,
    ResultTooLarge,
)
from partnergraph.forking import Nursery
from partnergraph.settings import Settings
from partnergraph.worker import HEADER, LENGTH, Outcome, QueryMessage, position

_RETRY_AFTER = 1.0
"""Seconds until the next try, where no process could be started."""


class WorkerPool:
    """An :class:`~partnergraph.engine.Engine` of ``settings.workers`` processes over one snapshot.

    It belongs to the event loop that it was started in.
    """

    def __init__(self, snapshot: bytes, settings: Settings) -> None:
        self._settings = settings
        self._nursery = Nursery(snapshot, settings.memory * 1024**2)
        self._idle: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        self._all: set[_Worker] = set()
        self._replacements: set[asyncio.Task[None]] = set()
        self._closing = False

    async def start(self) -> None:
        """Load the data and start the processes."""
        await self._nursery.start()
        for _ in range(self._settings.workers):
            await self._add_worker()

    async def stop(self) -> None:
        """End all processes, whatever they are doing."""
        self._closing = True
        for task in self._replacements:
            task.cancel()
        for worker in self._all:
            worker.transport.abort()
        await self._nursery.stop()

    async def answer(self, query: Query) -> Answer:
        """Answer one query; see :meth:`partnergraph.engine.Engine.answer`."""
        timeout = self._settings.timeout
        worker = await self._free_worker()
        try:
            async with asyncio.timeout(timeout):
                outcome, body = await worker.ask(self._message(query))
        except TimeoutError:
            raise QueryTimeout(
                f"The query did not finish within {timeout:g} s. Ask for less: bind more of its "
                "terms, give it a LIMIT, or split it."
            ) from None
        except _WorkerDied:
            raise await self._cause_of_death(worker) from None
        finally:
            if worker.free:
                self._idle.put_nowait(worker)
            else:
                self._in_background(self._replace(worker))
        return self._read_reply(query, outcome, body)

    def _message(self, query: Query) -> bytes:
        message: QueryMessage = (
            query.text,
            query.default_graphs,
            query.named_graphs,
            query.results_format.name if query.results_format else None,
            query.graph_format.name if query.graph_format else None,
            self._settings.max_result_bytes,
        )
        return marshal.dumps(message)

    def _read_reply(self, query: Query, outcome: Outcome, body: bytes) -> Answer:
        if outcome is Outcome.RESULTS and query.results_format:
            return Answer(query.results_format, body)
        if outcome is Outcome.GRAPH and query.graph_format:
            return Answer(query.graph_format, body)
        if outcome is Outcome.MALFORMED:
            line, column, reason = position(body.decode(errors="replace"))
            raise MalformedQuery(reason, line=line, column=column)
        if outcome is Outcome.TOO_LARGE:
            raise ResultTooLarge(
                f"The answer is larger than {self._settings.max_result_bytes} bytes. "
                "Give the query a LIMIT, or download the whole dataset instead."
            )
        raise NotAcceptable("The answer has none of the media types that were asked for.")

    async def _free_worker(self) -> _Worker:
        """The process freed last, as its memory is warmest; waits as long as a query may take."""
        try:
            async with asyncio.timeout(self._settings.timeout):
                while not (worker := await self._idle.get()).free:
                    pass
                return worker
        except TimeoutError:
            raise EngineUnavailable("All query processes are busy. Try again later.") from None

    async def _cause_of_death(self, worker: _Worker) -> QueryTooComplex | EngineUnavailable:
        status = await self._bury(worker)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) != signal.SIGKILL:
            return QueryTooComplex(
                "The query ended the process that ran it: it is nested too deeply, or it needs "
                f"more than {self._settings.memory} MiB of memory. Simplify it."
            )
        return EngineUnavailable("The process that ran the query was ended. Try again.")

    async def _add_worker(self) -> None:
        pid, channel = await self._nursery.fork()
        worker = _Worker(pid, self._on_death)
        await asyncio.get_running_loop().create_connection(lambda: worker, sock=channel)
        self._all.add(worker)
        self._idle.put_nowait(worker)

    async def _replace(self, worker: _Worker) -> None:
        if worker not in self._all:
            return
        self._all.discard(worker)
        worker.transport.abort()
        await self._bury(worker)
        while not self._closing:
            with suppress(EngineUnavailable):
                await self._add_worker()
                break
            await asyncio.sleep(_RETRY_AFTER)

    async def _bury(self, worker: _Worker) -> int:
        """Kill and reap a process, once: its id may be another's afterwards."""
        if worker.status is None:
            worker.status = await self._nursery.kill(worker.pid)
        return worker.status

    def _on_death(self, worker: _Worker) -> None:
        """A process that dies while it is idle is replaced at once."""
        if not worker.asked:
            self._in_background(self._replace(worker))

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        if self._closing:
            work.close()
            return
        task = asyncio.get_running_loop().create_task(work)
        self._replacements.add(task)
        task.add_done_callback(self._replacements.discard)


class _WorkerDied(Exception):
    """The process ended before its reply was complete."""


class _Worker(asyncio.Protocol):
    """One query process, from this side of its socket."""

    transport: asyncio.Transport

    def __init__(self, pid: int, on_death: Any) -> None:
        self.pid = pid
        self.status: int | None = None
        self.asked = False
        self._dead = False
        self._on_death = on_death
        self._reply: asyncio.Future[tuple[Outcome, bytes]] | None = None
        self._received = bytearray()

    @property
    def free(self) -> bool:
        """Whether it lives and owes no reply."""
        return not (self._dead or self.asked)

    async def ask(self, message: bytes) -> tuple[Outcome, bytes]:
        """Hand over one message and wait for the whole reply.

        Raises:
            _WorkerDied: the process ended first.
        """
        self._reply = asyncio.get_running_loop().create_future()
        self.asked = True
        self.transport.write(LENGTH.pack(len(message)) + message)
        return await self._reply

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        received = self._received
        received += data
        if len(received) < HEADER.size:
            return
        outcome, length = HEADER.unpack_from(received)
        if len(received) < HEADER.size + length or self._reply is None:
            return
        body = bytes(received[HEADER.size :])
        received.clear()
        # Also where nobody waits any more: then the caller was cancelled as the reply came in.
        self.asked = False
        if not self._reply.done():
            self._reply.set_result((Outcome(outcome), body))

    def connection_lost(self, _: Exception | None) -> None:
        self._dead = True
        if self._reply and not self._reply.done():
            self._reply.set_exception(_WorkerDied())
        self._on_death(self)
