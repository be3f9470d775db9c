"""What the pages of the vocabulary and of the shapes show."""

from __future__ import annotations

from functools import partial

from pyoxigraph import NamedNode

from partnergraph.gate.reports import Language, counted
from partnergraph.namespaces import TP, TPS, expand
from partnergraph.site.published import Published
from partnergraph.site.vocabulary import ROW, Vocabulary, totals


def vocabulary_of(published: Published, language: str) -> Vocabulary:
    """The vocabulary, for a reader of a language."""
    return Vocabulary(published.dataset.store, published.reader(language))


def vocabulary_model(published: Published, language: str) -> dict[str, object]:
    """What the template of the vocabulary shows."""
    vocabulary = vocabulary_of(published, language)
    reader = published.reader(language)
    ontology = NamedNode(TP.rstrip("#"))
    return {
        "iri": ontology.value,
        "title": published.labels.of(ontology, language),
        "about": vocabulary.text(ontology, expand("dcterms:description")),
        "classes": vocabulary.classes(),
        "properties": vocabulary.properties(),
        "others": vocabulary.individuals(),
        "diagrams": vocabulary.diagrams(),
        "schemes": [reader.reference(one) for one in vocabulary.schemes()],
        "row": ROW,
    }


def shapes_model(published: Published, language: str) -> dict[str, object]:
    """What the template of the shapes shows."""
    vocabulary = vocabulary_of(published, language)
    groups = vocabulary.checks(published.report)
    page_language: Language = "lv" if language == "lv" else "en"
    return {
        "iri": TPS.rstrip("#"),
        "groups": groups,
        "totals": totals(groups),
        "reported": published.report is not None,
        "completeness": vocabulary.completeness(),
        "counted": partial(counted, language=page_language),
    }
