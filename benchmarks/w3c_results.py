"""Reads what a query shall answer and what it did answer, and says whether the two are the same.

Two results are the same where

- both are booleans, and equal;
- both are graphs, and isomorphic;
- both are solutions with the same variables, and equal as multisets, or as sequences where the
  query orders them, after one renaming, one to one, of the blank nodes of the whole result.

Terms are compared as terms, with one exception, which is counted apart: two literals of one
datatype among ``xsd:boolean``, ``xsd:integer``, ``xsd:decimal``, ``xsd:float`` and ``xsd:double``
are also the same where their values are, as ``0`` and ``false``, ``2.0`` and ``2.00``, or ``1.0e6``
and ``1.0E6``. The suite asks for values (https://github.com/w3c/rdf-tests/pull/59), as SPARQL does
not say in which of its lexical forms a computed value is written. Values of two datatypes never are
the same here: neither ``2`` and ``2.0``, nor ``-3`` as an ``xsd:integer`` and as an
``xsd:negativeInteger``, although XML Schema gives those one value.

CSV carries neither datatypes nor the difference between an IRI and a string. Its cells are compared
as text; two that both read as numbers are also the same where their values are. Only ``_:`` marks a
blank node, and an empty cell is an unbound variable.
https://www.w3.org/TR/sparql11-results-csv-tsv/#csv
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
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


class Likeness(Enum):
    """How two results relate."""

    SAME = "the same"
    SAME_BY_VALUE = "the same where numbers and booleans are compared by value"
    DIFFERENT = "different"


# --- Reading ---------------------------------------------------------------------------------

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
    if _NUMERAL.fullmatch(text):
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


# --- Comparing -------------------------------------------------------------------------------


def compare(expected: Result, actual: Result, *, ordered: bool) -> Likeness:
    """Whether two results are the same, and if so, whether only by the values of literals.

    Args:
        expected: what the test wants.
        actual: what was answered.
        ordered: whether the order of solutions counts.
    """
    if isinstance(expected, Solutions) and isinstance(actual, Solutions):
        if same_solutions(expected, actual, ordered=ordered, by_value=False):
            return Likeness.SAME
        if same_solutions(expected, actual, ordered=ordered, by_value=True):
            return Likeness.SAME_BY_VALUE
        return Likeness.DIFFERENT
    if isinstance(expected, Dataset) and isinstance(actual, Dataset):
        return Likeness.SAME if _canonical(expected) == _canonical(actual) else Likeness.DIFFERENT
    same = isinstance(expected, bool) and expected is actual
    return Likeness.SAME if same else Likeness.DIFFERENT


def _canonical(graph: Dataset) -> Dataset:
    copy = Dataset(graph)
    copy.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return copy


Row = tuple[Hashable, ...]


def same_solutions(
    expected: Solutions, actual: Solutions, *, ordered: bool, by_value: bool
) -> bool:
    """Whether two results of SELECT are the same; the module says what that means."""
    names = sorted(expected.variables)
    if names != sorted(actual.variables):
        return False
    left = _rows(expected, names, ordered=ordered, by_value=by_value)
    right = _rows(actual, names, ordered=ordered, by_value=by_value)
    if Counter(map(_shape, left)) != Counter(map(_shape, right)):
        return False
    return _renamable(
        [row for row in left if _blank_nodes(row)],
        Counter(row for row in right if _blank_nodes(row)),
        {},
    )


def _rows(
    solutions: Solutions, names: Sequence[str], *, ordered: bool, by_value: bool
) -> list[Row]:
    """The rows with their cells sorted by variable; where they are ordered, each has its number."""
    places = [solutions.variables.index(name) for name in names]
    rows = ([row[place] for place in places] for row in solutions.rows)
    return [
        (number if ordered else None, *(map(_value, row) if by_value else row))
        for number, row in enumerate(rows)
    ]


def _blank_nodes(row: Row) -> list[BlankNode]:
    return [cell for cell in row if isinstance(cell, BlankNode)]


def _shape(row: Row) -> Row:
    """A row with all its blank nodes alike, which no renaming of them changes."""
    return tuple(BlankNode if isinstance(cell, BlankNode) else cell for cell in row)


def _renamable(
    left: list[Row], right: Counter[Row], renamed: Mapping[BlankNode, BlankNode]
) -> bool:
    """Whether some renaming of blank nodes, one to one, makes ``left`` into ``right``.

    It tries each partner for the first row and goes back where the rest then finds none.
    """
    if not left:
        return True
    first, *rest = left
    for partner in right:
        if _shape(partner) != _shape(first):
            continue
        extended = _extended(renamed, first, partner)
        if extended is not None and _renamable(rest, right - Counter([partner]), extended):
            return True
    return False


def _extended(
    renamed: Mapping[BlankNode, BlankNode], row: Row, partner: Row
) -> Mapping[BlankNode, BlankNode] | None:
    """The renaming that makes ``row``, too, into ``partner``, which has its shape; or ``None``."""
    extended = dict(renamed)
    for old, new in zip(_blank_nodes(row), _blank_nodes(partner), strict=True):
        if old not in extended and new in extended.values():
            return None
        if extended.setdefault(old, new) != new:
            return None
    return extended


# --- Values of literals ----------------------------------------------------------------------

XSD = "http://www.w3.org/2001/XMLSchema#"
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_EXACT_NUMERAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_NUMERAL = re.compile(rf"{_EXACT_NUMERAL.pattern}([eE][+-]?[0-9]+)?|[+-]?INF|NaN")


def _value(term: Term | None) -> Hashable:
    """A number or boolean as its datatype and value; any other or ill-typed term as itself."""
    if not isinstance(term, Literal):
        return term
    datatype = term.datatype.value.removeprefix(XSD)
    if datatype in ("decimal", "integer") and _EXACT_NUMERAL.fullmatch(term.value):
        return datatype, Decimal(term.value)
    if datatype in ("double", "float") and _NUMERAL.fullmatch(term.value):
        number = float(term.value.replace("INF", "inf"))
        return datatype, "NaN" if math.isnan(number) else number
    if datatype == "boolean" and term.value in BOOLEANS:
        return datatype, BOOLEANS[term.value]
    return term


# --- Describing ------------------------------------------------------------------------------

SHOWN = 8


def describe(result: Result, *, ordered: bool) -> str:
    """A result in a line of Markdown, the same for every run: blank nodes are numbered anew."""
    if isinstance(result, bool):
        return f"`{str(result).lower()}`"
    if isinstance(result, Dataset):
        return _listed(sorted(f"{quad} ." for quad in _canonical(result)), "triple")
    names = sorted(result.variables)
    rows = _rows(result, names, ordered=False, by_value=False)
    if not ordered:
        rows.sort(key=lambda row: [str(cell) for cell in _shape(row)])
    labels: dict[Hashable, str] = {}
    for row in rows:
        for node in _blank_nodes(row):
            labels.setdefault(node, f"_:b{len(labels)}")
    return _listed([_described_row(names, row, labels) for row in rows], "solution")


def _described_row(names: Sequence[str], row: Row, labels: Mapping[Hashable, str]) -> str:
    cells = (
        f"?{name} = {labels.get(cell, cell)}"
        for name, cell in zip(names, row[1:], strict=True)
        if cell is not None
    )
    return ", ".join(cells) or "nothing bound"


def _listed(items: Sequence[str], name: str) -> str:
    if not items:
        return f"no {name}"
    count = f"{len(items)} {name}{'s' if len(items) > 1 else ''}"
    left_out = ", …" if len(items) > SHOWN else ""
    return f"{count}: " + "; ".join(f"`{item}`" for item in items[:SHOWN]) + left_out
