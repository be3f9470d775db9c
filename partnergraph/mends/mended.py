"""What is put right of a query before the engine sees it, where pyoxigraph 0.5.13 is wrong.

1. ``GROUP_CONCAT`` keeps a language tag (https://github.com/oxigraph/oxigraph/pull/1717), but
   gives a simple literal: https://www.w3.org/TR/sparql11-query/#defn_aggGroupConcat. It is put into
   ``STR``.
2. ``GRAPH ?g { P }`` loses ``?g`` for what in P is no triple pattern
   (https://github.com/oxigraph/oxigraph/issues/1905). It is replaced by its definition, a union
   over the named graphs: https://www.w3.org/TR/sparql11-query/#sparqlAlgebra, Graph(var, P).
3. A function that is not known makes the engine refuse the query, but is only an error of
   evaluation: https://www.w3.org/TR/sparql11-query/#extensionFunctions. It gets one that fails.
4. ``COALESCE (``, ``CONCAT (`` and ``BNODE (`` are no functions for the engine, though spaces stand
   between any tokens: https://www.w3.org/TR/sparql11-query/#whitespace. They go into the brackets.

The engine makes a quad pattern with ``?g`` of each triple pattern of P. So it is right where each
part of P that is none (``VALUES``, another ``GRAPH``) is joined with a triple pattern of its own
group, before an ``OPTIONAL`` or ``BIND`` looks at it, and does not mention ``?g`` deeper inside P.
Then P is left alone, as the union is slower: that is most use of ``VALUES``. The engine is taken to
be wrong where there is a subquery or ``MINUS`` in P, or P assigns ``?g``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count, pairwise

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from partnergraph.sparql.tokens import Token, tokens

LARGEST = 128 * 1024
"""Characters that a query may have once its GRAPH patterns are spelt out."""

MOST_UNKNOWN_FUNCTIONS = 16

_GRAPH_VARIABLE = re.compile(r"graph[ \t\r\n]*+[?$#]")
_DOUBTFUL = re.compile(r"select|minus|values|graph|as[ \t\r\n]*+[?$#]")
_UNKNOWN_FUNCTION = re.compile(r"The custom function <(.+)> is not supported")

_SPACELESS = frozenset({"BNODE", "COALESCE", "CONCAT"})
_SPACED_FUNCTION = re.compile(r"(?i:BNODE|COALESCE|CONCAT)[ \t\r\n#]")

_FORMS = frozenset({"SELECT", "CONSTRUCT", "DESCRIBE", "ASK"})
_CLOSING = {"{": "}", "(": ")", "[": "]"}
_TERMS = frozenset({"iri", "prefixed", "variable", "blank", "string", "number"})
_HEADERS = {"FILTER": "({", "BIND": "(", "VALUES": "{", "GRAPH": "{", "SERVICE": "{"}
"""Keywords whose terms are no triple pattern, and the signs of which the first closed ends them."""

Result = QuerySolutions | QueryBoolean | QueryTriples


Ask = Callable[..., Result]
"""Asks a query over a dataset, with the keyword ``custom_functions`` of ``Store.query``."""


@dataclass(slots=True)
class _Frame:
    """What stands between a pair of brackets.

    Attributes:
        header: a key of :data:`_HEADERS`, from it to its end.
        pattern: the one that the header begins.
        triples: whether there is a triple pattern.
        under_exists: whether this is the group of an ``EXISTS``.
        untied: whether something looked at the solutions before there was a triple pattern.
        is_concatenation: whether these are the arguments of ``GROUP_CONCAT``.
    """

    opened_by: Token
    header: str = ""
    pattern: _Pattern | None = None
    triples: bool = False
    under_exists: bool = False
    untied: bool = False
    is_concatenation: bool = False

    def is_tied(self) -> bool:
        """Whether ``?g`` comes to whatever stands here."""
        return (self.triples or self.under_exists) and not self.untied


@dataclass(slots=True)
class _Pattern:
    """``VALUES``, or ``GRAPH`` and what stands in it; places are indices of tokens.

    Attributes:
        variable: the variable after ``GRAPH``, without its sign.
        group: the frame in which it stands.
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
    inner: list[_Pattern] = field(default_factory=list)
    wrong: bool = False


def answered(text: str, ask: Ask) -> Result:
    """The result of a query, mended where that is needed.

    Raises:
        SyntaxError: the query is malformed; line and column are those of the text as given.
        ValueError: the engine would answer it wrongly, and it cannot be mended; for the user.
        RuntimeError: it calls more unknown functions than :data:`MOST_UNKNOWN_FUNCTIONS`.
    """
    text = _with_spaces_inside(text)

    def named_graphs() -> list[str]:
        _check_syntax(text)
        return _named_graphs(text, ask)

    better = mended(text, named_graphs)
    try:
        return _with_unknown_functions(better, ask)
    except SyntaxError:
        if better is text:
            raise
    _check_syntax(text)
    raise ValueError("the engine cannot answer this use of GRAPH or GROUP_CONCAT rightly")


def _with_spaces_inside(text: str) -> str:
    """``COALESCE (?a)`` → ``COALESCE( ?a)``: as long, so that every place stays what it was."""
    if not _SPACED_FUNCTION.search(text):
        return text
    read = list(tokens(text))
    for word, bracket in pairwise(read):
        begin, end = word.start + len(word.text), bracket.start
        if word.text.upper() in _SPACELESS and bracket.text == "(" and begin < end:
            text = f"{text[:begin]}({text[begin:end]}{text[end + 1 :]}"
    return text


def mended(text: str, named_graphs: Callable[[], Sequence[str]]) -> str:
    """A query that the engine answers rightly: the same object where there is nothing to mend.

    Args:
        text: SPARQL 1.1; what is malformed comes back as it is, or malformed.
        named_graphs: gives the IRIs of the dataset's named graphs; asked only where needed.

    Raises:
        ValueError: spelt out, it would be larger than :data:`LARGEST`; the message is for the user.
    """
    if not _suspect(text):
        return text
    reading = _Reading(text)
    if not (reading.well_nested and (reading.replacements or reading.wrong_patterns)):
        return text
    graphs = [f"<{iri}>" for iri in named_graphs()] if reading.wrong_patterns else []
    return _written(reading, graphs)


def _suspect(text: str) -> bool:
    lower = text.lower()
    if "group_concat" in lower:
        return True
    found = _GRAPH_VARIABLE.search(lower) if "graph" in lower else None
    return found is not None and _DOUBTFUL.search(lower, found.end()) is not None


class _Reading:
    """What one pass over the tokens of a query finds to mend.

    Attributes:
        well_nested: whether each bracket has its partner.
        replacements: what has to stand in place of the token with an index.
        wrong_patterns: the ``GRAPH`` patterns to spell out, by the index of their keyword.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [*tokens(text), Token("none", "", len(text))]
        self.replacements: dict[int, str] = {}
        self._frames = [_Frame(self.tokens[-1])]
        self._patterns: list[_Pattern] = []
        self._open: list[_Pattern] = []
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        self.well_nested = self._read()
        self.wrong_patterns = {one.start: one for one in self._patterns if self._is_wrong(one)}

    def _read(self) -> bool:
        for index, token in enumerate(self.tokens):
            if token.text in _CLOSING and token.kind == "sign":
                self._open_bracket(index, token)
            elif token.text in _CLOSING.values() and token.kind == "sign":
                frame = self._frames.pop()
                if _CLOSING.get(frame.opened_by.text) != token.text or not self._frames:
                    return False
                self._close_bracket(index, frame)
            elif token.kind == "word":
                self._read_word(index, token.text.upper())
            elif token.kind in _TERMS:
                self._read_term(index, token)
        return len(self._frames) == 1

    def _open_bracket(self, index: int, token: Token) -> None:
        outer, before = self._frames[-1], self._word(index - 1)
        frame = _Frame(token, under_exists=before == "EXISTS")
        if token.text == "{" and outer.header == "GRAPH" and outer.pattern:
            pattern = outer.pattern
            pattern.opening, pattern.body = index, frame
            self._open.append(pattern)
        elif token.text == "(" and before == "GROUP_CONCAT":
            frame.is_concatenation = True
            self.replacements[index] = "(GROUP_CONCAT("
            self.replacements[index - 1] = "STR"
        elif token.text != "{" and not outer.header:
            outer.triples = True
        self._frames.append(frame)

    def _close_bracket(self, index: int, frame: _Frame) -> None:
        outer = self._frames[-1]
        if frame.is_concatenation:
            self.replacements[index] = "))"
        if outer.header and frame.opened_by.text in _HEADERS[outer.header]:
            if outer.pattern:
                outer.pattern.end = index + 1
                if self._open and self._open[-1] is outer.pattern:
                    self._open.pop()
            outer.header, outer.pattern = "", None

    def _read_word(self, index: int, word: str) -> None:
        frame = self._frames[-1]
        if word in _HEADERS and frame.opened_by.text == "{":
            frame.header = word
            if word in ("GRAPH", "VALUES"):
                frame.pattern = _Pattern(index, frame)
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
            if self._open and self._word(index - 1) == "AS":
                self._open[-1].wrong |= self._open[-1].variable == name
            if frame.header == "GRAPH" and frame.pattern:
                frame.pattern.variable = name
        if not frame.header:
            frame.triples = True

    def _word(self, index: int) -> str:
        token = self.tokens[index]
        return token.text.upper() if token.kind == "word" else ""

    def _is_wrong(self, pattern: _Pattern) -> bool:
        if not (pattern.variable and pattern.end and pattern.body):
            return False
        return pattern.wrong or any(
            not part.group.is_tied()
            or (part.group is not pattern.body and self._mentions(part, pattern.variable))
            for part in pattern.inner
        )

    def _mentions(self, part: _Pattern, variable: str) -> bool:
        places = self._places[variable]
        found = bisect_left(places, part.start)
        return found < len(places) and places[found] < part.end


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Tokens to write, up to one with an index, as part of a copy (0: of none)."""

    start: int
    stop: int
    copy: int = 0


def _written(reading: _Reading, graphs: Sequence[str]) -> str:
    """The text with all that is wrong in it mended; without recursion, as patterns nest."""
    written: list[str] = []
    size = 0
    copies = count(1)
    rename = _renaming(reading.tokens)
    pending: list[str | _Stretch] = [_Stretch(0, len(reading.tokens) - 1)]
    while pending:
        piece = pending.pop()
        if isinstance(piece, _Stretch):
            piece, rest = _plain(reading, piece, rename)
            pending.extend(reversed(_spelt_out(reading, rest, graphs, copies)))
        written.append(piece)
        size += len(piece)
        # What GROUP_CONCAT adds is bounded by the query itself.
        if reading.wrong_patterns and size > LARGEST:
            raise _too_large(len(graphs))
    return "".join(written)


def _plain(
    reading: _Reading, stretch: _Stretch, rename: Callable[[int, str], str]
) -> tuple[str, _Stretch]:
    """The text of a stretch up to a pattern that has to be spelt out, and the stretch from it."""
    written: list[str] = []
    index = stretch.start
    while index < stretch.stop and index not in reading.wrong_patterns:
        token, following = reading.tokens[index], reading.tokens[index + 1]
        written.append(reading.replacements.get(index, token.text))
        if stretch.copy and token.kind == "blank":
            written[-1] = rename(stretch.copy, token.text)
        index += 1
        # A comment behind the last token would swallow what is put there.
        if index < stretch.stop:
            written.append(reading.text[token.start + len(token.text) : following.start])
    return "".join(written), _Stretch(index, stretch.stop, stretch.copy)


def _spelt_out(
    reading: _Reading, stretch: _Stretch, graphs: Sequence[str], copies: Iterator[int]
) -> list[str | _Stretch]:
    """The pieces of a stretch that begins with a wrong pattern: the union, and what follows."""
    if stretch.start >= stretch.stop:
        return []
    pattern = reading.wrong_patterns[stretch.start]
    opening, end, variable = pattern.opening, pattern.end, pattern.variable
    pieces: list[str | _Stretch] = []
    least = reading.tokens[end - 1].start - reading.tokens[opening].start
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


def _check_syntax(text: str) -> None:
    with suppress(RuntimeError, ValueError, OSError):
        # It parses before it evaluates; without data there is next to nothing to evaluate.
        Store().query(text)


def _named_graphs(text: str, ask: Ask) -> list[str]:
    """The IRIs of the named graphs of the dataset that a query is asked over, sorted."""
    solutions = ask(_graphs_query(text))
    assert isinstance(solutions, QuerySolutions)
    names = [solution[0] for solution in solutions]
    iris = [name.value for name in names if isinstance(name, NamedNode)]
    if len(iris) < len(names):
        raise ValueError(
            "a subquery, VALUES or MINUS inside GRAPH with a variable cannot be answered here, as "
            "a blank node names one of the graphs; write GRAPH with an IRI"
        )
    return sorted(iris)


def _graphs_query(text: str) -> str:
    """A query for the named graphs of another one, with its prologue and dataset clause."""
    prologue, clause = None, ""
    words: list[str] = []
    depth = 0
    for token in tokens(text):
        word = token.text.upper() if token.kind == "word" else ""
        if word in _FORMS and prologue is None:
            prologue = text[: token.start]
        if token.kind == "sign":
            depth += {"{": 1, "}": -1}.get(token.text, 0)
        elif depth == 0 and prologue is not None and token.kind in ("iri", "prefixed"):
            before = words[-2:]
            if before[-1:] == ["FROM"] or before == ["FROM", "NAMED"]:
                clause += f" {' '.join(before[before.index('FROM') :])} {token.text}"
        words = [*words[-1:], word]
    return f"{prologue or ''} SELECT DISTINCT ?g{clause} {{ GRAPH ?g {{}} }}"


def _with_unknown_functions(text: str, ask: Ask) -> Result:
    """The result of a query, in which a call of a function that is not known is an error."""
    unknown: dict[NamedNode, Callable[..., None]] = {}
    while True:
        try:
            return ask(text, custom_functions=unknown) if unknown else ask(text)
        except RuntimeError as error:
            found = _UNKNOWN_FUNCTION.fullmatch(str(error))
            if found is None or len(unknown) == MOST_UNKNOWN_FUNCTIONS:
                raise
            unknown[NamedNode(found[1])] = _fail


def _fail(*_: object) -> None:
    """A function without a value, which is an error of evaluation."""
