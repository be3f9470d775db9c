"""What an HTTP request and a response are to the parts that answer; they know no connection."""

from __future__ import annotations

from dataclasses import dataclass, field

Headers = tuple[tuple[str, str], ...]

SAFE = {
    # No script or style within a page, and no request to another host.
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
}
"""Header fields that keep a browser from taking data for a program."""


@dataclass(slots=True)
class Request:
    """An HTTP request, complete.

    Attributes:
        method: such as ``GET``, in capitals.
        path: percent-decoded.
        query_string: as it was sent, without the question mark.
        headers: by lower-case name; several of one name are joined by a comma.
        body: the content.
        client: who asks: an address.
    """

    method: str
    path: str = "/"
    query_string: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    client: str = ""


@dataclass(slots=True)
class Response:
    """An HTTP response, finished.

    Attributes:
        status: the status code.
        headers: names in lower case; without ``content-length``.
        body: the content; HEAD is answered without it.
        outcome: one word for what happened, for measurements.
        repeatable: whether the same request would get the same response for as long as the same
            dataset is served.
    """

    status: int
    headers: Headers
    body: bytes = b""
    outcome: str = "answered"
    repeatable: bool = False
