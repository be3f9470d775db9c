"""A query on its way to a process and back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from partnergraph.embedded.wire import Outcome


@dataclass(slots=True, eq=False)
class Job:
    """A query on its way to a process and back.

    Attributes:
        message: what is handed to the process.
        client: who asks; empty where that does not matter.
        reply: will be the reply; is cancelled when nobody waits for it any more.
        queued: when it came, on the clock of the event loop.
    """

    message: bytes
    client: str
    reply: asyncio.Future[tuple[Outcome, bytes]]
    queued: float
