"""Says whether two results are the same, and describes them.

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
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from enum import Enum

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal

from benchmarks.w3c_results import EXACT_NUMERAL, NUMERAL, XSD, Result, Solutions


class Likeness(Enum):
    """How two results relate."""

    SAME = "the same"
    SAME_BY_VALUE = "the same where numbers and booleans are compared by value"
    DIFFERENT = "different"


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

BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def _value(term: Hashable) -> Hashable:
    """A number or boolean as its datatype and value; any other or ill-typed term as itself."""
    if not isinstance(term, Literal):
        return term
    datatype = term.datatype.value.removeprefix(XSD)
    if datatype in ("decimal", "integer") and EXACT_NUMERAL.fullmatch(term.value):
        return datatype, Decimal(term.value)
    if datatype in ("double", "float") and NUMERAL.fullmatch(term.value):
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
    return _describe_rows(names, rows, ordered=ordered)


def _describe_rows(names: Sequence[str], rows: list[Row], *, ordered: bool) -> str:
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


def describe_both(expected: Result, actual: Result, *, ordered: bool) -> tuple[str, str]:
    """Two different results, each in a line of Markdown; of solutions those that differ."""
    if isinstance(expected, Solutions) and isinstance(actual, Solutions):
        names = sorted(expected.variables)
        if names == sorted(actual.variables):
            left = _rows(expected, names, ordered=ordered, by_value=False)
            right = _rows(actual, names, ordered=ordered, by_value=False)
            common = Counter(map(_values, left)) & Counter(map(_values, right))
            # Labels of blank nodes do not tell whether two rows are the same.
            del common[None]
            return (
                _describe_rest(names, left, common, ordered=ordered),
                _describe_rest(names, right, common, ordered=ordered),
            )
    return describe(expected, ordered=ordered), describe(actual, ordered=ordered)


def _values(row: Row) -> Row | None:
    """A row by the values of its literals; ``None`` where it has blank nodes."""
    return None if _blank_nodes(row) else tuple(map(_value, row))


def _describe_rest(
    names: Sequence[str], rows: list[Row], common: Counter[Row | None], *, ordered: bool
) -> str:
    """Solutions, but for those that another result has in common with them."""
    left_out = Counter(common)
    rest = []
    for row in rows:
        left_out[_values(row)] -= 1
        if left_out[_values(row)] < 0:
            rest.append(row)
    described = _describe_rows(names, rest, ordered=ordered)
    shared = common.total()
    return f"{described}, besides {shared} in both" if shared else described
