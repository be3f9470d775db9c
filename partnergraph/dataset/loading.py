"""Files → named graphs → derived statements → the dataset that is validated, served, exported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from pyoxigraph import (
    NamedNode,
    Quad,
    QueryTriples,
    Store,
)

from partnergraph.dataset.canonical import (
    DERIVED,
    DESCRIPTION,
    ONTOLOGY,
    SHAPES,
    Dataset,
    GraphName,
    in_graph,
    with_version,
)
from partnergraph.dataset.one_form import Rewritten, rewritten_tags
from partnergraph.dataset.parsing import find_files, read_quads
from partnergraph.errors import NotAcceptable, UnreadableInput, UsageError
from partnergraph.namespaces import GRAPH, PUBLICATION
from partnergraph.settings import Settings
from partnergraph.syntaxes.graph_documents import require_xml_name

_THINGS = f"{PUBLICATION}id/"
_OURS = frozenset({"graph", "concept", "def", "shapes"})
"""First parts of a thing's name whose documents would be those of graphs, concepts and terms."""

ONTOLOGY_FILES = {
    "partnerships.ttl": ONTOLOGY,
    "concepts.ttl": ONTOLOGY,
    "shapes.ttl": SHAPES,
}
"""What of the ontology folder is served, and in which named graph."""

_NO_XML = re.compile(rb"(?<!\\)(?:\\\\)*\\u(000[0-8BCEF]|001[0-9A-F]|FFF[EF])")
"""A character that is none of https://www.w3.org/TR/xml/#charsets, as N-Quads escape it."""


def load_dataset(settings: Settings) -> Dataset:
    """Read the data (and, unless it is served unvalidated, the ontology), and derive the rest.

    Raises:
        UsageError: there is nothing to read.
        UnreadableInput: a file cannot be read, is malformed, or two files claim one named graph.
    """
    plain = settings.default_graph == "plain"
    data = read_data(settings.data, triples_are_default_graph=plain)
    if settings.no_validation:
        return with_version(data)
    dataset = complete(data, settings.ontology, alone=len(find_files(settings.data)) == 1)
    _require_xml(dataset, settings.data[0])
    _require_addresses(dataset, settings.data[0])
    return replace(dataset, rewritten=dataset.rewritten + tuple(_rewritten_tags(settings.data)))


def _rewritten_tags(paths: tuple[Path, ...]) -> Iterator[Rewritten]:
    for path in find_files(paths):
        yield from rewritten_tags(path.read_bytes(), path.suffix, f"{GRAPH}{path.stem}")


def _require_addresses(dataset: Dataset, path: Path) -> None:
    """See that each thing has an address of its own.

    Raises:
        UnreadableInput: two IRIs come to one, as https://www.rfc-editor.org/rfc/rfc3987#section-3.1
            maps them and as servers decode addresses; or one comes to a place that is ours.
    """
    known: dict[str, str] = {}
    things = {quad.subject.value for quad in dataset if isinstance(quad.subject, NamedNode)}
    for iri in sorted(one for one in things if one.startswith(_THINGS)):
        if iri.removeprefix(_THINGS).partition("/")[0] in _OURS:
            reason = f"<{iri}> would be described where something else is; name it otherwise"
            raise UnreadableInput(path, reason)
        other = known.setdefault(unquote(iri), iri)
        if other != iri:
            reason = f"<{other}> and <{iri}> have one address; write it in one way"
            raise UnreadableInput(path, reason)


def _require_xml(dataset: Dataset, path: Path) -> None:
    """See that everything can be given away in every syntax.

    Raises:
        UnreadableInput: a text holds a character that no XML document can have, or XML has no name
            for a predicate.
    """
    for predicate in sorted({quad.predicate.value for quad in dataset}):
        try:
            require_xml_name(predicate)
        except NotAcceptable as error:
            reason = f"not every syntax can give it away: {error}"
            raise UnreadableInput(path, reason) from None
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
    return with_version(quads | vocabulary)


def read_data(paths: tuple[Path, ...], *, triples_are_default_graph: bool) -> Iterator[Quad]:
    """The quads of all data files; a file of triples becomes the named graph ``graph/<stem>``.

    Raises:
        UsageError: there is nothing to read.
        UnreadableInput: a file cannot be read, is malformed, or two files claim one named graph.
    """
    if not paths:
        raise UsageError("there are no data: name a file or a folder with --data PATH")
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
