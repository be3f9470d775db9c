"""Answers with more than the query asks for: names, evidence, what was in force on a day, a part.

What it adds stands in columns of its own; for a graph, in statements about its statements.
"""

from __future__ import annotations

import csv
import io
import json
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
    parse_query_results,
)

from partnergraph.citations import digests
from partnergraph.dataset import Graphs
from partnergraph.engine import Enrichment
from partnergraph.in_force import Days, views
from partnergraph.labels import Labels
from partnergraph.lineage import Lineage, PassageCited, Row
from partnergraph.mends import answered
from partnergraph.namespaces import XSD, expand
from partnergraph.things import DERIVED_FROM

LABEL_SUFFIX = "Label"

IN_FORCE = "inForce"
YES, PERHAPS = "yes", "perhaps"
"""What the column :data:`IN_FORCE` says: of known dates, and of claims without such."""

EVIDENCE = ("passages", "passage", "passageHeading", "passagePosition", "passageSource")
"""The columns of evidence: how many passages there are, and what is said of each."""

SEPARATOR = " | "
"""What stands between the passages of one solution."""

BOOLEAN = "answer"
"""The column that the answer to ASK stands in, where there are others."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet may take for a formula."""

_PLAIN = {f"{XSD}string", expand("rdf:langString")}

_STATEMENT = NamedNode(expand("rdf:Statement"))
_TYPE, _LABEL, _COMMENT = (
    NamedNode(expand(f"{name}")) for name in ("rdf:type", "rdfs:label", "rdfs:comment")
)
_PARTS = tuple(NamedNode(expand(f"rdf:{name}")) for name in ("subject", "predicate", "object"))

_NOTES = {
    "no passage": {
        "lv": "Avotā šim apgalvojumam nav norādīta vieta.",
        "en": "No passage of a source is given for this.",
    },
    "perhaps": {
        "lv": "Datums nav zināms: iespējams, tajā dienā bija spēkā.",
        "en": "The date is not known: it may have been in force that day.",
    },
}


@dataclass
class _Solution:
    """A solution, and the dataset that it is one of."""

    terms: Row
    view: Store
    in_force: str = YES


def enriched(store: Store, text: str, enrichment: Enrichment) -> bytes | list[Triple]:
    """The answer to a query with what it shall carry.

    Args:
        store: the dataset.
        text: the query.
        enrichment: what it shall carry.

    Returns:
        SPARQL results in JSON; or for CONSTRUCT and DESCRIBE, the triples.

    Raises:
        SyntaxError: the query is malformed.
    """
    answer = _Answer(Graphs(store, enrichment.base), text, enrichment)
    if isinstance(answer.certain, QueryTriples):
        return list(_graph(answer))
    if isinstance(answer.certain, QueryBoolean) and not (enrichment.as_of or enrichment.evidence):
        return answer.certain.serialize(format=QueryResultsFormat.JSON) or b""
    return _document(answer)


class _Answer:
    """What a query finds: for certain, and where some claims may have been in force, perhaps.

    Attributes:
        certain: the answer from the dataset, or from what was in force for certain.
        possible: the answer from what may have been in force as well, where that is more.
        view: the dataset of the former.
        wider_view: that of the latter.
    """

    def __init__(self, graphs: Graphs, text: str, enrichment: Enrichment) -> None:
        self.graphs = graphs
        self.enrichment = enrichment
        self._text = text
        self._lineages: dict[int, Lineage] = {}
        self.view = self.wider_view = graphs.store
        if enrichment.as_of:
            days = Days.read(enrichment.as_of)
            assert days is not None
            self.view, self.wider_view = _views(graphs, days)
        self.certain = answered(text, self.view.query)
        widened = self.wider_view is not self.view
        self.possible = answered(text, self.wider_view.query) if widened else None

    @property
    def columns(self) -> list[str]:
        """The variables of the solutions."""
        if isinstance(self.certain, QuerySolutions):
            return [variable.value for variable in self.certain.variables]
        return []

    def lineage(self, view: Store) -> Lineage:
        """Finds the passages of what is answered from a view."""
        if id(view) not in self._lineages:
            graphs = Graphs(view, self.graphs.base)
            self._lineages[id(view)] = Lineage(graphs, self._text, self.columns)
        return self._lineages[id(view)]


_kept_views: dict[tuple[str, Days], tuple[Store, Store]] = {}
"""The views of the latest day, as people ask several things of one; a process has one dataset."""


def _views(graphs: Graphs, days: Days) -> tuple[Store, Store]:
    key = (graphs.base, days)
    if key not in _kept_views:
        _kept_views.clear()
        _kept_views[key] = views(graphs, days)
    return _kept_views[key]


# Tables


def _document(answer: _Answer) -> bytes:
    """SPARQL results in JSON: https://www.w3.org/TR/sparql11-results-json/."""
    enrichment = answer.enrichment
    columns, solutions = _solutions(answer)
    end = None if enrichment.limit is None else enrichment.offset + enrichment.limit
    part = solutions[enrichment.offset : end]
    # In all of them, so that every part of an answer has the same columns.
    named = _named(columns, solutions) if enrichment.labels else set()
    variables: list[str] = []
    for name in columns:
        variables += [name, f"{name}{LABEL_SUFFIX}"] if name in named else [name]
    variables += [IN_FORCE] if enrichment.as_of else []
    variables += EVIDENCE if enrichment.evidence else []
    labels = Labels(answer.graphs)
    bindings = [_binding(one, named, labels, answer) for one in part]
    document: dict[str, Any] = {"head": {"vars": variables}, "results": {"bindings": bindings}}
    if enrichment.counted:
        digest, marks = digests(_key(one, columns) for one in solutions)
        document |= {"total": len(solutions), "digest": digest, "marks": marks}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _key(solution: _Solution, columns: Iterable[str]) -> str:
    terms = (str(solution.terms.get(name, "")) for name in columns)
    return "\0".join((*terms, solution.in_force))


def _named(columns: Iterable[str], solutions: Sequence[_Solution]) -> set[str]:
    """The columns in which there are things, which have names."""
    return {
        name
        for name in columns
        if any(isinstance(one.terms.get(name), NamedNode) for one in solutions)
    }


def _solutions(answer: _Answer) -> tuple[list[str], list[_Solution]]:
    """The columns and the solutions: the certain ones, then those that are so perhaps."""
    first, second = answer.certain, answer.possible
    if isinstance(first, QueryBoolean):
        perhaps = isinstance(second, QueryBoolean) and bool(second) != bool(first)
        terms = {BOOLEAN: Literal(bool(first) != perhaps)}
        view = answer.wider_view if perhaps else answer.view
        return [BOOLEAN], [_Solution(terms, view, PERHAPS if perhaps else YES)]
    assert isinstance(first, QuerySolutions)
    columns = answer.columns
    solutions = [_Solution(_terms(one, columns), answer.view) for one in first]
    if isinstance(second, QuerySolutions):
        known = Counter(tuple(one.terms.get(name) for name in columns) for one in solutions)
        for one in second:
            terms = _terms(one, columns)
            key = tuple(terms.get(name) for name in columns)
            if known[key]:
                known[key] -= 1
            else:
                solutions.append(_Solution(terms, answer.wider_view, PERHAPS))
    return columns, solutions


def _terms(solution: Any, columns: Sequence[str]) -> dict[str, Any]:
    return {name: solution[name] for name in columns if solution[name] is not None}


def _binding(
    solution: _Solution, named: Iterable[str], labels: Labels, answer: _Answer
) -> dict[str, Any]:
    binding = {name: _json_term(term) for name, term in solution.terms.items()}
    for name in named:
        term = solution.terms.get(name)
        if isinstance(term, NamedNode):
            label = labels.of(term, *answer.enrichment.labels)
            binding[f"{name}{LABEL_SUFFIX}"] = _json_text(label.text, label.language)
    if answer.enrichment.as_of:
        binding[IN_FORCE] = _json_text(solution.in_force)
    if answer.enrichment.evidence:
        binding |= _evidence(answer.lineage(solution.view).passages(solution.terms))
    return binding


def _evidence(passages: list[PassageCited]) -> dict[str, dict[str, str]]:
    count = {"type": "literal", "value": str(len(passages)), "datatype": f"{XSD}integer"}
    said = {
        "passage": (one.iri for one in passages),
        "passageHeading": (one.heading for one in passages),
        "passagePosition": (f"{one.start}–{one.end}" for one in passages),
        "passageSource": (one.source for one in passages),
    }
    texts = {name: _json_text(SEPARATOR.join(values)) for name, values in said.items() if passages}
    return {"passages": count, **texts}


def _json_text(text: str, language: str = "") -> dict[str, str]:
    term = {"type": "literal", "value": text}
    return {**term, "xml:lang": language} if language else term


def _json_term(term: Any) -> dict[str, Any]:
    match term:
        case NamedNode():
            return {"type": "uri", "value": term.value}
        case BlankNode():
            return {"type": "bnode", "value": term.value}
        case Literal():
            binding = _json_text(term.value, term.language or "")
            if term.datatype.value not in _PLAIN:
                binding["datatype"] = term.datatype.value
            return binding
    parts = zip(("subject", "predicate", "object"), term, strict=True)
    return {"type": "triple", "value": {name: _json_term(part) for name, part in parts}}


def written(document: bytes, syntax: QueryResultsFormat, *, spreadsheet: bool) -> bytes:
    """SPARQL results in JSON, in another syntax."""
    if syntax == QueryResultsFormat.JSON:
        return document
    results = parse_query_results(document, QueryResultsFormat.JSON)
    content: bytes = results.serialize(format=syntax) or b""
    return for_spreadsheet(content) if spreadsheet else content


def for_spreadsheet(content: bytes) -> bytes:
    """CSV as a spreadsheet opens it rightly: it is UTF-8, and no cell is a formula.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    out = io.StringIO()
    rows = csv.reader(io.StringIO(content.decode(), newline=""))
    csv.writer(out).writerows([_as_text(cell) for cell in row] for row in rows)
    return BOM_UTF8 + out.getvalue().encode()


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


# Graphs


def _graph(answer: _Answer) -> Iterator[Triple]:
    """A graph with statements about its statements.

    What was perhaps in force is only spoken of, not stated:
    https://www.w3.org/TR/rdf-schema/#ch_reificationvocab
    """
    assert isinstance(answer.certain, QueryTriples)
    certain = dict.fromkeys(answer.certain)
    possible = answer.possible if isinstance(answer.possible, QueryTriples) else ()
    perhaps = [one for one in dict.fromkeys(possible) if one not in certain]
    yield from certain
    if answer.enrichment.labels:
        yield from _names([*certain, *perhaps], Labels(answer.graphs), answer.enrichment.labels)
    spoken_of = [*(certain if answer.enrichment.evidence else ()), *perhaps]
    for number, triple in enumerate(spoken_of):
        node = BlankNode(f"statement{number}")
        yield Triple(node, _TYPE, _STATEMENT)
        for part, value in zip(_PARTS, triple, strict=True):
            yield Triple(node, part, value)
        if triple not in certain:
            yield from _note(node, "perhaps")
        if answer.enrichment.evidence:
            yield from _passages(node, triple, answer)


def _passages(node: BlankNode, triple: Triple, answer: _Answer) -> Iterator[Triple]:
    view = answer.wider_view
    quads = view.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    stated = [quad for quad in quads if isinstance(quad.graph_name, NamedNode)]
    passages = answer.lineage(view).passages_of(stated)
    for passage in passages:
        yield Triple(node, DERIVED_FROM, NamedNode(passage.iri))
    if not passages:
        yield from _note(node, "no passage")


def _note(node: BlankNode, name: str) -> Iterator[Triple]:
    for language, words in _NOTES[name].items():
        yield Triple(node, _COMMENT, Literal(words, language=language))


def _names(triples: Iterable[Triple], labels: Labels, languages: Sequence[str]) -> Iterator[Triple]:
    nodes = {part for one in triples for part in one if isinstance(part, NamedNode)}
    for node in sorted(nodes, key=str):
        label = labels.of(node, *languages)
        if label.text:
            yield Triple(node, _LABEL, Literal(label.text, language=label.language or None))
