"""Places to work at: only so many at once, and clients take turns at them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from partnergraph.errors import RequestError
from partnergraph.turns import Turns


@dataclass(eq=False, slots=True)
class _Waiting:
    client: str
    called: asyncio.Future[None]


class Places:
    """What is worked on, and what waits for its turn."""

    def __init__(self, number: int, queue: int, share: int, crowded: str) -> None:
        """Args:
        number: how much is worked on at once; no client has all, where clients are told apart.
        queue: how much may wait.
        share: what part of the queue one client may have.
        crowded: what is said to who may not wait.
        """
        self._number = number
        self._queue = queue
        self._share = share
        self._crowded = crowded
        self._waiting = Turns[_Waiting]()
        self._working: Counter[str] = Counter()

    def ahead(self, client: str) -> int:
        """How much has to be finished, of all, before something new of a client is begun.

        Its own that waits, and as much of each other client's, as they take turns.
        """
        return self._waiting.ahead(client) + self._working.total() - self._number + 1

    async def take(self, client: str, wait: Callable[[], int] = lambda: 10) -> None:
        """Wait for a place; whoever has one has to leave it.

        Args:
            client: whom it is for; empty where clients are not told apart.
            wait: after how many seconds who may not wait shall come again.

        Raises:
            RequestError: too much waits already.
        """
        if len(self._waiting) >= self._queue or (
            client and self._waiting.waiting_of(client) >= self._queue // self._share
        ):
            raise RequestError(503, self._crowded, {"retry-after": str(wait())})
        waiting = _Waiting(client, asyncio.get_running_loop().create_future())
        self._waiting.put(waiting)
        self._call()
        try:
            await waiting.called
        except asyncio.CancelledError:
            self._waiting.remove(waiting)
            if waiting.called.done() and not waiting.called.cancelled():
                self.leave(client)
            raise

    def leave(self, client: str) -> None:
        """Give a place to the next one."""
        self._working[client] -= 1
        if not self._working[client]:
            del self._working[client]
        self._call()

    def _call(self) -> None:
        while self._working.total() < self._number:
            waiting = self._waiting.take(self._may_work)
            if waiting is None:
                return
            if not waiting.called.done():
                self._working[waiting.client] += 1
                waiting.called.set_result(None)

    def _may_work(self, client: str) -> bool:
        return not client or self._working[client] < self._number - 1
