"""The same under another address: a dataset, and queries that ask of it.

See docs/decisions/0010.
"""

from __future__ import annotations

import re

from partnergraph.dataset.canonical import Dataset
from partnergraph.namespaces import PUBLICATION, SHARED
from partnergraph.sparql.tokens import tokens

_KEPT = "|".join(SHARED)
_OURS = re.escape(PUBLICATION) + rf"(?!(?:{_KEPT})(?:[#/>]|$))"

_STRING_OR_OURS = re.compile(rf'"(?:[^"\\]|\\.)*"|<{_OURS}'.encode())
"""What begins with our address in N-Quads; or a string, which is left alone, whatever it says."""

_IRI_OF_OURS = re.compile(f"<{_OURS}")


def republish(dataset: Dataset, base: str) -> Dataset:
    """The same dataset with its things and graphs under another base; the version stays."""
    if base == dataset.base:
        return dataset
    target = f"<{base}".encode()
    n_quads = _STRING_OR_OURS.sub(
        lambda found: target if found[0].startswith(b"<") else found[0], dataset.n_quads
    )
    return Dataset(b"".join(sorted(n_quads.splitlines(keepends=True))), dataset.version, base)


def republish_query(text: str, base: str) -> str:
    """A stored query that asks of things under another base; strings and comments stay."""
    if base == PUBLICATION:
        return text
    parts: list[str] = []
    end = 0
    for token in tokens(text):
        if token.kind == "iri" and _IRI_OF_OURS.match(token.text):
            parts += (text[end : token.start], f"<{base}", token.text[len(PUBLICATION) + 1 :])
            end = token.start + len(token.text)
    return "".join((*parts, text[end:]))
