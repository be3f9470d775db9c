"""Work for a client beside queries – pages, pictures – in turn, and on the client's account."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from partnergraph.errors import RequestError
from partnergraph.protocol.budgets import Budgets
from partnergraph.turns import Turns

PLACES = 2
"""What is worked on at once: Python does one thing at a time, and a short one need not wait."""

LONGEST_QUEUE = 1024
"""Requests that may wait."""

SHARE = 8
"""What part of them one client may have."""

Made = TypeVar("Made")


@dataclass(eq=False, slots=True)
class _Waiting:
    client: str
    called: asyncio.Future[None]


class Workshop:
    """Where it is done."""

    def __init__(self, budgets: Budgets) -> None:
        """Args:
        budgets: what each client has left.
        """
        self._budgets = budgets
        self._threads = ThreadPoolExecutor(PLACES, thread_name_prefix="page")
        self._waiting = Turns[_Waiting]()
        self._working: Counter[str] = Counter()

    async def make(self, address: str, make: Callable[[], Made]) -> Made:
        """What a function makes, in a thread.

        Args:
            address: whom it is for.
            make: the function.

        Raises:
            RequestError: the client has used up its budget, or too much waits already.
        """
        async with self.turn(address):
            return await asyncio.get_running_loop().run_in_executor(self._threads, make)

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[None]:
        """While it is a client's turn.

        Args:
            address: the client's.

        Raises:
            RequestError: the client has used up its budget, or too much waits already.
        """
        client = self._budgets.client(address)
        self._budgets.require(client)
        if len(self._waiting) >= LONGEST_QUEUE or (
            client and self._waiting.waiting_of(client) >= LONGEST_QUEUE // SHARE
        ):
            raise RequestError(503, "Too many pages are asked for.", {"retry-after": "10"})
        waiting = _Waiting(client, asyncio.get_running_loop().create_future())
        self._waiting.put(waiting)
        self._call()
        try:
            await waiting.called
        except asyncio.CancelledError:
            self._waiting.remove(waiting)
            if waiting.called.done() and not waiting.called.cancelled():
                self._leave(client)
            raise
        begin = time.perf_counter()
        try:
            yield
        finally:
            self._budgets.charge(client, time.perf_counter() - begin)
            self._leave(client)

    def _call(self) -> None:
        while self._working.total() < PLACES:
            waiting = self._waiting.take(self._may_work)
            if waiting is None:
                return
            if not waiting.called.done():
                self._working[waiting.client] += 1
                waiting.called.set_result(None)

    def _may_work(self, client: str) -> bool:
        """No client that is told apart from others may have all places."""
        return not client or self._working[client] < PLACES - 1

    def _leave(self, client: str) -> None:
        self._working[client] -= 1
        if not self._working[client]:
            del self._working[client]
        self._call()
