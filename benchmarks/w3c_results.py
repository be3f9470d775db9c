"""Reads what a query shall answer, and what it did answer.

CSV carries neither datatypes nor the difference between an IRI and a string. Its cells are compared
as text; two that both read as numbers are also the same where their values are. Only ``_:`` marks a
blank node, and an empty cell is an unbound variable.
https://www.w3.org/TR/sparql11-results-csv-tsv/#csv
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import (
    BlankNode,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

Term = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True)
class Solutions:
    """The result of a SELECT query: its variables, and a row of terms for each solution.

    An unbound variable is ``None``.
    """

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


Result = bool | Solutions | Dataset
"""The result of ASK, of SELECT, of CONSTRUCT or DESCRIBE."""


XSD = "http://www.w3.org/2001/XMLSchema#"
EXACT_NUMERAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
NUMERAL = re.compile(rf"{EXACT_NUMERAL.pattern}([eE][+-]?[0-9]+)?|[+-]?INF|NaN")
"""How numbers are written: those that have their exact value, and all."""


RESULTS_SYNTAX = {
    "srx": QueryResultsFormat.XML,
    "srj": QueryResultsFormat.JSON,
    "tsv": QueryResultsFormat.TSV,
}
GRAPH_SYNTAX = {"ttl": RdfFormat.TURTLE, "rdf": RdfFormat.RDF_XML}

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"


def read_result(content: bytes, extension: str, base_iri: str) -> Result:
    """A result from its serialisation.

    Args:
        content: the bytes of the file or of the response.
        extension: which syntax they are of: ``srx``, ``srj``, ``csv``, ``tsv``, ``ttl`` or ``rdf``.
        base_iri: what relative IRIs are relative to.

    Raises:
        SyntaxError: the content is not of this syntax.
        ValueError: the content or the extension is not one of a result.
    """
    if extension == "csv":
        return _read_csv(content.decode("utf-8"))
    if extension in GRAPH_SYNTAX:
        graph = Dataset(parse(content, GRAPH_SYNTAX[extension], base_iri=base_iri))
        return _read_result_set(graph) if _result_set(graph) else graph
    if extension not in RESULTS_SYNTAX:
        raise ValueError(f"there is no syntax of results with the extension {extension!r}")
    results = parse_query_results(content, RESULTS_SYNTAX[extension])
    if isinstance(results, QueryBoolean):
        return bool(results)
    variables = tuple(variable.value for variable in results.variables)
    return Solutions(variables, tuple(tuple(solution) for solution in results))


def _read_csv(text: str) -> Solutions:
    header, *lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    # The one cell of a row is unbound: the line is empty, and csv sees no cell at all.
    rows = (line or [""] for line in lines)
    return Solutions(tuple(header), tuple(tuple(_cell(cell) for cell in row) for row in rows))


def _cell(text: str) -> Term | None:
    if text.startswith("_:"):
        return BlankNode(text.removeprefix("_:"))
    if NUMERAL.fullmatch(text):
        return Literal(text, datatype=NamedNode(f"{XSD}double"))
    return Literal(text) if text else None


def _result_set(graph: Dataset) -> list[NamedNode | BlankNode | Triple]:
    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    return [
        quad.subject
        for quad in graph.quads_for_object(NamedNode(f"{RS}ResultSet"))
        if quad.predicate == kind
    ]


def _read_result_set(graph: Dataset) -> Result:
    """The solutions or the boolean that a graph of the vocabulary ``rs:`` describes."""
    (node,) = _result_set(graph)
    for answer in _objects(graph, node, "boolean"):
        return _text(answer) in ("true", "1")
    variables = tuple(sorted(_text(name) for name in _objects(graph, node, "resultVariable")))
    solutions = sorted(_objects(graph, node, "solution"), key=lambda one: _index(graph, one))
    bindings = [dict(_bindings(graph, solution)) for solution in solutions]
    return Solutions(
        variables, tuple(tuple(row.get(name) for name in variables) for row in bindings)
    )


def _bindings(graph: Dataset, solution: Term) -> Iterator[tuple[str, Term]]:
    for binding in _objects(graph, solution, "binding"):
        (name,) = _objects(graph, binding, "variable")
        (value,) = _objects(graph, binding, "value")
        yield _text(name), value


def _index(graph: Dataset, solution: Term) -> int:
    return next((int(_text(index)) for index in _objects(graph, solution, "index")), 0)


def _objects(graph: Dataset, subject: Term, name: str) -> list[Term]:
    assert not isinstance(subject, Literal)
    quads: Iterator[Quad] = iter(graph.quads_for_subject(subject))
    return [quad.object for quad in quads if quad.predicate == NamedNode(RS + name)]


def _text(term: Term) -> str:
    assert isinstance(term, Literal)
    return term.value
