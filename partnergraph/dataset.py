"""Files → named graphs → derived statements → one dataset with a version.

The dataset is the RDF dataset that is validated, served and exported. Its blank nodes carry the
labels of RDF Dataset Canonicalization, so that the same statements give the same bytes whatever
file, order or syntax they came from.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import (
    CanonicalizationAlgorithm,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    serialize,
)
from pyoxigraph import Dataset as QuadSet

from partnergraph.errors import UnreadableInput
from partnergraph.namespaces import GRAPH, PUBLICATION
from partnergraph.parsing import find_files, read_quads
from partnergraph.settings import Settings

DERIVED = NamedNode(f"{GRAPH}derived")
ONTOLOGY = NamedNode(f"{GRAPH}ontology")
SHAPES = NamedNode(f"{GRAPH}shapes")
DESCRIPTION = NamedNode(f"{GRAPH}dataset")

ONTOLOGY_FILES = {
    "partnerships.ttl": ONTOLOGY,
    "concepts.ttl": ONTOLOGY,
    "shapes.ttl": SHAPES,
}
"""What of the ontology folder is served, and in which named graph."""

_NO_XML = re.compile(rb"(?<!\\)(?:\\\\)*\\u(000[0-8BCEF]|001[0-9A-F]|FFF[EF])")
"""A character that is none of https://www.w3.org/TR/xml/#charsets, as N-Quads escape it."""

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
    """

    n_quads: bytes
    version: str
    base: str = PUBLICATION

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
        """The named graphs in a store of their own, for queries by this software itself.

        It keeps numbers by their value, not as they are written.
        """
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


def load_dataset(settings: Settings) -> Dataset:
    """Read the data (and, unless it is served unvalidated, the ontology), and derive the rest.

    Raises:
        UnreadableInput: a file cannot be read, is malformed, or two files claim one named graph.
    """
    plain = settings.default_graph == "plain"
    data = read_data(settings.data, triples_are_default_graph=plain)
    if settings.no_validation:
        return _with_version(data)
    dataset = complete(data, settings.ontology, alone=len(find_files(settings.data)) == 1)
    _require_xml_characters(dataset, settings.data[0])
    return dataset


def _require_xml_characters(dataset: Dataset, path: Path) -> None:
    """See that every text can be given away in every syntax.

    Raises:
        UnreadableInput: one holds a character that no XML document can have.
    """
    found = _NO_XML.search(dataset.n_quads)
    if found:
        begin = dataset.n_quads.rfind(b"\n", 0, found.start()) + 1
        subject = dataset.n_quads[begin : found.start()].partition(b" ")[0].decode()
        code = found[1].decode()
        reason = f"what is said of {subject} has the character U+{code}, which XML cannot carry"
        raise UnreadableInput(path, reason)


def complete(data: Iterable[Quad], ontology: Path, *, alone: bool) -> Dataset:
    """The data with the ontology, and with what follows from both.

    Args:
        data: quads in their graphs.
        ontology: the folder of the vocabulary, the shapes and the rules.
        alone: whether the data come from one place. Such data, an export say, are taken at their
            word about what is derived; of several files, none can know what follows from all.

    Raises:
        UnreadableInput: the ontology cannot be read.
    """
    vocabulary = set(read_ontology(ontology))
    # An export brings them along; the gate's shapes are those of the ontology folder, always.
    own = (ONTOLOGY, SHAPES, DESCRIPTION)
    quads = {quad for quad in data if quad.graph_name not in own}
    if not (alone and any(quad.graph_name == DERIVED for quad in quads)):
        quads = {quad for quad in quads if quad.graph_name != DERIVED}
        quads.update(derive(quads, ontology / "rules"))
    return _with_version(quads | vocabulary)


def read_data(paths: tuple[Path, ...], *, triples_are_default_graph: bool) -> Iterator[Quad]:
    """The quads of all data files; a file of triples becomes the named graph ``graph/<stem>``."""
    owners: dict[GraphName, Path] = {}
    for path in find_files(paths):
        try:
            own_graph = NamedNode(f"{GRAPH}{path.stem}")
        except ValueError:
            reason = "the graph is named after the file, whose name can stand in no IRI; rename it"
            raise UnreadableInput(path, reason) from None
        for quad in read_quads(path):
            if isinstance(quad.graph_name, NamedNode) or triples_are_default_graph:
                yield quad
                continue
            if owners.setdefault(own_graph, path) != path:
                raise UnreadableInput(
                    path, f"the graph {own_graph.value} comes from {owners[own_graph]} already"
                )
            if own_graph in (DERIVED, ONTOLOGY, SHAPES, DESCRIPTION):
                raise UnreadableInput(
                    path, f"the name {path.stem!r} is reserved; give the file another one"
                )
            yield in_graph(quad.triple, own_graph)


def read_ontology(folder: Path) -> Iterator[Quad]:
    """The quads of the vocabulary, the concepts and the shapes.

    Raises:
        UnreadableInput: one of them is missing or malformed.
    """
    for name, graph in ONTOLOGY_FILES.items():
        path = folder / name
        if not path.is_file():
            raise UnreadableInput(path, "the ontology folder lacks this file")
        for quad in read_quads(path):
            yield in_graph(quad.triple, graph)


def derive(quads: Iterable[Quad], folder: Path) -> set[Quad]:
    """What the CONSTRUCT queries of a folder, run in file order, add to ``quads``.

    A rule sees what the rules before it have built. All of it stands in ``graph/derived``.

    Raises:
        UnreadableInput: a rule is not a CONSTRUCT query of SPARQL 1.1.
    """
    store = Store()
    store.extend(quads)
    derived: set[Quad] = set()
    rules = sorted(folder.glob("*.rq"))
    if not rules:
        raise UnreadableInput(folder, "the ontology folder lacks its rules (*.rq)")
    for path in rules:
        try:
            triples = store.query(path.read_text("utf-8"), use_default_graph_as_union=True)
        except SyntaxError as error:
            raise UnreadableInput(path, f"not SPARQL 1.1: {error.msg}") from None
        except (OSError, UnicodeDecodeError) as error:
            raise UnreadableInput(path, f"it cannot be read: {error}") from None
        if not isinstance(triples, QueryTriples):
            raise UnreadableInput(path, "a rule is a CONSTRUCT query")
        new = {in_graph(triple, DERIVED) for triple in triples}
        store.extend(new)
        derived |= new
    return derived


def in_graph(triple: Triple, graph: GraphName) -> Quad:
    """A triple in a graph."""
    return Quad(triple.subject, triple.predicate, triple.object, graph)


def _with_version(quads: Iterable[Quad]) -> Dataset:
    lines = set(lines_of(quads))
    # Canonical labels depend on the statements with blank nodes alone: they are what is hashed,
    # https://www.w3.org/TR/rdf-canon/#canon-algorithm, step 2. Most statements have none. (A text
    # that only looks as if it had one does no harm.)
    labelled = {line for line in lines if b"_:" in line}
    if labelled:
        canonical = QuadSet(parse(b"".join(labelled), format=RdfFormat.N_QUADS))
        canonical.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        lines = (lines - labelled) | set(lines_of(canonical))
    n_quads = b"".join(sorted(lines))
    return Dataset(n_quads, hashlib.sha256(n_quads).hexdigest())


def lines_of(quads: Iterable[Quad]) -> list[bytes]:
    """Each quad as a line of N-Quads."""
    n_quads = serialize(quads, format=RdfFormat.N_QUADS)
    assert n_quads is not None
    return n_quads.splitlines(keepends=True)
