"""The dataset as files: whole, graph by graph and as tables, always the same bytes."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple

from partnergraph.dataset.canonical import Dataset
from partnergraph.errors import NotAcceptable
from partnergraph.formats import GRAPH_FORMATS
from partnergraph.publication.tables import table_files
from partnergraph.publication.trees import tree_files
from partnergraph.syntaxes.graph_documents import write_graph
from partnergraph.temporary import in_temporary_folder
from partnergraph.things.json_ld import compact_dataset, compact_graph, to_bytes
from partnergraph.things.json_ld_context import Context

DESCRIPTION = "dataset"
"""The stem of the graph that describes the files, and so cannot be in them."""

_STEM = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class File:
    """A file that is given away: its path below ``/data/``, its media type and its content."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Download:
    """What is known of a file: its path, media type, bytes and digest, and where it is kept."""

    name: str
    media_type: str
    size: int
    sha256: str
    offset: int


class Downloads:
    """Files that are kept on disk, without a name, so that they end with this process."""

    def __init__(self) -> None:
        with in_temporary_folder(), tempfile.TemporaryFile() as file:
            self._kept = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._kept)
        self._end = 0
        self._by_name: dict[str, Download] = {}

    def add(self, file: File) -> None:
        """Keep a file."""
        digest = hashlib.sha256(file.content).hexdigest()
        size = len(file.content)
        entry = Download(file.name, file.media_type, size, digest, self._end)
        with in_temporary_folder():
            _write(self._kept, file.content)
        self._end += size
        self._by_name[file.name] = entry

    def __iter__(self) -> Iterator[Download]:
        """Every file, in the order they came."""
        return iter(self._by_name.values())

    def get(self, name: str) -> Download | None:
        """The file of a name."""
        return self._by_name.get(name)

    def content(self, download: Download) -> bytes:
        """What is in a file."""
        # Not read(): pages are made in several threads, and a file has one position.
        parts: list[bytes] = []
        offset, end = download.offset, download.offset + download.size
        while offset < end:
            parts.append(os.pread(self._kept, end - offset, offset))
            offset += len(parts[-1])
        return b"".join(parts)


def _write(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def whole_files(dataset: Dataset, context: Context) -> Iterator[File]:
    """The whole dataset and each of its graphs in every syntax, and its facts as tables."""
    quads = sorted(dataset.quads, key=lambda quad: (str(quad.graph_name), str(quad)))
    # Where a syntax has no graph names, the merge of all graphs.
    merge = sorted({quad.triple for quad in quads}, key=str)
    for one in GRAPH_FORMATS:
        assert isinstance(one.syntax, RdfFormat)
        content: bytes | None
        if one.syntax == RdfFormat.N_QUADS:
            content = dataset.n_quads
        elif one.syntax == RdfFormat.JSON_LD:
            # Flat: many a client reads the default graph alone, and finds nothing in any other.
            content = to_bytes(compact_graph(merge, context))
            graphs = to_bytes(compact_dataset(quads, context))
            yield File(f"dataset.graphs.{one.name}", one.media_type, graphs)
        else:
            content = _written(quads if one.syntax.supports_datasets else merge, one.syntax)
        if content is not None:
            yield File(f"dataset.{one.name}", one.media_type, content)
    yield from (File(*file) for file in tree_files(dataset, context))
    yield from (File(*file) for file in table_files(dataset))
    for stem in _stems(dataset):
        yield from _graph_files(dataset, stem, context)


def description_files(dataset: Dataset, context: Context) -> Iterator[File]:
    """The graph that describes the dataset, in every syntax."""
    return _graph_files(dataset, DESCRIPTION, context)


def is_file_name(stem: str) -> bool:
    """Whether a graph whose IRI ends so can be had as a file."""
    return _STEM.fullmatch(stem) is not None


def _stems(dataset: Dataset) -> list[str]:
    # A graph of another name, which a file of quads may bring, is part of the whole only: a name
    # that is not ours is no file name.
    stems = (iri.removeprefix(dataset.graph_iri("")) for iri in dataset.graph_names)
    return [stem for stem in stems if is_file_name(stem) and stem != DESCRIPTION]


def _graph_files(dataset: Dataset, stem: str, context: Context) -> Iterator[File]:
    triples = dataset.graph(NamedNode(dataset.graph_iri(stem)))
    for one in GRAPH_FORMATS:
        assert isinstance(one.syntax, RdfFormat)
        content = (
            to_bytes(compact_graph(triples, context))
            if one.syntax == RdfFormat.JSON_LD
            else _written(triples, one.syntax)
        )
        if content is not None:
            yield File(f"graph/{stem}.{one.name}", one.media_type, content)


def _written(statements: list[Triple] | list[Quad], syntax: RdfFormat) -> bytes | None:
    """Statements in a syntax; unvalidated data may have what RDF/XML cannot say."""
    try:
        return write_graph(statements, syntax)
    except NotAcceptable:
        return None
