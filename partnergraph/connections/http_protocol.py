"""uvicorn's HTTP/1.1 connection, with an end to each wait that a public service needs.

A request that came before, byte for byte, gets the response that it got then, without being
parsed; one whose head came before, for another target, is parsed no further than its first line.
See docs/decisions/0021.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple, cast

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle
from uvicorn.server import ServerState

from partnergraph.connections.admission import Admission
from partnergraph.connections.known_heads import KnownHeads
from partnergraph.connections.reading import Reading
from partnergraph.connections.responses import head_of, head_of_message
from partnergraph.errors import RequestError
from partnergraph.http.asgi import CANCELS, WHOLE, Application
from partnergraph.http.exchanges import PART, READER_PATIENCE, ClientLeft, Message, request_of
from partnergraph.http.repeats import LONGEST
from partnergraph.protocol.messages import Request, Response

HEAD_PATIENCE = 10.0
"""Seconds in which the head of a request has to come, once it has begun."""

IDLE_PATIENCE = 75.0
"""Seconds that a connection may be idle."""

FAREWELL = 2.0
"""Seconds for a client to read why it is turned away while it still sends."""

NEVER = float("inf")

logger = logging.getLogger("partnergraph")


class Shared(NamedTuple):
    """What all connections share.

    Attributes:
        application: answers.
        admission: who may have one more.
        heads: those that came before.
    """

    application: Application
    admission: Admission
    heads: KnownHeads


class Connection(Reading):
    """One client's connection.

    Attributes:
        expires: until when something has to happen, by the clock of the event loop.
    """

    def __init__(
        self,
        shared: Shared,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.app = self._answer
        self.longest_url = shared.application.exchanges.limits.url
        self.expires = self.loop.time() + IDLE_PATIENCE
        self._application, self._admission, self._heads = shared
        self._task: asyncio.Task[None] | None = None
        self._asking = False  # A request that uvicorn knows nothing of.
        self._wire: bytes | None = None
        self._refusal: RequestError | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has connected."""
        super().connection_made(transport)
        if not self._admission.admit(self, self.client[0] if self.client else ""):
            words = "Too many connections are open."
            self.refuse(RequestError(503, words, {"retry-after": "10"}))
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has left; so nobody waits for its answers."""
        super().connection_lost(exc)
        self._admission.forget(self)
        if self._task:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        """Some bytes: most often exactly one request."""
        if self._asking:
            self.hold(data)
            return
        application = self._application
        quiet = not (self.in_head or self._is_answering or self.flow.write_paused or self.over)
        if quiet:
            # A request has the answer that it had before for as long as the data is the same; the
            # application forgets all of them when it is not.
            known = application.repeats.known.get(data)
            if known:
                application.repeats.count += 1
                self.expires = self.loop.time() + IDLE_PATIENCE
                self.transport.write(known[0] + self._date() + known[1])
                return
            request = self._heads.read(data, self.client[0] if self.client else "")
            if request:
                self._asking = True
                self.expires = NEVER  # The application has its own patience.
                self._task = self.loop.create_task(self._ask(request, data))
                return
        self.look_at(data)
        # Only what is one whole request: another with the same head may have another content.
        whole = self._is_answering and not (self.cycle.more_body or self.pipeline or self.in_head)
        self._wire = data if quiet and whole and len(data) <= LONGEST else None
        if self._wire and self.cycle.keep_alive:
            self._heads.learn(data, cast("Message", self.cycle.scope))

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        if not self._is_answering:
            self.expires = self.loop.time() + HEAD_PATIENCE

    # The application's side

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._task = self.loop.create_task(cycle.run_asgi(app))

    async def _answer(self, scope: Message, receive: Any, send: Any) -> None:
        """Hand a request to the application, and what it says to uvicorn."""
        cycle: RequestResponseCycle = receive.__self__
        scope["extensions"] = {CANCELS: {}, WHOLE: partial(self._give, cycle, self._wire)}
        with suppress(asyncio.CancelledError):  # The client has left, or the server ends.
            if self.flow.write_paused:  # Not one more answer for who does not read those before.
                self.expires = self.loop.time() + READER_PATIENCE
                await self.flow.drain()
            self.expires = NEVER  # The application has its own patience.
            await self._application(scope, receive, send)
        if cycle.response_complete:
            return
        if self._refusal and not self.transport.is_closing():
            self._say(self._refusal)
        else:
            self.transport.abort()  # The client does not read, or has left.
        cycle.disconnected = True

    async def _ask(self, request: Request, wire: bytes) -> None:
        """Answer a request whose head was known."""
        try:
            response = await self._application.respond(request)
            if len(response.body) <= PART:
                self._write(response, wire, keep=not self.over)
            else:
                await self._application.exchanges.send(response, request, self._send)
        except asyncio.CancelledError:  # The client has left, or the server ends.
            return
        except ClientLeft:
            self.transport.abort()
        except Exception:
            logger.exception("a response cannot be sent", extra={"path": request.path})
            self.transport.abort()
        finally:
            self._asking = False
        if self.over:
            self.transport.close()
        self.on_response_complete()

    async def _send(self, message: Message) -> None:
        """A part of a long response; see ASGI's ``send``."""
        if "status" in message:
            self.transport.write(head_of_message(message, self._date()))
        else:
            self.transport.write(message["body"])
            await self.flow.drain()

    def _give(self, cycle: RequestResponseCycle, wire: bytes | None, response: Response) -> None:
        """Send a finished response at one go, where uvicorn would take two."""
        if cycle.disconnected:
            return
        lingers = cycle.more_body
        keep, whole = cycle.keep_alive and not lingers, cycle.scope["method"] != "HEAD"
        self._write(response, wire, keep=keep, whole=whole)
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        if lingers:
            self._linger()
            return
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()

    def _write(
        self, response: Response, wire: bytes | None, *, keep: bool, whole: bool = True
    ) -> None:
        """Write a finished response, and keep it for the next request of the same bytes."""
        start, rest = head_of(response, keep=keep)
        if whole:
            rest += response.body
        self.transport.write(start + self._date() + rest)
        if wire and keep and response.repeatable:
            self._application.repeats.keep(wire, start, rest)

    def on_response_complete(self) -> None:
        """The next request, if it has come already; or a word on what came after the last.

        In the place of uvicorn's, which has a timer for each response: here all are swept.
        """
        closing = self.transport.is_closing()
        idle = READER_PATIENCE if closing else HEAD_PATIENCE if self.in_head else IDLE_PATIENCE
        self.expires = self.loop.time() + idle
        if closing:
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif self._refusal:
            self._say(self._refusal)
        self.look_on()

    # Ending

    def shutdown(self) -> None:
        """End after what is being done; it is not waited for long."""
        if self._asking:
            self.over = True
        else:
            super().shutdown()
        if self._task and not self._task.done():
            self.tasks.add(self._task)
            self._task.add_done_callback(self.tasks.discard)

    def expire(self) -> None:
        """The client has been waited for for long enough."""
        if self.in_head and not (self._is_answering or self.over):
            self.refuse(RequestError(408, "The request did not come in time."))
        else:
            self.transport.abort()

    def refuse(self, error: RequestError) -> None:
        """Say why nothing more is read, once the requests before are answered."""
        self.over = True
        if not self._is_answering:
            self._say(error)
            return
        self._refusal = error
        if not self.cycle.more_body:
            return
        # The wrong is in the content of a request that has begun.
        if self.pipeline:
            self.pipeline.popleft()
        else:
            self.cycle.disconnected = True
            self.cycle.message_event.set()

    def _say(self, error: RequestError) -> None:
        self._refusal = None
        scope = cast("Message", self.scope)
        request = request_of(scope) if scope and "path" in scope else None
        response = self._application.refuse(error, request)
        start, rest = head_of(response, keep=False)
        self.transport.write(start + self._date() + rest + response.body)
        self._linger()

    def _linger(self) -> None:
        """End, but read and throw away what the client still sends.

        Closing at once would take the answer away from a client that has not finished sending.
        https://www.rfc-editor.org/rfc/rfc9112#name-tear-down
        """
        self.over = True
        self.expires = self.loop.time() + FAREWELL
        with suppress(OSError):  # The client may have gone before.
            if self.transport.can_write_eof():
                self.transport.write_eof()
            else:
                self.transport.close()

    @property
    def _is_answering(self) -> bool:
        return self._asking or (self.cycle is not None and not self.cycle.response_complete)

    def _date(self) -> bytes:
        fields = self.server_state.default_headers  # uvicorn tells the time in them.
        return b"date: %s\r\n" % fields[0][1] if fields else b""
