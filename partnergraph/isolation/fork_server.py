"""A module of ours in a process that forks others: started, given orders by a socket, ended.

Such a process does nothing else, so forking is safe in it, and its children begin with what it has
loaded. It gets the descriptor of its socket as its first argument, sends :data:`READY` when it can
obey, and ends with all of its children when the socket closes.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import IO

from partnergraph.errors import EngineUnavailable

READY = b"R"

PATIENCE = 60.0
"""Seconds that starting, or obeying an order, may take before it counts as failed."""

_GRACE = 5.0
"""Seconds that it has to end by itself."""


class ForkServer:
    """The server's side of such a process; not for several threads at once."""

    def __init__(self, module: str, purpose: str, *arguments: str) -> None:
        """Args:
        module: is run, as by ``python -m``.
        purpose: what it does, for whoever reads that it does not: "holds the data".
        arguments: that it gets after the descriptor of its socket.
        """
        self._module = module
        self._purpose = purpose
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    @property
    def lives(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    @property
    def control(self) -> socket.socket:
        """Where orders go, once the process has been started; a reply is waited for patiently."""
        assert self._control is not None
        return self._control

    def start(self, stdin: IO[bytes] | None = None) -> None:
        """Start the process, which must not live; returns when it can obey.

        Args:
            stdin: what it reads first; nothing by default.

        Raises:
            EngineUnavailable: it did not start.
        """
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [sys.executable, "-m", self._module, str(theirs.fileno()), *self._arguments],
                stdin=stdin or subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._control.settimeout(PATIENCE)
        try:
            started = self._control.recv(len(READY)) == READY
        except OSError:
            started = False
        if not started:
            self._process.kill()
            self.stop()
            raise EngineUnavailable(f"The process that {self._purpose} did not start.")

    def stop(self) -> None:
        """End the process, if there is one, and its children with it."""
        if self._control:
            self._control.close()
        if self._process:
            try:
                self._process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
