"""Who may have one more connection: no client may have all the room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable

SHARE = 8
"""What part of all connections one client may have."""


class Admission:
    """The connections that are open, and whose they are."""

    def __init__(self, most: int, told_apart: Callable[[str], str]) -> None:
        """Args:
        most: connections that may be open at once.
        told_apart: the client that an address belongs to; empty for those that are not limited
            one by one.
        """
        self._most = most
        self._told_apart = told_apart
        self._open: dict[Hashable, str] = {}
        self._of_client: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._open)

    def admit(self, connection: Hashable, address: str) -> bool:
        """Whether there is room for one more connection."""
        client = self._told_apart(address)
        if len(self._open) >= self._most or (
            client and self._of_client[client] >= max(1, self._most // SHARE)
        ):
            return False
        self._open[connection] = client
        self._of_client[client] += 1
        return True

    def forget(self, connection: Hashable) -> None:
        """A connection has ended."""
        client = self._open.pop(connection, None)
        if client is None:
            return
        self._of_client[client] -= 1
        if not self._of_client[client]:
            del self._of_client[client]
