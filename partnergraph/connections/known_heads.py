"""Heads that came before: a request whose head differs in nothing but its target is read at once.

A client asks with the same header fields again and again. What they say was found out when they
came first, by the server's parser and by the checks of :mod:`partnergraph.http.exchanges`; all that
is left to read is the request line, and how much content there is.
https://www.rfc-editor.org/rfc/rfc9112#name-request-line
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cachetools import LRUCache

from partnergraph.errors import RequestError
from partnergraph.http.exchanges import Limits, Scope, request_of, require_sense
from partnergraph.protocol.messages import Request

MOST = 1024
"""Heads that are remembered."""

LONGEST = 2048
"""Bytes of the longest of them."""

_LINE = re.compile(rb"(GET|POST) (/[A-Za-z0-9._-][A-Za-z0-9/._-]*)(?:\?([!-\"$-~]*))? HTTP/1\.1")
"""A request line that has one meaning: no host, no fragment, no escape in its path."""

_SPECIAL = frozenset({"expect", "transfer-encoding", "upgrade"})
"""Fields that say how the request itself is sent: these are for the parser."""


class _Head(NamedTuple):
    """What a head says.

    Attributes:
        headers: its fields.
        length: bytes of the content that follows.
    """

    headers: dict[str, str]
    length: int


class KnownHeads:
    """The heads that came before, without their request lines."""

    def __init__(self, limits: Limits) -> None:
        """Args:
        limits: how long a request may be.
        """
        self._limits = limits
        self._known: LRUCache[bytes, _Head] = LRUCache(MOST)

    def learn(self, data: bytes, scope: Scope) -> None:
        """Remember the head of a request.

        Args:
            data: exactly that request.
            scope: what the parser has made of it, for ASGI.
        """
        line = data.find(b"\r\n")
        end = data.find(b"\r\n\r\n") + 4
        request = request_of(scope)
        connection = request.headers.get("connection", "keep-alive").lower()
        special = connection != "keep-alive" or not _SPECIAL.isdisjoint(request.headers)
        if end - line > LONGEST or special:
            return
        try:
            require_sense(request, "1.1")
        except RequestError:
            return
        length = len(data) - end
        if request.headers.get("content-length", "0") == str(length):
            self._known[data[line:end]] = _Head(request.headers, length)

    def read(self, data: bytes, client: str) -> Request | None:
        """The request that some bytes are, where its head is known.

        Args:
            data: what has come.
            client: the address that it comes from.
        """
        line = data.find(b"\r\n")
        end = data.find(b"\r\n\r\n") + 4
        head = self._known.get(data[line:end])
        if head is None or head.length != len(data) - end or head.length > self._limits.body:
            return None
        read = _LINE.fullmatch(data, 0, line)
        if read is None or line > self._limits.url:
            return None
        method, path, query = read.groups(b"")
        return Request(
            method.decode(), path.decode(), query.decode(), dict(head.headers), data[end:], client
        )
