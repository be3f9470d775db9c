"""What the endpoint can do: the SPARQL 1.1 service description.

https://www.w3.org/TR/sparql11-service-description/
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Triple

from partnergraph.dataset.canonical import Dataset
from partnergraph.dataset.facts import FORMAT_NAMES, W3C_FORMATS, about, texts
from partnergraph.formats import GRAPH_FORMATS, RESULTS_FORMATS
from partnergraph.namespaces import expand
from partnergraph.publication.dcat import DATA_LICENCE

_TITLE = {"lv": "SPARQL galapunkts", "en": "SPARQL endpoint"}


def describe_service(dataset: Dataset, *, union: bool) -> Iterator[Triple]:
    """The description of the endpoint.

    Args:
        dataset: what it answers from, without the description.
        union: whether a query without FROM sees all graphs at once.
    """
    endpoint = f"{dataset.base}sparql"
    formats = [*RESULTS_FORMATS, *GRAPH_FORMATS]
    default = f"{endpoint}#default-graph"
    available = f"{endpoint}#dataset"
    graphs = sorted({*dataset.graph_names, dataset.graph_iri("dataset")})
    yield from about(
        endpoint,
        ("rdf:type", "dcat:DataService"),
        ("rdf:type", "sd:Service"),
        *texts("dcterms:title", _TITLE),
        ("dcterms:license", DATA_LICENCE),
        ("dcterms:publisher", f"{dataset.base}id/publisher"),
        ("dcat:endpointURL", endpoint),
        ("dcat:endpointDescription", f"{dataset.base}.well-known/void"),
        ("dcat:servesDataset", f"{dataset.base}id/dataset"),
        ("dcterms:conformsTo", "http://www.w3.org/TR/sparql11-protocol/"),
        ("sd:endpoint", endpoint),
        ("sd:supportedLanguage", expand("sd:SPARQL11Query")),
        *(("sd:resultFormat", f"{W3C_FORMATS}{FORMAT_NAMES[one.name]}") for one in formats),
        *([("sd:feature", expand("sd:UnionDefaultGraph"))] if union else []),
        ("sd:defaultDataset", available),
    )
    yield from about("http://www.w3.org/TR/sparql11-protocol/", ("rdf:type", "dcterms:Standard"))
    yield from about(
        available,
        ("rdf:type", "sd:Dataset"),
        ("sd:defaultGraph", default),
        *(("sd:namedGraph", _named(name)) for name in graphs),
    )
    yield from about(default, ("rdf:type", "sd:Graph"))
    for name in graphs:
        yield from about(
            _named(name), ("rdf:type", "sd:NamedGraph"), ("sd:name", name), ("sd:graph", name)
        )
        yield from about(name, ("rdf:type", "sd:Graph"))


def _named(graph: str) -> str:
    return f"{graph}#named-graph"
