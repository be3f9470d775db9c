"""The gate: the whole dataset against its shapes, once, and what was found.

This is the only place that runs pySHACL, which switches rdflib globals while it works.
https://www.w3.org/TR/shacl/
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Generator, Iterable, Iterator
from typing import Any

import pyshacl
import rdflib
from pyoxigraph import BlankNode, NamedNode, QuerySolutions, RdfFormat, Store, Variable, serialize
from pyshacl.errors import ReportableRuntimeError
from pyshacl.graph_abstraction import OxigraphDataGraph
from rdflib import RDFS, SH, BNode, Literal, URIRef

from partnergraph.dataset.canonical import SHAPES, Dataset
from partnergraph.dataset.rdflib_switches import literals_as_written
from partnergraph.errors import DoesNotConform, UsageError
from partnergraph.namespaces import OA, PROV, TP, XSD, compact
from partnergraph.results import Passage, Report, Result, Severity

PASSAGE_PATTERNS = (
    "?thing prov:wasDerivedFrom ?passage",
    "?owner ?of ?thing ; prov:wasDerivedFrom ?passage",
    "?passage a tp:Passage . FILTER (?passage = ?thing)",
)
"""Where the source speaks of a thing: by its own word, by that of its owner, or it is a passage."""


_UNCHECKABLE = (
    "the graph cannot be checked: either the shapes are not SHACL, or the data have a value of a "
    "kind that no shape can look at (a blank node where a number belongs, a list without an end)"
)


class _DataGraph(OxigraphDataGraph):
    """The store as pySHACL sees it."""

    # pySHACL asks ``data_graph or …`` for each result; that would count the whole graph.

    def __bool__(self) -> bool:
        return True

    # A literal has no properties. pySHACL asks for them all the same where sh:node or sh:closed
    # meets one, and Oxigraph refuses the question.

    def objects(  # type: ignore[override]
        self, subject: Any, predicate: Any, unique: bool = False
    ) -> Generator[Any, None, None]:
        if not isinstance(subject, Literal):
            yield from super().objects(subject, predicate, unique)

    def predicate_objects(  # type: ignore[override]
        self, subject: Any, unique: bool = False
    ) -> Generator[Any, None, None]:
        if not isinstance(subject, Literal):
            yield from super().predicate_objects(subject, unique)


def validate(dataset: Dataset, shapes: rdflib.Graph | None = None) -> Report:
    """Validate a dataset, derived statements included, against the shapes it holds.

    Args:
        dataset: data, derived statements, vocabulary and shapes, each in its graphs.
        shapes: those shapes as a graph that pySHACL may write into, where it is there already.

    Raises:
        UsageError: the shapes are not well-formed SHACL.
    """
    if shapes is None:
        shapes = shapes_graph(dataset)
    try:
        with literals_as_written():
            _, graph, _ = pyshacl.validate(
                _DataGraph(dataset.store), shacl_graph=shapes, inplace=True, allow_warnings=True
            )
    except ReportableRuntimeError as error:
        raise UsageError(f"{_UNCHECKABLE}: {error.message}") from None
    except (AttributeError, TypeError) as error:
        # Of a list in the data that does not end, a triple as a value: pySHACL foresees neither.
        raise UsageError(f"{_UNCHECKABLE}: {error}") from None
    except re.error as error:
        raise UsageError(f"a sh:pattern of the shapes is no regular expression: {error}") from None
    reader = _ReportReader(graph, shapes, dataset.store)
    return Report(tuple(sorted(reader.results(), key=_order)), graph)


def require_conformance(dataset: Dataset) -> Report:
    """Let a dataset without violations pass the gate; what else was found is in the report.

    Raises:
        DoesNotConform: there are violations.
    """
    report = validate(dataset)
    if not report.conforms:
        raise DoesNotConform(report)
    return report


def _order(result: Result) -> tuple[Any, ...]:
    return (
        result.severity.value,
        result.constraint[0],
        result.shape,
        result.focus_node,
        result.path or "",
        result.value or "",
    )


def shapes_graph(dataset: Dataset) -> rdflib.Graph:
    """The shapes that a dataset holds, as pySHACL takes them."""
    triples = serialize(dataset.graph(SHAPES), format=RdfFormat.N_TRIPLES)
    assert triples is not None
    return rdflib.Graph().parse(data=triples, format="nt")


class _ReportReader:
    """Reads results from a SHACL report graph, with what shapes and data know about them."""

    def __init__(self, report: rdflib.Graph, shapes: rdflib.Graph, data: Store) -> None:
        self.report = report
        self.shapes = shapes
        self.data = data

    def results(self) -> Iterator[Result]:
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


def _by_language(terms: Iterable[Any]) -> dict[str, str]:
    return {term.language or "": str(term) for term in terms if isinstance(term, Literal)}


def _n3(term: Any) -> str:
    return str(term.n3())
