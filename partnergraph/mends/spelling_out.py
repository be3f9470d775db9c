"""Writes a query with ``GRAPH ?g`` spelt out as a union over the named graphs, which it means.

https://www.w3.org/TR/sparql11-query/#sparqlAlgebra, Graph(var, P)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from partnergraph.mends.graph_variables import Pattern
from partnergraph.sparql.tokens import Token

LARGEST = 128 * 1024
"""Characters that a query may have once its GRAPH patterns are spelt out."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A query with marks at what has to be mended in it.

    Attributes:
        text: the query.
        tokens: its tokens.
        replacements: what has to stand in place of the token with an index.
        wrong_patterns: the ``GRAPH`` patterns to spell out, by the index of their keyword.
    """

    text: str
    tokens: Sequence[Token]
    replacements: Mapping[int, str]
    wrong_patterns: Mapping[int, Pattern]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Tokens to write, up to one with an index, as part of a copy (0: of none)."""

    start: int
    stop: int
    copy: int = 0


def spelt_out(query: Marked, graphs: Sequence[str]) -> str:
    """The text with all that is marked in it mended; without recursion, as patterns nest.

    Args:
        query: what to write.
        graphs: the named graphs, as terms of SPARQL.

    Raises:
        ValueError: it would be larger than :data:`LARGEST`; the message is for the user.
    """
    written: list[str] = []
    size = 0
    copies = count(1)
    rename = _renaming(query.tokens)
    pending: list[str | _Stretch] = [_Stretch(0, len(query.tokens))]
    while pending:
        piece = pending.pop()
        if isinstance(piece, _Stretch):
            piece, rest = _plain(query, piece, rename)
            pending.extend(reversed(_union(query, rest, graphs, copies)))
        written.append(piece)
        size += len(piece)
        # What GROUP_CONCAT adds is bounded by the query itself.
        if query.wrong_patterns and size > LARGEST:
            raise _too_large(len(graphs))
    return "".join(written)


def _plain(
    query: Marked, stretch: _Stretch, rename: Callable[[int, str], str]
) -> tuple[str, _Stretch]:
    """The text of a stretch up to a pattern that has to be spelt out, and the stretch from it."""
    written: list[str] = []
    index = stretch.start
    while index < stretch.stop and index not in query.wrong_patterns:
        token = query.tokens[index]
        written.append(query.replacements.get(index, token.text))
        if stretch.copy and token.kind == "blank":
            written[-1] = rename(stretch.copy, token.text)
        index += 1
        # A comment behind the last token would swallow what is put there.
        if index < stretch.stop:
            written.append(query.text[token.start + len(token.text) : query.tokens[index].start])
    return "".join(written), _Stretch(index, stretch.stop, stretch.copy)


def _union(
    query: Marked, stretch: _Stretch, graphs: Sequence[str], copies: Iterator[int]
) -> list[str | _Stretch]:
    """The pieces of a stretch that begins with a wrong pattern: the union, and what follows."""
    if stretch.start >= stretch.stop:
        return []
    pattern = query.wrong_patterns[stretch.start]
    opening, end, variable = pattern.opening, pattern.end, pattern.variable
    pieces: list[str | _Stretch] = []
    least = query.tokens[end - 1].start - query.tokens[opening].start
    if least * len(graphs) > LARGEST:
        raise _too_large(len(graphs))
    for graph in graphs:
        pieces += (
            f"{' UNION ' if pieces else ''}{{ GRAPH {graph} ",
            _Stretch(opening, end, next(copies)),
            f" VALUES ?{variable} {{ {graph} }} }}",
        )
    if not graphs:
        # No solutions, but the pattern's variables are still in scope for SELECT *.
        head = f"{{ GRAPH ?{variable} "
        body = _Stretch(opening, end, stretch.copy)
        pieces = [head, body, f" VALUES ?{variable} {{}} }}"]
    return [*pieces, " ", _Stretch(end, stretch.stop, stretch.copy)]


def _renaming(query: Iterable[Token]) -> Callable[[int, str], str]:
    """Gives each label of a blank node a new one in each copy: no two patterns may share one.

    https://www.w3.org/TR/sparql11-query/#QSynBlankNodes
    """
    used = {token.text for token in query if token.kind == "blank"}
    fresh = (label for number in count() if (label := f"_:b{number}") not in used)
    names: dict[tuple[int, str], str] = {}

    def rename(copy: int, label: str) -> str:
        if (copy, label) not in names:
            names[copy, label] = next(fresh)
        return names[copy, label]

    return rename


def _too_large(graphs: int) -> ValueError:
    return ValueError(
        "a subquery, VALUES or MINUS inside GRAPH with a variable has to be spelt out for each "
        f"named graph, here {graphs}, which makes this query too large; "
        "name the graphs with FROM NAMED, or write GRAPH with an IRI"
    )
