"""Content codings: which one a client gets, and how content is put into it.

https://www.rfc-editor.org/rfc/rfc9110#name-accept-encoding
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import lru_cache

import brotli
import zstandard

from partnergraph.formats import weighted

WORTHWHILE = 1024
"""Bytes from which on compressing is worth the time."""

_ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda content: zstandard.ZstdCompressor(level=3).compress(content),
    "br": lambda content: bytes(brotli.compress(content, quality=4)),
    # No time of day in the header of the file: the same content gives the same bytes.
    "gzip": lambda content: gzip.compress(content, compresslevel=6, mtime=0),
}
"""By preference, where a client likes several equally."""


@lru_cache(maxsize=256)
def negotiate_coding(accept_encoding: str | None) -> str | None:
    """The content coding that an Accept-Encoding header wants most; ``None`` for none at all.

    Content without a coding is the answer, too, where the header forbids that and all codings that
    are known: the standard lets us disregard such a header.
    """
    weights = {
        value.lower().replace("x-gzip", "gzip"): quality
        for value, quality in weighted(accept_encoding or "")
    }
    others = weights.get("*", 0.0)
    plain = weights.get("identity", 0.0)
    best = max(_ENCODERS, key=lambda coding: weights.get(coding, others))
    wanted = weights.get(best, others)
    return best if wanted > 0 and wanted >= plain else None


def encode(content: bytes, coding: str) -> bytes:
    """The content in a coding that :func:`negotiate_coding` has named."""
    return _ENCODERS[coding](content)
