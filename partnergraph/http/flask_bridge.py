"""From a request to what Flask answers, and back: WSGI by a2wsgi, without a socket between.

Pages follow from the edition and the request alone, so that what was made before is at hand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from a2wsgi import WSGIMiddleware
from cachetools import LRUCache
from flask import Flask

from partnergraph.http.exchanges import Message
from partnergraph.protocol.messages import Request, Response
from partnergraph.protocol.workshop import PLACES, Workshop

DEPENDS_ON = ("accept", "accept-encoding", "accept-language")
"""The header fields that a page may follow from."""

_LARGEST_SHARE = 8
"""What is larger than this part of the whole would drive out too much else."""

_OVERHEAD = 2048
"""Bytes that an entry takes beside its content, roughly."""

Key = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    response: Response
    size: int


class FlaskBridge:
    """Flask, for who awaits its answers."""

    def __init__(self, pages: Flask, capacity: int) -> None:
        """Args:
        pages: what answers.
        capacity: bytes that pages which are kept may take; 0 keeps none.
        """
        self._ask = WSGIMiddleware(pages, workers=PLACES)  # type: ignore[arg-type]
        self._kept: LRUCache[Key, _Kept] = LRUCache(capacity, getsizeof=lambda one: one.size)

    async def respond(self, request: Request, workshop: Workshop) -> Response:
        """What Flask answers, or has answered before.

        Args:
            request: for a page or a resource.
            workshop: where it is made.

        Raises:
            RequestError: the client has used up its budget, or too much waits already.
        """
        fields = (request.headers.get(name) for name in DEPENDS_ON)
        key = (request.method, request.path, request.query_string, *fields)
        kept = self._kept.get(key)
        if kept is None:
            response = await workshop.work(request.client, lambda: self._answer(request))
            parts = (response.body, *filter(None, key))
            kept = _Kept(response, sum(map(len, parts)) + _OVERHEAD)
            if response.repeatable and kept.size * _LARGEST_SHARE <= self._kept.maxsize:
                self._kept[key] = kept
        return replace(kept.response)  # Its fields may be added to.

    async def _answer(self, request: Request) -> Response:
        messages: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": request.body, "more_body": False}

        async def send(message: Message) -> None:
            messages.append(message)

        scope = {
            "type": "http",
            "http_version": "1.1",
            # The response to HEAD has the fields of that to GET; the content is left out later.
            "method": "GET" if request.method == "HEAD" else request.method,
            "path": request.path,
            "query_string": request.query_string.encode("ascii"),
            "headers": [
                (name.encode("latin-1"), value.encode("latin-1"))
                for name, value in request.headers.items()
            ],
        }
        await self._ask(scope, receive, send)  # type: ignore[arg-type]
        start, *parts = messages
        fields = (
            (name.decode("ascii"), value.decode("latin-1")) for name, value in start["headers"]
        )
        return Response(
            start["status"],
            tuple(one for one in fields if one[0] not in ("content-length", "date")),
            b"".join(part["body"] for part in parts if part["body"]),
            "page",
            # Pages follow from the edition and the request alone.
            repeatable=start["status"] in (200, 303),
        )
