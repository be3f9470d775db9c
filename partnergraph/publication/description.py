"""The dataset described in its own graph, for catalogues, harvesters and editors.

Nothing is typed in that can be counted, and there are no blank nodes: every part has an IRI that
leads to its description.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Triple

from partnergraph.dataset.canonical import Dataset
from partnergraph.publication.dcat import Catalogue
from partnergraph.publication.downloads import Downloads
from partnergraph.publication.service_description import describe_service
from partnergraph.publication.void import Statistics
from partnergraph.settings import Settings


def describe_dataset(
    dataset: Dataset, downloads: Downloads, settings: Settings
) -> Iterator[Triple]:
    """The triples of ``graph/dataset``.

    Args:
        dataset: what is described, without the description.
        downloads: the files it can be had in.
        settings: who publishes it, and what the endpoint answers from.
    """
    yield from Catalogue(dataset, downloads, settings.publisher).triples()
    yield from describe_service(dataset, union=settings.default_graph == "union")
    yield from Statistics(dataset).triples()
