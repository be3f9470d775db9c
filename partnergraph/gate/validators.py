"""The process that validates strangers' graphs, from the server's side: start, ask, end.

Its own side is :mod:`partnergraph.gate.validation_process`.
"""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from partnergraph.errors import EngineUnavailable
from partnergraph.gate.validation_process import HEADER, READY, Limits, Outcome

PATIENCE = 60.0
"""Seconds that imports may take before they count as failed."""


class Validators:
    """The process that forks a process for each graph; started when there is a first graph."""

    def __init__(self, ontology: Path, limits: Limits) -> None:
        self._arguments = [str(ontology.absolute()), *map(str, limits)]
        self._lock = asyncio.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    async def start(self) -> None:
        """Start the process if it is not there; who is cancelled meanwhile leaves it starting.

        Raises:
            EngineUnavailable: it did not start.
        """

        async def start() -> None:
            async with self._lock:
                if not self._lives():
                    await asyncio.to_thread(self._start)

        if not self._lives():
            await asyncio.shield(start())

    async def stop(self) -> None:
        """End the process, and its children with it."""
        async with self._lock:
            await asyncio.to_thread(self._stop)

    async def reply(self, job: bytes) -> tuple[Outcome, bytes]:
        """What becomes of a job; whoever is cancelled while it waits ends the job's process."""
        loop = asyncio.get_running_loop()
        with suppress(OSError):
            ours, theirs = socket.socketpair()
            with ours:  # Closing it kills.
                with theirs:
                    assert self._control is not None
                    socket.send_fds(self._control, [b"J"], [theirs.fileno()])
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
                if self._lives():
                    return Outcome.TOO_COMPLEX, b""
        return Outcome.UNAVAILABLE, b""

    def _lives(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _start(self) -> None:
        self._stop()
        self._control, theirs = socket.socketpair()
        with theirs:
            module = [sys.executable, "-m", "partnergraph.gate.validation_process"]
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [*module, str(theirs.fileno()), *self._arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._control.settimeout(PATIENCE)
        try:
            started = self._control.recv(1) == READY
        except OSError:
            started = False
        if not started:
            self._process.kill()
            raise EngineUnavailable("The process that validates graphs did not start.")

    def _stop(self) -> None:
        if self._control:
            self._control.close()
        if self._process:
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
