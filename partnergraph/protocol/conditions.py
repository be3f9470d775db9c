"""What a client makes its wish depend on, and which part of an answer it wants.

https://www.rfc-editor.org/rfc/rfc9110#name-conditional-requests and #name-range-requests; the same
for everything that is answered.
"""

from __future__ import annotations

import re
from dataclasses import replace
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from partnergraph.errors import RequestError
from partnergraph.protocol.messages import Headers, Request, Response

CONDITIONS = frozenset(
    {"if-match", "if-unmodified-since", "if-none-match", "if-modified-since", "range"}
)
"""The header fields that say them."""

_BEFORE = frozenset({"if-match", "if-unmodified-since"})
"""Those that come before the others."""

IN_PARTS = ("accept-ranges", "bytes")
"""That an answer can be had in parts."""

_RANGE = re.compile(r"bytes *= *(\d{0,18}) *- *(\d{0,18})", re.IGNORECASE)
"""One range; several would be several parts, which nobody needs of a file."""

_OF_CONTENT = ("content-type", "content-encoding", "content-language")
"""Fields that have no meaning where no content follows."""


def met(response: Response, request: Request) -> Response:
    """What is sent of a response, by the conditions of its request, as RFC 9110, 13.2.2, has it.

    Raises:
        RequestError: a condition fails (412), or there is no such part (416).
    """
    if response.status != HTTPStatus.OK or request.method not in ("GET", "HEAD"):
        return response
    own = dict(response.headers)
    tag, changed = own.get("etag", ""), http_date(own.get("last-modified"))
    if not (tag or changed):
        return response
    asked = request.headers
    match, unmodified = asked.get("if-match"), http_date(asked.get("if-unmodified-since"))
    if match is not None:
        fails = not _is_listed(match, tag)
    else:
        fails = unmodified is not None and changed is not None and changed > unmodified
    if fails:
        raise RequestError(412, "There is another version of it than the one that is named.")
    none_match, since = asked.get("if-none-match"), http_date(asked.get("if-modified-since"))
    if none_match is not None:
        current = _names_tag(none_match, tag)
    else:
        current = since is not None and changed is not None and since >= changed
    if current:
        kept = tuple(one for one in response.headers if one[0] not in _OF_CONTENT)
        return replace(response, status=304, headers=kept, body=b"", outcome="unchanged")
    if request.method == "GET" and "range" in asked and _is_same(asked.get("if-range"), own):
        return _part(response, asked["range"])
    return response


def _names_tag(listed: str, tag: str) -> bool:
    """Whether a list of entity tags names one, by weak comparison.

    https://www.rfc-editor.org/rfc/rfc9110#name-if-none-match
    """
    each = {one.strip().removeprefix("W/") for one in listed.split(",")}
    return "*" in each or bool(tag and tag in each)


def is_held(request: Request, tag: str) -> bool:
    """Whether a client has what it asks for: known by the tag alone, before it is made.

    Only where it names that very tag, which nobody knows of what has never been answered.
    """
    asked = request.headers
    if request.method not in ("GET", "HEAD") or not _BEFORE.isdisjoint(asked):
        return False
    listed = asked.get("if-none-match", "")
    return any(one.strip().removeprefix("W/") == tag for one in listed.split(","))


def http_date(date: str | None) -> float | None:
    """A date in seconds, which is left out of account where it is none."""
    if date is None:
        return None
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _is_listed(listed: str, tag: str) -> bool:
    """The same by strong comparison: https://www.rfc-editor.org/rfc/rfc9110#name-if-match."""
    each = {one.strip() for one in listed.split(",")}
    return "*" in each or bool(tag and tag in each)


def _is_same(if_range: str | None, own: dict[str, str]) -> bool:
    """Whether the parts that a client has are of the same whole.

    https://www.rfc-editor.org/rfc/rfc9110#name-if-range
    """
    return if_range is None or if_range in (own.get("etag"), own.get("last-modified"))


def _part(response: Response, asked: str) -> Response:
    """https://www.rfc-editor.org/rfc/rfc9110#name-range; what is none is as if it were not there.

    Raises:
        RequestError: there is no such part.
    """
    found = _RANGE.fullmatch(asked.strip())
    size = len(response.body)
    if not found or not any(found.groups()):
        return response
    first, last = found.groups()
    if first:
        begin, end = int(first), min(int(last), size - 1) if last else size - 1
        if last and int(last) < begin:
            return response
    else:
        begin, end = max(0, size - int(last)), size - 1
    if begin > end:
        unsatisfied = {"content-range": f"bytes */{size}"}
        raise RequestError(416, f"It has {size} bytes.", unsatisfied)
    place: Headers = (("content-range", f"bytes {begin}-{end}/{size}"),)
    body = response.body[begin : end + 1]
    return replace(response, status=206, headers=(*response.headers, *place), body=body)
