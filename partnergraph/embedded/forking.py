"""The process that holds the data, from the server's side: fork, kill, start anew.

Its own side is :mod:`partnergraph.embedded.nursery`.
"""

from __future__ import annotations

import asyncio
import os
import socket
import tempfile
from collections.abc import Callable
from typing import IO, NamedTuple, TypeVar

from partnergraph.embedded.wire import ORDER
from partnergraph.errors import EngineUnavailable
from partnergraph.isolation.fork_server import ForkServer
from partnergraph.temporary import in_temporary_folder

_SOCKETS = 3
"""Sockets that come with a new query process."""

Result = TypeVar("Result")


class Forked(NamedTuple):
    """A new query process: its id, both ends of the socket for messages, and that for replies."""

    pid: int
    sending: socket.socket
    messages: socket.socket
    replies: socket.socket


class Nursery:
    """The process that holds the data and forks query processes; started anew where it dies."""

    def __init__(self, snapshot: bytes, memory: int) -> None:
        self._server = ForkServer("partnergraph.embedded.nursery", "holds the data", str(memory))
        self._lock = asyncio.Lock()
        with in_temporary_folder():
            # It lives as long as self does.
            self._snapshot: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
            self._snapshot.write(snapshot)
            self._snapshot.flush()
        self._ended = False

    async def start(self) -> None:
        """Start the process; returns when it has loaded the data.

        Raises:
            EngineUnavailable: it did not start.
        """
        await self._in_turn(self._start)

    async def stop(self) -> None:
        """End the process, and its query processes with it."""
        self._ended = True
        await self._in_turn(self._server.stop)
        self._snapshot.close()

    async def fork(self) -> Forked:
        """A new query process.

        Raises:
            EngineUnavailable: none can be started.
        """
        return await self._in_turn(self._fork)

    async def kill(self, pid: int) -> int:
        """Kill and reap a query process; the status it ended with, as of ``os.wait``."""
        return await self._in_turn(lambda: self._kill(pid))

    async def _in_turn(self, exchange: Callable[[], Result]) -> Result:
        """One exchange with the process at a time, each to its end.

        Whoever is cancelled while it waits for its exchange leaves it running: a reply that nobody
        has read would be taken for the reply to the next order.
        """

        async def take_turn() -> Result:
            async with self._lock:
                return await asyncio.to_thread(exchange)

        return await asyncio.shield(take_turn())

    def _start(self) -> None:
        self._snapshot.seek(0)
        self._server.start(self._snapshot)

    def _fork(self) -> Forked:
        for _ in range(2):
            try:
                self._server.control.sendall(ORDER.pack(b"F", 0))
                reply, descriptors, _, _ = socket.recv_fds(
                    self._server.control, ORDER.size, _SOCKETS
                )
            except OSError:
                reply, descriptors = b"", []
            if len(descriptors) == _SOCKETS:
                pid: int = ORDER.unpack(reply)[1]
                sockets = [socket.socket(fileno=descriptor) for descriptor in descriptors]
                return Forked(pid, *sockets)
            for descriptor in descriptors:
                os.close(descriptor)
            if len(reply) == ORDER.size:
                # There is no child, or no descriptors are free here for the sockets to it.
                if pid := ORDER.unpack(reply)[1]:
                    self._kill(pid)
                break
            if self._ended:
                break
            # The nursery is gone, and its query processes with it: start over.
            self._server.stop()
            try:
                self._start()
            except OSError:
                break
        raise EngineUnavailable("No query process can be started.")

    def _kill(self, pid: int) -> int:
        try:
            self._server.control.sendall(ORDER.pack(b"K", pid))
            reply = self._server.control.recv(ORDER.size, socket.MSG_WAITALL)
        except OSError:
            return 0
        return int(ORDER.unpack(reply)[1]) if len(reply) == ORDER.size else 0
