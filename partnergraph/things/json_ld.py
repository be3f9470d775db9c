"""RDF in the words of our JSON-LD context: plain JSON for a developer, the same graph for others.

https://www.w3.org/TR/json-ld11/

Only what our own context needs is here (no scoped contexts, no containers but language and list),
so that a dataset of any size is written in one pass. Tests hold it to PyLD, which must read back
the very same graph.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from partnergraph.namespaces import RDF, XSD
from partnergraph.things.json_ld_context import PLAIN, Context, Json

Node = NamedNode | BlankNode

_FIRST, _REST, _NIL = (NamedNode(f"{RDF}{name}") for name in ("first", "rest", "nil"))
_TYPE = NamedNode(f"{RDF}type")
_STRING = f"{XSD}string"
_LANGUAGE = "@language"
_LIST = "@list"

_RANK = {"id": 0, "type": 1}
"""The keys that come first in a node object."""

_NATIVE = {
    f"{XSD}integer": re.compile(r"-?[1-9][0-9]{0,14}|0"),
    f"{XSD}boolean": re.compile(r"true|false"),
}
"""Literals that JSON has a value of its own for, where they are written in its way."""


@dataclass(frozen=True)
class _List:
    """An RDF list: its first cell, what is in it, and all its cells."""

    head: Node
    items: tuple[Any, ...]
    cells: tuple[Node, ...]


@dataclass
class Compactor:
    """Writes the triples of one graph as node objects.

    Attributes:
        context: whose terms are used.
        used: the terms and compact names that were used so far.
    """

    context: Context
    used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._of: dict[Any, list[Triple]] = {}
        self._referrer: dict[Any, Any] = {}
        self._lists: dict[Node, _List] = {}
        self._inner: set[Node] = set()

    def load(self, triples: Iterable[Triple], shared: Collection[Node] = ()) -> None:
        """Take in the triples of a graph, instead of those of the one before.

        Args:
            triples: the graph.
            shared: blank nodes that stand in other graphs, too.
        """
        self._of = defaultdict(list)
        self._referrer = {}
        references: Counter[Any] = Counter()
        for triple in triples:
            self._of[triple.subject].append(triple)
            if isinstance(triple.object, BlankNode):
                references[triple.object] += 1
                self._referrer[triple.object] = triple.subject
        blank = {node for node in self._of if isinstance(node, BlankNode)}
        single = {node for node in blank if references[node] == 1 and node not in shared}
        self._lists = {one.head: one for one in self._find_lists(single)}
        # A blank node that stands in one place is written there; a circle of them stands nowhere.
        self._inner = {node for node in single if self._hangs_from_something(node, single)}

    def nodes(self) -> Iterator[dict[str, Json]]:
        """The node objects of the graph, by their IRI; some blank nodes stand inside others."""
        cells = {cell for one in self._lists.values() for cell in one.cells}
        for node in sorted(self._of, key=str):
            if node not in self._inner and node not in cells:
                yield self.node(node)

    def node(self, node: Node) -> dict[str, Json]:
        """The node object of a node: its statements, and of the blank nodes that hang from it."""
        written: dict[str, Json] = {}
        if node not in self._inner:
            written["id"] = node.value if isinstance(node, NamedNode) else str(node)
        types = [one.object for one in self._of.get(node, ()) if one.predicate == _TYPE]
        named = sorted(self._type(one.value) for one in types if isinstance(one, NamedNode))
        if named:
            written["type"] = named[0] if len(named) == 1 else named
        properties: dict[str, list[Json]] = defaultdict(list)
        languages: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        statements = sorted(self._of.get(node, ()), key=lambda one: str(one.object))
        # Several lists under one key would be a list of lists.
        lists = Counter(one.predicate for one in statements if self._is_list(one.object))
        for triple in statements:
            if triple.predicate == _TYPE and isinstance(triple.object, NamedNode):
                continue
            key, value = self._entry(triple, whole=lists[triple.predicate] > 1)
            if isinstance(triple.object, Literal) and key in self._with_languages(triple.predicate):
                languages[key][triple.object.language or ""].append(value)
            else:
                properties[key].append(value)
        written.update(
            {key: values[0] if len(values) == 1 else values for key, values in properties.items()}
        )
        for key, texts in languages.items():
            written[key] = {
                tag: values[0] if len(values) == 1 else values
                for tag, values in sorted(texts.items())
            }
        return dict(sorted(written.items(), key=lambda one: (_RANK.get(one[0], 2), one[0])))

    def _entry(self, triple: Triple, *, whole: bool) -> tuple[str, Json]:
        """The key of a property that fits one of its values, and the value under that key."""
        terms = self.context.terms.get(triple.predicate.value, {})
        kind = self._kind(triple.object, terms)
        key = terms.get(kind)
        # Written once: what hangs from a blank node hangs from it in its turn.
        if key is None or whole:
            # No term of the context takes this value as it is: say all of it.
            key, value = self.context.compact(triple.predicate.value), self._whole(triple.object)
        else:
            value = self._value(triple.object, kind)
        self.used.add(key)
        return key, value

    def _kind(self, term: Any, terms: dict[str, str]) -> str:
        """What kind of a value a term is; see :attr:`Context.terms`."""
        if isinstance(term, Literal):
            if term.language:
                return _LANGUAGE
            datatype = term.datatype.value
            return datatype if datatype != _STRING and datatype in terms else PLAIN
        if self._is_list(term) and _LIST in terms:
            return _LIST
        return "@id" if isinstance(term, NamedNode) or "@id" in terms else PLAIN

    def _value(self, term: Any, kind: str) -> Json:
        """How a term is written where it is known to be of a kind."""
        if isinstance(term, Literal):
            if kind == _LANGUAGE or term.datatype.value == _STRING:
                return term.value
            return _native(term) if kind else self._whole(term)
        if kind == _LIST:
            items = self._lists[term].items if term != _NIL else ()
            return [self._item(item) for item in items]
        return term.value if isinstance(term, NamedNode) else self._whole(term)

    def _whole(self, term: Any) -> Json:
        """A value that says by itself what it is."""
        if isinstance(term, Literal):
            if term.language:
                return {"@language": term.language, "@value": term.value}
            if term.datatype.value == _STRING:
                return {"@value": term.value}
            name = self.context.compact(term.datatype.value)
            self.used.add(name)
            return {"type": name, "@value": term.value}
        if term in self._lists:
            return {_LIST: [self._whole(item) for item in self._lists[term].items]}
        if isinstance(term, BlankNode):
            return self.node(term) if term in self._inner else {"id": str(term)}
        return {"id": term.value}

    def _item(self, term: Any) -> Json:
        """An item of a list whose term coerces to ``@id``."""
        return term.value if isinstance(term, NamedNode) else self._whole(term)

    def _type(self, iri: str) -> str:
        name = self.context.terms.get(iri, {}).get(PLAIN) or self.context.compact(iri)
        self.used.add(name)
        return name

    def _with_languages(self, predicate: NamedNode) -> tuple[str, ...]:
        term = self.context.terms.get(predicate.value, {}).get(_LANGUAGE)
        return (term,) if term else ()

    def _is_list(self, term: Any) -> bool:
        return term == _NIL or term in self._lists

    def _find_lists(self, single: set[BlankNode]) -> Iterator[_List]:
        """Each well-formed list."""
        cells = {node for node in single if self._is_cell(node)}
        tails = {self._rest(node) for node in cells}
        for head in cells - tails:
            items: list[Any] = []
            chain: list[Node] = []
            cell: Any = head
            while cell in cells:
                chain.append(cell)
                items += [one.object for one in self._of[cell] if one.predicate == _FIRST]
                cell = self._rest(cell)
            if cell == _NIL:
                yield _List(head, tuple(items), tuple(chain))

    def _is_cell(self, node: Node) -> bool:
        return sorted(one.predicate.value for one in self._of[node]) == [_FIRST.value, _REST.value]

    def _rest(self, cell: Node) -> Any:
        return next(one.object for one in self._of[cell] if one.predicate == _REST)

    def _hangs_from_something(self, node: Node, single: set[Any]) -> bool:
        seen = set()
        while node in single:
            if node in seen:
                return False
            seen.add(node)
            node = self._referrer[node]
        return True


def document(graph: list[dict[str, Json]], context: dict[str, Json]) -> dict[str, Json]:
    """A JSON-LD document of node objects."""
    return {"@context": context, **(graph[0] if len(graph) == 1 else {"@graph": graph})}


def compact_dataset(quads: Iterable[Quad], context: Context) -> dict[str, Json]:
    """A dataset, each named graph by itself, with the whole context."""
    quads = list(quads)
    context = context.for_schemes(_schemes(quad.triple for quad in quads))
    by_graph: dict[Any, list[Triple]] = defaultdict(list)
    graphs_of: dict[Any, set[Any]] = defaultdict(set)
    for quad in quads:
        by_graph[quad.graph_name].append(quad.triple)
        for term in (quad.subject, quad.object):
            if isinstance(term, BlankNode):
                graphs_of[term].add(quad.graph_name)
    shared = {node for node, names in graphs_of.items() if len(names) > 1}
    compactor = Compactor(context)
    graphs: list[dict[str, Json]] = []
    for name in sorted(by_graph, key=str):
        compactor.load(by_graph[name], shared)
        nodes = list(compactor.nodes())
        if isinstance(name, NamedNode):
            graphs.append({"id": name.value, "@graph": nodes})
        else:
            graphs += nodes
    return {"@context": context.document, "@graph": graphs}


def compact_graph(triples: Iterable[Triple], context: Context) -> dict[str, Json]:
    """A graph, with what of the context it needs."""
    triples = list(triples)
    context = context.for_schemes(_schemes(triples))
    compactor = Compactor(context)
    compactor.load(triples)
    nodes = list(compactor.nodes())
    return {"@context": context.part(compactor.used), "@graph": nodes}


def _schemes(triples: Iterable[Triple]) -> set[str]:
    """How the IRIs of a graph begin."""
    terms = (term for triple in triples for term in triple)
    iris = (term.datatype if isinstance(term, Literal) else term for term in terms)
    return {iri.value.partition(":")[0] for iri in iris if isinstance(iri, NamedNode)}


def to_bytes(value: Json) -> bytes:
    """A document as it is sent: UTF-8, indented."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def _native(literal: Literal) -> Json:
    pattern = _NATIVE.get(literal.datatype.value)
    if pattern and pattern.fullmatch(literal.value):
        return json.loads(literal.value)
    return literal.value
