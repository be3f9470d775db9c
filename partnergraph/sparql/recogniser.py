"""Reads a query by the grammar, up to the first token that cannot stand where it stands.

An explicit stack instead of recursion, and at most a few dozen steps a token: no query makes it
slow or deep. It opens no file, so that a confined process can use it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from partnergraph.sparql.grammar import END, START
from partnergraph.sparql.grammar_tables import KEYWORDS, NULLABLE, TABLE, described, first
from partnergraph.sparql.tokens import Token, tokens

_CLASSES = {
    "iri": "IRIREF",
    "string": "STRING",
    "variable": "VAR",
    "blank": "BLANK_NODE_LABEL",
    "language": "LANGTAG",
}
_EMPTY = {("(", ")"): "NIL", ("[", "]"): "ANON"}
LONGEST_KEYWORD = max(map(len, KEYWORDS)) + 1
CLOSING = {"(": ")", "[": "]", "{": "}"}

Stack = tuple[str, "Stack"] | None
"""What is still to come, nearest first. It is never changed, so that an old one can be kept."""


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A token as the grammar sees it: its terminal, its text, and where it begins and ends."""

    terminal: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Fault:
    """The first token that cannot stand where it stands.

    Attributes:
        text: the query.
        lexemes: all of its tokens, the last one an empty one of the terminal ``END``.
        index: which of them it is.
        allowed: the terminals that could stand there.
        expected: the same in words, the nearest first.
        unclosed: the brackets that are open there, the innermost last.
    """

    text: str
    lexemes: list[Lexeme] = field(repr=False)
    index: int
    allowed: frozenset[str]
    expected: tuple[str, ...]
    unclosed: tuple[Lexeme, ...]

    @property
    def found(self) -> Lexeme:
        """The token itself."""
        return self.lexemes[self.index]

    def near(self, distance: int) -> Lexeme:
        """The token that stands so many places after it (or before it, where negative)."""
        place = self.index + distance
        if 0 <= place < len(self.lexemes):
            return self.lexemes[place]
        return Lexeme(END, "", len(self.text), len(self.text))


@dataclass(frozen=True, slots=True)
class Advice:
    """What to say of a fault.

    Attributes:
        hint: what to do, where that can be told.
        message: what is wrong, where it can be told better than by what was expected.
        start: where, if not at the token that cannot stand there.
    """

    hint: str | None
    message: str | None = None
    start: int | None = None


def lexemes(text: str) -> list[Lexeme]:
    """The tokens of a query as the terminals of the grammar, and an empty one at its end."""
    found: list[Lexeme] = []
    following = list(tokens(text))
    skip = False
    for token, after in pairwise([*following, Token("none", "", -1)]):
        if skip:
            skip = False
            continue
        end = token.start + len(token.text)
        if token.text in ("+", "-") and after.kind == "number" and after.start == end:
            terminal, skip = "SIGNED", True
        elif token.text in ("(", "[") and (token.text, after.text) in _EMPTY:
            terminal, skip = _EMPTY[token.text, after.text], True
        else:
            terminal = _terminal(token)
        end = after.start + len(after.text) if skip else end
        found.append(Lexeme(terminal, text[token.start : end], token.start, end))
    end = len(text.rstrip())
    found = [part for lexeme in found for part in _unglued(lexeme)]
    return [*found, Lexeme(END, "", end, end)]


def _unglued(lexeme: Lexeme) -> Iterator[Lexeme]:
    """Two keywords, or one and a number, that stand without a space between them.

    The engine takes them, and so does the standard, in which the longest token counts.
    """
    word = lexeme.text.upper()
    for place in range(2, LONGEST_KEYWORD) if lexeme.terminal == "WORD" else ():
        head, tail = word[:place], word[place:]
        if head in KEYWORDS and (tail in KEYWORDS or tail.isdigit()):
            middle = lexeme.start + place
            yield Lexeme(head, lexeme.text[:place], lexeme.start, middle)
            terminal = "INTEGER" if tail.isdigit() else tail
            yield Lexeme(terminal, lexeme.text[place:], middle, lexeme.end)
            return
    yield lexeme


def _terminal(token: Token) -> str:
    match token.kind:
        case "word":
            word = token.text.upper()
            return "a" if token.text == "a" else word if word in KEYWORDS else "WORD"
        case "prefixed":
            return "PNAME_NS" if token.text.find(":") == len(token.text) - 1 else "PNAME_LN"
        case "number":
            return "INTEGER" if token.text.isdigit() else "DECIMAL"
        case "none":
            return "NONE"
    return _CLASSES.get(token.kind, token.text)


def find_fault(text: str) -> Fault | None:
    """The first token of a query that the grammar refuses; ``None`` where it refuses none."""
    read = lexemes(text)
    stack: Stack = (START, None)
    for index, lexeme in enumerate(read):
        after = _step(stack, lexeme.terminal)
        if after is _REFUSED:
            return _fault(text, read, index, stack)
        stack = after
    return None


_REFUSED: Stack = ("refused", None)


def _step(stack: Stack, terminal: str) -> Stack:
    """What is to come after a terminal, or ``_REFUSED``."""
    while stack is not None:
        symbol, rest = stack
        if symbol == terminal:
            return rest
        production = TABLE[symbol].get(terminal) if symbol in TABLE else None
        if production is not None:
            for part in production:
                rest = (part, rest)
        elif symbol not in NULLABLE:
            return _REFUSED
        stack = rest
    return _REFUSED


def _fault(text: str, read: list[Lexeme], index: int, stack: Stack) -> Fault:
    opening, closing = read[index].text[:1], read[index].text[-1:]
    if read[index].terminal in _EMPTY.values():
        within = _step(stack, opening)
        if within is not _REFUSED:
            # The bracket may stand there; it is only not empty.
            start, end = read[index].start, read[index].end
            parts = [
                Lexeme(opening, opening, start, start + 1),
                Lexeme(closing, closing, end - 1, end),
            ]
            read = [*read[:index], *parts, *read[index + 1 :]]
            index, stack = index + 1, within
    to_come = list(_to_come(stack))
    return Fault(
        text,
        read,
        index,
        allowed=frozenset().union(*map(first, to_come)),
        expected=tuple(dict.fromkeys(words for symbol in to_come for words in described(symbol))),
        unclosed=_unclosed(read[:index]),
    )


def _to_come(stack: Stack) -> Iterator[str]:
    """The symbols of which one has to begin next."""
    while stack is not None:
        symbol, stack = stack
        yield symbol
        if symbol not in NULLABLE:
            return


def _unclosed(read: list[Lexeme]) -> tuple[Lexeme, ...]:
    found: list[Lexeme] = []
    for lexeme in read:
        if lexeme.terminal in CLOSING:
            found.append(lexeme)
        elif found and lexeme.terminal == CLOSING[found[-1].terminal]:
            found.pop()
    return tuple(found)
