"""Answers that are kept, bounded in bytes, so that a repeated query costs no process."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import pyoxigraph
from cachetools import LRUCache

from partnergraph import __version__
from partnergraph.engine import Answer, Query
from partnergraph.errors import QueryError

_OVERHEAD = 1024
"""Bytes that an entry takes beside its answer, roughly."""

_LARGEST_SHARE = 8
"""An answer that is larger than this part of the whole would drive out too many others."""

Outcome = Answer | QueryError
"""What the same query would bring about again: an answer, or the reason why there is none."""


@dataclass(frozen=True, slots=True)
class _Kept:
    outcome: Outcome
    size: int


class AnswerCache:
    """The answers to the latest queries about one version of a dataset."""

    def __init__(self, source: str, capacity: int) -> None:
        """Args:
        source: what the answers follow from beside the queries: the dataset, and what is made of
            its graphs.
        capacity: bytes that the answers may take; 0 keeps none.
        """
        self._salt = f"{__version__}\0{pyoxigraph.__version__}\0{source}\0"
        self.hits = 0
        self.misses = 0
        self._kept: LRUCache[str, _Kept] = LRUCache(capacity, getsizeof=lambda one: one.size)

    @property
    def size(self) -> int:
        """Bytes in use."""
        return int(self._kept.currsize)

    def get(self, tag: str) -> Outcome | None:
        """What the query with this entity tag has brought about before, if that is known still."""
        kept = self._kept.get(tag)
        if kept is None:
            self.misses += 1
            return None
        self.hits += 1
        return kept.outcome

    def keep(self, tag: str, outcome: Outcome) -> None:
        """Remember what the query with this entity tag has brought about."""
        content = len(outcome.body) if isinstance(outcome, Answer) else len(str(outcome))
        size = content + _OVERHEAD
        if size * _LARGEST_SHARE <= self._kept.maxsize:
            self._kept[tag] = _Kept(outcome, size)

    def entity_tag(self, query: Query) -> str:
        """The strong validator of the query's answer, known before there is one.

        The answer follows from the dataset, the query, its representation and this software, so
        these are what the tag is made of: https://www.rfc-editor.org/rfc/rfc9110#name-etag
        """
        parts = (
            query.results_format.name if query.results_format else "",
            query.graph_format.name if query.graph_format else "",
            query.coding or "",
            *(f"<{iri}" for iri in query.default_graphs),
            *(f">{iri}" for iri in query.named_graphs),
            *(("?",) if query.why_empty else ()),
            *((f"*{query.enrichment!r}",) if query.enrichment else ()),
            # Last, after a sign that no IRI begins with: it may hold any character.
            f"={query.text}",
        )
        digest = blake2b((self._salt + "\0".join(parts)).encode(), digest_size=16)
        return f'"{digest.hexdigest()}"'
