"""The graph pattern of a query, spelt out: one triple pattern after another, nothing hidden.

``?a tp:party/tp:country [ a tp:Country ]`` becomes three triple patterns, with variables in the
place of what has no name, as https://www.w3.org/TR/sparql11-query/#abbrevTriples and
https://www.w3.org/TR/sparql11-query/#sparqlTranslatePathExpressions define it. So each solution
says which triples it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from partnergraph.namespaces import RDF
from partnergraph.sparql.recogniser import Lexeme
from partnergraph.sparql.syntax_tree import Node

_UNASSERTED = ("MINUS", "FILTER", "BIND")
"""What begins a part of a pattern whose triples no solution comes from."""


@dataclass(frozen=True, slots=True)
class TriplePattern:
    """A triple pattern, in SPARQL.

    Attributes:
        subject: a variable or a term.
        predicate: a variable, an IRI, or a path that is not spelt out.
        object: a variable or a term.
        start: where in the query it was read.
        end: where that ends.
        asserted: whether a solution comes from triples that match it; not so in MINUS, say.
        is_path: whether the predicate is a path.
        iris: the IRIs in the predicate, as they are written.
    """

    subject: str
    predicate: str
    object: str
    start: int
    end: int
    asserted: bool = True
    is_path: bool = False
    iris: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.subject} {self.predicate} {self.object}"


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Triple patterns of which those of one branch hold, in the place of a path with ``|``.

    https://www.w3.org/TR/sparql11-query/#sparqlTranslatePathExpressions
    """

    branches: tuple[tuple[Pattern, ...], ...]

    def __str__(self) -> str:
        groups = ("{ " + " . ".join(map(str, branch)) + " }" for branch in self.branches)
        return " UNION ".join(groups)


Pattern = TriplePattern | Alternatives


@dataclass(frozen=True)
class Element:
    """A part of a group graph pattern.

    Attributes:
        kind: ``triple``, ``group``, or the keyword it begins with, such as ``FILTER``.
        text: it in SPARQL, spelt out.
        start: where in the query it was read.
        end: where that ends.
        pattern: the triple pattern, where it is one.
        wrapping: for what holds a group that may be looked into, what stands before its brace.
        inner: the group.
        branches: for UNION, the groups that it is one of.
    """

    kind: str
    text: str
    start: int
    end: int
    pattern: TriplePattern | None = None
    wrapping: str = ""
    inner: Node | None = None
    branches: tuple[Node, ...] = ()


@dataclass(frozen=True)
class _Path:
    """A path between two ends, or a variable in its place."""

    subject: str
    node: Node
    object: str
    span: tuple[int, int]
    asserted: bool


@dataclass
class GraphPattern:
    """Spells out graph patterns of one query.

    Attributes:
        text: the query.
        patterns: the triple patterns that were read so far.
    """

    text: str
    patterns: list[TriplePattern] = field(default_factory=list)
    _names: Iterator[int] = field(default_factory=lambda: count(1))
    _blank: dict[str, str] = field(default_factory=dict)

    def spell_out(self, node: Node, *, asserted: bool = True) -> str:
        """A part of the query in SPARQL, its triple patterns spelt out."""
        if node.rule == "TriplesBlock":
            found = list(self._triples_block(node, asserted=asserted))
            self.patterns += _triple_patterns(found)
            return "".join(f"{one} .\n" for one in found)
        if not any(True for _ in node.find("TriplesBlock")):
            return self.text[node.start : node.end]
        head = node.children[0]
        if isinstance(head, Lexeme) and head.text.upper() in _UNASSERTED:
            asserted = False
        parts = (
            self.spell_out(one, asserted=asserted) if isinstance(one, Node) else one.text
            for one in node.children
        )
        return " ".join(parts)

    def elements(self, group: Node) -> list[Element]:
        """The parts of a group graph pattern, in order; each triple pattern is one."""
        within = group.part("GroupGraphPatternSub")
        if within is None:
            return [self._subquery(one) for one in group.parts("SubSelect")]
        found: list[Element] = []
        for part in within.parts("TriplesBlock", "GraphPatternNotTriples"):
            if part.rule == "TriplesBlock":
                found += map(_element_of, self._triples_block(part, asserted=True))
            else:
                found.append(self._element(part))
        return found

    def _subquery(self, part: Node) -> Element:
        where = part.part("WhereClause")
        inner = where.part("GroupGraphPattern") if where else None
        return Element("group", self.spell_out(part), part.start, part.end, inner=inner)

    def _element(self, part: Node) -> Element:
        head = part.children[0]
        text = self.spell_out(part)
        if isinstance(head, Lexeme):
            kind = head.text.upper()
            inner = part.part("GroupGraphPattern") if kind == "GRAPH" else None
            wrapping = self.text[part.start : inner.start] if inner else ""
            return Element(kind, text, part.start, part.end, wrapping=wrapping, inner=inner)
        groups = head.parts("GroupGraphPattern")
        if len(groups) == 1:
            return Element("group", text, part.start, part.end, inner=groups[0])
        return Element("UNION", text, part.start, part.end, branches=tuple(groups))

    # Triple patterns

    def _triples_block(self, node: Node | None, *, asserted: bool) -> Iterator[Pattern]:
        while node:
            same = node.part("TriplesSameSubjectPath")
            assert same is not None
            subject, nested = self._graph_node(same, asserted=asserted)
            yield from nested
            properties = same.part("PropertyListPathNotEmpty")
            if properties:
                yield from self._properties(subject, properties, asserted=asserted)
            node = node.part("TriplesBlock")

    def _properties(self, subject: str, properties: Node, *, asserted: bool) -> Iterator[Pattern]:
        verb: Node | None = None
        for part in properties.parts("VerbPath", "ObjectListPath"):
            if part.rule == "VerbPath":
                verb = part
                continue
            for one in part.parts("GraphNodePath"):
                assert verb is not None
                value, nested = self._graph_node(one, asserted=asserted)
                span = (verb.start, one.end)
                path = verb.part("Path") or verb
                reading = _Path(subject, path, value, span, asserted)
                yield from self._path(reading)
                yield from nested

    def _graph_node(self, node: Node, *, asserted: bool) -> tuple[str, list[Pattern]]:
        """A subject or an object, and the patterns of what stands in its brackets."""
        nodes = node.part("TriplesNodePath")
        if nodes is None:
            term = node.part("VarOrTerm")
            assert term is not None
            return self._term(term), []
        items = nodes.parts("GraphNodePath")
        properties = nodes.part("PropertyListPathNotEmpty")
        if properties:
            name = self._fresh()
            return name, list(self._properties(name, properties, asserted=asserted))
        return self._collection(items, asserted=asserted)

    def _collection(self, items: list[Node], *, asserted: bool) -> tuple[str, list[Pattern]]:
        """https://www.w3.org/TR/sparql11-query/#collections."""
        names = [self._fresh() for _ in items]
        found: list[Pattern] = []
        for name, following, item in zip(names, [*names[1:], f"<{RDF}nil>"], items, strict=True):
            value, nested = self._graph_node(item, asserted=asserted)
            span = (item.start, item.end)
            found.append(TriplePattern(name, f"<{RDF}first>", value, *span, asserted))
            found += nested
            found.append(TriplePattern(name, f"<{RDF}rest>", following, *span, asserted))
        return names[0], found

    def _term(self, node: Node) -> str:
        text = self.text[node.start : node.end]
        if node.part("BlankNode") is None:
            return text
        if text.startswith("["):
            return self._fresh()
        if text not in self._blank:
            self._blank[text] = self._fresh()
        return self._blank[text]

    def _path(self, path: _Path) -> Iterator[Pattern]:
        """The triple patterns of a path: a sequence step by step, alternatives apart."""
        sequences = path.node.parts("PathSequence")
        if not sequences:
            yield self._step(path)
        elif len(sequences) > 1:
            yield Alternatives(
                tuple(tuple(self._sequence(replace(path, node=one))) for one in sequences)
            )
        else:
            yield from self._sequence(replace(path, node=sequences[0]))

    def _sequence(self, path: _Path) -> Iterator[Pattern]:
        steps = path.node.parts("PathEltOrInverse")
        ends = [self._fresh() for _ in steps[1:]]
        subjects, objects = [path.subject, *ends], [*ends, path.object]
        for begin, step, end in zip(subjects, steps, objects, strict=True):
            element = step.part("PathElt")
            assert element is not None
            inverse = element is not step.children[0]
            first, last = (end, begin) if inverse else (begin, end)
            inner = _in_parentheses(element)
            if inner:
                yield from self._path(replace(path, subject=first, node=inner, object=last))
            else:
                yield self._step(replace(path, subject=first, node=element, object=last))

    def _step(self, path: _Path) -> TriplePattern:
        node = path.node
        text = self.text[node.start : node.end]
        iris = tuple(self.text[one.start : one.end] for one in node.find("Iri"))
        is_path = text != "a" and node.rule != "VerbPath" and iris != (text,)
        return TriplePattern(
            path.subject, text, path.object, *path.span, path.asserted, is_path, iris
        )

    def _fresh(self) -> str:
        """A variable that the query has not."""
        while (name := f"?step{next(self._names)}") in self.text:
            pass
        return name


def _triple_patterns(patterns: Iterable[Pattern]) -> Iterator[TriplePattern]:
    for one in patterns:
        if isinstance(one, TriplePattern):
            yield one
        else:
            yield from _triple_patterns(part for branch in one.branches for part in branch)


def _element_of(pattern: Pattern) -> Element:
    first = next(_triple_patterns((pattern,)))
    if isinstance(pattern, TriplePattern):
        return Element("triple", f"{pattern} .", first.start, first.end, pattern)
    return Element("UNION", f"{pattern} .", first.start, first.end)


def _in_parentheses(element: Node) -> Node | None:
    """The path that an element consists of, where it is in parentheses and not repeated."""
    if len(element.children) > 1:
        return None
    primary = element.part("PathPrimary")
    return primary.part("Path") if primary else None
