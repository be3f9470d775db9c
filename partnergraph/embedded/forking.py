"""The process that holds the data, from the server's side: fork, kill, start anew.

Its own side is :mod:`partnergraph.embedded.nursery`.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import IO, NamedTuple, TypeVar

from partnergraph.embedded.nursery import ORDER, READY
from partnergraph.errors import EngineUnavailable

PATIENCE = 60.0
"""Seconds that loading the data, or forking a process, may take before it counts as failed."""


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
        self._memory = memory
        self._lock = asyncio.Lock()
        self._snapshot: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as self
        self._snapshot.write(snapshot)
        self._ended = False
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    async def start(self) -> None:
        """Start the process; returns when it has loaded the data.

        Raises:
            EngineUnavailable: it did not start.
        """
        await self._in_turn(self._start)

    async def stop(self) -> None:
        """End the process, and its query processes with it."""
        self._ended = True
        await self._in_turn(self._stop)
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
        ours, theirs = socket.socketpair()
        self._snapshot.seek(0)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [
                    sys.executable,
                    "-m",
                    "partnergraph.embedded.nursery",
                    str(theirs.fileno()),
                    str(self._memory),
                ],
                stdin=self._snapshot,
                pass_fds=[theirs.fileno()],
            )
        ours.settimeout(PATIENCE)
        self._control = ours
        if self._receive()[0] != READY:
            raise EngineUnavailable("The process that holds the data did not start.")

    def _stop(self) -> None:
        if self._control:
            self._control.close()
        if self._process:
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _fork(self) -> Forked:
        for _ in range(2):
            try:
                assert self._control is not None
                self._control.sendall(ORDER.pack(b"F", 0))
                reply, descriptors, _, _ = socket.recv_fds(self._control, ORDER.size, _SOCKETS)
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
            self._stop()
            try:
                self._start()
            except OSError:
                break
        raise EngineUnavailable("No query process can be started.")

    def _kill(self, pid: int) -> int:
        try:
            assert self._control is not None
            self._control.sendall(ORDER.pack(b"K", pid))
            return int(self._receive()[1])
        except OSError:
            return 0

    def _receive(self) -> tuple[bytes, int]:
        assert self._control is not None
        reply = self._control.recv(ORDER.size, socket.MSG_WAITALL)
        if len(reply) < ORDER.size:
            return b"", 0
        letter, number = ORDER.unpack(reply)
        return letter, number
