"""What to do about slips in expressions and in what SELECT gives, many of them habits of SQL."""

from __future__ import annotations

from collections.abc import Callable

from partnergraph.sparql.grammar_tables import first
from partnergraph.sparql.recogniser import CLOSING, Advice, Fault, Lexeme

FUNCTIONS = first("BuiltInCall") - {"NOT", "EXISTS"}
PROJECTION = frozenset({"VAR", "(", "*", "DISTINCT", "REDUCED", "FROM", "WHERE", "{"})
_OPERATORS = frozenset({"||", "&&", "|", "&"}).union(
    first("RelationalRest"), first("AdditiveRest"), first("MultiplicativeRest")
)
_PATTERNS = first("GraphPatternNotTriples") - {"{"}
_COMPARISONS = {("=", ">"): ">=", ("=", "<"): "<=", ("=", "="): "=", ("!", "="): "!="}
_COMPARISONS |= {("!=", "="): "!=", ("<", ">"): "!=", ("&&", "&"): "&&", ("||", "|"): "||"}
_CONNECTIVES = frozenset({"AND", "OR"})
_INSTEAD = {
    "AND": {"&&": "&&"},
    "OR": {"&&": "||", "UNION": "UNION"},
    "&": {"&&": "&&"},
    "|": {"&&": "||"},
    "<>": {"!=": "!="},
    "^": {"^^": "^^"},
}
"""What to write instead of a word or a sign, by what can stand at its place."""

_SQL = {
    "LIKE": 'CONTAINS(?text, "…") or REGEX(?text, "…", "i")',
    "ILIKE": 'CONTAINS(LCASE(?text), "…") or REGEX(?text, "…", "i")',
    "BETWEEN": "?x >= … && ?x <= …",
    "CASE": "IF(condition, value, otherwise)",
    "TOP": "LIMIT and the number, at the end of the query",
    "JOIN": "triples that share a variable; an outer join is OPTIONAL { … }",
    "LEFT": "OPTIONAL { … }",
    "INNER": "triples that share a variable",
    "EXCEPT": "MINUS { … }",
}
_LIKE_FUNCTIONS = {
    "LENGTH": "STRLEN",
    "LEN": "STRLEN",
    "LOWER": "LCASE",
    "UPPER": "UCASE",
    "SUBSTRING": "SUBSTR",
    "IFNULL": "COALESCE",
    "NVL": "COALESCE",
    "STARTSWITH": "STRSTARTS",
    "ENDSWITH": "STRENDS",
    "CEILING": "CEIL",
    "STRING_AGG": "GROUP_CONCAT",
}


def expression_slip(fault: Fault) -> Advice | None:
    """What to do about a fault, as far as it is one of these slips."""
    for rule in _RULES:
        if hint := rule(fault):
            return Advice(hint)
    return None


def in_projection(fault: Fault) -> bool:
    """Whether a fault lies where SELECT names its variables."""
    return fault.allowed <= PROJECTION and {"VAR", "("} <= fault.allowed


def _comment(fault: Fault) -> str | None:
    pair = fault.text[fault.found.start : fault.found.start + 2]
    before = fault.text[max(0, fault.found.start - 1) : fault.found.start + 1]
    if {pair, before} & {"//", "/*", "--"}:
        return "A comment begins with #"
    return None


def _comma(fault: Fault) -> str | None:
    if fault.found.terminal != ",":
        return None
    if fault.near(-2).terminal == "LIMIT":
        return f"Write LIMIT {fault.near(1).text} OFFSET {fault.near(-1).text}"
    if in_projection(fault):
        return "Remove the ','; variables are separated by spaces: SELECT ?x ?y"
    if {"VAR", "LIMIT"} <= fault.allowed or "UNDEF" in fault.allowed:
        return "Remove the ','; spaces separate here."
    return None


def _projected(fault: Fault) -> str | None:
    if not in_projection(fault):
        return None
    if fault.found.terminal == "AS":
        return f"Write ({fault.near(-1).text} AS {_variable(fault.near(1))})"
    if fault.found.terminal in FUNCTIONS and fault.near(1).terminal in ("(", "NIL"):
        return f"Write {_named_call(fault)}"
    if fault.found.terminal in _OPERATORS:
        return "Write an expression in parentheses, with a name: (?x + 1 AS ?y)"
    return None


def _unnamed(fault: Fault) -> str | None:
    found, before = fault.found, fault.near(-1)
    if "AS" not in fault.allowed:
        return None
    if found.terminal in ("VAR", "WORD"):
        return f"Write AS {_variable(found)}"
    if found.terminal != ")":
        return None
    if before.terminal == "VAR" and fault.near(-2).terminal == "(":
        bound = fault.near(-3).terminal == "BIND"
        return "Write BIND (value AS ?name)" if bound else f"Remove the parentheses: {before.text}"
    return "Write AS ?name before )"


def _variable(name: Lexeme) -> str:
    bare = name.text.strip("'\"?")
    return f"?{bare or 'name'}"


def _named_call(fault: Fault) -> str:
    place = _end_of_call(fault.lexemes, fault.index + 1)
    call = fault.text[fault.found.start : fault.lexemes[place].end]
    after = fault.lexemes[place + 1 :][:2]
    name = f"?{fault.found.text.lower()}"
    if after and after[0].terminal == "AS":
        name = _variable(after[1])
    return f"({call} AS {name})"


def _end_of_call(lexemes: list[Lexeme], opening: int) -> int:
    depth = 0
    for place in range(opening, len(lexemes) - 1):
        depth += {"(": 1, ")": -1}.get(lexemes[place].terminal, 0)
        if depth == 0:
            return place
    return len(lexemes) - 2


def _unparenthesised(fault: Fault) -> str | None:
    """A condition after FILTER or HAVING that is neither in parentheses nor one call."""
    found, before = fault.found, fault.near(-1)
    if before.terminal in ("FILTER", "HAVING"):
        return f"Write {before.text} ({_condition(fault, fault.index)})"
    if before.terminal in ("ASC", "DESC"):
        ordered = found if found.terminal == "VAR" else fault.near(-2)
        return f"Write {before.text}({ordered.text if ordered.terminal == 'VAR' else '…'})"
    connects = found.terminal in _OPERATORS or found.text.upper() in _CONNECTIVES
    if connects and "&&" not in fault.allowed:
        return _whole_condition(fault)
    return None


def _whole_condition(fault: Fault) -> str | None:
    depth = 0
    for place in range(fault.index - 1, -1, -1):
        lexeme = fault.lexemes[place]
        depth += {")": 1, "(": -1, "}": 1, "{": -1}.get(lexeme.terminal, 0)
        if depth < 0:
            return None
        if depth == 0 and lexeme.terminal in ("FILTER", "HAVING"):
            return f"Write {lexeme.text} ({_condition(fault, place + 1)})"
        if depth == 0 and lexeme.terminal == ".":
            return None
    return None


def _condition(fault: Fault, begin: int) -> str:
    """The text from a token on, as far as it seems to belong to one condition."""
    depth, end = 0, fault.lexemes[begin].start
    for lexeme in fault.lexemes[begin:-1]:
        opening = lexeme.terminal in CLOSING
        closing = lexeme.terminal in CLOSING.values()
        depth += opening - closing
        apart = "\n" in fault.text[end : lexeme.start] or lexeme.terminal in {".", *_PATTERNS}
        if depth < 0 or (depth == opening and apart):
            break
        end = lexeme.end
    return fault.text[fault.lexemes[begin].start : end] or "…"


def _operator(fault: Fault) -> str | None:
    found, before = fault.found, fault.near(-1)
    if before.end == found.start and (before.text, found.text) in _COMPARISONS:
        return f"Write {_COMPARISONS[before.text, found.text]}"
    word = found.text.upper()
    for needed, instead in _INSTEAD.get(word, {}).items():
        if needed in fault.allowed:
            return f"Write {instead}"
    if before.terminal == "NOT" and fault.allowed <= {"EXISTS", "IN"}:
        return f"Write ! for NOT: !{_condition(fault, fault.index)}"
    return None


def _null(fault: Fault) -> str | None:
    words = {fault.found.text.upper(), fault.near(1).text.upper()}
    if "&&" in fault.allowed and "IS" in words:
        negated = "" if fault.near(1).text.upper() == "NOT" else "!"
        return f"Write {negated}BOUND({fault.near(-1).text})"
    if fault.found.text.upper() == "NULL":
        if "UNDEF" in fault.allowed:
            return "Write UNDEF"
        return "SPARQL has no null: test with BOUND(?x) or !BOUND(?x), or leave the triple out."
    return None


def _sql(fault: Fault) -> str | None:
    word = fault.found.text.upper()
    if word in _SQL and fault.found.terminal == "WORD":
        return f"{word} is SQL; SPARQL has {_SQL[word]}"
    if word in _LIKE_FUNCTIONS and fault.near(1).terminal == "(" and fault.allowed & FUNCTIONS:
        return f"Write {_LIKE_FUNCTIONS[word]}"
    if fault.near(-1).terminal == "FROM" and fault.found.terminal == "WORD":
        return "FROM takes the IRI of a graph; leave it out to ask all data."
    return None


def _call(fault: Fault) -> str | None:
    before = fault.near(-1)
    if before.terminal in FUNCTIONS and "(" in fault.allowed and len(fault.allowed) == 1:
        return f"Write {before.text}(…), or ?{before.text} where a variable is meant."
    return None


def _term(fault: Fault) -> str | None:
    found, before, after = fault.found, fault.near(-1), fault.near(1)
    if found.text == "?" and after.terminal not in ("END", "VAR") and "VAR" in fault.allowed:
        return f"Write the name of a variable right after '?': ?{after.text}"
    if found.terminal == "LANGTAG" and before.terminal == "VAR":
        condition = f'FILTER (LANG({before.text}) = "{found.text[1:]}")'
        return f"For the language of a variable, write {condition}"
    return None


def _path(fault: Fault) -> str | None:
    found, before = fault.found, fault.near(-1)
    if "NIL" not in fault.allowed or before.terminal not in ("PNAME_LN", "IRIREF", "VAR"):
        return None
    if found.terminal == "{" and fault.near(1).terminal == "INTEGER":
        return "SPARQL 1.1 has no {n} in paths; write the steps: p/p, p/p?, p* or p+"
    if found.text in ("/", "*", "+", "|", "^", "?") and before.terminal == "VAR":
        return "A path is made of IRIs; it can hold no variable."
    return None


_RULES: tuple[Callable[[Fault], str | None], ...] = (
    _comment,
    _comma,
    _null,
    _operator,
    _projected,
    _unnamed,
    _sql,
    _unparenthesised,
    _call,
    _term,
    _path,
)
