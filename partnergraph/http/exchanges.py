"""A request from an ASGI server, and the response to it: each wait has an end, each size a bound.

https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from partnergraph.errors import RequestError
from partnergraph.protocol.messages import Request, Response

BODY_PATIENCE = 10.0
"""Seconds in which the content of a request has to come."""

READER_PATIENCE = 30.0
"""Seconds in which a client has to read each part of what it is sent."""

HEAD_BYTES = 16 * 1024
"""Bytes of header fields that a request may have."""

PART = 64 * 1024
"""Bytes of a body that are sent at a time."""

UPLOADS = 64
"""Contents longer than those of most requests that may be held at a time."""

SHARE = 8
"""What part of them one client may have."""

PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
"""What an address is made of; all else in one is percent-encoded, where its sender has not."""

_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+;=%-]+)(?::[0-9]*)?")
"""https://www.rfc-editor.org/rfc/rfc9110#name-host-and-authority; a comma would join two."""

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class ClientLeft(Exception):
    """Nobody waits for the answer any more."""


@dataclass(frozen=True)
class Limits:
    """How much there may be.

    Attributes:
        url: bytes of a request target.
        body: bytes of a request's content.
        upload: bytes of the content of a request to one of ``uploads``.
        uploads: the paths that take longer contents.
        unsent: bytes of long responses that wait for slow readers, in all.
    """

    url: int
    body: int
    upload: int
    uploads: frozenset[str]
    unsent: int


class Exchanges:
    """What all requests under way share.

    Attributes:
        unsent: bytes of long responses that clients have yet to read.
    """

    def __init__(self, limits: Limits, told_apart: Callable[[str], str]) -> None:
        """Args:
        limits: how much there may be of everything.
        told_apart: the client that an address belongs to; empty for those that are not limited
            one by one.
        """
        self.limits = limits
        self.unsent = 0
        self._told_apart = told_apart
        self._uploads: Counter[str] = Counter()
        self._unsent_of: Counter[str] = Counter()

    def has_content(self, request: Request, scope: Scope) -> bool:
        """Whether a request has a content that is still to be read.

        Args:
            request: without its content.
            scope: ASGI's.

        Raises:
            RequestError: its head is too long, or has no one meaning.
        """
        most, version = self.limits.url, scope["http_version"]
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > most:
            raise url_too_long(most)
        require_sense(request, version)
        if version.startswith("1"):
            length = request.headers.get("content-length", "0")
            return length != "0" or "transfer-encoding" in request.headers
        return True  # By HTTP/2 one may come that no field tells of.

    @contextmanager
    def content(self, request: Request) -> Iterator[None]:
        """While a content is held; of the long ones, no client may hold all that may be held.

        Raises:
            RequestError: it is too long, or too many are held.
        """
        length = int(request.headers.get("content-length") or -1)
        if length > self._most(request):
            raise _too_long(self._most(request))
        if request.path not in self.limits.uploads or 0 <= length <= self.limits.body:
            yield
            return
        client = self._told_apart(request.client)
        if self._uploads.total() >= UPLOADS or (
            client and self._uploads[client] >= UPLOADS // SHARE
        ):
            raise RequestError(503, "Too many long requests are open.", {"retry-after": "10"})
        self._uploads[client] += 1
        try:
            yield
        finally:
            _reduce(self._uploads, client, 1)

    async def read_content(self, request: Request, receive: Receive) -> None:
        """Read the content of a request, as far as it may be held.

        Raises:
            RequestError: it is too long, or does not come in time.
            ClientLeft: it has not come, and nobody waits.
        """
        most = self._most(request)
        content = bytearray()
        more = True
        try:
            async with asyncio.timeout(BODY_PATIENCE):
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise ClientLeft
                    content += message.get("body", b"")
                    if len(content) > most:
                        raise _too_long(most)
                    more = message.get("more_body", False)
        except TimeoutError:
            raise RequestError(408, "The request did not come in time.") from None
        request.body = bytes(content)

    async def send(self, response: Response, request: Request, send: Send) -> None:
        """Send a response no faster than the client reads it.

        Args:
            response: what is sent.
            request: what it answers.
            send: ASGI's.

        Raises:
            ClientLeft: the client does not read.
        """
        start = "http.response.start"
        head = {"type": start, "status": response.status, "headers": _fields(response)}
        body = b"" if request.method == "HEAD" else response.body
        try:
            if len(body) <= PART:
                async with asyncio.timeout(READER_PATIENCE):
                    await send(head)
                    await send({"type": "http.response.body", "body": body})
                return
            with self._holding(request, len(body)):
                await send(head)
                view = memoryview(body)
                for begin in range(0, len(body), PART):
                    more = begin + PART < len(body)
                    part = bytes(view[begin : begin + PART])
                    async with asyncio.timeout(READER_PATIENCE):
                        await send({"type": "http.response.body", "body": part, "more_body": more})
        except TimeoutError:
            raise ClientLeft from None

    def require_room(self, response: Response, request: Request) -> None:
        """See that one more response may wait for its reader; no client may have all the room.

        Raises:
            RequestError: it may not.
        """
        size, most = len(response.body), self.limits.unsent
        if size <= PART or request.method == "HEAD":
            return
        client = self._told_apart(request.client)
        of_client = self._unsent_of[client] if client else 0
        if self.unsent + size > most or (of_client and of_client + size > most // 2):
            words = "Too many answers are being read slowly."
            raise RequestError(503, words, {"retry-after": "10"})

    def _most(self, request: Request) -> int:
        limits = self.limits
        return limits.upload if request.path in limits.uploads else limits.body

    @contextmanager
    def _holding(self, request: Request, size: int) -> Iterator[None]:
        client = self._told_apart(request.client)
        self.unsent += size
        self._unsent_of[client] += size
        try:
            yield
        finally:
            self.unsent -= size
            _reduce(self._unsent_of, client, size)


def request_of(scope: Scope) -> Request:
    """The request that an ASGI scope is of, without its content."""
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    query: bytes = scope["query_string"]
    client, root = scope.get("client"), scope.get("root_path")
    return Request(
        scope["method"],
        scope["path"].removeprefix(root) if root else scope["path"],
        query.decode() if query.isascii() else quote(query, safe=PRINTABLE),
        headers,
        client=client[0] if client else "",
    )


def require_sense(request: Request, version: str) -> None:
    """See that the head of a request has one meaning.

    Args:
        request: without its content.
        version: of HTTP, as ASGI says it.

    Raises:
        RequestError: it has none, or several.
    """
    headers = request.headers
    if sum(map(len, headers)) + sum(map(len, headers.values())) > HEAD_BYTES:
        raise head_too_long()
    host = headers.get("host")
    if host is None:
        if version in ("0.9", "1.1"):
            raise RequestError(400, "A request of HTTP/1.1 has a Host field.")
    elif not _HOST.fullmatch(host):
        raise RequestError(400, "The Host field has to name one host.")
    if headers.get("transfer-encoding", "chunked").lower() != "chunked":
        raise RequestError(400, "The only transfer coding that is understood is chunked.")
    if headers.get("expect", "100-continue").lower() != "100-continue":
        raise RequestError(417, "The only expectation that can be met is 100-continue.")


def _fields(response: Response) -> list[tuple[bytes, bytes]]:
    fields = [(name.encode("ascii"), value.encode("latin-1")) for name, value in response.headers]
    if response.status not in (204, 304):
        fields.append((b"content-length", b"%d" % len(response.body)))
    return fields


def url_too_long(most: int) -> RequestError:
    """The address has more bytes than it may."""
    return RequestError(413, f"The address may be {most} bytes long; POST the rest.")


def head_too_long() -> RequestError:
    """The header fields have more bytes than they may."""
    # A new one each time: an error that is raised again keeps all that it passed through before.
    return RequestError(431, f"Header fields may have {HEAD_BYTES} bytes in all.")


def _too_long(most: int) -> RequestError:
    return RequestError(413, f"A request may be {most} bytes long.")


def _reduce(counter: Counter[str], key: str, by: int) -> None:
    counter[key] -= by
    if not counter[key]:
        del counter[key]
