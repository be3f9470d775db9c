"""The embedded engine: queries in processes that may be killed.

The process that talks HTTP never parses or evaluates a query. It hands each one to a process of
:mod:`partnergraph.embedded.worker`, keeps the deadline, and replaces what dies or is killed.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Callable

from partnergraph.embedded.forking import Nursery
from partnergraph.embedded.jobs import Job
from partnergraph.embedded.processes import Processes
from partnergraph.embedded.query_process import QueryProcess
from partnergraph.embedded.wire import Outcome, read_reply, too_complex, write_message
from partnergraph.engine import Answer, Query
from partnergraph.errors import (
    EngineUnavailable,
    QueryError,
    QueryTimeout,
    QueryTooComplex,
    UsageError,
)
from partnergraph.settings import Settings
from partnergraph.turns import Turns

TICK = 0.005
"""Seconds between two looks at the processes that are at work."""

PATIENCE = 0.002
"""Seconds after which the messages that wait behind a query are given to other processes."""

QUICK = 0.000_2
"""Seconds below which queries are so quick that waiting behind one beats waking a process."""

SHORT = 0.001
"""Seconds below which queries may wait behind one another at all."""

DEPTH = 8
"""Messages that a process may have at once while queries are short."""

LONGEST_QUEUE = 1000
"""Queries that may wait; more are turned away at once."""

SHARE = 8
"""What part of that queue one client may fill, where clients are told apart."""

_MESSAGE_OVERHEAD = 1024
"""Bytes of a message beside the request that it was made of."""


class WorkerPool:
    """An :class:`~partnergraph.engine.Engine` of ``settings.workers`` processes over one snapshot.

    It belongs to the event loop that it was started in.
    """

    def __init__(
        self,
        snapshot: bytes,
        settings: Settings,
        charge: Callable[[str, float], None] = lambda _client, _seconds: None,
        process_ended: Callable[[str], None] = lambda _reason: None,
    ) -> None:
        """Args:
        snapshot: the dataset, in N-Quads.
        settings: how many processes, within which bounds.
        charge: is told which client has used how many seconds of a process.
        process_ended: is told why a process has been ended or has died.
        """
        self._settings = settings
        self._charge = charge
        self._process_ended = process_ended
        nursery = Nursery(snapshot, settings.memory * 1024**2)
        self._processes = Processes(nursery, self._on_reply, self._on_death, self._dispatch)
        self._waiting = Turns[Job]()
        self._running: Counter[str] = Counter()
        self._pace = 0.0  # Seconds that a query takes of late.
        self._ticking = False
        self._open: set[asyncio.Future[tuple[Outcome, bytes]]] = set()

    @property
    def busy(self) -> int:
        """Processes at work."""
        return sum(1 for process in self._processes if process.jobs)

    @property
    def ready(self) -> int:
        """Processes there are."""
        return len(self._processes)

    @property
    def occupied(self) -> bool:
        """Whether any query is being answered or waits."""
        return bool(self._open)

    @property
    def waiting(self) -> int:
        """Queries that wait for a process."""
        return len(self._waiting)

    async def start(self) -> None:
        """Load the data and start the processes.

        Raises:
            EngineUnavailable: they do not start.
            UsageError: this system's sockets have no room for the longest request.
        """
        self._loop = asyncio.get_running_loop()
        await self._processes.start(self._settings.workers)
        room = self._processes.largest_message - _MESSAGE_OVERHEAD
        if self._settings.max_query_bytes > room:
            await self.stop()
            raise UsageError(
                f"--max-query-bytes may be {room} here; to allow for more, raise the system's "
                "net.core.wmem_max"
            )

    async def stop(self) -> None:
        """End all processes, whatever they are doing."""
        for reply in self._open:
            if not reply.done():
                reply.set_exception(EngineUnavailable("The service is ending. Try again."))
        await self._processes.stop()

    async def answer(self, query: Query, client: str = "") -> Answer:
        """Answer one query; see :meth:`partnergraph.engine.Engine.answer`."""
        if len(self._waiting) >= LONGEST_QUEUE or (
            client and self._waiting.waiting_of(client) >= LONGEST_QUEUE // SHARE
        ):
            raise EngineUnavailable("Too many queries are waiting. Try again later.")
        reply: asyncio.Future[tuple[Outcome, bytes]] = self._loop.create_future()
        job = Job(
            write_message(query, self._settings.max_result_bytes), client, reply, self._loop.time()
        )
        self._open.add(reply)
        self._waiting.put(job)
        self._dispatch()
        try:
            outcome, body = await reply
        except asyncio.CancelledError:
            self._waiting.remove(job)
            raise
        finally:
            self._open.discard(reply)
        cap, memory = self._settings.max_result_bytes, self._settings.memory
        return read_reply(query, outcome, body, cap, memory)

    # Handing out

    def _dispatch(self) -> None:
        """Hand jobs to processes for as long as there are both; from then on they are watched."""
        if not self._ticking:
            self._keep_ticking()
        while self._waiting and (process := self._with_room()):
            job = self._waiting.take(self._may_run)
            if job is None:
                return
            if job.reply.done():
                continue
            try:
                process.hand(job)
            except BlockingIOError:
                self._waiting.put_back(job)
                return
            if job.client:
                self._running[job.client] += 1

    def _with_room(self) -> QueryProcess | None:
        """A process that can take a job: of those at work, while queries are quick."""
        if self._pace < SHORT:
            # Very quick queries keep one process from falling asleep; short ones are spread, but
            # leave a processor to the server itself.
            lanes = 1 if self._pace < QUICK else max(1, len(self._processes) - 1)
            ahead = [one for one in self._processes[:lanes] if one.brisk and len(one.jobs) < DEPTH]
            if ahead:
                return min(ahead, key=lambda one: len(one.jobs))
        return next((one for one in self._processes if not one.jobs), None)

    def _may_run(self, client: str) -> bool:
        """No client that is told apart from others may have all processes."""
        return not client or self._running[client] < max(1, self._settings.workers - 1)

    def _on_reply(self, _: QueryProcess, job: Job, seconds: float) -> None:
        self._pace += (seconds - self._pace) / 16
        self._finished(job, seconds)
        if self._waiting:
            self._dispatch()

    def _finished(self, job: Job, seconds: float) -> None:
        if job.client:
            self._charge(job.client, seconds)
            self._release(job)

    def _release(self, job: Job) -> None:
        if job.client:
            self._running[job.client] -= 1
            if not self._running[job.client]:
                del self._running[job.client]

    # Watching

    def _tick(self) -> None:
        """Look after the queries that take long, and those whose clients have left."""
        if self._processes.ended:
            return
        now = self._loop.time()
        timeout = self._settings.timeout
        for process in [one for one in self._processes if one.jobs]:
            took = now - process.since
            if took > timeout:
                self._end(process, "deadline", self._too_long())
            elif took > PATIENCE and (process.first is None or process.first.reply.done()):
                self._end(process, "client left", None)
            elif took > PATIENCE and process.brisk:
                process.brisk = False
                self._take_back(process)
        for job in self._waiting.longest_waiting():
            if now - job.queued > timeout:
                self._waiting.remove(job)
                _fail(job, EngineUnavailable("All query processes are busy. Try again later."))
        self._ticking = bool(self._waiting) or bool(self.busy)
        if self._ticking:
            self._keep_ticking()
            self._dispatch()

    def _keep_ticking(self) -> None:
        self._ticking = True
        self._loop.call_later(TICK, self._tick)

    def _too_long(self) -> QueryTimeout:
        return QueryTimeout(
            f"The query did not finish within {self._settings.timeout:g} s. Ask for less: bind "
            "more of its terms, give it a LIMIT, or split it."
        )

    def _take_back(self, process: QueryProcess) -> None:
        for job in reversed(process.take_back()):
            self._requeue(job)

    def _requeue(self, job: Job) -> None:
        self._release(job)
        self._waiting.put_back(job)

    # Ending and replacing

    def _end(self, process: QueryProcess, reason: str, error: QueryError | None) -> None:
        """Kill a process for what its first job does."""
        first = self._relieve(process)
        if first:
            self._finished(first, self._loop.time() - process.since)
            if error:
                _fail(first, error)
        self._process_ended(reason)
        self._processes.end(process)

    def _on_death(self, process: QueryProcess) -> Callable[[int | None], None]:
        """A process has died: what it worked on has its cause, once that is known."""
        first = self._relieve(process)

        def explain(status: int | None) -> None:
            if first:
                self._finished(first, self._loop.time() - process.since)
                _fail(first, self._cause_of_death(status))
            else:
                quietly = status is not None and os.WIFEXITED(status)
                self._process_ended("worn out" if quietly else "killed from outside")

        return explain

    def _relieve(self, process: QueryProcess) -> Job | None:
        """Take all jobs from a process; its first, as the others are not to blame for anything."""
        self._take_back(process)
        first, *others = process.jobs.values() or (None,)
        process.jobs.clear()
        for job in reversed(others):
            self._requeue(job)
        return first

    def _cause_of_death(self, status: int | None) -> QueryTooComplex | EngineUnavailable:
        if status is not None and os.WIFSIGNALED(status) and os.WTERMSIG(status) != signal.SIGKILL:
            self._process_ended("depth or memory")
            return too_complex(self._settings.memory)
        self._process_ended("killed from outside")
        return EngineUnavailable("The process that ran the query was ended. Try again.")


def _fail(job: Job, error: QueryError) -> None:
    if not job.reply.done():
        job.reply.set_exception(error)
