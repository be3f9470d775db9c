"""Whether a server runs the application in this process alone.

Budgets, answers that are kept and measurements belong to one process; query processes are started
by it. A server with several workers would have all of that several times.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
from pathlib import Path
from types import TracebackType

from partnergraph.errors import UsageError


class LoneProcess:
    """Held while the application runs."""

    def __init__(self) -> None:
        self._held: socket.socket | None = None

    def __enter__(self) -> LoneProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._held:
            self._held.close()

    def require(self) -> None:
        """See that no other worker of the same server runs the application.

        Raises:
            UsageError: another does.
        """
        if not _is_worker():
            return
        # A name that ends with the process, in no folder: unix(7), abstract sockets.
        held = socket.socket(socket.AF_UNIX)
        try:
            held.bind(f"\0partnergraph-of-{os.getppid()}")
        except OSError:
            held.close()
            raise UsageError(
                "the application runs in one process, and starts query processes of its own: give "
                "the server one worker, and --workers to Partnergraph"
            ) from None
        self._held = held


def _is_worker() -> bool:
    """Whether a server has started this process to be one of its workers: forked or spawned."""
    if multiprocessing.parent_process():
        return True
    try:
        lines = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in (os.getpid(), os.getppid())]
    except OSError:
        return False
    return lines[0] == lines[1]
