"""The dataset as a publisher gives it away: under an address of its own, as files, and described.

The files of the repository name things under ``https://partnergraph.example/``, an address that
nobody can register. Publishing puts the publisher's address in its place, so that whoever follows
an IRI comes to this server. What is shared by all publishers (vocabulary, concepts, shapes) keeps
its name. See docs/decisions/0010.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from partnergraph.dataset.canonical import Dataset, in_graph, lines_of
from partnergraph.dataset.changes import Changes, compare
from partnergraph.dataset.loading import read_data
from partnergraph.dataset.republishing import republish
from partnergraph.namespaces import PUBLICATION, expand
from partnergraph.publication.description import describe_dataset
from partnergraph.publication.downloads import Downloads, description_files, whole_files
from partnergraph.questions.examples import describe_queries
from partnergraph.questions.files import StoredQueries
from partnergraph.settings import Settings
from partnergraph.things.json_ld_context import Context

ADDRESSES = frozenset(
    expand(name)
    for name in (
        *("dcat:endpointURL", "sd:endpoint", "void:sparqlEndpoint", "schema:target"),
        *("dcat:accessURL", "dcat:downloadURL", "void:dataDump"),
    )
)
"""What says where something answers or can be fetched: not known without a base of one's own.

What things are named by says nothing of that, and nobody answers at ``partnergraph.example``.
"""


@dataclass(frozen=True)
class Publication:
    """What is served: the dataset with its description, its files, and its stored queries.

    Attributes:
        changes: what is new; ``None`` where there is no version before to compare it with.
    """

    dataset: Dataset
    downloads: Downloads
    context: Context
    queries: StoredQueries
    changes: Changes | None = None


def publish(dataset: Dataset, settings: Settings) -> Publication:
    """The dataset under the publisher's base, with its files and its own description.

    The description stands in ``graph/dataset`` alone; it gives the digests of the files, so they
    hold everything but that graph, as the version does.

    Raises:
        UnreadableInput: the JSON-LD context, a stored query or the version before cannot be read.
    """
    context = Context.read(settings.ontology / "context.jsonld")
    base = settings.base_iri or PUBLICATION
    queries = StoredQueries(settings.queries, base)
    dataset = republish(dataset, base)
    changes = None
    if settings.previous:
        before = read_data((settings.previous,), triples_are_default_graph=False)
        changes = compare(dataset, before)
    downloads = Downloads()
    if settings.no_validation:
        return Publication(dataset, downloads, context, queries, changes)
    for file in whole_files(dataset, context):
        downloads.add(file)
    description = [
        *describe_dataset(dataset, downloads, settings),
        *describe_queries(queries, dataset.base),
    ]
    if not settings.base_iri:
        description = [one for one in description if one.predicate.value not in ADDRESSES]
    described = with_graph(dataset, "dataset", description)
    for file in description_files(described, context):
        downloads.add(file)
    return Publication(described, downloads, context, queries, changes)


def with_graph(dataset: Dataset, stem: str, triples: Iterable[Triple]) -> Dataset:
    """The dataset with one more named graph."""
    name = NamedNode(dataset.graph_iri(stem))
    added = lines_of(in_graph(triple, name) for triple in triples)
    lines = {*dataset.n_quads.splitlines(keepends=True), *added}
    return Dataset(b"".join(sorted(lines)), dataset.version, dataset.base)
