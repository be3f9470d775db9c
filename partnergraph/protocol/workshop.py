"""Work for a client beside queries – pages, pictures – in turn, and on the client's account."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
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
        """What a function makes, in a thread; see :meth:`work`."""
        loop = asyncio.get_running_loop()
        return await self.work(address, lambda: loop.run_in_executor(self._threads, make))

    async def work(self, address: str, begin: Callable[[], Awaitable[Made]]) -> Made:
        """What comes of a work, when it is the client's turn.

        A thread cannot be stopped: its place is taken, and its time counts, until it is done, also
        where the client has left.

        Args:
            address: whom it is for.
            begin: begins it.

        Raises:
            RequestError: the client has used up its budget, or too much waits already.
        """
        client = self._budgets.client(address)
        self._budgets.require(client)
        await self._turn(client)
        started = time.perf_counter()
        work = asyncio.ensure_future(begin())

        def done(work: asyncio.Future[Made]) -> None:
            if not work.cancelled():
                work.exception()  # Who waited for it may have left.
            self._budgets.charge(client, time.perf_counter() - started)
            self._leave(client)

        work.add_done_callback(done)
        return await asyncio.shield(work)

    async def _turn(self, client: str) -> None:
        """Wait until it is a client's turn.

        Raises:
            RequestError: too much waits already.
        """
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
