"""Passages of a source: whether they stand where the graph says, and how one is cited."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import QuerySolutions, Store

from partnergraph.dataset import read_data
from partnergraph.errors import UnreadableInput, UsageError
from partnergraph.namespaces import OA, PROV, TP

PASSAGES = f"""
PREFIX oa: <{OA}>
PREFIX prov: <{PROV}>
PREFIX tp: <{TP}>

SELECT ?passage ?start ?end ?digest (GROUP_CONCAT(DISTINCT STR(?claim); separator=" ") AS ?claims)
WHERE {{
  ?passage a tp:Passage ; tp:digest ?digest ; oa:hasSelector [ oa:start ?start ; oa:end ?end ] .
  OPTIONAL {{ ?claim prov:wasDerivedFrom ?passage }}
}}
GROUP BY ?passage ?start ?end ?digest
ORDER BY ?start ?end ?passage
"""


@dataclass(frozen=True)
class PassageCheck:
    """One passage held against the text of its source.

    Attributes:
        passage: its IRI.
        start: first code point, from 0.
        end: the code point after its last.
        found: where the text of the passage stands: ``start`` if it is unchanged, another position
            if it has moved, ``None`` if no stretch of that length has its digest.
        claims: the IRIs of what is derived from it.
    """

    passage: str
    start: int
    end: int
    found: int | None
    claims: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether the passage stands where the graph says."""
        return self.found == self.start


@dataclass(frozen=True)
class SourceCheck:
    """All passages held against the text of the source."""

    document: Path
    passages: tuple[PassageCheck, ...]

    @property
    def agrees(self) -> bool:
        """Whether every passage stands where the graph says."""
        return all(passage.agrees for passage in self.passages)

    def text(self) -> str:
        """The outcome for a person."""
        failed = [passage for passage in self.passages if not passage.agrees]
        return "".join([*map(_describe, failed), self._summary(len(failed))])

    def _summary(self, failed: int) -> str:
        total = len(self.passages)
        if not failed:
            return f"All {total} passages stand in {self.document} where the graph says.\n"
        return (
            f"{failed} of {total} passages do not stand in {self.document} where the graph says.\n"
        )


def verify(document: Path, data: tuple[Path, ...]) -> SourceCheck:
    """Hold every passage of ``data`` against the text of ``document``.

    Raises:
        UnreadableInput: a file cannot be read, the document is not UTF-8, or no passage is there.
        UsageError: a passage has no positions.
    """
    text = _read(document)
    store = Store()
    store.extend(read_data(data, triples_are_default_graph=False))
    passages = tuple(_check(store, text))
    if not passages:
        raise UnreadableInput(data[0], "there is no tp:Passage to verify")
    return SourceCheck(document, passages)


def _read(document: Path) -> str:
    # Not read_text: it would turn the line ends of the source into others.
    try:
        return document.read_bytes().decode("utf-8")
    except OSError as error:
        raise UnreadableInput(document, error.strerror or "it cannot be read") from None
    except UnicodeDecodeError as error:
        raise UnreadableInput(document, f"it is not UTF-8 (byte {error.start})") from None


def _check(store: Store, text: str) -> Iterator[PassageCheck]:
    solutions = store.query(PASSAGES, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    for solution in solutions:
        passage, start, end, digest, claims = (term.value if term else "" for term in solution)
        if not (start.isdecimal() and end.isdecimal()):
            raise UsageError(
                f"the passage {passage} has no numbers for its start and end; "
                "partnergraph validate says more"
            )
        first, last = int(start), int(end)
        yield PassageCheck(
            passage, first, last, _find(text, first, last, digest), tuple(sorted(claims.split()))
        )


def _find(text: str, start: int, end: int, digest: str) -> int | None:
    """Where the stretch with this digest stands; looked for first where it should be."""
    length = end - start
    if _digest(text[start:end]) == digest:
        return start
    # Passages end at line ends or inside lines; any offset may be the one it has moved to.
    for offset in range(len(text) - length + 1):
        if _digest(text[offset : offset + length]) == digest:
            return offset
    return None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _describe(check: PassageCheck) -> str:
    fate = "is changed or gone" if check.found is None else f"has moved to {check.found}"
    lines = [f"{check.passage} [{check.start}–{check.end}] {fate}; derived from it:"]
    return "\n".join([*lines, *(f"    {claim}" for claim in check.claims)]) + "\n"


def cite(document: Path, quotation: str) -> str:
    """The Turtle of a passage and of its source, to paste into a data file.

    The IRIs and the heading are left to the author: only the text can say them.

    Args:
        document: the text of the source, in UTF-8.
        quotation: the passage, word for word; it has to occur exactly once.

    Raises:
        UnreadableInput: the document cannot be read, or the passage is not there once.
    """
    text = _read(document)
    times = text.count(quotation) if quotation else 0
    if times != 1:
        fault = (
            "occurs more than once; quote more of it" if times else "does not occur word for word"
        )
        raise UnreadableInput(document, f"the passage {fault}")
    start = text.index(quotation)
    return _CITATION.format(
        title=json.dumps(document.stem, ensure_ascii=False),
        document_digest=_digest(text),
        length=len(text),
        start=start,
        end=start + len(quotation),
        digest=_digest(quotation),
    )


_CITATION = """\
<SOURCE>
    a tp:SourceDocument ;
    dcterms:title {title} ;
    tp:codePoints {length} ;
    tp:sha256 "{document_digest}" .

<PASSAGE>
    a tp:Passage ;
    oa:hasSource <SOURCE> ;
    oa:hasSelector [ a oa:TextPositionSelector ; oa:start {start} ; oa:end {end} ] ;
    tp:digest "{digest}" .
"""
