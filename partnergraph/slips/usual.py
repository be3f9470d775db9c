"""What to do about the usual slips: one small rule each, the first that fits is taken."""

from __future__ import annotations

import re
from collections.abc import Callable

from partnergraph.slips.characters import character_slip
from partnergraph.slips.expressions import FUNCTIONS, expression_slip, in_projection
from partnergraph.slips.single_tokens import WELL_KNOWN, nearest
from partnergraph.sparql.grammar_tables import KEYWORDS, first
from partnergraph.sparql.recogniser import CLOSING, Advice, Fault
from partnergraph.sparql.tokens import line_and_column

UPDATES = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
)
FORMS = frozenset({"SELECT", "CONSTRUCT", "DESCRIBE", "ASK"})
MOST_CLOSED = 8
"""Brackets that a hint closes; where more are open, the query is no slip."""

MODIFIERS = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET")
_TRIPLE = first("TriplesBlock")
_ENDS = frozenset({".", ";", ",", "}", "]"})
_BETWEEN = {
    ("GRAPH", "{"): "Write GRAPH ?graph { … }",
    ("SELECT", "{"): "Write SELECT * for all variables, or name them: SELECT ?x ?y",
    ("DESCRIBE", "{"): "Write DESCRIBE * for all variables, or name them: DESCRIBE ?x",
}
_FORMS_OF = {"BIND": "Write BIND (value AS ?name)", "VALUES": "Write VALUES ?x { … }"}
_ORDER = "The order is WHERE { … }, GROUP BY, HAVING, ORDER BY, LIMIT and OFFSET, VALUES"

Rule = Callable[[Fault], Advice | None]


def advise(fault: Fault) -> Advice:
    """What to do about a fault, as far as it is one of the usual slips."""
    for rule in _RULES:
        if advice := rule(fault):
            return advice
    return Advice(None)


def _ended(fault: Fault) -> Advice | None:
    if fault.found.terminal != "END" or not fault.unclosed:
        return None
    signs = [CLOSING[bracket.terminal] for bracket in reversed(fault.unclosed)]
    last_line = fault.text[fault.near(-1).end :]
    if "#" in last_line and signs[0] in last_line.partition("#")[2]:
        return Advice(f"The '{signs[0]}' after '#' belongs to a comment; put it on a new line.")
    if signs[0] in fault.allowed and len(signs) <= MOST_CLOSED:
        return Advice(f"Add at the end: {' '.join(signs)}")
    return None


def _update(fault: Fault) -> Advice | None:
    word = fault.found.text.upper()
    if word in UPDATES and fault.allowed & {"SELECT", "END"} and not fault.unclosed:
        message = f"{word} begins an update. This endpoint only reads; updates are not taken."
        return Advice("Ask with SELECT, ASK, CONSTRUCT or DESCRIBE.", message)
    return None


def _after_the_end(fault: Fault) -> Advice | None:
    found = fault.found
    if "END" not in fault.allowed:
        return None
    if found.terminal == ";":
        return Advice("Remove the ';'; a request takes one query, and nothing ends it.")
    if found.terminal == "}":
        return Advice("There is one '}' too many: remove it, or find the '{' that is missing.")
    if found.terminal in FORMS | {"PREFIX", "BASE"}:
        return Advice("A request takes one query: send the second one by itself.")
    return None


def _missing_sign(fault: Fault) -> Advice | None:
    found = fault.found
    if not {";", ","} <= fault.allowed or found.terminal not in _TRIPLE | {"a"}:
        return None
    line, _ = line_and_column(fault.text, fault.near(-1).end)
    if "." in fault.allowed:
        wanted = f"A '.' is missing after the triple that ends on line {line}"
    else:
        wanted = f"A ';' is missing after the object that ends on line {line}"
    if line_and_column(fault.text, found.start)[0] > line:
        return Advice(f"{wanted}.")
    return Advice(f"{wanted} (or ';' before another predicate, ',' before another object).")


def _misplaced(fault: Fault) -> Advice | None:
    word = fault.found.terminal
    shown = {"GROUP": "GROUP BY", "ORDER": "ORDER BY"}.get(word, word)
    if word in MODIFIERS:
        if fault.unclosed:
            later = any(lexeme.terminal == "}" for lexeme in fault.lexemes[fault.index :])
            place = "after the '}' that closes the pattern"
            return Advice(f"Put {shown} {place}." if later else f"Put '}}' before {shown}.")
        return Advice(f"{_ORDER}: put {shown} in its place.")
    if word == "FROM":
        return Advice("FROM stands after the variables of SELECT and before WHERE.")
    if word == "SELECT" and "{" in fault.allowed:
        return Advice("A subquery stands in braces of its own: { SELECT … }")
    return None


def _braces(fault: Fault) -> Advice | None:
    before = fault.near(-1)
    if "{" not in fault.allowed or fault.found.terminal in ("WORD", "END"):
        return None
    if fault.allowed == {"{"} and before.terminal in KEYWORDS:
        return Advice(f"Write {before.text} {{ … }}")
    if "WHERE" in fault.allowed and not in_projection(fault) and "LIMIT" not in fault.allowed:
        return Advice("Put the pattern between '{' and '}'.")
    return None


def _left_out(fault: Fault) -> Advice | None:
    """What is missing between the token before and the one found."""
    found, before = fault.found.terminal, fault.near(-1).terminal
    hint = _BETWEEN.get((before, found))
    if fault.allowed == {"BY"}:
        hint = f"Write {before} BY"
    elif fault.allowed <= {"(", "VAR", "NIL"} and before in _FORMS_OF:
        hint = _FORMS_OF[before]
    elif found in CLOSING.values() and fault.unclosed:
        wanted = CLOSING[fault.unclosed[-1].terminal]
        hint = f"Put '{wanted}' before '{found}'." if wanted in fault.allowed else None
    elif found == "END" and {"FROM", "WHERE"} <= fault.allowed:
        hint = "Add WHERE { … }"
    if not hint and found in _ENDS and fault.allowed & {"NIL", "a"} and "}" not in fault.allowed:
        hint = "A triple has a subject, a predicate and an object; one of them is missing."
    return Advice(hint) if hint else None


def _name(fault: Fault) -> Advice | None:
    found, before = fault.found, fault.near(-1)
    if not _is_word(fault):
        return None
    if "a" in fault.allowed and found.text.upper() in ("A", "IS", "ISA", "TYPE"):
        return Advice("Write a (a small letter) for 'is of the type'.")
    if before.terminal == "PNAME_NS" and before.end < found.start:
        return Advice(f"Write {before.text}{found.text}, with no space after ':'.")
    if before.terminal == "^^":
        return Advice(f"Write xsd:{found.text}, and declare PREFIX xsd: <{WELL_KNOWN['xsd']}>")
    return None


def _word(fault: Fault) -> Advice | None:
    found = fault.found
    if not _is_word(fault):
        return None
    if fault.near(1).terminal in ("(", "NIL") and "STR" in fault.allowed:
        close = nearest(found.text.upper(), FUNCTIONS, 0.6, 2)
        hint = f"Did you mean {' or '.join(close)}?" if close else None
        return Advice(hint, f"SPARQL has no function {found.text}.")
    if found.terminal == "WORD":
        close = nearest(found.text.upper(), fault.allowed & KEYWORDS, 0.72)
        return Advice(f"Did you mean {close[0]}?") if close else _meant(fault)
    return _meant(fault)


def _is_word(fault: Fault) -> bool:
    return re.fullmatch(r"[A-Za-z]\w*", fault.found.text) is not None


def _meant(fault: Fault) -> Advice | None:
    word = fault.found.text
    if "VAR" not in fault.allowed or (fault.found.terminal in KEYWORDS - FUNCTIONS):
        return None
    ways = [f"?{word} for a variable"]
    if "PNAME_LN" in fault.allowed:
        ways.append(f"prefix:{word} or <http://…/{word}> for an IRI")
    if "STRING" in fault.allowed:
        ways.append(f'"{word}" for a string')
    return Advice(f"Write {', '.join(ways)}.")


_RULES: tuple[Rule, ...] = (
    _ended,
    _update,
    _after_the_end,
    character_slip,
    expression_slip,
    _missing_sign,
    _misplaced,
    _braces,
    _left_out,
    _name,
    _word,
)
