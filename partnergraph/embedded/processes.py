"""The query processes there are: started, ended, buried, and replaced by new ones."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from typing import Any

from partnergraph.embedded.forking import Nursery
from partnergraph.embedded.jobs import Job
from partnergraph.embedded.query_process import QueryProcess
from partnergraph.errors import EngineUnavailable

RETRY_AFTER = 1.0
"""Seconds until the next try, where no process could be started."""

BURIAL = 1.0
"""Seconds that are waited for the reason why a process has died."""


class Processes:
    """The living processes, in the order in which they were started."""

    def __init__(
        self,
        nursery: Nursery,
        on_reply: Callable[[QueryProcess, Job, float], None],
        on_death: Callable[[QueryProcess], Callable[[int | None], None]],
        on_arrival: Callable[[], None],
    ) -> None:
        """Args:
        nursery: forks them.
        on_reply: is told of each reply, and of the seconds that it took.
        on_death: is told of each process that has ended by itself; what it returns is told the
            status that it ended with, where that is known soon.
        on_arrival: is told that there is a new one in the place of another.
        """
        self.ended = False
        self._nursery = nursery
        self._on_reply = on_reply
        self._on_death = on_death
        self._on_arrival = on_arrival
        self._living: list[QueryProcess] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def __iter__(self) -> Iterator[QueryProcess]:
        return iter(self._living)

    def __len__(self) -> int:
        return len(self._living)

    def __getitem__(self, place: slice) -> list[QueryProcess]:
        return self._living[place]

    async def start(self, number: int) -> None:
        """Load the data and start so many processes.

        Raises:
            EngineUnavailable: they do not start.
        """
        self._loop = asyncio.get_running_loop()
        await self._nursery.start()
        for _ in range(number):
            await self._add()

    @property
    def largest_message(self) -> int:
        """Bytes that a message to any of them may have.

        Raises:
            EngineUnavailable: there is none.
        """
        if not self._living:
            raise EngineUnavailable("No query process has stayed alive.")
        return self._living[0].largest_message

    async def stop(self) -> None:
        """End all of them, whatever they are doing."""
        self.ended = True
        for task in self._tasks:
            task.cancel()
        for process in self._living:
            process.leave()
        await self._nursery.stop()

    def end(self, process: QueryProcess) -> None:
        """Kill a process, and have another one in its place."""
        self._living.remove(process)
        process.leave()
        self._in_background(self._replace(process))

    def _on_end(self, process: QueryProcess) -> None:
        """A process has died."""
        if process in self._living and not self.ended:
            self._living.remove(process)
            self._in_background(self._mourn_and_replace(process))

    async def _mourn_and_replace(self, process: QueryProcess) -> None:
        explain = self._on_death(process)
        burial = asyncio.ensure_future(self._bury(process))
        await asyncio.wait((burial,), timeout=BURIAL)
        explain(burial.result() if burial.done() else None)
        process.leave()
        await burial
        await self._replace(process)

    async def _add(self) -> None:
        forked = await self._nursery.fork()
        process = QueryProcess(forked, self._on_reply, self._on_end)
        await process.connect()
        self._living.append(process)

    async def _replace(self, process: QueryProcess) -> None:
        await self._bury(process)
        while not self.ended:
            with suppress(EngineUnavailable):
                await self._add()
                self._on_arrival()
                return
            await asyncio.sleep(RETRY_AFTER)

    async def _bury(self, process: QueryProcess) -> int:
        """Kill and reap a process, once: its id may be another's afterwards."""
        if process.status is None:
            process.status = await self._nursery.kill(process.pid)
        return process.status

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        if self.ended:
            work.close()
            return
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
