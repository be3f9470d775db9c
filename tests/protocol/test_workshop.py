"""Pages are made in turn, and on the account of who asks."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from partnergraph.errors import RequestError
from partnergraph.protocol.budgets import Budgets
from partnergraph.protocol.workshop import LONGEST_QUEUE, SHARE, Workshop

GREEDY, MODEST = "192.0.2.1", "198.51.100.1"


def budgets(seconds: float = 60.0) -> Budgets:
    return Budgets(seconds, on_loopback=True, clock=lambda: 0.0)


def test_what_is_made_comes_back() -> None:
    async def main() -> None:
        workshop = Workshop(budgets())
        assert await workshop.make(MODEST, lambda: 7) == 7
        with pytest.raises(ZeroDivisionError):
            await workshop.make(MODEST, lambda: 1 // 0)
        assert await workshop.make(MODEST, threading.get_ident) != threading.get_ident()

    asyncio.run(main())


def test_a_flood_delays_only_its_sender() -> None:
    """Of forty at once from one client, one is made beside the other client's."""

    async def main() -> None:
        workshop = Workshop(budgets())
        made: list[str] = []

        async def ask(client: str) -> None:
            await workshop.make(client, lambda: time.sleep(0.01))
            made.append(client)

        flood = [asyncio.ensure_future(ask(GREEDY)) for _ in range(40)]
        await asyncio.sleep(0.03)
        await ask(MODEST)
        assert made.index(MODEST) < 10
        await asyncio.gather(*flood)

    asyncio.run(main())


def test_who_leaves_has_a_place_until_the_work_is_done() -> None:
    """A thread cannot be stopped: leaving frees nothing, and pays for all of it."""

    async def main() -> None:
        account = budgets(1.0)
        workshop = Workshop(account)
        finished = threading.Event()
        for _ in range(5):
            work = asyncio.ensure_future(workshop.make(GREEDY, lambda: finished.wait(5)))
            await asyncio.sleep(0.05)
            work.cancel()
        begin = time.monotonic()
        await workshop.make(MODEST, lambda: None)
        assert time.monotonic() - begin < 0.5
        account.require(MODEST)
        await asyncio.sleep(1.0)
        finished.set()
        await asyncio.sleep(0.1)
        with pytest.raises(RequestError) as refused:
            account.require(GREEDY)
        assert refused.value.status == 429

    asyncio.run(main())


def test_who_leaves_while_waiting_is_forgotten() -> None:
    async def main() -> None:
        workshop = Workshop(budgets())
        finished = threading.Event()
        first = asyncio.ensure_future(workshop.make(GREEDY, lambda: finished.wait(5)))
        waiting = [
            asyncio.ensure_future(workshop.make(GREEDY, lambda: pytest.fail("it is made")))
            for _ in range(5)
        ]
        await asyncio.sleep(0.05)
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        finished.set()
        assert await first
        assert await workshop.make(GREEDY, lambda: 7) == 7

    asyncio.run(main())


def test_too_many_of_one_client_are_refused() -> None:
    async def main() -> None:
        workshop = Workshop(budgets())
        finished = threading.Event()
        share = LONGEST_QUEUE // SHARE
        works = [
            asyncio.ensure_future(workshop.make(GREEDY, lambda: finished.wait(5)))
            for _ in range(share + 1)
        ]
        await asyncio.sleep(0.05)
        with pytest.raises(RequestError) as refused:
            await workshop.make(GREEDY, lambda: None)
        assert refused.value.status == 503
        assert await workshop.make(MODEST, lambda: 7) == 7
        finished.set()
        await asyncio.gather(*works)

    asyncio.run(main())
