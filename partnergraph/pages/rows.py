"""A description as a reader sees it: rows of properties, values with their names and evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from partnergraph.namespaces import RDF, XSD, compact, expand
from partnergraph.things.addresses import Addresses
from partnergraph.things.labels import Labels, Text
from partnergraph.things.statements import DERIVED_FROM, Description, Things

_FIRST, _REST = NamedNode(f"{RDF}first"), NamedNode(f"{RDF}rest")

DEEPEST = 12
"""How deep blank nodes are told inside one another; deeper ones are named only."""

_ORDER = [
    expand(name)
    for name in ("rdf:type", "skos:prefLabel", "rdfs:label", "dcterms:title", "skos:definition")
]
"""The properties that come first; the others follow by their names."""

_PLAIN_DATATYPES = {f"{XSD}string", f"{RDF}langString"}

_TRUTH = {"true": True, "1": True, "false": False, "0": False}

_DATES = {f"{XSD}date", f"{XSD}gYear", f"{XSD}gYearMonth"}


@dataclass(frozen=True)
class Reference:
    """A thing as it is mentioned: its name, its IRI and the path of its page, if it has one here.

    Attributes:
        name: what it is called.
        iri: which thing it is.
        path: where its page is on this server; empty where it is described elsewhere.
    """

    name: Text
    iri: str
    path: str = ""

    @property
    def is_web_address(self) -> bool:
        """Whether the IRI may be followed; a script, say, never is."""
        return self.iri.startswith(("http://", "https://"))


@dataclass(frozen=True)
class Origin:
    """Where a statement comes from: its graph, whether a rule has built it, and its passages."""

    graph: Reference | None
    derived: bool
    passages: tuple[Reference, ...]


@dataclass(frozen=True)
class Value:
    """A value of a property: a thing, a literal, or something without a name, with rows of its own.

    Attributes:
        reference: the thing.
        text: the literal.
        datatype: of the literal, where it is not plain text.
        is_date: whether the literal is a date, of any precision.
        truth: what the literal says, where it is true or false.
        rows: what is said of something without a name.
        items: what is in a list.
        origin: where the statement comes from; of each graph it stands in.
    """

    reference: Reference | None = None
    text: Text | None = None
    datatype: str = ""
    is_date: bool = False
    truth: bool | None = None
    rows: tuple[Row, ...] = ()
    items: tuple[Value, ...] = ()
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True)
class Row:
    """A property and its values; of incoming links, the things that have this one as a value."""

    name: Reference
    values: tuple[Value, ...]
    untold: int = 0

    @property
    def count(self) -> int:
        """How many values there are, with those that are not listed."""
        return len(self.values) + self.untold

    @property
    def shared_origins(self) -> tuple[Origin, ...]:
        """The origins, where they are those of all values."""
        origins = {value.origins for value in self.values}
        return next(iter(origins)) if len(origins) == 1 else ()


class _Statements:
    """The statements of a description, by subject, and which blank nodes have been told."""

    def __init__(self, quads: Iterable[Quad], depth: int = 0) -> None:
        self.of: dict[Any, list[Quad]] = defaultdict(list)
        self._told: set[Any] = set()
        self._depth = depth
        for quad in quads:
            self.of[quad.subject].append(quad)

    def go_into(self, node: Any) -> _Statements | None:
        """The statements as seen from a blank node; ``None`` where it has been told already.

        Blank nodes may stand in several places, or in one another; a page tells each of them once.
        """
        if node in self._told or self._depth >= DEEPEST:
            return None
        self._told.add(node)
        inner = copy(self)
        inner._depth += 1
        return inner


class Reader:
    """Reads descriptions for people, in one language."""

    def __init__(self, addresses: Addresses, labels: Labels, things: Things, language: str) -> None:
        self._addresses = addresses
        self._labels = labels
        self._things = things
        self.language = language

    def reference(self, node: NamedNode) -> Reference:
        """A thing as it is mentioned."""
        path = self._addresses.path(node.value)
        return Reference(self._labels.of(node, self.language), node.value, path or "")

    def value(self, term: Any) -> Value:
        """A term by itself."""
        return self._value(term, _Statements([], DEEPEST), ())

    def sources(self, passage: NamedNode) -> tuple[Reference, ...]:
        """The sources that a passage stands in."""
        return tuple(map(self.reference, self._things.sources(passage)))

    def rows(self, description: Description) -> tuple[Row, ...]:
        """What is said of the thing."""
        statements = _Statements(description.own)
        return self._rows(description.thing, statements, with_origins=True)

    def fragments(self, description: Description) -> tuple[tuple[Reference, tuple[Row, ...]], ...]:
        """The things that are described along with this one, and what is said of them."""
        subjects = {
            quad.subject
            for quad in description.own
            if isinstance(quad.subject, NamedNode) and quad.subject != description.thing
        }
        statements = _Statements(description.own)
        return tuple(
            (self.reference(one), self._rows(one, statements, with_origins=False))
            for one in sorted(subjects, key=str)
        )

    def incoming(self, description: Description) -> tuple[Row, ...]:
        """What refers to the thing, by property."""
        by_property: dict[NamedNode, dict[NamedNode, list[Quad]]] = {}
        for quad in description.incoming:
            of = by_property.setdefault(quad.predicate, {})
            assert isinstance(quad.subject, NamedNode)
            of.setdefault(quad.subject, []).append(quad)
        rows = [
            Row(
                self.reference(predicate),
                tuple(
                    sorted(
                        (
                            Value(self.reference(subject), origins=self._origins(quads))
                            for subject, quads in subjects.items()
                        ),
                        key=_name,
                    )
                ),
                description.untold.get(predicate, 0),
            )
            for predicate, subjects in by_property.items()
        ]
        return tuple(sorted(rows, key=lambda row: row.name.name.place))

    def passages(self, description: Description) -> tuple[Reference, ...]:
        """The passages that the thing itself rests on."""
        cited = {
            quad.object
            for quad in description.own
            if quad.subject == description.thing and quad.predicate == DERIVED_FROM
        }
        return tuple(
            self.reference(one) for one in sorted(cited, key=str) if isinstance(one, NamedNode)
        )

    def _rows(
        self, subject: NamedNode | BlankNode, statements: _Statements, *, with_origins: bool
    ) -> tuple[Row, ...]:
        by_property: dict[NamedNode, dict[Any, list[Quad]]] = defaultdict(dict)
        for quad in statements.of.get(subject, ()):
            by_property[quad.predicate].setdefault(quad.object, []).append(quad)
        rows = []
        for predicate in sorted(by_property, key=self._rank):
            values = [
                self._value(term, statements, self._origins(same) if with_origins else ())
                for term, same in by_property[predicate].items()
            ]
            rows.append(Row(self.reference(predicate), tuple(sorted(values, key=_name))))
        return tuple(rows)

    def _rank(self, predicate: NamedNode) -> tuple[int, str, str]:
        known = predicate.value in _ORDER
        position = _ORDER.index(predicate.value) if known else len(_ORDER)
        return position, *self._labels.of(predicate, self.language).place

    def _value(self, term: Any, statements: _Statements, origins: tuple[Origin, ...]) -> Value:
        if isinstance(term, NamedNode):
            return Value(self.reference(term), origins=origins)
        if isinstance(term, Literal):
            datatype = term.datatype.value
            return Value(
                text=Text(term.value, term.language or ""),
                datatype="" if datatype in _PLAIN_DATATYPES else compact(datatype),
                is_date=datatype in _DATES,
                truth=_TRUTH.get(term.value) if datatype == f"{XSD}boolean" else None,
                origins=origins,
            )
        inner = statements.go_into(term)
        if inner is None:
            return Value(text=Text(str(term)), origins=origins)
        items = tuple(self._items(term, inner))
        if items:
            return Value(items=items, origins=origins)
        return Value(rows=self._rows(term, inner, with_origins=False), origins=origins)

    def _items(self, cell: Any, statements: _Statements) -> Iterable[Value]:
        """What is in a list, in its order."""
        seen = set()
        while cell not in seen:
            seen.add(cell)
            of_cell = statements.of.get(cell, ())
            for quad in of_cell:
                if quad.predicate == _FIRST:
                    yield self._value(quad.object, statements, ())
            cell = next((quad.object for quad in of_cell if quad.predicate == _REST), cell)

    def _origins(self, quads: list[Quad]) -> tuple[Origin, ...]:
        return tuple(
            Origin(
                self.reference(quad.graph_name) if isinstance(quad.graph_name, NamedNode) else None,
                self._things.is_derived(quad),
                # A statement of its own evidence needs no other.
                ()
                if quad.predicate == DERIVED_FROM
                else tuple(self.reference(one) for one in self._things.evidence(quad)),
            )
            for quad in sorted(quads, key=lambda one: str(one.graph_name))
        )


def _name(value: Value) -> tuple[str, ...]:
    name = value.reference.name if value.reference else value.text or Text("")
    return *name.place, name.language
