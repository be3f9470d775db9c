"""Heads of responses: https://www.rfc-editor.org/rfc/rfc9112#name-message-format."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from partnergraph.http.exchanges import Message
from partnergraph.protocol.messages import Response


def head_of(response: Response, *, keep: bool) -> tuple[bytes, bytes]:
    """The head of a response, in two parts: the date belongs between them."""
    lines = [f"{name}: {value}\r\n" for name, value in response.headers]
    if response.status not in (204, 304):
        lines.append(f"content-length: {len(response.body)}\r\n")
    if not keep:
        lines.append("connection: close\r\n")
    text = "".join(lines)
    if text.count("\n") != len(lines) or text.count("\r") != len(lines):
        raise ValueError("a header field of a response has a line break in it")
    return STATUS_LINE[response.status], f"{text}\r\n".encode("latin-1")


def head_of_message(message: Message, date: bytes) -> bytes:
    """The head that an ``http.response.start`` of ASGI is."""
    fields = b"".join(b"%s: %s\r\n" % field for field in message["headers"])
    return STATUS_LINE[message["status"]] + date + fields + b"\r\n"
