"""The application while it serves: it listens, answers, reads its files anew, and ends."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import threading
import time
from collections.abc import Callable

from partnergraph.errors import UsageError
from partnergraph.gate.posted_graphs import GraphValidation
from partnergraph.http.connections import Limits, Listener
from partnergraph.http.edition import Edition
from partnergraph.http.metrics import Metrics, Observation
from partnergraph.http.renewal import Editions
from partnergraph.http.routes import Routes
from partnergraph.protocol.budgets import Budgets
from partnergraph.settings import Settings

GRACE = 2.0
"""Seconds that requests under way have to end when the server ends."""

CONNECTIONS = 1024
"""Connections that may be open at once, where the system allows as many."""

UNSENT = 4
"""How many answers of the largest size may wait for slow readers."""


class Application:
    """Everything that answers HTTP requests, from whichever edition is the current one."""

    def __init__(
        self,
        settings: Settings,
        edition: Edition,
        renew: Callable[[], Edition],
        metrics: Metrics,
        budgets: Budgets,
    ) -> None:
        """Args:
        settings: where to listen, and within which bounds.
        edition: what is served at first.
        renew: makes an edition of what the files say now.
        metrics: what is measured.
        budgets: what each client has left.
        """
        self._settings = settings
        self._metrics = metrics
        self._told_apart = budgets.client
        self._validation = GraphValidation(settings, budgets)
        self._editions = Editions(edition, renew, metrics, patience=2 * settings.timeout)
        self._routes = Routes(settings, self._editions, self._validation, metrics)

    async def serve(self, ready: Callable[[], None]) -> None:
        """Answer requests until SIGINT or SIGTERM; SIGHUP reads the files anew.

        Args:
            ready: is called when queries can be answered.

        Raises:
            UsageError: the address cannot be listened on.
        """
        loop = asyncio.get_running_loop()
        listener = self._create_listener()
        ended = asyncio.Event()
        try:
            server = await self._listen(listener)
            await self._editions.current.engine.start()
            self._metrics.watch(lambda: _observe(listener, self._editions.current))
            self._editions.on_taking_up(listener.remembered.clear)
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, ended.set)
            loop.add_signal_handler(signal.SIGHUP, self._editions.renew_soon)
            loop.call_soon(ready)
            await ended.wait()
            # A query process, a thread or a slow client may keep us beyond any patience; nothing
            # is lost by leaving them, as the processes end with their sockets.
            # Not by the loop, which ends before the interpreter has waited for all threads.
            last_resort = threading.Timer(2 * GRACE, os._exit, (0,))
            last_resort.daemon = True
            last_resort.start()
            server.close()
            await _until_closed(listener)
        finally:
            await self._editions.current.engine.stop()
            await self._validation.stop()

    async def _listen(self, listener: Listener) -> asyncio.Server:
        host, port = self._settings.host, self._settings.port
        loop = asyncio.get_running_loop()
        try:
            return await loop.create_server(listener, host, port, backlog=CONNECTIONS)
        except OSError as error:
            raise UsageError(
                f"cannot listen on {host}:{port} ({_reason(error)}); choose another --port or "
                "--host"
            ) from None

    def _create_listener(self) -> Listener:
        settings = self._settings
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 2 * CONNECTIONS
        if soft < wanted:
            soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        limits = Limits(
            url=settings.max_query_bytes + len("/sparql?"),
            body=settings.max_query_bytes,
            upload=settings.max_upload_bytes,
            uploads=frozenset({"/validate"}),
            connections=min(CONNECTIONS, soft // 2),
            unsent=UNSENT * settings.max_result_bytes,
        )
        # Behind a proxy, all clients have its address.
        told_apart = (lambda _: "") if settings.client_header else self._told_apart
        remembers = settings.log == "faults" and settings.cache_bytes > 0
        return Listener(self._routes, limits, told_apart, remembers=remembers)


def _observe(listener: Listener, edition: Edition) -> Observation:
    engine, answers = edition.engine, edition.answers
    return Observation(
        version=edition.version,
        processes={"busy": engine.busy, "idle": engine.ready - engine.busy},
        waiting=engine.waiting,
        connections=len(listener.connections),
        unsent=listener.unsent,
        cached=answers.size,
        found={"request": listener.repeated, "query": answers.hits, "nowhere": answers.misses},
    )


async def _until_closed(listener: Listener) -> None:
    """Close all connections, with a little time for what is being answered."""
    listener.close()
    deadline = time.monotonic() + GRACE
    while listener.connections and time.monotonic() < deadline:
        await asyncio.sleep(0.02)


def _reason(error: OSError) -> str:
    # socket lengthens strerror with what it was doing; the numbers of getaddrinfo are negative.
    if not error.errno or error.errno < 0:
        return "no such address"
    return os.strerror(error.errno).lower()
