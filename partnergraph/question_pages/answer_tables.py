"""An answer as a page shows it: a table whose cells have names, with evidence, and its citation."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from partnergraph.answers.citations import (
    VERSION,
    Citation,
    Comparison,
    compare,
    digests,
    read_citation,
)
from partnergraph.answers.enriched_tables import EVIDENCE, IN_FORCE, PERHAPS, SEPARATOR, YES
from partnergraph.namespaces import RDF, XSD
from partnergraph.pages.rows import Reader, Reference, Value
from partnergraph.questions.asked import Asked
from partnergraph.things.statements import DERIVED_FROM

MOST_ROWS = 1000
"""Solutions that a page shows; all of them are in the downloads."""

_NUMBERS = {f"{XSD}{name}" for name in ("integer", "decimal", "double")}

GRAPH_COLUMNS = ("subject", "predicate", "object")


@dataclass(frozen=True)
class Column:
    """A column: its variable, and what it is called."""

    name: str
    title: str


@dataclass(frozen=True)
class Cited:
    """A passage that a row rests on, and the sources that it stands in."""

    passage: Reference
    sources: tuple[Reference, ...]


@dataclass(frozen=True)
class Row:
    """A row.

    Attributes:
        cells: the values, by column; ``None`` where there is none.
        passages: what it rests on; ``None`` where that was not asked for.
        in_force: ``yes``; ``perhaps`` where it holds only if claims without a date were in force;
            ``undated`` where it rests on none; empty where no day is asked for.
        is_new: whether it was not there when the answer was cited.
    """

    cells: tuple[Value | None, ...]
    passages: tuple[Cited, ...] | None = None
    in_force: str = ""
    is_new: bool = False


@dataclass(frozen=True)
class AnswerTable:
    """An answer.

    Attributes:
        columns: what each cell of a row is.
        rows: those that are shown.
        total: how many there are.
        offset: how many come before the first that is shown.
        citation: what cites it.
        comparison: what has become of it since it was cited.
        is_miscited: whether the citation that came with the link is none.
        truth: the answer to ASK, where that is all.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: int
    offset: int
    citation: Citation
    comparison: Comparison | None = None
    is_miscited: bool = False
    truth: bool | None = None


class AnswerTables:
    """Makes tables of answers, in one language."""

    def __init__(self, reader: Reader, called: Callable[[str], str], version: str) -> None:
        """Args:
        reader: names things.
        called: gives the names of columns.
        version: of the dataset.
        """
        self._reader = reader
        self._called = called
        self._version = version

    def table(self, asked: Asked, document: bytes, cited: str) -> AnswerTable:
        """An answer as a table.

        Args:
            asked: what was asked.
            document: the answer, in SPARQL results JSON with its digest, or in N-Triples.
            cited: a citation of an earlier answer, if any.
        """
        of_kind = self._of_results if asked.query.has_solutions else self._of_graph
        table = of_kind(asked, document)
        known = read_citation(cited)
        if known is None:
            return replace(table, is_miscited=bool(cited))
        comparison = compare(known, table.citation)
        if comparison.is_of_another:
            return replace(table, comparison=comparison)
        new = comparison.new or frozenset()
        rows = tuple(
            replace(row, is_new=table.offset + place in new) for place, row in enumerate(table.rows)
        )
        return replace(table, rows=rows, comparison=comparison)

    def rows(self, document: bytes, most: int) -> list[dict[str, Value]]:
        """The solutions, or the triples, of an answer: values by column.

        Args:
            document: SPARQL results in JSON, or N-Triples.
            most: how many are wanted.
        """
        if document.startswith(b"{"):
            bindings = json.loads(document).get("results", {}).get("bindings", [])
            return [
                {name: cell for name, term in one.items() if (cell := self._cell(term))}
                for one in bindings[:most]
            ]
        triples = [quad.triple for quad in parse(document, format=RdfFormat.N_TRIPLES)]
        return [
            dict(zip(GRAPH_COLUMNS, map(self._reader.value, one), strict=True))
            for one in sorted(triples, key=str)[:most]
        ]

    def _of_results(self, asked: Asked, document: bytes) -> AnswerTable:
        results = json.loads(document)
        if "boolean" in results:
            truth = bool(results["boolean"])
            digest, marks = digests([str(truth)])
            citation = self._cite(asked, digest, 1, marks)
            return AnswerTable((), (), 1, 0, citation, truth=truth)
        extra = {*EVIDENCE, IN_FORCE}
        names = [name for name in results["head"]["vars"] if name not in extra]
        rows = tuple(self._row(one, names, asked) for one in results["results"]["bindings"])
        total, digest, marks = (results[name] for name in ("total", "digest", "marks"))
        citation = self._cite(asked, digest, total, marks)
        return AnswerTable(self._columns(names), rows, total, asked.options.offset, citation)

    def _row(self, binding: Mapping[str, Any], names: Iterable[str], asked: Asked) -> Row:
        passages = binding["passage"]["value"].split(SEPARATOR) if "passage" in binding else ()
        return Row(
            tuple(self._cell(binding.get(name)) for name in names),
            self._cited(passages) if asked.options.evidence else None,
            binding.get(IN_FORCE, {}).get("value", ""),
        )

    def _of_graph(self, asked: Asked, document: bytes) -> AnswerTable:
        """A graph, one triple a row; what is said of its statements is shown with them."""
        triples = [quad.triple for quad in parse(document, format=RdfFormat.N_TRIPLES)]
        said: dict[Any, list[Triple]] = defaultdict(list)
        for triple in triples:
            if isinstance(triple.subject, BlankNode):
                said[triple.subject].append(triple)
        spoken_of = dict(_spoken_of(statements) for statements in said.values())
        stated = {one for one in triples if one.subject not in said}
        every = sorted(stated | set(spoken_of), key=lambda one: (one not in stated, str(one)))
        rows = tuple(
            Row(
                tuple(map(self._reader.value, one)),
                self._cited(spoken_of.get(one, ())) if asked.options.evidence else None,
                (YES if one in stated else PERHAPS) if asked.options.as_of else "",
            )
            for one in every[:MOST_ROWS]
        )
        digest, marks = digests(
            f"{one} {one in stated} {' '.join(spoken_of.get(one, ()))}" for one in every
        )
        citation = self._cite(asked, digest, len(every), marks)
        return AnswerTable(self._columns(GRAPH_COLUMNS), rows, len(every), 0, citation)

    def _cite(self, asked: Asked, digest: str, rows: int, marks: Iterable[str] | None) -> Citation:
        version, kept = self._version[:VERSION], None if marks is None else tuple(marks)
        return Citation(asked.digest, version, asked.query.version, rows, digest, kept)

    def _columns(self, names: Iterable[str]) -> tuple[Column, ...]:
        return tuple(Column(name, self._called(name)) for name in names)

    def _cited(self, passages: Iterable[str]) -> tuple[Cited, ...]:
        reader, nodes = self._reader, map(NamedNode, passages)
        return tuple(Cited(reader.reference(one), reader.sources(one)) for one in nodes)

    def _cell(self, term: Mapping[str, str] | None) -> Value | None:
        """A term of SPARQL results JSON as it is shown."""
        if term is None:
            return None
        value, language, datatype = term["value"], term.get("xml:lang"), term.get("datatype")
        if term["type"] == "uri":
            return self._reader.value(NamedNode(value))
        if language:
            return self._reader.value(Literal(value, language=language))
        named = NamedNode(datatype) if datatype else None
        shown = self._reader.value(Literal(value, datatype=named))
        # That a number is one can be seen.
        return replace(shown, datatype="") if datatype in _NUMBERS else shown


def _spoken_of(statements: list[Triple]) -> tuple[Triple, tuple[str, ...]]:
    """The triple that a reified statement is, and its passages."""
    values = {one.predicate.value: one.object for one in statements}
    parts: Any = [values[f"{RDF}{name}"] for name in GRAPH_COLUMNS]
    passages = (one.object for one in statements if one.predicate == DERIVED_FROM)
    return Triple(*parts), tuple(one.value for one in passages if isinstance(one, NamedNode))
