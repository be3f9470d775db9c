"""What waits: clients take turns, so that a flood delays only its sender."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from typing import Generic, Protocol, TypeVar


class OfClient(Protocol):
    """What is done for a client."""

    @property
    def client(self) -> str:
        """Whom it is done for; empty where that does not matter."""
        ...


Waiting = TypeVar("Waiting", bound=OfClient)


class Turns(Generic[Waiting]):
    """Those that wait: first in, first out for each client, and the clients in turn."""

    def __init__(self) -> None:
        self._queues: OrderedDict[str, deque[Waiting]] = OrderedDict()
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def put(self, one: Waiting) -> None:
        """Add one at the end of its client's queue."""
        self._queues.setdefault(one.client, deque()).append(one)
        self._length += 1

    def put_back(self, one: Waiting) -> None:
        """Add one that has had its turn already, so that it is the next one."""
        self._queues.setdefault(one.client, deque()).appendleft(one)
        self._queues.move_to_end(one.client, last=False)
        self._length += 1

    def take(self, may_run: Callable[[str], bool]) -> Waiting | None:
        """The next of the next client that may run."""
        for client, queue in self._queues.items():
            if may_run(client):
                one = queue.popleft()
                self._length -= 1
                self._queues.move_to_end(client)
                if not queue:
                    del self._queues[client]
                return one
        return None

    def waiting_of(self, client: str) -> int:
        """How many of a client wait."""
        return len(self._queues.get(client, ()))

    def ahead(self, client: str) -> int:
        """How many have their turn before one more of a client: as many of each as of itself."""
        own = self.waiting_of(client)
        return own + sum(
            min(len(queue), own + 1) for other, queue in self._queues.items() if other != client
        )

    def remove(self, one: Waiting) -> None:
        """Forget one, if it still waits."""
        queue = self._queues.get(one.client)
        if queue and one in queue:
            queue.remove(one)
            self._length -= 1
            if not queue:
                del self._queues[one.client]

    def longest_waiting(self) -> Iterator[Waiting]:
        """The first of each client."""
        return iter([queue[0] for queue in self._queues.values()])
