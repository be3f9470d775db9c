"""Work for a client beside queries – pages, pictures – in turn, and on the client's account."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from partnergraph.protocol.budgets import Budgets
from partnergraph.protocol.places import Places

PLACES = 2
"""What is worked on at once: Python does one thing at a time, and a short one need not wait."""

LONGEST_QUEUE = 1024
"""Requests that may wait."""

SHARE = 8
"""What part of them one client may have."""

Made = TypeVar("Made")


class Workshop:
    """Where it is done."""

    def __init__(self, budgets: Budgets) -> None:
        """Args:
        budgets: what each client has left.
        """
        self._budgets = budgets
        self._threads = ThreadPoolExecutor(PLACES, thread_name_prefix="page")
        self._places = Places(PLACES, LONGEST_QUEUE, SHARE, "Too many pages are asked for.")

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
        await self._places.take(client)
        started = time.perf_counter()
        work = asyncio.ensure_future(begin())

        def done(work: asyncio.Future[Made]) -> None:
            if not work.cancelled():
                work.exception()  # Who waited for it may have left.
            self._budgets.charge(client, time.perf_counter() - started)
            self._places.leave(client)

        work.add_done_callback(done)
        return await asyncio.shield(work)
