"""Responses to requests that came before, by the bytes of the request."""

from __future__ import annotations

LONGEST = 64 * 1024
"""The largest request that is remembered word for word."""

_OVERHEAD = 512
"""Bytes that an entry takes beside its content, roughly."""


class Repeats:
    """What was answered before, for as long as the same dataset is served.

    Attributes:
        known: a request → its response, in two parts: the date goes between them.
        count: how many requests were answered from here.
    """

    def __init__(self, capacity: int) -> None:
        """Args:
        capacity: bytes that they may take; 0 keeps none.
        """
        self.known: dict[bytes, tuple[bytes, bytes]] = {}
        self.count = 0
        self._capacity = capacity
        self._size = 0

    def keep(self, request: bytes, start: bytes, rest: bytes) -> None:
        """Keep a response for the next request of the same bytes."""
        size = _size(request, start, rest)
        if request in self.known or size > self._capacity:
            return
        while self._size + size > self._capacity:
            oldest = next(iter(self.known))
            self._size -= _size(oldest, *self.known.pop(oldest))
        self.known[request] = (start, rest)
        self._size += size

    def clear(self) -> None:
        """Forget all of them: another dataset is served."""
        self.known.clear()
        self._size = 0


def _size(*parts: bytes) -> int:
    return sum(map(len, parts)) + _OVERHEAD
