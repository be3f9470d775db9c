"""Representations that were made before, bounded in bytes, so that a page is made once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock

from cachetools import LRUCache

from partnergraph.content_codings import WORTHWHILE, encode

_LARGEST_SHARE = 8
"""What is larger than this part of the whole would drive out too much else."""

_MOST_ENCODED = 4 * 1024**2
"""Bytes up to which content is put into a coding: more would cost seconds each time."""

_OVERHEAD = 512
"""Bytes that an entry takes beside its content, roughly."""


@dataclass(frozen=True, slots=True)
class Content:
    """A representation as it is sent, and its entity tag."""

    body: bytes
    tag: str
    coding: str | None = None


class Representations:
    """The latest representations; several threads may ask."""

    def __init__(self, capacity: int) -> None:
        """Args:
        capacity: bytes that they may take; 0 keeps none.
        """
        self._kept: LRUCache[Hashable, Content] = LRUCache(
            capacity, getsizeof=lambda one: len(one.body) + _OVERHEAD
        )
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], bytes], coding: str | None) -> Content:
        """The representation with this key, made where it is not known.

        Args:
            key: tells it from all others.
            make: makes it.
            coding: a content coding that it may be put into, if it is long enough.
        """
        with self._lock:
            content = self._kept.get((key, coding))
        if content is None:
            content = _content(make(), coding)
            with self._lock:
                if (len(content.body) + _OVERHEAD) * _LARGEST_SHARE <= self._kept.maxsize:
                    self._kept[key, coding] = content
        return content


def _content(body: bytes, coding: str | None) -> Content:
    digest = blake2b(body, digest_size=16).hexdigest()
    if coding is None or not WORTHWHILE <= len(body) <= _MOST_ENCODED:
        return Content(body, digest)
    # A coding makes another representation, and so another strong tag:
    # https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.3
    return Content(encode(body, coding), f"{digest}-{coding}", coding)
