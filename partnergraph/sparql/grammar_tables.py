"""The tables of an LL(1) recogniser, made of the grammar when this is imported (some 5 ms)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from partnergraph.sparql.grammar import CLASSES, GRAMMAR

_RULE = re.compile(r'^(\w+)(?: "([^"]+)")?:((?:.|\n(?= ))+)', re.MULTILINE)
_PART = re.compile(r"'[^']+'|\w+|[()|?*+]")

Production = tuple[str, ...]


class _Reader:
    """Turns the notation of the standard into productions; what is in parentheses gets a name."""

    def __init__(self) -> None:
        self.productions: dict[str, list[Production]] = {}
        self.labels: dict[str, str] = {}
        self._parts: list[str] = []

    def read(self, grammar: str) -> None:
        """Read all rules of a grammar."""
        for name, label, parts in _RULE.findall(grammar):
            self._parts = _PART.findall(parts)[::-1]
            self.productions[name] = self._alternatives()
            if label:
                self.labels[name] = label

    def _alternatives(self) -> list[Production]:
        found = [self._sequence()]
        while self._parts and self._parts[-1] == "|":
            self._parts.pop()
            found.append(self._sequence())
        return found

    def _sequence(self) -> Production:
        found: list[str] = []
        while self._parts and self._parts[-1] not in ("|", ")"):
            found += self._repeated(self._symbol())
        return tuple(found)

    def _symbol(self) -> str:
        part = self._parts.pop()
        if part != "(":
            return part.strip("'")
        name = self._name(self._alternatives())
        self._parts.pop()
        return name

    def _repeated(self, symbol: str) -> Production:
        if not self._parts or self._parts[-1] not in ("?", "*", "+"):
            return (symbol,)
        sign = self._parts.pop()
        if sign == "?":
            return (self._name([(symbol,), ()]),)
        more = self._name([])
        self.productions[more] += [(symbol, more), ()]
        return (more,) if sign == "*" else (symbol, more)

    def _name(self, productions: list[Production]) -> str:
        name = f"#{len(self.productions)}"
        self.productions[name] = productions
        return name


_reader = _Reader()
_reader.read(GRAMMAR)
_PRODUCTIONS, _LABELS = _reader.productions, _reader.labels


@cache
def _nullable(symbol: str) -> bool:
    return any(all(map(_nullable, production)) for production in _PRODUCTIONS.get(symbol, ()))


@cache
def first(symbol: str) -> frozenset[str]:
    """The terminals that a symbol can begin with."""
    if symbol not in _PRODUCTIONS:
        return frozenset({symbol})
    return frozenset().union(*map(_first_of, _PRODUCTIONS[symbol]))


def _first_of(production: Production) -> frozenset[str]:
    return frozenset().union(*map(first, _beginnings(production)))


def _beginnings(production: Production) -> Iterator[str]:
    for symbol in production:
        yield symbol
        if not _nullable(symbol):
            return


@cache
def described(symbol: str) -> tuple[str, ...]:
    """What can stand where a symbol can begin, in words, the nearest first."""
    if symbol in _LABELS:
        return (_LABELS[symbol],)
    if symbol in CLASSES:
        return (CLASSES[symbol],)
    if symbol not in _PRODUCTIONS:
        return (symbol if symbol.isidentifier() and symbol != "a" else f"'{symbol}'",)
    return tuple(
        words
        for production in _PRODUCTIONS[symbol]
        for beginning in _beginnings(production)
        for words in described(beginning)
    )


def _row(symbol: str) -> dict[str, Production]:
    row: dict[str, Production] = {}
    for production in _PRODUCTIONS[symbol]:
        for terminal in _first_of(production):
            if terminal in row:
                raise ValueError(f"{symbol} may begin with {terminal} in two ways")
            row[terminal] = production[::-1]
    return row


TABLE = {symbol: _row(symbol) for symbol in _PRODUCTIONS}
"""For each rule and terminal, the production to take, last symbol first."""

NULLABLE = frozenset(filter(_nullable, _PRODUCTIONS))
"""The rules that may stand for nothing."""

KEYWORDS = frozenset(
    symbol
    for productions in _PRODUCTIONS.values()
    for production in productions
    for symbol in production
    if symbol not in _PRODUCTIONS and symbol not in CLASSES and symbol[0].isalpha()
) - {"a"}
"""The words of the grammar, in capitals; ``a`` alone is told from ``A``."""
