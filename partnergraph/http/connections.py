"""HTTP/1.1 connections: bytes to requests, and responses to bytes, in order.

httptools reads the requests (with llhttp, the parser of Node.js, in its strict mode). Here is what
a public service needs around it: every wait has an end, everything that grows has a bound, a client
that leaves is noticed at once – and a request that came before, byte for byte, gets the response
that it got then, without any of the work. See docs/decisions/0004.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import Any, Protocol, cast
from urllib.parse import unquote

from httptools import (
    HttpParserError,
    HttpParserInvalidURLError,
    HttpParserUpgrade,
    HttpRequestParser,
    parse_url,
)

from partnergraph.errors import RequestError
from partnergraph.protocol.messages import Request, Response

HEAD_PATIENCE = 10.0
"""Seconds in which a request has to come, once it has begun."""

IDLE_PATIENCE = 75.0
"""Seconds that a connection may be idle."""

READER_PATIENCE = 30.0
"""Seconds in which a client has to read each part of what it is sent."""

FAREWELL = 2.0
"""Seconds for a client to read why it is turned away while it still sends."""

HEAD_BYTES = 16 * 1024
"""Bytes of header fields that a request may have."""

PIPELINE = 16
"""Requests that wait for their turn on a connection before no more is read from it."""

SHARE = 8
"""What part of all connections one client may have."""

PART = 64 * 1024
"""Bytes of a body that are handed to the system at a time."""

UPLOADS = 64
"""Contents longer than those of most requests that may be held at a time."""

REMEMBERED_BYTES = 16 * 1024
"""The largest request, and the largest response, that are remembered word for word."""

REMEMBERED = 1024
"""How many of them: 32 MiB at the very most."""


logger = logging.getLogger("partnergraph")


class Service(Protocol):
    """What answers the requests."""

    def respond(self, request: Request) -> Coroutine[Any, Any, Response]:
        """Answer a request; it raises nothing but cancellation."""
        ...

    def refuse(self, error: RequestError, request: Request | None = None) -> Response:
        """The response to what is no proper request.

        Args:
            error: what is wrong.
            request: as far as it has come, where at least its head has.
        """
        ...


@dataclass(frozen=True)
class Limits:
    """How much there may be.

    Attributes:
        url: bytes of a request target.
        body: bytes of a request's content.
        upload: bytes of the content of a request to one of ``uploads``.
        uploads: the paths that take longer contents.
        connections: that are open at once.
        unsent: bytes of long responses that wait for slow readers, in all.
    """

    url: int
    body: int
    upload: int
    uploads: frozenset[str]
    connections: int
    unsent: int


class Listener:
    """All connections of a service, and what they share.

    Attributes:
        remembered: responses to requests that came before, by the bytes of the request.
        repeated: how many requests were answered that way.
        unsent: bytes of responses that clients have yet to read.
    """

    def __init__(
        self, service: Service, limits: Limits, told_apart: Callable[[str], str], *, remembers: bool
    ) -> None:
        """Args:
        service: answers the requests.
        limits: how much there may be of everything.
        told_apart: the client that an address belongs to; empty for those that are not limited
            one by one.
        remembers: whether to answer what came before without asking the service.
        """
        self.service = service
        self.limits = limits
        self.remembered: dict[bytes, tuple[bytes, bytes]] = {}
        self.repeated = 0
        self.unsent = 0
        self.connections: set[Connection] = set()
        self._uploads: dict[Connection, str] = {}
        self._told_apart = told_apart
        self._remembers = remembers
        self._of_client: Counter[str] = Counter()
        self._unsent_of: Counter[str] = Counter()
        self._clock = asyncio.get_running_loop().time
        self.now = self._clock()
        self.date = b""
        self._sweep()

    def __call__(self) -> Connection:
        """A connection's protocol, for ``loop.create_server``."""
        return Connection(self)

    def admit(self, connection: Connection) -> bool:
        """Whether there is room for one more connection; no client may have all the room."""
        client = self._told_apart(connection.address)
        most = self.limits.connections
        if len(self.connections) >= most or (
            client and self._of_client[client] >= max(1, most // SHARE)
        ):
            return False
        self.connections.add(connection)
        self._of_client[client] += 1
        return True

    def admit_upload(self, connection: Connection) -> None:
        """Let a connection hold a long content, until it ends; no client may hold all of them.

        Raises:
            RequestError: there are too many.
        """
        client = self._told_apart(connection.address)
        others = [held for other, held in self._uploads.items() if other is not connection]
        if len(others) >= UPLOADS or (client and others.count(client) >= UPLOADS // SHARE):
            raise RequestError(503, "Too many long requests are open.", {"retry-after": "10"})
        self._uploads[connection] = client

    def remember(self, wire: bytes, start: bytes, rest: bytes) -> None:
        """Keep a response for the next request of the same bytes; the date goes into its middle."""
        if self._remembers and len(rest) <= REMEMBERED_BYTES:
            if len(self.remembered) >= REMEMBERED:
                del self.remembered[next(iter(self.remembered))]  # The oldest.
            self.remembered[wire] = (start, rest)

    def has_room_for(self, connection: Connection, response: Response) -> bool:
        """Whether one more long response may wait for its reader; no client may have all room."""
        size, most = len(response.body), self.limits.unsent
        client = self._told_apart(connection.address)
        if client and self._unsent_of[client] and self._unsent_of[client] + size > most // 2:
            return False
        return self.unsent + size <= most

    @contextmanager
    def holding(self, connection: Connection, size: int) -> Iterator[None]:
        """While so many bytes wait for their reader."""
        client = self._told_apart(connection.address)
        self.unsent += size
        self._unsent_of[client] += size
        try:
            yield
        finally:
            self.unsent -= size
            self._unsent_of[client] -= size
            if not self._unsent_of[client]:
                del self._unsent_of[client]

    def forget(self, connection: Connection) -> None:
        """A connection has ended."""
        self._uploads.pop(connection, None)
        if connection in self.connections:
            self.connections.remove(connection)
            client = self._told_apart(connection.address)
            self._of_client[client] -= 1
            if not self._of_client[client]:
                del self._of_client[client]

    def close(self) -> None:
        """End the connections that nothing is being done for, and the others when they are done."""
        for connection in list(self.connections):
            connection.retire()

    def _sweep(self) -> None:
        """Each second: tell the time, and end what has waited for too long."""
        self.now = self._clock()
        self.date = f"date: {formatdate(usegmt=True)}\r\n".encode()
        for connection in list(self.connections):
            if connection.expires < self.now:
                connection.expire()
        asyncio.get_running_loop().call_later(1.0, self._sweep)


class Connection(asyncio.Protocol):
    """One client's connection.

    Attributes:
        address: of the client.
        expires: until when something has to happen.
    """

    def __init__(self, listener: Listener) -> None:
        self.address = ""
        self.expires = listener.now + IDLE_PATIENCE
        self._listener = listener
        self._parser = HttpRequestParser(self)
        self._transport: asyncio.Transport
        # The request that is coming in.
        self._reading = False
        self._head_complete = False
        self._head_bytes = 0
        self._field_bytes = 0
        self._url = b""
        self._headers: dict[str, str] = {}
        self._body = bytearray()
        self._missing = 0
        # Those that are complete, with whether the connection is kept after them; the first is
        # being answered.
        self._requests: deque[tuple[Request, bool]] = deque()
        self._complete = 0
        self._serving: asyncio.Task[None] | None = None
        self._wire: bytes | None = None
        self._drained: asyncio.Future[None] | None = None
        self._paused = False
        # Nothing more is read after the last request, or after what is none.
        self._last = False
        self._refusal: RequestError | None = None
        self._retiring = False

    # asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has connected."""
        self._transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")
        self.address = peer[0] if isinstance(peer, tuple) else ""
        if not self._listener.admit(self):
            self._last = True
            self._say(RequestError(503, "Too many connections are open.", {"retry-after": "10"}))
            transport.close()

    def data_received(self, data: bytes) -> None:
        """Some bytes: most often exactly one request."""
        if self._missing:
            data = self._take_missing(data)
        if self._last:
            return
        quiet = not (self._reading or self._requests or self._drained)
        if quiet:
            # A request has the answer that it had before for as long as the data is the same; the
            # service forgets all of them when it is not.
            known = self._listener.remembered.get(data)
            if known:
                self._listener.repeated += 1
                self.expires = self._listener.now + IDLE_PATIENCE
                self._transport.write(known[0] + self._listener.date + known[1])
                return
        self._complete = 0
        self._feed(data)
        if quiet and self._complete == 1 and not self._reading and len(data) <= REMEMBERED_BYTES:
            self._wire = data
        if self._reading and not self._head_complete:
            # The parser tells of a header field when it is complete; this one may never be.
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES + self._listener.limits.url:
                self._turn_away(_head_too_long())

    def pause_writing(self) -> None:
        """The client reads more slowly than it is sent to."""
        self._drained = asyncio.get_running_loop().create_future()
        self._pause_or_resume()

    def resume_writing(self) -> None:
        """The client has read on."""
        if self._drained and not self._drained.done():
            self._drained.set_result(None)
        self._drained = None
        self._pause_or_resume()

    def connection_lost(self, _: Exception | None) -> None:
        """The client has left; so nobody waits for its answers."""
        self._listener.forget(self)
        self._requests.clear()
        if self._serving:
            self._serving.cancel()

    def _feed(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade as upgrade:
            # No other protocol is spoken; but the parser has left the content of the request to it.
            offset: int = upgrade.args[0]
            if self._missing:
                self._take_missing(data[offset:])
        except HttpParserError as error:
            if not self._last:  # What follows the last request is not read.
                cause = error.__context__
                if not isinstance(cause, RequestError):
                    cause = RequestError(400, "This is no HTTP/1.1 request.")
                self._turn_away(cause)

    def _pause_or_resume(self) -> None:
        """Read on only from clients that read, too, and have not sent too much ahead."""
        pause = self._drained is not None or len(self._requests) >= PIPELINE
        if pause != self._paused and not self._transport.is_closing():
            self._paused = pause
            if pause:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()

    # httptools' side

    def on_message_begin(self) -> None:
        """A request begins."""
        self._reading = True
        self._head_complete = False
        self._head_bytes = self._field_bytes = 0
        self._url = b""
        self._headers = {}
        self._body = bytearray()
        if not self._serving:
            self.expires = self._listener.now + HEAD_PATIENCE

    def on_url(self, url: bytes) -> None:
        """A part of the request target."""
        self._url += url
        if len(self._url) > self._listener.limits.url:
            raise RequestError(
                413, f"The address may be {self._listener.limits.url} bytes long; POST the rest."
            )

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header field; those that follow the content are of no use to anything here."""
        if self._head_complete:
            return
        self._field_bytes += len(name) + len(value)
        if self._field_bytes > HEAD_BYTES:
            raise _head_too_long()
        key = name.decode("latin-1").lower()
        text = value.decode("latin-1")
        if key not in self._headers:
            self._headers[key] = text
        elif key == "host":
            raise RequestError(400, "A request has one Host field.")
        else:
            self._headers[key] += f", {text}"

    def on_headers_complete(self) -> None:
        """All header fields are there; the content follows, if there is any."""
        self._head_complete = True
        modern = self._parser.get_http_version() != "1.0"
        if modern and "host" not in self._headers:
            raise RequestError(400, "A request of HTTP/1.1 has a Host field.")
        if self._headers.get("transfer-encoding", "chunked").lower() != "chunked":
            raise RequestError(400, "The only transfer coding that is understood is chunked.")
        self._require_short(int(self._headers.get("content-length") or 0))
        waits = self._headers.get("expect", "").lower() == "100-continue"
        if waits and modern and not self._serving:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, part: bytes) -> None:
        """A part of the content."""
        self._require_short(len(self._body) + len(part))
        self._body += part

    def on_message_complete(self) -> None:
        """A request is complete."""
        if self._parser.should_upgrade():
            self._last = True
            self._missing = int(self._headers.get("content-length") or 0)
            if self._missing:
                return
        self._take_request()

    def _take_missing(self, data: bytes) -> bytes:
        """The content of a request that the parser has not read; returns what follows it."""
        self._body += data[: self._missing]
        rest = data[self._missing :]
        self._missing = max(0, self._missing - len(data))
        if not self._missing:
            self._take_request()
        return rest

    def _take_request(self) -> None:
        self._reading = False
        self._complete += 1
        path, query_string = _target(self._url)
        method = self._parser.get_method().decode("ascii")
        body = bytes(self._body)
        request = Request(method, path, query_string, self._headers, body, self.address)
        modern = self._parser.get_http_version() != "1.0"
        keep = modern and self._parser.should_keep_alive() and not self._last
        # A long content is the last: a client cannot send several ahead for us to hold.
        keep = keep and len(body) <= self._listener.limits.body
        self._last = self._last or not keep
        self._requests.append((request, keep))
        self._pause_or_resume()
        if self._serving is None:
            self._serving = asyncio.get_running_loop().create_task(self._serve())

    def _require_short(self, size: int) -> None:
        limits = self._listener.limits
        if size <= limits.body:
            return
        most = limits.upload if _target(self._url)[0] in limits.uploads else limits.body
        if size > most:
            raise RequestError(413, f"A request may be {most} bytes long.")
        self._listener.admit_upload(self)

    # Answering

    async def _serve(self) -> None:
        """Answer the requests that are there, one after another; then say what was wrong."""
        try:
            while self._requests:
                self.expires = float("inf")
                request, keep = self._requests[0]
                response = await self._listener.service.respond(request)
                keep = keep and not self._retiring
                await self._send(request, response, keep=keep)
                if not keep:
                    self._close()
                    return
                self._requests.popleft()
                self._wire = None
                self._pause_or_resume()
        except Exception:
            logger.exception("a connection failed")
            self._transport.abort()
            return
        self._serving = None
        patience = HEAD_PATIENCE if self._reading else IDLE_PATIENCE
        self.expires = self._listener.now + patience
        if self._refusal:
            self._turn_away(self._refusal)

    async def _send(self, request: Request, response: Response, *, keep: bool) -> None:
        if len(response.body) > PART and not self._listener.has_room_for(self, response):
            response = self._listener.service.refuse(
                RequestError(503, "Too many answers are being read slowly.", {"retry-after": "10"})
            )
        start, end = _head(response, keep=keep)
        content = b"" if request.method == "HEAD" else response.body
        if self._drained:
            self.expires = self._listener.now + READER_PATIENCE
            await self._drained
        if len(content) <= PART:
            self._transport.write(start + self._listener.date + end + content)
        else:
            await self._send_in_parts(start + self._listener.date + end, content)
        if response.repeatable and keep and self._wire:
            self._listener.remember(self._wire, start, end + content)

    async def _send_in_parts(self, head: bytes, content: bytes) -> None:
        """Send a long body no faster than the client reads it; it is held once, not copied."""
        with self._listener.holding(self, len(content)):
            self._transport.write(head)
            view = memoryview(content)
            for begin in range(0, len(content), PART):
                self.expires = self._listener.now + READER_PATIENCE
                self._transport.write(bytes(view[begin : begin + PART]))
                if self._drained:
                    await self._drained

    # Ending

    def expire(self) -> None:
        """The client has been waited for for long enough."""
        if self._reading and not (self._serving or self._last):
            self._turn_away(RequestError(408, "The request did not come in time."))
        else:
            self._transport.abort()

    def retire(self) -> None:
        """Close after what is being done."""
        self._retiring = True
        if not self._requests:
            self._transport.close()

    def _close(self) -> None:
        """Nothing more is said; what has been said has to be read in time."""
        self._last = True
        self.expires = self._listener.now + READER_PATIENCE
        self._transport.close()

    def _turn_away(self, error: RequestError) -> None:
        """Say why, and close, once the requests before are answered.

        What the client still sends is read and thrown away: closing at once would take the reason
        away from a client that has not finished sending.
        https://www.rfc-editor.org/rfc/rfc9112#name-tear-down
        """
        self._last = True
        self._reading = False
        if self._serving:
            self._refusal = error
            return
        self._say(error)
        self._transport.write_eof()
        self.expires = self._listener.now + FAREWELL

    def _say(self, error: RequestError) -> None:
        response = self._listener.service.refuse(error, self._head_of_request())
        start, end = _head(response, keep=False)
        self._transport.write(start + self._listener.date + end + response.body)

    def _head_of_request(self) -> Request | None:
        """The request that is turned away, as far as it is known, where its head has come."""
        if not self._head_complete:
            return None
        try:
            path, query_string = _target(self._url)
        except RequestError:  # That may be why it is turned away.
            return None
        method = self._parser.get_method().decode("ascii")
        return Request(method, path, query_string, self._headers, client=self.address)


def _head(response: Response, *, keep: bool) -> tuple[bytes, bytes]:
    """The head of a response, in two parts: the date belongs between them."""
    lines = [f"{name}: {value}\r\n" for name, value in response.headers]
    if response.status not in (204, 304):
        lines.append(f"content-length: {len(response.body)}\r\n")
    if not keep:
        lines.append("connection: close\r\n")
    text = "".join(lines)
    if text.count("\n") != len(lines) or text.count("\r") != len(lines):
        raise ValueError("a header field of a response has a line break in it")
    phrase = _PHRASES.get(response.status, "")
    start = f"HTTP/1.1 {response.status} {phrase}\r\n"
    return start.encode("ascii"), f"{text}\r\n".encode("latin-1")


def _target(url: bytes) -> tuple[str, str]:
    """Path and query of a request target: https://www.rfc-editor.org/rfc/rfc9112#name-request-target.

    Raises:
        RequestError: it is none.
    """
    try:
        if not url.startswith(b"/"):  # To a proxy it is said with scheme and host.
            parsed = parse_url(url)
            url = (parsed.path or b"/") + (b"?" + parsed.query if parsed.query else b"")
        path, _, query_string = url.decode("utf-8").partition("?")
    except (HttpParserInvalidURLError, UnicodeDecodeError):
        raise RequestError(400, "The address is not a URL in UTF-8.") from None
    return unquote(path) if "%" in path else path, query_string


_PHRASES = {status.value: status.phrase for status in HTTPStatus}


def _head_too_long() -> RequestError:
    # A new one each time: an error that is raised again keeps all that it passed through before.
    return RequestError(431, f"Header fields may have {HEAD_BYTES} bytes in all.")
