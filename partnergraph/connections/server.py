"""uvicorn, set up for a public service: it listens, looks after its connections, and ends."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from functools import partial

import uvicorn
from uvicorn.config import STARTUP_FAILURE

from partnergraph.connections.admission import Admission
from partnergraph.connections.http_protocol import FAREWELL, HEAD_PATIENCE, Connection, Shared
from partnergraph.connections.known_heads import KnownHeads
from partnergraph.connections.listening import Door, most_connections
from partnergraph.connections.logs import log_to_standard_error
from partnergraph.http.asgi import Application
from partnergraph.settings import Settings

GRACE = 2
"""Seconds that requests under way have to end when the server ends."""

BACKLOG = 128
"""Connections that may wait to be taken."""

SWEEP = 1.0
"""Seconds between two looks at what has waited for too long."""

logger = logging.getLogger("partnergraph")


def run(
    application: Application,
    settings: Settings,
    listeners: list[socket.socket],
    ready: Callable[[], None],
) -> None:
    """Answer requests until SIGINT or SIGTERM.

    Args:
        application: what answers.
        settings: how its server proves who it is.
        listeners: where clients connect.
        ready: is called when queries can be answered.

    Raises:
        UsageError: another program listens there meanwhile.
        PartnergraphError: the application does not start.
    """
    most = most_connections()
    admission = Admission(most, application.told_apart)
    shared = Shared(application, admission, KnownHeads(application.exchanges.limits))
    application.connections = lambda: len(admission)
    if settings.tls_certificate:  # Nothing can be said before hands are shaken.
        doors = Admission(most, application.told_apart)
        listeners = [Door(listener, doors) for listener in listeners]
    config = uvicorn.Config(
        application,
        http=partial(Connection, shared),  # type: ignore[arg-type]
        ws="none",
        loop="asyncio",
        interface="asgi3",
        lifespan="on",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
    )
    # uvicorn raises the signal that has ended it once more, for whoever handled it before.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    try:
        _Server(config, ready).run(listeners)
    except SystemExit:
        if application.failure is None:
            raise
        raise application.failure from None


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self._sweeping: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """In the place of uvicorn's, which leaves a handshake a minute, and a long queue."""
        await self.lifespan.startup()
        if self.lifespan.should_exit:
            sys.exit(STARTUP_FAILURE)
        loop = asyncio.get_running_loop()
        tls = self.config.ssl
        self.servers = [
            await loop.create_server(
                self._connection,
                sock=listener,
                backlog=BACKLOG,
                ssl=tls,
                ssl_handshake_timeout=HEAD_PATIENCE if tls else None,
                ssl_shutdown_timeout=FAREWELL if tls else None,
            )
            for listener in sockets or ()
        ]
        self.started = True
        # Till now the application says itself what is wrong, in words.
        log_to_standard_error()
        self._sweeping = asyncio.create_task(self._sweep())
        self._ready()

    def _connection(self) -> asyncio.Protocol:
        state, lifespan = self.server_state, self.lifespan.state
        return self.config.http_protocol_class(self.config, state, lifespan)  # type: ignore[call-arg]

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # A query process, a thread or a slow client may keep us beyond any patience; nothing is
        # lost by leaving them, as the processes end with their sockets. Not by the loop, which
        # ends before the interpreter has waited for all threads.
        last_resort = threading.Timer(2 * GRACE, os._exit, (0,))
        last_resort.daemon = True
        last_resort.start()
        await super().shutdown(sockets)

    async def _sweep(self) -> None:
        """End what has waited for too long; what goes wrong with one concerns no other."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(SWEEP)
            for connection in list(self.server_state.connections):
                assert isinstance(connection, Connection)
                try:
                    if connection.expires < loop.time():
                        connection.expire()
                except Exception:
                    logger.exception("a connection failed")
                    connection.transport.abort()
