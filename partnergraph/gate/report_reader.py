"""Results from a SHACL report, with what shapes and data know about them.

Beside them stand what the gate finds of literals by itself: the report gets what is a violation.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import rdflib
from pyoxigraph import BlankNode, NamedNode, Quad, QuerySolutions, Store, Variable
from pyoxigraph import Literal as Value
from rdflib import RDF, RDFS, SH, BNode, Literal, URIRef

from partnergraph.dataset.one_form import Rewritten
from partnergraph.gate.literals import messages_of, messages_of_rewritten
from partnergraph.namespaces import OA, PROV, TP, TPS, XSD, compact
from partnergraph.results import Passage, Result, Severity

PASSAGE_PATTERNS = (
    "?thing prov:wasDerivedFrom ?passage",
    "?owner ?of ?thing ; prov:wasDerivedFrom ?passage",
    "?passage a tp:Passage . FILTER (?passage = ?thing)",
)
"""Where the source speaks of a thing: by its own word, by that of its owner, or it is a passage."""

_LEXICAL_FORM = URIRef(f"{TPS}lexical-form")
_WRITTEN_OTHERWISE = URIRef(f"{TPS}written-otherwise")


class ReportReader:
    """Reads results from a SHACL report graph, with what shapes and data know about them."""

    def __init__(self, report: rdflib.Graph, shapes: rdflib.Graph, data: Store) -> None:
        """Args:
        report: the SHACL report; what is found beside it is added.
        shapes: what was checked.
        data: the dataset.
        """
        self.report = report
        self.shapes = shapes
        self.data = data

    def results(self) -> Iterator[Result]:
        """What the report says."""
        for result in self.report.objects(None, SH.result):
            value = self.report.value(result, SH.resultSeverity)
            shape = self._named_shape(self.report.value(result, SH.sourceShape))
            focus_node = self.report.value(result, SH.focusNode)
            path = self.report.value(result, SH.resultPath)
            term = self.report.value(result, SH.value)
            yield Result(
                severity=Severity[str(value).removeprefix(str(SH)).upper()],
                shape=str(shape),
                constraint=self._constraint(shape),
                focus_node=_n3(focus_node),
                path=str(path) if isinstance(path, URIRef) else None,
                value=None if term is None else _n3(term),
                messages=self._messages(result, shape),
                passages=tuple(self._passages(focus_node)),
                suggestion=self._suggestion(result, shape, path),
            )

    def with_ill_typed(self, quads: Iterable[Quad], known: list[Result]) -> list[Result]:
        """Results of statements with ill-typed literals beside others; the report gets them, too.

        Args:
            quads: the statements.
            known: what was found before. What is said there of such a value is not said twice; why
                it is none, and what would be, is added.
        """
        reasons: dict[tuple[str, str], dict[str, str]] = {}
        said = {(one.focus_node, one.path, one.value) for one in known}
        new: list[Result] = []
        for quad in dict.fromkeys(Quad(*quad.triple) for quad in quads):
            assert isinstance(quad.object, Value)
            focus_node, path, value = str(quad.subject), quad.predicate.value, str(quad.object)
            messages = messages_of(quad.object)
            reasons[focus_node, value] = messages
            if (focus_node, path, value) in said:
                continue
            term = _as_rdflib(quad.subject)
            self._write(term, URIRef(path), quad.object, messages)
            new.append(
                Result(
                    severity=Severity.VIOLATION,
                    shape=str(_LEXICAL_FORM),
                    constraint=self._constraint(_LEXICAL_FORM),
                    focus_node=focus_node,
                    path=path,
                    value=value,
                    messages=messages,
                    passages=tuple(self._passages(term)),
                )
            )
        return [*(_with_reason(one, reasons) for one in known), *new]

    def of_rewritten(self, values: Iterable[Rewritten]) -> Iterator[Result]:
        """The results of values that files write in another form; one for each property."""
        for first in values:
            words = messages_of_rewritten(first.written, first.served, first.more)
            yield Result(
                severity=Severity.INFO,
                shape=str(_WRITTEN_OTHERWISE),
                constraint=self._constraint(_WRITTEN_OTHERWISE),
                focus_node=first.thing or f"<{first.graph}>",
                path=first.path or None,
                value=first.written,
                messages=words,
            )

    def _write(self, focus_node: Any, path: URIRef, value: Value, messages: dict[str, str]) -> None:
        """Add a result to the report."""
        (report,) = self.report.subjects(RDF.type, SH.ValidationReport)
        result = BNode()
        literal = Literal(value.value, datatype=URIRef(value.datatype.value))
        for predicate, term in (
            (RDF.type, SH.ValidationResult),
            (SH.focusNode, focus_node),
            (SH.resultPath, path),
            (SH.value, literal),
            (SH.resultSeverity, SH.Violation),
            (SH.sourceShape, _LEXICAL_FORM),
            (SH.sourceConstraintComponent, SH.DatatypeConstraintComponent),
            *((SH.resultMessage, Literal(text, lang=tag)) for tag, text in messages.items()),
        ):
            self.report.add((result, predicate, term))
        self.report.add((report, SH.result, result))
        self.report.set((report, SH.conforms, Literal(False)))

    def _named_shape(self, shape: Any) -> Any:
        """The shape's own IRI, or that of the shape it stands in."""
        while not isinstance(shape, URIRef):
            shape = next(self.shapes.subjects(None, shape))
        return shape

    def _constraint(self, shape: Any) -> tuple[int, dict[str, str]]:
        group = self.shapes.value(shape, SH.group)
        number = self.shapes.value(group, SH.order)
        labels = self.shapes.objects(group, RDFS.label)
        return 0 if number is None else int(str(number)), _by_language(labels)

    def _messages(self, result: Any, shape: Any) -> dict[str, str]:
        """Those of the shape, as pySHACL's own lose their language; these failing, pySHACL's."""
        return _by_language(self.shapes.objects(shape, SH.message)) or _by_language(
            self.report.objects(result, SH.resultMessage)
        )

    def _passages(self, focus_node: Any) -> Iterator[Passage]:
        """The passages of the thing itself; failing these, of what refers to it."""
        term = (
            NamedNode(str(focus_node))
            if isinstance(focus_node, URIRef)
            else BlankNode(str(focus_node))
            if isinstance(focus_node, BNode)
            else None
        )
        if term is None:
            return
        for pattern in PASSAGE_PATTERNS:
            found = list(_passages_where(self.data, pattern, term))
            if found:
                yield from found
                return

    def _suggestion(self, result: Any, shape: Any, path: Any) -> str | None:
        component = self.report.value(result, SH.sourceConstraintComponent)
        if component != SH.ClosedConstraintComponent or path is None:
            return None
        listed = self.shapes.value(shape, SH.ignoredProperties)
        # By short names, as a namespace in common makes any two IRIs look alike.
        known = {compact(str(item)): str(item) for item in self.shapes.items(listed)}
        close = difflib.get_close_matches(compact(str(path)), known, n=1, cutoff=0.8)
        return known[close[0]] if close else None


def _passages_where(data: Store, pattern: str, thing: NamedNode | BlankNode) -> Iterator[Passage]:
    solutions = data.query(
        f"""
        PREFIX oa: <{OA}>
        PREFIX prov: <{PROV}>
        PREFIX tp: <{TP}>
        PREFIX xsd: <{XSD}>
        SELECT DISTINCT ?thing ?heading ?start ?end WHERE {{
          {pattern} .
          ?passage oa:hasSelector [ oa:start ?first ; oa:end ?last ] .
          # What is no number is a fault that is reported on its own.
          BIND (xsd:integer(?first) AS ?start)
          BIND (xsd:integer(?last) AS ?end)
          FILTER (BOUND(?start) && BOUND(?end))
          OPTIONAL {{ ?passage tp:heading ?heading }}
        }}
        ORDER BY ?start
        """,
        use_default_graph_as_union=True,
        substitutions={Variable("thing"): thing},
    )
    assert isinstance(solutions, QuerySolutions)
    for solution in solutions:
        _, heading, start, end = solution
        yield Passage(heading.value if heading else None, int(start.value), int(end.value))


def _with_reason(result: Result, reasons: dict[tuple[str, str], dict[str, str]]) -> Result:
    reason = reasons.get((result.focus_node, result.value or ""))
    if reason is None:
        return result
    messages = {tag: f"{text} {reason.get(tag, '')}" for tag, text in result.messages.items()}
    return replace(result, messages=messages)


def _as_rdflib(term: NamedNode | BlankNode | Any) -> URIRef | BNode:
    return BNode(term.value) if isinstance(term, BlankNode) else URIRef(term.value)


def _by_language(terms: Iterable[Any]) -> dict[str, str]:
    return {term.language or "": str(term) for term in terms if isinstance(term, Literal)}


def _n3(term: Any) -> str:
    """A term in N-Triples; of a literal, as rdflib would write a number that is none otherwise."""
    if not isinstance(term, Literal):
        return str(term.n3())
    if term.language:
        return str(Value(str(term), language=term.language))
    return str(Value(str(term), datatype=NamedNode(str(term.datatype or f"{XSD}string"))))
