"""What is wrong with a query that the engine has refused: where, in plain words, and what to do.

The engine tells only how far it came, which often lies behind the fault. Here the query is read again
by the grammar of the standard. It is meant for refused queries alone: it costs some milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass

from partnergraph.prefixes import undeclared_prefixes
from partnergraph.recogniser import CLOSING, Fault, Lexeme, find_fault, lexemes
from partnergraph.slips import Advice, advise
from partnergraph.tokens import line_and_column

MOST_NAMED = 6
"""How many of the things that could stand at a place are named."""

WIDTH = 100
"""Characters of a line that are shown around a place."""

LONGEST_FOUND = 40

_NEWER = frozenset({"VERSION", "LATERAL"})


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is wrong with a query.

    Attributes:
        line: of the first token that cannot stand where it stands, from 1.
        column: of the same, in characters, from 1.
        message: what was found, and what was expected.
        hint: what to do, where that can be told.
        excerpt: the line, and a mark under the place.
    """

    line: int
    column: int
    message: str
    hint: str | None
    excerpt: str


def diagnose(text: str) -> Diagnosis | None:
    """Find what is wrong with a query that the engine has refused.

    Returns:
        The first fault; ``None`` where the grammar finds none, or where the query is of SPARQL 1.2,
        which the engine knows and this grammar does not.
    """
    fault = find_fault(text)
    undeclared = undeclared_prefixes(text, fault.lexemes if fault else lexemes(text))
    if undeclared and (fault is None or undeclared.start < fault.found.start):
        return _diagnosis(text, undeclared.start, undeclared)
    if fault is None or _is_newer(fault):
        return None
    advice = advise(fault)
    message = advice.message or _message(fault)
    return _diagnosis(text, fault.found.start, Advice(advice.hint, message))


def mark(text: str, line: int, column: int) -> str:
    """A line of a text and, under it, a ``^`` at a column; of a long line, what is around it."""
    content = text.split("\n")[line - 1].rstrip("\r")
    begin = max(0, column - 1 - WIDTH // 2) if len(content) > WIDTH else 0
    end = begin + WIDTH
    before, after = "…" if begin else "", "…" if end < len(content) else ""
    blank = "".join("\t" if sign == "\t" else " " for sign in before + content[begin : column - 1])
    return f"{before}{content[begin:end]}{after}\n{blank}^"


def _diagnosis(text: str, start: int, advice: Advice) -> Diagnosis:
    line, column = line_and_column(text, start)
    return Diagnosis(line, column, advice.message or "", advice.hint, mark(text, line, column))


def _is_newer(fault: Fault) -> bool:
    """Whether a query has the marks of SPARQL 1.2 up to its fault, or of the engine's extensions."""
    for before, lexeme in zip(
        [None, *fault.lexemes], fault.lexemes[: fault.index + 1], strict=False
    ):
        if lexeme.text == "<<" or lexeme.text.upper() in _NEWER:
            return True
        if before and before.text == "{" and lexeme.text == "|" and before.end == lexeme.start:
            return True
    return fault.found.text == "~" or (
        fault.found.text == "-" and fault.near(-1).terminal == "LANGTAG"
    )


def _message(fault: Fault) -> str:
    expected = _list(fault.expected)
    found = fault.found
    if found.terminal == "END":
        if not found.start:
            return f"The query is empty; expected {expected}."
        return f"The query ends where {expected} is expected{_unclosed(fault)}."
    shown = found.text if len(found.text) <= LONGEST_FOUND else f"{found.text[:LONGEST_FOUND]}…"
    shown = " ".join(shown.split())
    closes = found.terminal in CLOSING.values()
    unclosed = _unclosed(fault) if closes else ""
    return f"{_quoted(shown)} cannot stand here; expected {expected}{unclosed}."


def _quoted(shown: str) -> str:
    return f"'{shown}'" if "'" not in shown else shown


def _list(expected: tuple[str, ...]) -> str:
    named = expected[:MOST_NAMED]
    return " or ".join(filter(None, [", ".join(named[:-1]), named[-1]]))


def _unclosed(fault: Fault) -> str:
    if not fault.unclosed:
        return ""
    return f"; {opened(fault.text, fault.unclosed[-1])} is never closed"


def opened(text: str, bracket: Lexeme) -> str:
    """A bracket, and where it stands."""
    line, column = line_and_column(text, bracket.start)
    return f"the '{bracket.text}' of line {line}, column {column}"
