"""The reading half of a connection: uvicorn's, with a bound to all that a client may send.

httptools reads the requests (with llhttp, the parser of Node.js, in its strict mode), and uvicorn
makes ASGI of them.
"""

from __future__ import annotations

import asyncio
import sys
from abc import abstractmethod
from typing import cast

from httptools import HttpRequestParser
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from partnergraph.errors import RequestError
from partnergraph.http.exchanges import HEAD_BYTES, head_too_long, url_too_long
from partnergraph.protocol.query_request import METHODS

AHEAD = 16
"""Requests that wait for their turn on a connection before no more of its bytes are looked at."""

PART = 4096
"""Bytes that are looked at in one go: not many requests are in them."""

_NO_HTTP = "This is no HTTP/1.1 request."


class _Flow(FlowControl):
    """uvicorn's; it reads on only when all that was read before has been looked at."""

    holds = False

    def resume_reading(self) -> None:
        if not self.holds:
            super().resume_reading()


class Reading(HttpToolsProtocol):
    """What a client sends.

    Attributes:
        longest_url: bytes that a request target may have.
        in_head: whether a request has begun whose head is not complete.
        over: whether nothing more is read.
    """

    longest_url: int
    in_head = False
    over = False
    flow: _Flow
    _held = b""  # Has come, and is not looked at yet.
    _part = b""  # Is looked at.
    _unwanted = 0  # Bytes since a request began, or since a part of its content.
    _upgrading = False

    @abstractmethod
    def refuse(self, error: RequestError) -> None:
        """Say why nothing more is read."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has connected."""
        super().connection_made(cast("asyncio.Transport", transport))
        self.flow = _Flow(self.transport)

    def look_at(self, data: bytes) -> None:
        """Parse some bytes, or as many of them as a client may send ahead."""
        for begin in range(0, len(data), PART):
            if self.over:
                return
            if self.flow.holds or len(self.pipeline) >= AHEAD:
                self.hold(data[begin:], most=0)
                return
            self._part = data[begin : begin + PART]
            self._unwanted += len(self._part)
            super().data_received(self._part)
            if self._unwanted > HEAD_BYTES + self.longest_url and not self.over:
                self.refuse(head_too_long() if self.headers else url_too_long(self.longest_url))

    def hold(self, data: bytes, most: int = PART) -> None:
        """Keep some bytes until :meth:`look_on`, and read no further where there are many."""
        self._held += data
        if len(self._held) > most:
            self.flow.holds = True
            self.flow.pause_reading()

    def look_on(self) -> None:
        """Parse what was held, now that less is ahead."""
        if self._held and len(self.pipeline) < AHEAD:
            held, self._held = self._held, b""
            self.flow.holds = False
            self.look_at(held)
            self.flow.resume_reading()

    # httptools' side

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self.in_head = True
        self._unwanted = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header field; those that follow the content are of no use to anything here."""
        if self.in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """All header fields are there; the content follows, if there is any."""
        self.in_head = False
        if self.parser.get_method() == b"CONNECT":
            raise RequestError(405, "No tunnels are opened here.", {"allow": METHODS})
        self._upgrading = self.parser.should_upgrade()
        if not self._upgrading:  # Else the parser reads no further; see below.
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the content."""
        self._unwanted = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """A request is complete."""
        if not self._upgrading:
            super().on_message_complete()
            if not self.pipeline:  # Only who reads on sees that a client leaves.
                self.flow.resume_reading()

    # uvicorn's side

    def _unsupported_upgrade_warning(self) -> None:
        """Read a request anew, without its wish for another protocol, which is ignored.

        https://www.rfc-editor.org/rfc/rfc9110#name-upgrade
        """
        error = sys.exception()
        assert error is not None
        rest = self._part[error.args[0] :]
        version = self.parser.get_http_version().encode()
        head = b"%s %s HTTP/%s\r\n" % (self.parser.get_method(), self.url, version)
        for name, value in self.headers:
            if name == b"connection":
                head += b"connection: close\r\n" if b"close" in value.lower() else b""
            elif name != b"upgrade":
                head += b"%s: %s\r\n" % (name, value)
        self.parser = HttpRequestParser(self)
        self.look_at(head + b"\r\n" + rest)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        """What comes is no HTTP, or there is too much of it."""
        error = sys.exception()
        cause = error.__context__ if error else None
        self.refuse(cause if isinstance(cause, RequestError) else RequestError(400, _NO_HTTP))
