"""Finds the patterns ``GRAPH ?g { P }`` for whose parts the engine loses ``?g``.

https://github.com/oxigraph/oxigraph/issues/1905

The engine makes a quad pattern with ``?g`` of each triple pattern of P. So it is right where each
part of P that is none (``VALUES``, another ``GRAPH``) is joined with a triple pattern of its own
group, before an ``OPTIONAL`` or ``BIND`` looks at it, and does not mention ``?g`` deeper inside P.
Then P is left alone, as the union that it would be spelt out to is slower: that is most use of
``VALUES``. The engine is taken to be wrong where there is a subquery or ``MINUS`` in P, or P
assigns ``?g``, or mentions it anywhere but in a triple pattern of its own group: inside P, ``?g``
is not bound yet, https://www.w3.org/TR/sparql11-query/#sparqlAlgebraFinalStep.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from partnergraph.mends.brackets import is_closing, is_opening
from partnergraph.sparql.tokens import Token

_GRAPH_VARIABLE = re.compile(r"graph[ \t\r\n]*+[?$#]")
_NAMED_GRAPH_VARIABLE = re.compile(r"graph[ \t\r\n]*+(?:#[^\r\n]*+[ \t\r\n]*+)*+[?$](\w++)")
_VARIABLE = re.compile(r"[?$](\w++)")
_DOUBTFUL = re.compile(r"select|minus|values|graph|as[ \t\r\n]*+[?$#]")

_TERMS = frozenset({"iri", "prefixed", "variable", "blank", "string", "number"})
_HEADERS = {"FILTER": "({", "BIND": "(", "VALUES": "{", "GRAPH": "{", "SERVICE": "{"}
"""Keywords whose terms are no triple pattern, and the signs of which the first closed ends them."""


@dataclass(slots=True)
class _Frame:
    """What stands between a pair of brackets.

    Attributes:
        opened_by: the sign that opens it.
        header: a key of :data:`_HEADERS`, from it to its end.
        pattern: the one that the header begins.
        triples: whether there is a triple pattern.
        under_exists: whether this is the group of an ``EXISTS``.
        untied: whether something looked at the solutions before there was a triple pattern.
    """

    opened_by: str = ""
    header: str = ""
    pattern: Pattern | None = None
    triples: bool = False
    under_exists: bool = False
    untied: bool = False

    def is_tied(self) -> bool:
        """Whether ``?g`` comes to whatever stands here."""
        return (self.triples or self.under_exists) and not self.untied


@dataclass(slots=True)
class Pattern:
    """``VALUES``, or ``GRAPH`` and what stands in it; places are indices of tokens.

    Attributes:
        start: the place of the keyword.
        group: the frame in which it stands.
        variable: the variable after ``GRAPH``, without its sign.
        opening: the place of the bracket in which the parts of a ``GRAPH`` stand.
        end: the place behind the last token.
        body: the frame in which the parts of a ``GRAPH`` stand.
        inner: the parts that are no triple patterns, but not those of an inner ``GRAPH``.
        wrong: whether it is already known that the engine would get it wrong.
    """

    start: int
    group: _Frame
    variable: str = ""
    opening: int = 0
    end: int = 0
    body: _Frame | None = None
    inner: list[Pattern] = field(default_factory=list)
    wrong: bool = False


def may_be_wrong(lower: str) -> bool:
    """Whether a query, given in lower case, may have such patterns: quick, never wrongly a no."""
    found = _GRAPH_VARIABLE.search(lower) if "graph" in lower else None
    if found is None:
        return False
    if _DOUBTFUL.search(lower, found.end()):
        return True
    last = {variable[1]: variable.start() for variable in _VARIABLE.finditer(lower)}
    graphs = _NAMED_GRAPH_VARIABLE.finditer(lower)
    return any(last.get(graph[1], 0) >= graph.end() for graph in graphs)


def wrong_patterns(query: Sequence[Token]) -> dict[int, Pattern]:
    """The ``GRAPH`` patterns that the engine gets wrong, by the index of their keyword.

    Args:
        query: the tokens of a query, in which each bracket has its partner.
    """
    return _Reading(query).wrong_patterns()


class _Reading:
    """One pass over the tokens of a query, for the patterns in it and how they stand."""

    def __init__(self, query: Sequence[Token]) -> None:
        self._tokens = query
        self._frames = [_Frame()]
        self._patterns: list[Pattern] = []
        self._open: list[Pattern] = []
        # Those of each variable that are open, and not known to be wrong yet; the innermost last.
        self._doubted: defaultdict[str, list[Pattern]] = defaultdict(list)
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for index, token in enumerate(query):
            self._read(index, token)

    def wrong_patterns(self) -> dict[int, Pattern]:
        """Those that the engine gets wrong, by the index of their keyword."""
        return {one.start: one for one in self._patterns if self._is_wrong(one)}

    def _read(self, index: int, token: Token) -> None:
        if is_opening(token):
            self._open_bracket(index, token.text)
        elif is_closing(token):
            self._close_bracket(index)
        elif token.kind == "word":
            self._read_word(index, token.text.upper())
        elif token.kind in _TERMS:
            self._read_term(index, token)

    def _open_bracket(self, index: int, sign: str) -> None:
        outer, before = self._frames[-1], self._word_before(index)
        frame = _Frame(sign, under_exists=before == "EXISTS")
        if sign == "{" and outer.header == "GRAPH" and outer.pattern:
            pattern = outer.pattern
            pattern.opening, pattern.body = index, frame
            self._open.append(pattern)
            self._doubted[pattern.variable].append(pattern)
        # A list or a blank node makes a triple pattern; what is aggregated does not.
        elif sign != "{" and not outer.header and (before, sign) != ("GROUP_CONCAT", "("):
            outer.triples = True
        self._frames.append(frame)

    def _close_bracket(self, index: int) -> None:
        frame = self._frames.pop()
        outer = self._frames[-1]
        if outer.header and frame.opened_by in _HEADERS[outer.header]:
            if outer.pattern:
                outer.pattern.end = index + 1
                if self._open and self._open[-1] is outer.pattern:
                    self._open.pop()
                    doubted = self._doubted[outer.pattern.variable]
                    if doubted and doubted[-1] is outer.pattern:
                        doubted.pop()
            outer.header, outer.pattern = "", None

    def _read_word(self, index: int, word: str) -> None:
        frame = self._frames[-1]
        if word in _HEADERS and frame.opened_by == "{":
            frame.header = word
            if word in ("GRAPH", "VALUES"):
                frame.pattern = Pattern(index, frame)
                self._patterns.append(frame.pattern)
                if self._open:
                    self._open[-1].inner.append(frame.pattern)
        elif word in ("SELECT", "MINUS") and self._open:
            self._open[-1].wrong = True
        if word in ("OPTIONAL", "BIND", "LATERAL") and not frame.triples:
            frame.untied = True

    def _read_term(self, index: int, token: Token) -> None:
        frame = self._frames[-1]
        if token.kind == "variable":
            name = token.text[1:]
            self._places[name].append(index)
            if self._open and self._word_before(index) == "AS":
                self._open[-1].wrong |= self._open[-1].variable == name
            self._doubt(name, frame)
            if frame.header == "GRAPH" and frame.pattern:
                frame.pattern.variable = name
        if not frame.header:
            frame.triples = True

    def _doubt(self, variable: str, frame: _Frame) -> None:
        """Take patterns for wrong whose variable is mentioned but in a triple of their group."""
        doubted = self._doubted[variable]
        # VALUES are judged by themselves: see _is_wrong.
        stands = self._frames[-2] if len(self._frames) > 1 and frame.opened_by == "(" else frame
        plain = stands.header == "VALUES" or (stands is frame and not frame.header)
        direct = [one for one in doubted[-1:] if one.body is stands and plain]
        for one in doubted[: len(doubted) - len(direct)]:
            one.wrong = True
        self._doubted[variable] = direct

    def _word_before(self, index: int) -> str:
        if index == 0 or self._tokens[index - 1].kind != "word":
            return ""
        return self._tokens[index - 1].text.upper()

    def _is_wrong(self, pattern: Pattern) -> bool:
        if not (pattern.variable and pattern.end and pattern.body):
            return False
        return pattern.wrong or any(
            not part.group.is_tied()
            or (part.group is not pattern.body and self._mentions(part, pattern.variable))
            for part in pattern.inner
        )

    def _mentions(self, part: Pattern, variable: str) -> bool:
        places = self._places[variable]
        found = bisect_left(places, part.start)
        return found < len(places) and places[found] < part.end
