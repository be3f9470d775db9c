"""The dataset as a publisher gives it away: under an address of its own, as files, and described.

The files of the repository name things under ``https://partnergraph.example/``, an address that
nobody can register. Publishing puts the publisher's address in its place, so that whoever follows
an IRI comes to this server. What is shared by all publishers (vocabulary, concepts, shapes) keeps
its name. See docs/decisions/0010.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from partnergraph.dataset import Dataset, in_graph, lines_of
from partnergraph.descriptions import describe_dataset
from partnergraph.downloads import Downloads, description_files, whole_files
from partnergraph.json_ld_context import Context
from partnergraph.namespaces import PUBLICATION, SHARED
from partnergraph.settings import Settings
from partnergraph.tokens import tokens

_KEPT = "|".join(SHARED)
_OURS = re.escape(PUBLICATION) + rf"(?!(?:{_KEPT})(?:[#/>]|$))"

_STRING_OR_OURS = re.compile(rf'"(?:[^"\\]|\\.)*"|<{_OURS}'.encode())
"""What begins with our address in N-Quads; or a string, which is left alone, whatever it says."""

_IRI_OF_OURS = re.compile(f"<{_OURS}")


@dataclass(frozen=True)
class Publication:
    """What is served: the dataset with its description, and the files it can be had in."""

    dataset: Dataset
    downloads: Downloads
    context: Context


def publish(dataset: Dataset, settings: Settings) -> Publication:
    """The dataset under the publisher's base, with its files and its own description.

    The description stands in ``graph/dataset`` alone; it gives the digests of the files, so they
    hold everything but that graph, as the version does.

    Raises:
        UnreadableInput: the JSON-LD context of the ontology folder cannot be read.
    """
    context = Context.read(settings.ontology / "context.jsonld")
    dataset = republish(dataset, settings.base_iri or PUBLICATION)
    downloads = Downloads()
    if settings.no_validation:
        return Publication(dataset, downloads, context)
    for file in whole_files(dataset, context):
        downloads.add(file)
    described = with_graph(dataset, "dataset", describe_dataset(dataset, downloads, settings))
    for file in description_files(described, context):
        downloads.add(file)
    return Publication(described, downloads, context)


def republish(dataset: Dataset, base: str) -> Dataset:
    """The same dataset with its things and graphs under another base; the version stays."""
    if base == dataset.base:
        return dataset
    target = f"<{base}".encode()
    n_quads = _STRING_OR_OURS.sub(
        lambda found: target if found[0].startswith(b"<") else found[0], dataset.n_quads
    )
    return Dataset(b"".join(sorted(n_quads.splitlines(keepends=True))), dataset.version, base)


def republish_query(text: str, base: str) -> str:
    """A stored query that asks of things under another base; strings and comments stay."""
    if base == PUBLICATION:
        return text
    parts: list[str] = []
    end = 0
    for token in tokens(text):
        if token.kind == "iri" and _IRI_OF_OURS.match(token.text):
            parts += (text[end : token.start], f"<{base}", token.text[len(PUBLICATION) + 1 :])
            end = token.start + len(token.text)
    return "".join((*parts, text[end:]))


def with_graph(dataset: Dataset, stem: str, triples: Iterable[Triple]) -> Dataset:
    """The dataset with one more named graph."""
    name = NamedNode(dataset.graph_iri(stem))
    added = lines_of(in_graph(triple, name) for triple in triples)
    lines = {*dataset.n_quads.splitlines(keepends=True), *added}
    return Dataset(b"".join(sorted(lines)), dataset.version, dataset.base)


def last_change(settings: Settings) -> float:
    """When what is served has last changed: the newest of the files it is made of, in seconds.

    The files of this software are among them, as it is they that write what is served.
    """
    folders = [*settings.data, settings.ontology, settings.queries, Path(__file__).parent]
    files = (file for path in folders for file in (path.rglob("*") if path.is_dir() else (path,)))
    return max(file.stat().st_mtime for file in files if file.is_file())
