"""How much there is of a query: depth, steps of paths, triple patterns, operators, values.

An engine reads a query by recursion, and plans it in more than linear time: a few kilobytes can end
its process, or keep it planning for many seconds, over no data at all. So this is looked at before
the engine is, in the process that may be ended: by the grammar, without recursion.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from partnergraph.engine import Bounds
from partnergraph.sparql.recogniser import Lexeme
from partnergraph.sparql.syntax_tree import Node, parse_query
from partnergraph.sparql.tokens import decoded

Kind = Literal["depth", "path", "patterns", "operators", "values", "grammar"]

OPENING = frozenset({"{", "(", "["})
CLOSING = frozenset({"}", ")", "]"})
EMPTY = frozenset({"NIL", "ANON"})
"""Brackets with nothing between."""

UNARY = frozenset({"!", "-", "+", "^"})
OPERATORS = frozenset({*"|=<>+-*/!", "||", "&&", "!=", "<=", ">=", "SIGNED", "UNION", "AS"})
NODES = frozenset({"GraphNodePath", "GraphNode", "GraphPatternNotTriples"})
"""What stands as an object, or in a list: each is a triple pattern; and each clause beside them."""

VALUES = frozenset({"DataBlockValue", "Expression"})
LISTS = frozenset({"DataBlock", "ExpressionList", "ArgList"})


class Excess(NamedTuple):
    """The first thing that there is too much of.

    Attributes:
        kind: which; ``grammar`` where a long text is no SPARQL 1.1, and cannot be counted.
        most: how much there may be.
        start: where it becomes too much.
        text: in which text: the query, or that with its escapes decoded.
    """

    kind: Kind
    most: int
    start: int
    text: str


def excess(text: str, bounds: Bounds) -> Excess | None:
    """What a query has too much of; ``None`` where it keeps within all bounds."""
    if _is_surely_within(text, bounds):
        return None
    # An engine may decode escapes before it looks for tokens:
    # https://www.w3.org/TR/sparql11-query/#codepointEscape
    for reading in (text, decoded(text)):
        tree = parse_query(reading)
        if tree:
            found = _count(tree, bounds)
            return Excess(*found, reading) if found else None
    return Excess("grammar", 0, 0, text)


def _is_surely_within(text: str, bounds: Bounds) -> bool:
    """By counting characters, which is quick, and most often enough."""
    count = text.lower().count
    escaped = count("\\")
    brackets = count("{") + count("(") + count("[")
    signs = count("!") + count("-") + count("+")
    steps = count("/") + count("|")
    spaces = count(" ") + count("\n") + count("\t") + count("\r")
    # What a term of a list begins with, where no space is before it.
    begun = sum(map(count, "?$\"'<:_.")) + signs
    listed = spaces + begun + count(",") + brackets
    separated = count(".") + count(";") + count(",") + 2 * brackets
    compared = sum(map(count, "=<>*&")) + count("union") + count("as")
    return (
        brackets + signs + count("^") + escaped <= bounds.depth
        and steps + count("^") + escaped < bounds.path
        and separated + (listed if "(" in text else 0) + escaped < bounds.patterns
        and signs + steps + compared + escaped <= bounds.operators
        and listed + escaped < bounds.values
    )


def _count(tree: Node, bounds: Bounds) -> tuple[Kind, int, int] | None:
    depth = run = patterns = operators = values = 0
    for one, in_list in _walk(tree):
        if isinstance(one, Lexeme):
            sign = one.terminal
            run = run + 1 if sign in UNARY else 0
            depth += (sign in OPENING) - (sign in CLOSING)
            operators += sign in OPERATORS
            if depth + run + (sign in EMPTY) > bounds.depth:
                return "depth", bounds.depth, one.start
            if operators > bounds.operators:
                return "operators", bounds.operators, one.start
            continue
        patterns += one.rule in NODES
        values += in_list and one.rule in VALUES
        if patterns > bounds.patterns:
            return "patterns", bounds.patterns, one.start
        if values > bounds.values:
            return "values", bounds.values, one.start
        if one.rule == "VerbPath":
            steps = [step for step, _ in _walk(one) if _is_step(step)]
            if len(steps) > bounds.path:
                return "path", bounds.path, steps[bounds.path].start
    return None


def _is_step(one: Node | Lexeme) -> bool:
    """Whether it is a part of a path that has no path in it."""
    if isinstance(one, Lexeme) or one.rule != "PathPrimary":
        return False
    first = one.children[0]
    return not (isinstance(first, Lexeme) and first.terminal == "(")


def _walk(tree: Node) -> Iterator[tuple[Node | Lexeme, bool]]:
    """All that is in it, as it is read, and whether it stands directly in a list of values."""
    to_do: list[tuple[Node | Lexeme, bool]] = [(tree, False)]
    while to_do:
        one, in_list = to_do.pop()
        yield one, in_list
        if isinstance(one, Node):
            listing = one.rule in LISTS
            to_do += [(child, listing) for child in reversed(one.children)]
