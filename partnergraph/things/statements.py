"""A thing described: all that the dataset says of it, readable without a second request.

Its own statements (with the blank nodes and the fragments that hang from it), the links that come
in, the passages that it rests on, and the labels of everything that these name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from partnergraph.dataset.canonical import Dataset, Graphs
from partnergraph.namespaces import TP, expand
from partnergraph.things.labels import Labels

Node = NamedNode | BlankNode

MOST_INCOMING = 1000
"""Incoming links of one property that a description lists; it says how many more there are."""

MOST_NAMELESS = 100
"""Things without a label of which a description says more than that they are linked."""

DERIVED_FROM = NamedNode(expand("prov:wasDerivedFrom"))
_TYPE = NamedNode(expand("rdf:type"))
_PASSAGE = NamedNode(f"{TP}Passage")
_PARTY = NamedNode(f"{TP}party")
_DEPRECATED = NamedNode(expand("owl:deprecated"))
_REPLACED = NamedNode(expand("dcterms:isReplacedBy"))
_TRUE = Literal("true", datatype=NamedNode(expand("xsd:boolean")))

_TWINNED = NamedNode(f"{TP}twinnedWith")
_STATUS = NamedNode(f"{TP}status")
_OVER = (NamedNode(f"{TP}Ended"), NamedNode(f"{TP}Suspended"))

_CLAIMS_BEHIND = {
    _TWINNED: NamedNode(f"{TP}Partnership"),
    NamedNode(f"{TP}coSignatoryWith"): NamedNode(f"{TP}Agreement"),
}
"""What a derived link between two territories follows from: claims of this class with both."""


@dataclass(frozen=True)
class Description:
    """All that is said of a thing.

    Attributes:
        thing: what it is about.
        own: the statements of the thing, of its blank nodes and of its fragments.
        incoming: statements whose object it is.
        untold: how many more incoming statements there are, by property.
        context: the passages it rests on, and the labels of all that is named.
    """

    thing: NamedNode
    own: list[Quad]
    incoming: list[Quad]
    untold: dict[NamedNode, int] = field(default_factory=dict)
    context: list[Quad] = field(default_factory=list)

    @property
    def quads(self) -> list[Quad]:
        """Everything, each statement once, those of the thing first."""
        return list(dict.fromkeys((*self.own, *self.incoming, *self.context)))


class Things:
    """The things of a dataset."""

    def __init__(self, dataset: Dataset | Graphs, labels: Labels) -> None:
        """Args:
        dataset: what is said; its store is made when the first thing is asked for.
        labels: what the things are called.
        """
        self._dataset = dataset
        self._labels = labels
        self._derived = NamedNode(dataset.graph_iri("derived"))

    @property
    def _store(self) -> Store:
        return self._dataset.store

    def __contains__(self, iri: str) -> bool:
        """Whether the dataset says anything of it, or has a graph of that name."""
        thing = NamedNode(iri)
        patterns = ((thing, None, None), (None, thing, None), (None, None, thing))
        return any(
            next(self._store.quads_for_pattern(subject, None, value, graph), None)
            for subject, value, graph in patterns
        )

    def describe(self, iri: str, fragments: Iterable[str] = ()) -> Description | None:
        """All that is said of a thing; ``None`` where nothing is.

        Args:
            iri: the thing.
            fragments: the things that are described along with it, by IRI.
        """
        thing = NamedNode(iri)
        own = list(self._statements([thing, *map(NamedNode, fragments)]))
        incoming, untold = self._incoming(thing)
        if not own and not incoming and iri not in self:
            return None
        passages = self._passages(own, incoming)
        nameless = self._nameless(thing, (*own, *incoming))
        named = _nodes((*own, *incoming, *passages, *nameless)) | {thing}
        labels = [quad for node in sorted(named, key=str) for quad in self._labels.triples(node)]
        return Description(thing, own, incoming, untold, [*passages, *nameless, *labels])

    def types(self, iri: str) -> list[NamedNode]:
        """The classes of a thing, sorted; those of this vocabulary first."""
        types = self._named_objects(NamedNode(iri), _TYPE)
        return sorted(types, key=lambda one: (not one.value.startswith(TP), one.value))

    def is_withdrawn(self, iri: str) -> bool:
        """Whether the publisher has withdrawn a thing: it is said to be deprecated."""
        return any(quad.object == _TRUE for quad in self._quads(NamedNode(iri), _DEPRECATED))

    def replacements(self, iri: str) -> list[NamedNode]:
        """What stands in the place of a thing that was withdrawn."""
        return self._named_objects(NamedNode(iri), _REPLACED)

    def evidence(self, statement: Quad) -> list[NamedNode]:
        """The passages that a statement rests on, sorted.

        Those of its subject, said by the same source; of a part of a thing, such as a group of
        fields, those of the thing; of a derived link, those of the claims it follows from.
        """
        if statement.graph_name != self._derived:
            return self._passages_of(statement.subject, statement.graph_name)
        kind = _CLAIMS_BEHIND.get(statement.predicate)
        if kind is None:
            return self._passages_of(statement.subject, None)
        claims = self._claims_of(statement.subject, kind) & self._claims_of(statement.object, kind)
        if statement.predicate == _TWINNED:
            # The rule takes no partnership that has ended or is suspended, so neither is evidence.
            claims = {claim for claim in claims if not self._is_over(claim)}
        return sorted({one for claim in claims for one in self._passages_of(claim, None)}, key=str)

    def sources(self, passage: NamedNode) -> list[NamedNode]:
        """The sources that a passage stands in."""
        return self._named_objects(passage, _SOURCE)

    def is_derived(self, statement: Quad) -> bool:
        """Whether a rule has built the statement."""
        return statement.graph_name == self._derived

    def _claims_of(self, party: Any, kind: NamedNode) -> set[Any]:
        claims = {quad.subject for quad in self._store.quads_for_pattern(None, _PARTY, party, None)}
        return {one for one in claims if self._is_a(one, kind)}

    def _is_over(self, claim: Any) -> bool:
        return any(quad.object in _OVER for quad in self._quads(claim, _STATUS))

    def _is_a(self, node: Any, kind: NamedNode) -> bool:
        return next(self._store.quads_for_pattern(node, _TYPE, kind, None), None) is not None

    def _passages_of(self, node: Any, graph: Any) -> list[NamedNode]:
        if self._is_a(node, _PASSAGE):
            return []  # It is where it says.
        own = {
            quad.object
            for quad in self._store.quads_for_pattern(node, DERIVED_FROM, None, graph)
            if isinstance(quad.object, NamedNode) and self._is_a(quad.object, _PASSAGE)
        }
        if not own:
            owners = {
                quad.subject for quad in self._store.quads_for_pattern(None, None, node, graph)
            }
            own = {
                quad.object
                for owner in owners
                if not self._is_a(owner, _PASSAGE)
                for quad in self._store.quads_for_pattern(owner, DERIVED_FROM, None, graph)
                if isinstance(quad.object, NamedNode) and self._is_a(quad.object, _PASSAGE)
            }
        return sorted(own, key=str)

    def _statements(self, nodes: list[Any]) -> Iterator[Quad]:
        """The statements of nodes, and of the blank nodes that hang from them."""
        seen = set(nodes)
        while nodes:
            node = nodes.pop(0)
            for quad in sorted(self._store.quads_for_pattern(node, None, None, None), key=str):
                yield quad
                if isinstance(quad.object, BlankNode) and quad.object not in seen:
                    seen.add(quad.object)
                    nodes.append(quad.object)

    def _incoming(self, thing: NamedNode) -> tuple[list[Quad], dict[NamedNode, int]]:
        listed: dict[NamedNode, list[Quad]] = defaultdict(list)
        untold: Counter[NamedNode] = Counter()
        for quad in self._store.quads_for_pattern(None, None, thing, None):
            # What stands in a list is said by the statement that the list repeats, too.
            if isinstance(quad.subject, NamedNode):
                if len(listed[quad.predicate]) < MOST_INCOMING:
                    listed[quad.predicate].append(quad)
                else:
                    untold[quad.predicate] += 1
        return sorted((quad for quads in listed.values() for quad in quads), key=str), dict(untold)

    def _nameless(self, thing: NamedNode, quads: Iterable[Quad]) -> list[Quad]:
        """What is said of the things that have no label, as nobody could tell what they are."""
        others = {
            node
            for quad in quads
            for node in (quad.subject, quad.object)
            if isinstance(node, NamedNode)
            and node != thing
            and node.value.startswith(self._dataset.base)
            and not self._labels.triples(node)
            and not self._is_a(node, _PASSAGE)
        }
        return list(self._statements(sorted(others, key=str)[:MOST_NAMELESS]))

    def _passages(self, own: list[Quad], incoming: list[Quad]) -> list[Quad]:
        """The statements of the passages that all these rest on, and of their sources."""
        cited = {one for quad in (*own, *incoming) for one in self.evidence(quad)}
        sources = {one for passage in cited for one in self.sources(passage)}
        return list(self._statements(sorted({*cited, *sources}, key=str)))

    def _quads(self, node: Any, predicate: NamedNode) -> Iterator[Quad]:
        return self._store.quads_for_pattern(node, predicate, None, None)

    def _named_objects(self, node: Any, predicate: NamedNode) -> list[NamedNode]:
        found = {quad.object for quad in self._quads(node, predicate)}
        return sorted((one for one in found if isinstance(one, NamedNode)), key=str)


_SOURCE = NamedNode(expand("oa:hasSource"))


def _nodes(quads: Iterable[Quad]) -> set[NamedNode]:
    """Everything that statements name."""
    terms = (term for quad in quads for term in (quad.subject, quad.predicate, quad.object))
    return {term for term in terms if isinstance(term, NamedNode)}
