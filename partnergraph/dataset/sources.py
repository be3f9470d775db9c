"""Passages of a source: whether they stand where the graph says, and how one is cited."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from partnergraph.dataset.loading import read_data
from partnergraph.errors import UnreadableInput, UsageError
from partnergraph.namespaces import OA, PROV, TP

PASSAGES = f"""
PREFIX oa: <{OA}>
PREFIX prov: <{PROV}>
PREFIX tp: <{TP}>

SELECT ?source ?passage ?start ?end ?digest
  (GROUP_CONCAT(DISTINCT STR(?claim); separator=" ") AS ?claims)
WHERE {{
  ?passage a tp:Passage ; tp:digest ?digest ; oa:hasSelector [ oa:start ?start ; oa:end ?end ] .
  OPTIONAL {{ ?passage oa:hasSource ?source }}
  OPTIONAL {{ ?claim prov:wasDerivedFrom ?passage }}
}}
GROUP BY ?source ?passage ?start ?end ?digest
ORDER BY ?start ?end ?passage
"""


@dataclass(frozen=True)
class PassageCheck:
    """One passage held against the text of its source.

    Attributes:
        passage: its IRI.
        start: first code point, from 0.
        end: the code point after its last.
        digest: SHA-256 of its text, in UTF-8.
        claims: the IRIs of what is derived from it.
        found: where the text of the passage stands: ``start`` if it is unchanged, another position
            if it has moved, ``None`` if no stretch of that length has its digest.
    """

    passage: str
    start: int
    end: int
    digest: str
    claims: tuple[str, ...]
    found: int | None = None

    @property
    def agrees(self) -> bool:
        """Whether the passage stands where the graph says."""
        return self.found == self.start


@dataclass(frozen=True)
class SourceCheck:
    """All passages of a source held against its text.

    Attributes:
        document: the file of the text.
        passages: what became of each passage.
        changed: whether the text is another than the graph's digest of the document says.
    """

    document: Path
    passages: tuple[PassageCheck, ...]
    changed: bool

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
        notice = "The document has changed since it was described.\n" if self.changed else ""
        if failed:
            verdict = f"{failed} of {total} passages do not stand"
        else:
            verdict = f"All {total} passages stand" if total > 1 else "The passage stands"
        return f"{notice}{verdict} in {self.document} where the graph says.\n"


def verify(document: Path, data: tuple[Path, ...], source: str | None = None) -> SourceCheck:
    """Hold every passage of a source in ``data`` against the text of ``document``.

    Args:
        document: the text, in UTF-8.
        data: files or folders of RDF.
        source: the IRI of the tp:SourceDocument; without it, the one whose digest the document
            has, or the only one there is.

    Raises:
        UnreadableInput: a file cannot be read, the document is not UTF-8, or no passage is there.
        UsageError: a passage has no positions, or it is not clear which source is meant.
    """
    text = _read(document)
    store = Store()
    store.extend(read_data(data, triples_are_default_graph=False))
    checks = list(_passages(store))
    if not checks:
        raise UnreadableInput(data[0], "there is no tp:Passage to verify")
    described = _sources_with_digest(store, _digest(text))
    source = source or _meant(document, {name for name, _ in checks}, described)
    found = tuple(_found(check, text) for name, check in checks if name == source)
    if not found:
        raise UsageError(f"no passage has the source {source}")
    return SourceCheck(document, found, changed=bool(source) and source not in described)


def _meant(document: Path, sources: set[str], described: set[str]) -> str:
    """The source that a document is the text of."""
    candidates = sources & described or sources
    if len(candidates) > 1:
        raise UsageError(
            f"{document} has the digest of none of the sources; say which one it is with --source: "
            + " or ".join(sorted(candidates))
        )
    return candidates.pop()


def _sources_with_digest(store: Store, digest: str) -> set[str]:
    triples = store.quads_for_pattern(None, NamedNode(f"{TP}sha256"), Literal(digest), None)
    return {quad.subject.value for quad in triples if isinstance(quad.subject, NamedNode)}


def _read(document: Path) -> str:
    # Not read_text: it would turn the line ends of the source into others.
    try:
        return document.read_bytes().decode("utf-8")
    except OSError as error:
        raise UnreadableInput(document, error.strerror or "it cannot be read") from None
    except UnicodeDecodeError as error:
        raise UnreadableInput(document, f"it is not UTF-8 (byte {error.start})") from None


def _passages(store: Store) -> Iterator[tuple[str, PassageCheck]]:
    """Each passage, not looked for yet, with its source."""
    solutions = store.query(PASSAGES, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    for solution in solutions:
        values = (term.value if term else "" for term in solution)
        source, passage, start, end, digest, claims = values
        if not (start.isdecimal() and end.isdecimal()):
            raise UsageError(
                f"the passage {passage} has no numbers for its start and end; "
                "partnergraph validate says more"
            )
        claimants = tuple(sorted(claims.split()))
        yield source, PassageCheck(passage, int(start), int(end), digest, claimants)


def _found(check: PassageCheck, text: str) -> PassageCheck:
    return replace(check, found=_find(text, check.start, check.end, check.digest))


def _find(text: str, start: int, end: int, digest: str) -> int | None:
    """Where the stretch with this digest stands; looked for first where it should be."""
    length = end - start
    if not 0 < length <= len(text):
        return None
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
