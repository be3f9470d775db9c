"""What is wrong with a query that the engine has refused: where, in plain words, and what to do.

The engine tells only how far it came, which often lies behind the fault. Here the query is read
again, by the grammar of the standard. It is meant for refused queries alone: it costs some
milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass

from partnergraph.slips.scope import scope_slip
from partnergraph.slips.single_tokens import engine_limit, is_absolute, token_slip
from partnergraph.slips.usual import advise
from partnergraph.sparql.recogniser import CLOSING, Advice, Fault, Lexeme, find_fault, lexemes
from partnergraph.sparql.tokens import line_and_column

MOST_NAMED = 6
"""How many of the things that could stand at a place are named."""

WIDTH = 100
"""Characters of a line that are shown around a place."""

LONGEST_FOUND, LONGEST_HINT = 40, 800

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
    read = fault.lexemes if fault else lexemes(text)
    slip = token_slip(text, read)
    if slip and (fault is None or (slip.start or 0) < fault.found.start):
        return _diagnosis(text, slip)
    if fault is None:
        advice = engine_limit(read)
        return _diagnosis(text, advice) if advice else None
    if _is_beyond(fault):
        return None
    advice = advise(fault)
    start = fault.found.start if advice.start is None else advice.start
    return _diagnosis(text, Advice(advice.hint, advice.message or _message(fault), start))


def diagnose_scope(text: str) -> Diagnosis | None:
    """Find which rule beside the grammar a query breaks that the engine has refused."""
    advice = scope_slip(text)
    return _diagnosis(text, advice) if advice else None


def mark(text: str, line: int, column: int) -> str:
    """A line of a text and, under it, a ``^`` at a column; of a long line, what is around it."""
    content = text.split("\n")[line - 1].rstrip("\r")
    begin = max(0, column - 1 - WIDTH // 2) if len(content) > WIDTH else 0
    end = begin + WIDTH
    before, after = "…" if begin else "", "…" if end < len(content) else ""
    blank = "".join("\t" if sign == "\t" else " " for sign in before + content[begin : column - 1])
    return f"{before}{content[begin:end]}{after}\n{blank}^"


def _diagnosis(text: str, advice: Advice) -> Diagnosis:
    line, column = line_and_column(text, advice.start or 0)
    hint = _shortened(advice.hint, LONGEST_HINT) if advice.hint else None
    message = _shortened(advice.message or "", LONGEST_HINT)
    return Diagnosis(line, column, message, hint, mark(text, line, column))


def _is_beyond(fault: Fault) -> bool:
    """Whether the engine may well take what the grammar refuses.

    That is SPARQL 1.2 up to the fault, a number apart from its sign, and ``?a<?b&&?c>?d``, in which
    the standard sees an IRI.
    """
    found = fault.found
    if found.terminal == "IRIREF" and "<" in fault.allowed:
        return found.text != "<>" and not is_absolute(found.text)
    if found.text in ("+", "-") and "SIGNED" in fault.allowed:
        return fault.near(1).terminal in ("INTEGER", "DECIMAL")
    if found.text == "~" or (found.text == "-" and fault.near(-1).terminal == "LANGTAG"):
        return True
    read = fault.lexemes[: fault.index + 1]
    return any(
        lexeme.text == "<<"
        or lexeme.text.upper() in _NEWER
        or (after.text == "|" and lexeme.text == "{" and lexeme.end == after.start)
        for lexeme, after in zip(read, [*read[1:], read[-1]], strict=True)
    )


def _message(fault: Fault) -> str:
    expected = _list(fault.expected)
    found = fault.found
    if found.terminal == "END":
        if not fault.index:
            return f"The query is empty; expected {expected}."
        return f"The query ends where {expected} is expected{_unclosed(fault)}."
    shown = " ".join(_shortened(found.text, LONGEST_FOUND).split())
    unclosed = _unclosed(fault) if found.terminal in CLOSING.values() else ""
    return f"{_quoted(shown)} cannot stand here; expected {expected}{unclosed}."


def _shortened(shown: str, longest: int) -> str:
    return shown if len(shown) <= longest else f"{shown[:longest]}…"


def _quoted(shown: str) -> str:
    return f"'{shown}'" if "'" not in shown else shown


def _list(expected: tuple[str, ...]) -> str:
    named = expected[:MOST_NAMED]
    return " or ".join(filter(None, [", ".join(named[:-1]), named[-1]]))


def _unclosed(fault: Fault) -> str:
    if not fault.unclosed or CLOSING[fault.unclosed[-1].terminal] == fault.found.terminal:
        return ""
    return f"; {opened(fault.text, fault.unclosed[-1])} is never closed"


def opened(text: str, bracket: Lexeme) -> str:
    """A bracket, and where it stands."""
    line, column = line_and_column(text, bracket.start)
    return f"the '{bracket.text}' of line {line}, column {column}"
