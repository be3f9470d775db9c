"""Queries that wait for a process: clients take turns, so that a flood delays only its sender."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
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


class Turns:
    """Jobs that wait: first in, first out for each client, and the clients in turn."""

    def __init__(self) -> None:
        self._queues: OrderedDict[str, deque[Job]] = OrderedDict()
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def put(self, job: Job) -> None:
        """Add a job at the end of its client's queue."""
        self._queues.setdefault(job.client, deque()).append(job)
        self._length += 1

    def put_back(self, job: Job) -> None:
        """Add a job that has had its turn already, so that it is the next one."""
        self._queues.setdefault(job.client, deque()).appendleft(job)
        self._queues.move_to_end(job.client, last=False)
        self._length += 1

    def take(self, may_run: Callable[[str], bool]) -> Job | None:
        """The next job of the next client that may run one."""
        for client, queue in self._queues.items():
            if may_run(client):
                job = queue.popleft()
                self._length -= 1
                self._queues.move_to_end(client)
                if not queue:
                    del self._queues[client]
                return job
        return None

    def waiting_of(self, client: str) -> int:
        """How many jobs of a client wait."""
        return len(self._queues.get(client, ()))

    def remove(self, job: Job) -> None:
        """Forget a job, if it still waits."""
        queue = self._queues.get(job.client)
        if queue and job in queue:
            queue.remove(job)
            self._length -= 1
            if not queue:
                del self._queues[job.client]

    def longest_waiting(self) -> Iterator[Job]:
        """The first job of each client."""
        return iter([queue[0] for queue in self._queues.values()])
