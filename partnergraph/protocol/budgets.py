"""How much of the query processes' time a client may use: all of its requests count together.

A token bucket for each client, as in https://en.wikipedia.org/wiki/Token_bucket: a tank of seconds
that fills at an even rate and that every query draws from, answered or not.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Callable
from functools import lru_cache

from cachetools import LRUCache

from partnergraph.errors import RequestError

PERIOD = 60.0
"""Seconds in which an empty tank fills."""

LEAST = 0.0025
"""Seconds that each step of a query costs at least: one that fails at once is not free."""

CLIENTS = 100_000
"""Clients that are remembered; of more, those are forgotten that have not asked for longest."""

_PREFIX_OF_A_SITE = 64
"""Bits of an IPv6 address that one client commonly has the rest of: RFC 6177."""


class Budgets:
    """What each client has left."""

    def __init__(
        self, seconds: float, *, on_loopback: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Args:
        seconds: of query time in each minute; 0 for no limit at all.
        on_loopback: whether clients on this machine have a budget, too.
        clock: the time, in seconds.
        """
        self._seconds = seconds
        self._on_loopback = on_loopback
        self._clock = clock
        # Of each client: seconds used up that have not been filled up again, and as of when.
        self._used: LRUCache[str, tuple[float, float]] = LRUCache(CLIENTS)

    def client(self, address: str) -> str:
        """Whom a request from an address counts on; empty for those who are not told apart."""
        return _client(address, self._on_loopback)

    def require(self, client: str) -> None:
        """Let a client ask.

        Raises:
            RequestError: it has used up its budget; 429, with the time when it may come again.
        """
        if not (client and self._seconds):
            return
        used = self._current(client)
        if used >= self._seconds:
            wait = math.ceil((used - self._seconds) * PERIOD / self._seconds) + 1
            raise RequestError(
                429,
                f"A client may use {self._seconds:g} s of query time in each minute, and this one "
                f"has. Come again in {wait} s, ask for less at a time, or download the dataset.",
                {"retry-after": str(wait)},
            )

    def charge(self, client: str, seconds: float) -> None:
        """Count what a client has used."""
        if client and self._seconds:
            self._used[client] = (self._current(client) + max(seconds, LEAST), self._clock())

    def _current(self, client: str) -> float:
        used, when = self._used.get(client, (0.0, 0.0))
        return max(0.0, used - (self._clock() - when) * self._seconds / PERIOD)


@lru_cache(maxsize=4096)
def _client(address: str, loopback_counts: bool) -> str:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            parsed = parsed.ipv4_mapped
        elif not parsed.is_loopback:
            return str(ipaddress.ip_network((parsed, _PREFIX_OF_A_SITE), strict=False))
    return "" if parsed.is_loopback and not loopback_counts else str(parsed)
