"""Which things a parameter may stand for, from where it stands in its query and what the data have.

A parameter that is the value of ``tp:party`` is chosen from what the data have as its values. It
may be given as an IRI, by the end of one, or by a label.
"""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from pyoxigraph import Literal, NamedNode, Store

from partnergraph.dataset.canonical import Dataset
from partnergraph.namespaces import expand
from partnergraph.questions.parameters import Parameter, UnfitValue, absolute_iri
from partnergraph.questions.stored import StoredQuery
from partnergraph.sparql.graph_patterns import GraphPattern, TriplePattern
from partnergraph.sparql.recogniser import Lexeme
from partnergraph.sparql.syntax_tree import Node
from partnergraph.things.labels import Labels

MOST_LISTED = 500
"""Things that a form lists; where there are more, it takes a name."""

MOST_COMPARED = 2000
"""Names that a mistaken one is compared with; where there are more, none is proposed."""

LONGEST_NAME = 100
"""Characters of a mistaken name that are compared."""

_TYPE = NamedNode(expand("rdf:type"))


@dataclass(frozen=True)
class _Position:
    """Where in triples a value stands: of which property, as its subject or its value."""

    predicate: NamedNode
    is_value: bool


class Choices:
    """The things that the parameters of stored queries may stand for."""

    def __init__(self, dataset: Dataset, labels: Labels) -> None:
        self._dataset = dataset
        self._labels = labels
        # Most parameters stand where others do.
        self._kept_things: dict[frozenset[_Position], tuple[NamedNode, ...]] = {}
        self._kept: dict[tuple[str, str], tuple[NamedNode, ...]] = {}
        self._kept_names: dict[tuple[str, str], dict[str, set[NamedNode]]] = {}

    def of(self, query: StoredQuery, parameter: Parameter) -> tuple[NamedNode, ...]:
        """The things that a parameter may stand for, sorted by IRI."""
        key = (query.name, parameter.name)
        if key not in self._kept:
            positions = frozenset(self._positions(query, parameter))
            if positions not in self._kept_things:
                found = {thing for position in positions for thing in self._things(position)}
                self._kept_things[positions] = tuple(sorted(found, key=str))
            things = self._kept_things[positions]
            # Whether something holds is asked of what it does not hold of as well.
            self._kept[key] = self._alike(things) if query.form == "ASK" else things
        return self._kept[key]

    @property
    def store(self) -> Store:
        """What the choices are read from."""
        return self._dataset.store

    def short_names(self, query: StoredQuery, parameter: Parameter) -> list[str]:
        """The ends of the IRIs of the things that a parameter may stand for, where one will do."""
        things = self.of(query, parameter)
        count = Counter(map(_end, things))
        return sorted({_end(thing) for thing in things if count[_end(thing)] == 1})

    def thing(self, query: StoredQuery, parameter: Parameter, text: str) -> NamedNode:
        """The thing that a text names: by its IRI, by the end of that, or by a label.

        Raises:
            UnfitValue: it names none, or several.
        """
        if ":" in text:
            return absolute_iri(text)
        names = self._names(query, parameter)
        found = names.get(text.casefold()) or self._namesakes(query, parameter, text)
        if len(found) == 1:
            return next(iter(found))
        if found:
            shown = ", ".join(sorted(one.value for one in found))
            raise UnfitValue("ambiguous", things=shown)
        compared = names if len(names) <= MOST_COMPARED else ()
        close = difflib.get_close_matches(text.casefold()[:LONGEST_NAME], compared, 3, 0.6)
        near = sorted({one.value for name in close for one in names[name]})[:3]
        kind = "nameless-near" if near else "nameless"
        raise UnfitValue(kind, things=", ".join(near))

    def _names(self, query: StoredQuery, parameter: Parameter) -> dict[str, set[NamedNode]]:
        """The things that a parameter may stand for, by each of their names."""
        key = (query.name, parameter.name)
        if key in self._kept_names:
            return self._kept_names[key]
        names: dict[str, set[NamedNode]] = defaultdict(set)
        for thing in self.of(query, parameter):
            names[_end(thing)].add(thing)
            names[thing.value.removeprefix(f"{self._dataset.base}id/").casefold()].add(thing)
            for label in self._labels.triples(thing):
                if isinstance(label.object, Literal):
                    names[label.object.value.casefold()].add(thing)
        self._kept_names[key] = dict(names)
        return self._kept_names[key]

    def _namesakes(self, query: StoredQuery, parameter: Parameter, text: str) -> set[NamedNode]:
        """What is called so among other things of the kind that a parameter stands for."""
        every = self._alike(self.of(query, parameter))
        return {thing for thing in every if _end(thing) == text.casefold()}

    def _alike(self, things: tuple[NamedNode, ...]) -> tuple[NamedNode, ...]:
        """The things of the classes that all of some things have, sorted by IRI."""
        if not things:
            return ()
        store = self._dataset.store
        classes = set.intersection(
            *(
                {one.object for one in store.quads_for_pattern(thing, _TYPE, None)}
                for thing in things
            )
        )
        found = {
            quad.subject
            for one in classes
            for quad in store.quads_for_pattern(None, _TYPE, one)
            if isinstance(quad.subject, NamedNode)
        }
        return tuple(sorted({*things, *found}, key=str))

    # Where a parameter stands

    def _positions(self, query: StoredQuery, parameter: Parameter) -> set[_Position]:
        """Where a parameter stands; else where a variable does that is compared with it."""
        pattern = GraphPattern(query.text)
        for block in query.tree.find("TriplesBlock"):
            pattern.spell_out(block)
        read = self._reader(query.prologue)
        found = set(_of_variable(parameter.variable, pattern.patterns, read))
        others = _reached_from(parameter.variable, pattern.patterns)
        if not found:
            others |= _compared_with(query.tree, parameter.variable)
        for other in others:
            found |= set(_of_variable(other, pattern.patterns, read))
        return found

    def _reader(self, prologue: str) -> Callable[[str], NamedNode]:
        def read(written: str) -> NamedNode:
            if written == "a":
                return _TYPE
            solutions: Any = self._dataset.store.query(
                f"{prologue} SELECT ({written} AS ?iri) {{}}"
            )
            iri: NamedNode = next(solutions)["iri"]
            return iri

        return cache(read)

    def _things(self, position: _Position) -> Iterator[NamedNode]:
        for quad in self._dataset.store.quads_for_pattern(None, position.predicate, None, None):
            thing = quad.object if position.is_value else quad.subject
            if isinstance(thing, NamedNode):
                yield thing


def _of_variable(
    variable: str, patterns: Iterable[TriplePattern], read: Callable[[str], NamedNode]
) -> Iterator[_Position]:
    for one in patterns:
        for is_value, part in enumerate((one.subject, one.object)):
            if part[1:] == variable and part[0] in "?$":
                for iri in ("a",) if one.predicate == "a" else one.iris:
                    yield _Position(read(iri), bool(is_value) != one.predicate.startswith("^"))


def _reached_from(variable: str, patterns: Iterable[TriplePattern]) -> set[str]:
    """The variables at the other end of a path that may be of no length."""
    found: set[str] = set()
    for one in patterns:
        ends = [part[1:] for part in (one.subject, one.object) if part[0] in "?$"]
        if variable in ends and one.predicate.endswith(("*", "?")):
            found |= {*ends} - {variable}
    return found


def _compared_with(tree: Node, variable: str) -> set[str]:
    """The variables that a filter says to be the same as one."""
    found: set[str] = set()
    for comparison in tree.find("RelationalExpression"):
        rest = comparison.part("RelationalRest")
        head = rest.children[0] if rest else None
        names = {token.text[1:] for token in comparison.tokens() if token.terminal == "VAR"}
        if isinstance(head, Lexeme) and head.text.upper() in ("=", "IN") and variable in names:
            found |= {name for name in names if not name.startswith("_")}
    return found


def _end(thing: NamedNode) -> str:
    return thing.value.rstrip("/#").replace("#", "/").rpartition("/")[2].casefold()
