"""The application, for any ASGI server: it starts, answers, reads its files anew, and ends.

https://asgi.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any

from partnergraph.errors import PartnergraphError, RequestError
from partnergraph.gate.posted_graphs import GraphValidation
from partnergraph.http.edition import Edition
from partnergraph.http.exchanges import (
    PART,
    ClientLeft,
    Exchanges,
    Limits,
    Receive,
    Scope,
    Send,
    request_of,
)
from partnergraph.http.metrics import Metrics, Observation
from partnergraph.http.renewal import Editions
from partnergraph.http.repeats import Repeats
from partnergraph.http.routes import Routes
from partnergraph.isolation.lone_process import LoneProcess
from partnergraph.protocol.budgets import Budgets
from partnergraph.protocol.messages import Request, Response
from partnergraph.protocol.workshop import Workshop
from partnergraph.settings import Settings

UNSENT = 4
"""How many answers of the largest size may wait for slow readers."""

CANCELS = "partnergraph.cancels"
"""The extension of a server that cancels what it has called for a client that has left."""

WHOLE = "partnergraph.whole"
"""The extension of a server that takes a finished response that is not long: a function of it."""

Answers = Callable[[Request], Coroutine[Any, Any, Response]]

logger = logging.getLogger("partnergraph")


class Application:
    """Everything that answers HTTP requests, from whichever edition is the current one.

    Attributes:
        repeats: responses that a server may give again to the same bytes.
        exchanges: what all requests under way share.
        told_apart: the client that an address belongs to; empty for those that are not limited
            one by one.
        failure: why it has not started.
        connections: how many are open, where the server tells.
    """

    def __init__(
        self,
        settings: Settings,
        edition: Edition,
        renew: Callable[[], Edition],
        metrics: Metrics,
        budgets: Budgets,
    ) -> None:
        """Args:
        settings: within which bounds.
        edition: what is served at first.
        renew: makes an edition of what the files say now.
        metrics: what is measured.
        budgets: what each client has left.
        """
        # Behind a proxy, all clients have its address.
        self.told_apart = (lambda _: "") if settings.client_header else budgets.client
        # What is answered from there is not logged.
        self.repeats = Repeats(settings.cache_bytes // 2 if settings.log == "faults" else 0)
        self.exchanges = Exchanges(_limits(settings), self.told_apart)
        self.failure: PartnergraphError | None = None
        self.connections: Callable[[], int] = lambda: 0
        self._metrics = metrics
        self._validation = GraphValidation(settings, budgets)
        self._editions = Editions(edition, renew, metrics, patience=2 * settings.timeout)
        workshop = Workshop(budgets)
        self._routes = Routes(settings, self._editions, self._validation, metrics, workshop)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What an ASGI server calls."""
        if scope["type"] == "http":
            try:
                await self._exchange(scope, receive, send)
            except ClientLeft:
                return
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            raise ValueError(f"of {scope['type']} nothing is known here")

    def refuse(self, error: RequestError, request: Request | None = None) -> Response:
        """The response to what is no proper request, for a server that can send it.

        Args:
            error: what is wrong.
            request: as far as it has come, where at least its head has.
        """
        return self._routes.refuse(error, request)

    # From the first to the last

    async def _live(self, receive: Receive, send: Send) -> None:
        """https://asgi.readthedocs.io/en/latest/specs/lifespan.html."""
        await receive()
        with LoneProcess() as alone:
            try:
                alone.require()
                await self._start()
            except PartnergraphError as error:
                self.failure = error
                await send({"type": "lifespan.startup.failed", "message": str(error)})
                return
            except Exception:
                logger.exception("the application does not start")
                await send({"type": "lifespan.startup.failed", "message": "The fault is ours."})
                return
            try:
                await send({"type": "lifespan.startup.complete"})
                await receive()
            finally:
                await self._editions.current.engine.stop()
                await self._validation.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _start(self) -> None:
        await self._editions.current.engine.start()
        self._metrics.watch(self._observe)
        self._editions.on_taking_up(self.repeats.clear)
        with suppress(RuntimeError, ValueError):  # Signals come to the main thread alone.
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._editions.renew_soon)

    def _observe(self) -> Observation:
        edition = self._editions.current
        engine, answers = edition.engine, edition.answers
        found = {"request": self.repeats.count, "query": answers.hits, "nowhere": answers.misses}
        return Observation(
            version=edition.version,
            processes={"busy": engine.busy, "idle": engine.ready - engine.busy},
            waiting=engine.waiting,
            connections=self.connections(),
            unsent=self.exchanges.unsent,
            cached=answers.size,
            found=found,
        )

    # One request

    async def respond(self, request: Request) -> Response:
        """Answer a request that is complete; it raises nothing but cancellation."""
        response = await self._routes.respond(request)
        try:
            self.exchanges.require_room(response, request)
        except RequestError as error:
            return self.refuse(error, request)
        return response

    async def _exchange(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = request_of(scope)
        extensions = scope.get("extensions") or {}
        answer = self.respond
        if CANCELS not in extensions:
            answer = partial(_while_connected, answer, receive)
        try:
            if self.exchanges.has_content(request, scope):
                with self.exchanges.content(request):
                    await self.exchanges.read_content(request, receive)
                    response = await answer(request)
            else:
                response = await answer(request)
        except RequestError as error:
            response = self.refuse(error, request)
        if WHOLE in extensions and len(response.body) <= PART:
            extensions[WHOLE](response)
        else:
            await self.exchanges.send(response, request, send)


async def _while_connected(answer: Answers, receive: Receive, request: Request) -> Response:
    """The response, unless the client leaves before."""
    answering = asyncio.ensure_future(answer(request))
    left = asyncio.ensure_future(_left(receive))
    try:
        await asyncio.wait({answering, left}, return_when=asyncio.FIRST_COMPLETED)
        if answering.done():
            return answering.result()
        raise ClientLeft
    finally:
        answering.cancel()
        left.cancel()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _limits(settings: Settings) -> Limits:
    return Limits(
        url=settings.max_query_bytes + len("/sparql?"),
        body=settings.max_query_bytes,
        upload=settings.max_upload_bytes,
        uploads=frozenset({"/validate"}),
        unsent=UNSENT * settings.max_result_bytes,
    )
