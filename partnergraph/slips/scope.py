"""What the grammar allows and the standard's notes beside it forbid: grouping, scope, rows.

https://www.w3.org/TR/sparql11-query/#sparqlGrammar, notes 8 to 14

The engine refuses these without saying which variable it means; here that is found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from partnergraph.sparql.recogniser import Advice, Lexeme, lexemes

_PATTERN = ("WHERE", "{", "FROM", "END")
_AFTER_GROUPS = ("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES", "}", "END")


def scope_slip(text: str) -> Advice | None:
    """The first rule of scope that a query breaks, of those that can be told by its tokens."""
    read = lexemes(text)
    for finder in (_repeated, _ungrouped, _rows, _shared_labels, _named_again):
        for advice in finder(read):
            return advice
    return None


def _repeated(read: Sequence[Lexeme]) -> Iterator[Advice]:
    for selected, _ in _selections(read):
        names = [name for name, _, is_named in selected if is_named]
        for lexeme in names:
            if Counter(name.text[1:] for name in names)[lexeme.text[1:]] > 1:
                message = f"{lexeme.text} names two results of one SELECT."
                yield Advice("Give one of them another name.", message, lexeme.start)


def _ungrouped(read: Sequence[Lexeme]) -> Iterator[Advice]:
    for selected, groups in _selections(read):
        star = next((name for name, _, _ in selected if name.text == "*"), None)
        if groups is None and not any(aggregated for _, aggregated, _ in selected):
            continue
        if star:
            hint = "Name the variables that are grouped by, and aggregates of the others."
            yield Advice(hint, "SELECT * does not go with GROUP BY.", star.start)
        for name, aggregated, is_named in selected:
            grouped = {one.text[1:] for one in groups or ()}
            if not aggregated and not is_named and name.text[1:] not in grouped:
                bare = name.text[1:]
                message = f"{name.text} is neither grouped by nor aggregated."
                hint = (
                    f"Add {name.text} to GROUP BY, or write (SAMPLE({name.text}) AS ?some_{bare})"
                )
                yield Advice(hint, message, name.start)


def _selections(
    read: Sequence[Lexeme],
) -> Iterator[tuple[list[tuple[Lexeme, bool, bool]], list[Lexeme] | None]]:
    """Each SELECT: its variables, and the variables of its GROUP BY, if it has one.

    Of a variable: whether it stands in an aggregate, and whether AS makes it.
    """
    for index, lexeme in enumerate(read):
        if lexeme.terminal != "SELECT":
            continue
        selected: list[tuple[Lexeme, bool, bool]] = []
        depth, position, aggregates = 0, index + 1, 0
        while _at(read, position).terminal not in _PATTERN:
            one = _at(read, position)
            depth += (one.terminal == "(") - (one.terminal == ")")
            if one.terminal in _AGGREGATES:
                aggregates = aggregates or depth + 1
            if one.terminal == ")" and depth < aggregates:
                aggregates = 0
            made = _at(read, position - 1).terminal == "AS"
            if one.terminal == "VAR" or (one.text == "*" and depth == 0):
                selected.append((one, bool(aggregates), made))
            position += 1
        yield selected, _groups(read, position)


_AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")


def _groups(read: Sequence[Lexeme], position: int) -> list[Lexeme] | None:
    """The variables of the GROUP BY that follows the pattern that begins at a position, if any."""
    depth = 0
    while _at(read, position).terminal != "END":
        terminal = _at(read, position).terminal
        depth += (terminal == "{") - (terminal == "}")
        position += 1
        if depth == 0 and terminal == "}":
            break
    if _at(read, position).terminal != "GROUP":
        return None
    found = []
    while _at(read, position).terminal not in _AFTER_GROUPS:
        if _at(read, position).terminal == "VAR":
            found.append(_at(read, position))
        position += 1
    return found


def _named_again(read: Sequence[Lexeme]) -> Iterator[Advice]:
    """Variables that BIND names, and that have a value already in the same group."""
    brackets: list[str] = []
    groups: list[int] = []
    for before, lexeme in pairwise(read):
        if lexeme.terminal == "{":
            groups.append(lexeme.start)
        elif lexeme.terminal == "}" and groups:
            groups.pop()
        elif lexeme.terminal == "(":
            brackets.append(before.terminal)
        elif lexeme.terminal == ")" and brackets:
            brackets.pop()
        elif before.terminal == "AS" and lexeme.terminal == "VAR" and brackets[-1:] == ["BIND"]:
            begin = groups[-1] if groups else 0
            earlier = (one for one in read if begin < one.start < lexeme.start)
            if any(one.terminal == "VAR" and one.text[1:] == lexeme.text[1:] for one in earlier):
                message = f"{lexeme.text} has a value already; BIND has to name a new variable."
                yield Advice("Choose a name that is not used before.", message, lexeme.start)


def _rows(read: Sequence[Lexeme]) -> Iterator[Advice]:
    """Rows of VALUES that are longer or shorter than the list of its variables."""
    for index, lexeme in enumerate(read):
        if lexeme.terminal != "VALUES" or _at(read, index + 1).terminal != "(":
            continue
        position = index + 2
        width = 0
        while _at(read, position).terminal == "VAR":
            width += 1
            position += 1
        position += 2  # The bracket that closes, and the brace.
        while _at(read, position).terminal == "(":
            start, length = _at(read, position).start, 0
            position += 1
            while _at(read, position).terminal not in (")", "END"):
                # A literal is a string with its tag or datatype after it.
                part_of_one = _at(read, position).terminal in ("LANGTAG", "^^") or (
                    _at(read, position - 1).terminal == "^^"
                )
                length += not part_of_one
                position += 1
            if length != width:
                message = f"VALUES has {width} variables, and this row {length} values."
                yield Advice("Write UNDEF for a value that is left out.", message, start)
            position += 1


def _shared_labels(read: Sequence[Lexeme]) -> Iterator[Advice]:
    """Blank node labels that stand in two patterns."""
    patterns: list[int] = []
    seen: dict[str, int] = {}
    for number, lexeme in enumerate(read):
        if lexeme.terminal == "{":
            patterns.append(number)
        elif lexeme.terminal == "}" and patterns:
            patterns.pop()
        elif lexeme.text.startswith("_:"):
            here = patterns[-1] if patterns else 0
            if seen.setdefault(lexeme.text, here) != here:
                message = f"The blank node {lexeme.text} stands in two patterns."
                hint = f"Write a variable, such as ?{lexeme.text[2:]}, in place of it."
                yield Advice(hint, message, lexeme.start)


def _at(read: Sequence[Lexeme], position: int) -> Lexeme:
    """The lexeme at a position; beyond the end, the end."""
    return read[min(position, len(read) - 1)]
