"""The HTTP side: one small application in front takes what must be quick, Flask takes the rest.

It speaks RSGI, https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md, as that
tells when a client hangs up.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
from collections.abc import Callable, Coroutine
from typing import Any

from flask import Flask
from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian.constants import Interfaces
from granian.rsgi import Scope
from granian.server.embed import Server
from werkzeug.test import EnvironBuilder, run_wsgi_app

from partnergraph.engine import Query
from partnergraph.errors import PartnergraphError, RequestError, UsageError
from partnergraph.formats import RESULTS_FORMATS
from partnergraph.sparql_protocol import Request, Response, SparqlEndpoint
from partnergraph.workers import WorkerPool

GRACE = 2.0
"""Seconds that requests under way have to end when the server ends."""

BODY_PATIENCE = 10.0
"""Seconds in which the body of a request has to come."""

logger = logging.getLogger(__name__)

HEALTH_QUERY = Query("ASK { ?subject ?predicate ?object }", results_format=RESULTS_FORMATS[0])


class Application:
    """Everything that answers HTTP requests, and the engine behind it."""

    def __init__(self, engine: WorkerPool, endpoint: SparqlEndpoint, pages: Flask) -> None:
        self._engine = engine
        self._endpoint = endpoint
        self._pages = pages

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one request."""
        try:
            body = await self._read_body(scope, protocol)
            answering: Coroutine[Any, Any, Response]
            if scope.path == "/sparql":
                answering = self._endpoint.respond(_request(scope, body))
            elif scope.path == "/health":
                answering = self._health(scope.method)
            else:
                answering = asyncio.to_thread(self._page, scope, body)
            response = await _unless_client_leaves(answering, protocol)
        except RequestError as error:
            response = self._endpoint.refuse(error)
        except Exception:
            logger.exception("a request to %s failed", scope.path)
            response = self._endpoint.refuse(RequestError(500, "The fault is ours; it is logged."))
        if response is None:
            return
        headers = dict((*self._endpoint.common_headers, *response.headers))
        headers["content-length"] = str(len(response.body))
        content = b"" if scope.method == "HEAD" else response.body
        protocol.response_bytes(response.status, list(headers.items()), content)

    async def serve(self, host: str, port: int, ready: Callable[[], None]) -> None:
        """Start the engine and answer requests until SIGINT or SIGTERM.

        Args:
            host: address to listen on.
            port: port to listen on.
            ready: is called when queries can be answered.

        Raises:
            UsageError: the address cannot be listened on.
        """
        _require_free(host, port)
        try:
            await self._engine.start()
            server = Server(
                self, host, port, interface=Interfaces.RSGI, log_enabled=False, websockets=False
            )
            loop = asyncio.get_running_loop()

            def end() -> None:
                # The server waits for requests under way, be they never so slow. Nothing is lost
                # by leaving: the query processes end with their sockets.
                loop.call_later(GRACE, os._exit, 0)
                server.stop()  # type: ignore[no-untyped-call]

            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, end)
            loop.call_soon(ready)
            await server.serve()
        finally:
            await self._engine.stop()

    async def _read_body(self, scope: Scope, protocol: HTTPProtocol) -> bytes:
        cap = self._endpoint.max_query_bytes
        too_long = RequestError(413, f"A request may be {cap} bytes long.")
        if int(scope.headers.get("content-length") or 0) > cap:
            raise too_long
        body = b""
        try:
            async with asyncio.timeout(BODY_PATIENCE):
                async for part in protocol:
                    body += part
                    if len(body) > cap:
                        raise too_long
        except TimeoutError:
            raise RequestError(408, f"The body did not come within {BODY_PATIENCE:g} s.") from None
        return body

    async def _health(self, method: str) -> Response:
        """Whether a real query gets its answer."""
        if method not in ("GET", "HEAD"):
            raise RequestError(405, "Health is asked with GET or HEAD.", {"allow": "GET, HEAD"})
        try:
            answer = await self._engine.answer(HEALTH_QUERY)
            healthy = bool(json.loads(answer.body)["boolean"])
        except PartnergraphError:
            healthy = False
        body = json.dumps({"status": "ok" if healthy else "failing"}).encode()
        headers = (("content-type", "application/json"), ("cache-control", "no-store"))
        return Response(200 if healthy else 503, headers, body)

    def _page(self, scope: Scope, body: bytes) -> Response:
        """What Flask answers; runs in a thread."""
        environ = EnvironBuilder(
            method=scope.method,
            query_string=scope.query_string,
            headers=list(scope.headers.items()),
            data=body,
            # Not as path=, which would read a question mark in it as the start of a query string.
            # https://peps.python.org/pep-3333/#unicode-issues
            environ_overrides={"PATH_INFO": scope.path.encode().decode("latin-1")},
        ).get_environ()
        chunks, status, headers = run_wsgi_app(self._pages, environ, buffered=True)
        return Response(
            int(status.split(maxsplit=1)[0]),
            tuple((name.lower(), value) for name, value in headers.items()),
            b"".join(chunks),
        )


def _require_free(host: str, port: int) -> None:
    """The server shares its port with whoever listens there already; that is never meant."""
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        raise UsageError(
            f"cannot listen on {host}:{port} ({_reason(error)}); choose another --port or --host"
        ) from None


def _reason(error: OSError) -> str:
    # socket lengthens strerror with what it was doing; the numbers of getaddrinfo are negative.
    if not error.errno or error.errno < 0:
        return "no such address"
    return os.strerror(error.errno).lower()


def _request(scope: Scope, body: bytes) -> Request:
    return Request(
        method=scope.method,
        query_string=scope.query_string,
        content_type=scope.headers.get("content-type") or "",
        accept=", ".join(value for name, value in scope.headers.items() if name == "accept")
        or None,
        body=body,
    )


async def _unless_client_leaves(
    answering: Coroutine[Any, Any, Response], protocol: HTTPProtocol
) -> Response | None:
    """The response, or ``None`` and the work cancelled where the client hangs up first."""
    work = asyncio.ensure_future(answering)
    gone = asyncio.ensure_future(protocol.client_disconnect())
    try:
        await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
        return work.result() if work.done() else None
    finally:
        work.cancel()
        gone.cancel()
