"""The dataset as files: the whole and each named graph, in every syntax, always the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize

from partnergraph.dataset import Dataset
from partnergraph.errors import UnreadableInput, UsageError
from partnergraph.formats import GRAPH_FORMATS
from partnergraph.namespaces import GRAPH, PREFIXES

_OWN_GRAPH = re.compile(re.escape(GRAPH) + r"([A-Za-z0-9_][A-Za-z0-9._-]*)")


def write_exports(
    dataset: Dataset, folder: Path, graphs: Sequence[str] = (), formats: Sequence[str] = ()
) -> Iterator[Path]:
    """Write ``dataset.*`` and ``graph/<stem>.*``; yields each file once it is written.

    Args:
        dataset: what to write.
        folder: where; made where it is missing.
        graphs: only these named graphs, by stem, and not the whole.
        formats: only these syntaxes, by file extension.

    Raises:
        UsageError: there is no such named graph.
        UnreadableInput: the folder cannot be written to.
    """
    # A graph of another name, which a file of quads may bring, is part of the whole only: a name
    # that is not ours is no file name.
    stems = [found[1] for iri in dataset.graph_names if (found := _OWN_GRAPH.fullmatch(iri))]
    for stem in graphs:
        if stem not in stems:
            raise UsageError(f"there is no graph {stem!r}; there are {', '.join(stems)}")
    syntaxes = {one.name: one.syntax for one in GRAPH_FORMATS if not formats or one.name in formats}
    for name, syntax in syntaxes.items():
        assert isinstance(syntax, RdfFormat)
        if not graphs:
            yield _write(folder / f"dataset.{name}", _whole(dataset, syntax), syntax)
        for stem in graphs or stems:
            triples = dataset.graph(NamedNode(f"{GRAPH}{stem}"))
            yield _write(folder / "graph" / f"{stem}.{name}", triples, syntax)


def _whole(dataset: Dataset, syntax: RdfFormat) -> list[Triple] | list[Quad]:
    """All graphs, or their merge where the syntax has no graph names."""
    if syntax.supports_datasets:
        return sorted(dataset.quads, key=lambda quad: (str(quad.graph_name), str(quad)))
    return sorted({quad.triple for quad in dataset.quads}, key=str)


def _write(path: Path, statements: list[Triple] | list[Quad], syntax: RdfFormat) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            serialize(statements, file, syntax, prefixes=PREFIXES)
    except OSError as error:
        raise UnreadableInput(path, error.strerror or "it cannot be written") from None
    return path
