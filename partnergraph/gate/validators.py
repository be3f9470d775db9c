"""The process that validates strangers' graphs, from the server's side: start, ask, end.

Its own side is :mod:`partnergraph.gate.validation_process`.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from pathlib import Path

from partnergraph.gate.validation_process import HEADER, Limits, Outcome
from partnergraph.isolation.fork_server import ForkServer


class Validators:
    """The process that forks a process for each graph; started when there is a first graph."""

    def __init__(self, ontology: Path, limits: Limits) -> None:
        self._server = ForkServer(
            "partnergraph.gate.validation_process",
            "validates graphs",
            str(ontology.absolute()),
            *map(str, limits),
        )
        self._lock = asyncio.Lock()

    async def start(self) -> None:
        """Start the process if it is not there; who is cancelled meanwhile leaves it starting.

        Raises:
            EngineUnavailable: it did not start.
        """

        async def start() -> None:
            async with self._lock:
                if not self._server.lives:
                    await asyncio.to_thread(self._restart)

        if not self._server.lives:
            await asyncio.shield(start())

    async def stop(self) -> None:
        """End the process, and its children with it."""
        async with self._lock:
            await asyncio.to_thread(self._server.stop)

    async def reply(self, job: bytes) -> tuple[Outcome, bytes]:
        """What becomes of a job; whoever is cancelled while it waits ends the job's process."""
        loop = asyncio.get_running_loop()
        with suppress(OSError):
            ours, theirs = socket.socketpair()
            with ours:  # Closing it kills.
                with theirs:
                    socket.send_fds(self._server.control, [b"J"], [theirs.fileno()])
                ours.setblocking(False)
                with suppress(OSError):
                    await loop.sock_sendall(ours, job)
                    ours.shutdown(socket.SHUT_WR)
                received = bytearray()
                with suppress(OSError):
                    while part := await loop.sock_recv(ours, 1 << 18):
                        received += part
                if len(received) >= HEADER.size:
                    outcome, size = HEADER.unpack_from(received)
                    if len(received) == HEADER.size + size:
                        return Outcome(outcome), bytes(received[HEADER.size :])
                if self._server.lives:
                    return Outcome.TOO_COMPLEX, b""
        return Outcome.UNAVAILABLE, b""

    def _restart(self) -> None:
        self._server.stop()
        self._server.start()
