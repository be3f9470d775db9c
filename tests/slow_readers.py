"""Clients that ask much and read nothing, for tests."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import quote

from tests.serving import Server


@contextmanager
def slow_readers(server: Server, queries: Iterable[str]) -> Iterator[list[socket.socket]]:
    """A client for each query, which has read nothing of the answer yet; all go with the block."""
    with ExitStack() as stack:
        readers = []
        for query in queries:
            reader = socket.create_connection(("127.0.0.1", server.port), timeout=30)
            readers.append(stack.enter_context(reader))
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            request = f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\n\r\n"
            reader.sendall(request.encode())
        yield readers
