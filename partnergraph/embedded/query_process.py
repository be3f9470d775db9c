"""One query process from the server's side: messages out, replies in.

A process is handed the next message while it still works on the one before, where that saves it
from falling asleep in between: waking a process takes longer than many a query. Each message lies
in a socket of which the server holds both ends, and so it can take back those that nobody has begun
to work on, when the one before turns out to take long.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import cast

from partnergraph.embedded.forking import Forked
from partnergraph.embedded.jobs import Job
from partnergraph.embedded.wire import HEADER, TICKET, Outcome


class QueryProcess(asyncio.Protocol):
    """A query process, and the jobs that it has been handed.

    Attributes:
        jobs: those without a reply, by the number of their message, in order; the first is being
            worked on.
        since: when that one was begun, on the clock of the event loop.
        brisk: whether the next message may wait here for its turn.
        status: how the process ended, once it is known; see ``os.wait``.
    """

    def __init__(
        self,
        forked: Forked,
        on_reply: Callable[[QueryProcess, Job, float], None],
        on_end: Callable[[QueryProcess], None],
    ) -> None:
        """Args:
        forked: the process and the sockets to it.
        on_reply: is told of each reply, and of the seconds that it took.
        on_end: is told when the process has ended by itself.
        """
        self.pid = forked.pid
        self.jobs: dict[int, Job] = {}
        self.since = 0.0
        self.brisk = True
        self.status: int | None = None
        self._sending = forked.sending
        self._messages = forked.messages
        self._replies = forked.replies
        self._on_reply = on_reply
        self._on_end = on_end
        self._handed = 0
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None
        self._clock = asyncio.get_running_loop().time
        self._sending.setblocking(False)

    @property
    def largest_message(self) -> int:
        """Bytes that a message may have."""
        # The kernel doubles what it was asked for, to have room for its own bookkeeping: socket(7).
        return self._sending.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) // 2

    @property
    def first(self) -> Job | None:
        """The job that is being worked on."""
        return next(iter(self.jobs.values()), None)

    async def connect(self) -> None:
        """Begin to listen for replies."""
        await asyncio.get_running_loop().create_connection(lambda: self, sock=self._replies)

    def hand(self, job: Job) -> None:
        """Hand over a job.

        Raises:
            BlockingIOError: there is no room for its message at present.
        """
        ticket = self._handed + 1
        with suppress(BrokenPipeError, ConnectionResetError):  # It has ended: on_end follows.
            self._sending.send(TICKET.pack(ticket) + job.message)
        self._handed = ticket
        if not self.jobs:
            self.since = self._clock()
        self.jobs[ticket] = job

    def take_back(self) -> list[Job]:
        """The jobs that nobody has begun to work on; they are not this process's any more.

        The process may take one of them between two that are taken here: only the number of a
        message says whose it was.
        """
        taken: list[Job] = []
        with suppress(BlockingIOError):
            while True:
                # What is left of a message after its number is thrown away with it. The socket has
                # to stay a blocking one: that holds for the other process as well.
                (ticket,) = TICKET.unpack(self._messages.recv(TICKET.size, socket.MSG_DONTWAIT))
                taken.append(self.jobs.pop(ticket))
        return taken

    def leave(self) -> None:
        """Close all sockets: without them the process has nothing to do."""
        for one in (self._sending, self._messages):
            one.close()
        if self._transport:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The replies can come."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """A part of a reply, or several replies."""
        received = self._received
        received += data
        while len(received) >= HEADER.size:
            ticket, outcome, seconds, length = HEADER.unpack_from(received)
            end = HEADER.size + length
            if len(received) < end:
                return
            body = bytes(memoryview(received)[HEADER.size : end])
            del received[:end]
            self._replied(self.jobs.pop(ticket), Outcome(outcome), body, seconds)

    def connection_lost(self, _: Exception | None) -> None:
        """The process has ended, or its sockets were closed here."""
        self._on_end(self)

    def _replied(self, job: Job, outcome: Outcome, body: bytes, seconds: float) -> None:
        self.since = self._clock()
        self.brisk = True
        # Also where nobody waits any more: then the caller was cancelled as the reply came in.
        if not job.reply.done():
            job.reply.set_result((outcome, body))
        self._on_reply(self, job, seconds)
