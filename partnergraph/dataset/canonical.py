"""The one RDF dataset: canonically labelled, sorted, with a version.

Its blank nodes carry the labels of RDF Dataset Canonicalization, so that the same statements give
the same bytes whatever file, order or syntax they came from: https://www.w3.org/TR/rdf-canon/.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import (
    CanonicalizationAlgorithm,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
    serialize,
)
from pyoxigraph import Dataset as QuadSet

from partnergraph.dataset.one_form import Rewritten, in_one_form
from partnergraph.namespaces import GRAPH, PUBLICATION

DERIVED = NamedNode(f"{GRAPH}derived")
ONTOLOGY = NamedNode(f"{GRAPH}ontology")
SHAPES = NamedNode(f"{GRAPH}shapes")
DESCRIPTION = NamedNode(f"{GRAPH}dataset")

GraphName = NamedNode | DefaultGraph


@dataclass(frozen=True)
class Graphs:
    """Named graphs in a store, and what the IRIs of things and graphs begin with."""

    store: Store
    base: str

    def graph_iri(self, stem: str) -> str:
        """The IRI of the named graph that a file's stem gives its name."""
        return f"{self.base}graph/{stem}"


@dataclass(frozen=True)
class Dataset:
    """An RDF dataset, canonically labelled, and its version.

    Attributes:
        n_quads: every statement, in its graph: canonical N-Quads, sorted.
        version: SHA-256 of the canonical N-Quads (RDFC-1.0) of all graphs but ``graph/dataset``,
            64 hexadecimal digits. See https://www.w3.org/TR/rdf-canon/.
        base: what the IRIs of things and graphs begin with.
        rewritten: the values that the files write in another form.
    """

    n_quads: bytes
    version: str
    base: str = PUBLICATION
    rewritten: tuple[Rewritten, ...] = ()

    def __iter__(self) -> Iterator[Quad]:
        """Every statement, in its graph, one after the other."""
        return iter(parse(self.n_quads, format=RdfFormat.N_QUADS))

    @cached_property
    def quads(self) -> QuadSet:
        """Every statement, in its graph, as it is written; all of them in memory."""
        return QuadSet(self)

    @cached_property
    def graph_names(self) -> list[str]:
        """The IRIs of the named graphs, sorted."""
        names = {quad.graph_name for quad in self}
        return sorted(name.value for name in names if isinstance(name, NamedNode))

    def graph_iri(self, stem: str) -> str:
        """The IRI of the named graph that a file's stem gives its name."""
        return f"{self.base}graph/{stem}"

    def graph(self, name: GraphName) -> list[Triple]:
        """The triples of one graph, sorted."""
        return sorted((quad.triple for quad in self.quads.quads_for_graph_name(name)), key=str)

    @cached_property
    def store(self) -> Store:
        """The named graphs in a store of their own, for queries by this software itself."""
        store = Store()
        store.extend(self)
        return store

    def snapshot(self, default_graph: str) -> bytes:
        """The dataset as it is queried, in N-Quads.

        Args:
            default_graph: ``plain`` leaves the default graph as it is; ``union`` makes it the RDF
                merge of all graphs, a set, as the engine's own union counts a triple that stands
                in two graphs twice.
        """
        if default_graph == "plain":
            return self.n_quads
        merged = {Quad(quad.subject, quad.predicate, quad.object) for quad in self}
        return b"".join(sorted({*self.n_quads.splitlines(keepends=True), *lines_of(merged)}))


def in_graph(triple: Triple, graph: GraphName) -> Quad:
    """A triple in a graph."""
    return Quad(triple.subject, triple.predicate, triple.object, graph)


def with_version(quads: Iterable[Quad]) -> Dataset:
    """The dataset that quads make up, each value in one form, labelled and hashed."""
    formed, rewritten = in_one_form(quads)
    lines = set(lines_of(formed))
    # Canonical labels depend on the statements with blank nodes alone: they are what is hashed,
    # https://www.w3.org/TR/rdf-canon/#canon-algorithm, step 2. Most statements have none. (A text
    # that only looks as if it had one does no harm.)
    labelled = {line for line in lines if b"_:" in line}
    if labelled:
        canonical = QuadSet(parse(b"".join(labelled), format=RdfFormat.N_QUADS))
        canonical.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        lines = (lines - labelled) | set(lines_of(canonical))
    n_quads = b"".join(sorted(lines))
    return Dataset(n_quads, hashlib.sha256(n_quads).hexdigest(), rewritten=rewritten)


def lines_of(quads: Iterable[Quad]) -> list[bytes]:
    """Each quad as a line of N-Quads."""
    n_quads = serialize(quads, format=RdfFormat.N_QUADS)
    assert n_quads is not None
    return n_quads.splitlines(keepends=True)
