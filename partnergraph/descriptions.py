"""The dataset described in its own graph: what it is, under which licence, in which version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pyoxigraph import Dataset as QuadSet
from pyoxigraph import Literal, NamedNode, Triple

from partnergraph.namespaces import DCAT, DCTERMS, GRAPH, ID, PUBLICATION, RDF, TP, VOID, XSD

DATASET = NamedNode(f"{ID}dataset")
DATA_LICENCE = NamedNode("https://creativecommons.org/publicdomain/zero/1.0/")

TITLE = {"lv": "Starptautiskās sadarbības grafs", "en": "Graph of international partnerships"}
ABOUT = {
    "lv": "Pašvaldību starptautiskā sadarbība: teritorijas, vienošanās, tīkli un sadarbības jomas; "
    "katram apgalvojumam norādīts avota fragments.",
    "en": "International partnerships of municipalities: territories, agreements, networks and "
    "fields of cooperation, each claim with its passage in the source.",
}


def describe_dataset(quads: QuadSet, version: str) -> Iterator[Triple]:
    """The DCAT and VoID description of a dataset; its counts are computed from ``quads``."""
    a = NamedNode(f"{RDF}type")
    yield Triple(DATASET, a, NamedNode(f"{DCAT}Dataset"))
    yield Triple(DATASET, a, NamedNode(f"{VOID}Dataset"))
    for language, text in TITLE.items():
        yield Triple(DATASET, NamedNode(f"{DCTERMS}title"), Literal(text, language=language))
    for language, text in ABOUT.items():
        yield Triple(DATASET, NamedNode(f"{DCTERMS}description"), Literal(text, language=language))
    yield Triple(DATASET, NamedNode(f"{DCTERMS}license"), DATA_LICENCE)
    yield Triple(DATASET, NamedNode(f"{DCAT}version"), Literal(version))
    yield Triple(DATASET, NamedNode(f"{VOID}uriSpace"), Literal(PUBLICATION))
    yield Triple(DATASET, NamedNode(f"{VOID}triples"), _integer(len({q.triple for q in quads})))
    for document in quads.quads_for_object(NamedNode(f"{TP}SourceDocument")):
        yield Triple(DATASET, NamedNode(f"{DCTERMS}source"), document.subject)
    sizes = Counter(quad.graph_name for quad in quads)
    for graph, size in sizes.items():
        if isinstance(graph, NamedNode) and graph.value.startswith(GRAPH):
            yield Triple(DATASET, NamedNode(f"{VOID}subset"), graph)
            yield Triple(graph, a, NamedNode(f"{VOID}Dataset"))
            yield Triple(graph, NamedNode(f"{VOID}triples"), _integer(size))


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(f"{XSD}integer"))
