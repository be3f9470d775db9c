"""The tokens of SPARQL: enough to tell a keyword from the same word in a string or a comment.

Nothing is parsed here, so that the process that talks HTTP can look at a stranger's query safely:
one pass over the text in linear time, without recursion. The terminals are those of
https://www.w3.org/TR/sparql11-query/#sparqlGrammar (rules 139 to 173).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PN_CHARS_BASE = (
    *((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF), (0x370, 0x37D)),
    *((0x37F, 0x1FFF), (0x200C, 0x200D), (0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF)),
    *((0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF)),
)
"""Code points, from the first to the last: rule 164. In figures, as an editor that normalizes texts
makes another character of some of these."""

_PN_CHARS_U = (*_PN_CHARS_BASE, (0x5F, 0x5F))
_IN_VARIABLE = (*_PN_CHARS_U, (0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040))
_PN_CHARS = (*_IN_VARIABLE, (0x2D, 0x2D))
_DIGIT, _COLON = (0x30, 0x39), (0x3A, 0x3A)


def _one_of(*ranges: tuple[int, int]) -> str:
    """A character of these ranges, said by what it is not.

    ``re`` goes through each range one by one as it sets a pattern up: in between there are fewer.
    """
    begin, gaps = 0, ""
    for first, last in sorted(ranges):
        if begin < first:
            gaps += f"\\U{begin:08x}-\\U{first - 1:08x}"
        begin = last + 1
    return f"[^{gaps}\\U{begin:08x}-\\U0010ffff]"


_BASE, _CHAR = _one_of(*_PN_CHARS_BASE), _one_of(*_PN_CHARS)
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_ESCAPED = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"

# Possessive quantifiers (*+, ++) never give back what they took: no query makes a match slow.
_NAME_REST = rf"(?:{_CHAR}++|\.++(?={_CHAR}))*+"
_IN_LOCAL = _one_of(*_PN_CHARS, _COLON)
_LOCAL_REST = rf"(?:{_IN_LOCAL}++|{_PLX}|\.++(?={_IN_LOCAL}|[%\\]))*+"
_PREFIX = rf"{_BASE}{_NAME_REST}"
_LOCAL = rf"(?:(?:{_one_of(*_PN_CHARS_U, _DIGIT, _COLON)}|{_PLX}){_LOCAL_REST})?+"
_FIRST = _one_of(*_PN_CHARS_U, _DIGIT)

_WORD = r"[A-Za-z][A-Za-z0-9_]*+"

TERMINALS = {
    "space": r"[ \t\r\n]++|#[^\n\r]*+",
    "iri": rf"<(?:[^<>\"{{}}|^`\\\x00-\x20]|{_ESCAPED})*+>",
    "string": r"'''(?:'{0,2}(?:[^'\\]|\\.))*+'''"
    r'|"""(?:"{0,2}(?:[^"\\]|\\.))*+"""'
    r"|'(?:[^'\\\n\r]|\\.)*+'"
    r'|"(?:[^"\\\n\r]|\\.)*+"',
    "variable": rf"[?$]{_FIRST}{_one_of(*_IN_VARIABLE)}*+",
    "blank": rf"_:{_FIRST}{_NAME_REST}",
    "prefixed": rf"(?:{_PREFIX})?+:{_LOCAL}",
    "language": r"@[A-Za-z]++(?:-[A-Za-z0-9]++)*+",
    "number": r"(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)[eE][+-]?[0-9]++|[0-9]*+\.[0-9]++|[0-9]++",
    "word": _WORD,
    "sign": r"\^\^|&&|\|\||!=|<=|>=|<<|>>|[{}()\[\];,.=<>!+\-*/|^?$&]",
}
"""Regular expressions of the kinds of token, in the order in which they are tried."""

_WORD_OR_PREFIXED = rf"{_PREFIX}(?::{_LOCAL})?+|:{_LOCAL}"
"""Both begin alike: a row of words with dots between is gone through once, not once a word."""

_TOKEN = re.compile(
    "|".join(
        f"(?P<{kind}>{_WORD_OR_PREFIXED if kind == 'prefixed' else pattern})"
        for kind, pattern in TERMINALS.items()
    )
    + "|(?P<none>.)",
    re.DOTALL,
)
_WITHOUT_COLON = re.compile(f"(?P<word>{_WORD})|(?P<sign>[.-])|(?P<none>.)")

_KEYWORDS = "service|load|now|rand|uuid|struuid|bnode|construct"

_NEXT_KEYWORD = re.compile(
    # One match goes to the next keyword, past everything that may hold its letters. The length of
    # a prefix is bounded, as a row of words is otherwise gone through once for each of them; a
    # keyword in a longer one counts as a keyword.
    rf"(?:{TERMINALS['space']}|{TERMINALS['iri']}|{TERMINALS['string']}|{TERMINALS['variable']}"
    rf"|{TERMINALS['blank']}|{TERMINALS['language']}"
    rf"|(?:{_BASE}(?:{_CHAR}|\.(?={_CHAR}|\.)){{0,99}}+)?+:{_LOCAL}"
    # Only here letters of either case are alike: of all those of a name, that would take a fifth of
    # a second to set up.
    rf"|(?!(?i:{_KEYWORDS})(?![A-Za-z0-9_])){_WORD}|(?![A-Za-z]).)*+"
    rf"(?P<keyword>(?i:{_KEYWORDS})(?![A-Za-z0-9_]))",
    re.DOTALL,
)

_NOTABLE = (*_KEYWORDS.split("|"), "\\u")
"""What a query holds where :func:`survey` finds anything in it; most hold none of it."""

_CODE_POINT = re.compile(_ESCAPED)
_OUTBOUND = frozenset({"SERVICE", "LOAD"})
_VOLATILE = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
_NEW_NODE = re.compile(r"_:|\[|\(")


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its kind (a key of :data:`TERMINALS`, or ``none``), its text and where it starts."""

    kind: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Survey:
    """What has to be known of a query before anybody runs it.

    Attributes:
        outbound: the keyword by which it would reach other servers, if any.
        volatile: whether two runs over the same data may answer differently.
    """

    outbound: Token | None = None
    volatile: bool = False


_NOTHING_NOTABLE = Survey()


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, without space and comments."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "none"
        if kind == "prefixed" and ":" not in match[0]:
            for part in _WITHOUT_COLON.finditer(match[0]):
                yield Token(part.lastgroup or "none", part[0], match.start() + part.start())
        elif kind != "space":
            yield Token(kind, match[0], match.start())


def survey(text: str) -> Survey:
    r"""What has to be known of a query before anybody runs it.

    An engine may replace ``\u0053`` by its letter before it looks for tokens, as the standard has
    it (https://www.w3.org/TR/sparql11-query/#codepointEscape), or only inside strings and IRIs, as
    many do. The two can see different strings, so a keyword counts that either of them sees.
    """
    lowered = text.lower()
    for word in _NOTABLE:
        if word in lowered:
            break
    else:
        return _NOTHING_NOTABLE
    volatile = False
    for reading in {text: None, decoded(text): None}:
        end = 0
        while match := _NEXT_KEYWORD.match(reading, end):
            start, end = match.span("keyword")
            word = match["keyword"].upper()
            if word in _OUTBOUND:
                return Survey(Token("word", match["keyword"], start), volatile)
            volatile = volatile or word in _VOLATILE
            if word == "CONSTRUCT":
                volatile = volatile or _makes_new_nodes(reading, end)
    return Survey(None, volatile)


def _makes_new_nodes(text: str, start: int) -> bool:
    """Whether the template that begins here has blank nodes: each answer has others for them."""
    begin = text.find("{", start)
    return begin >= 0 and bool(_NEW_NODE.search(text, begin, text.find("}", begin)))


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Where an offset stands: line and column, both from 1; a column is one character."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def decoded(text: str) -> str:
    """A text with the characters that its escapes stand for."""
    return _CODE_POINT.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    try:
        return chr(int(match[0][2:], 16))
    except ValueError:  # Beyond Unicode; the engine refuses it.
        return match[0]
