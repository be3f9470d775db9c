"""Vocabulary, concepts, shapes and context: declared, said in both languages, and in step."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from pyld import jsonld
from rdflib import DCTERMS, OWL, RDF, RDFS, SH, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node

from partnergraph.namespaces import PREFIXES, TP, TPC
from partnergraph.settings import ROOT
from tests.graphs import repository_files

SCHEMA = Namespace(PREFIXES["schema"])
ONTOLOGY = ROOT / "ontology"
VOCABULARY = Graph().parse(ONTOLOGY / "partnerships.ttl")
CONCEPTS = Graph().parse(ONTOLOGY / "concepts.ttl")
SHAPES = Graph().parse(ONTOLOGY / "shapes.ttl")
CONTEXT = json.loads((ONTOLOGY / "context.jsonld").read_text("utf-8"))


def local(term: Node) -> str:
    return re.sub(r".*[#/]", "", str(term))


TERMS = sorted({t for t in VOCABULARY.subjects(RDF.type) if str(t).startswith(TP)}, key=str)
CONCEPT_SCHEMES = sorted(CONCEPTS.subjects(RDF.type, SKOS.ConceptScheme), key=str)
IN_SCHEMES = sorted(
    {
        *CONCEPTS.subjects(RDF.type, SKOS.Concept),
        *VOCABULARY.subjects(SKOS.inScheme),
        *CONCEPTS.subjects(SKOS.inScheme),
    },
    key=str,
)
CLOSED = sorted(set(SHAPES.subjects(SH.closed)) & set(SHAPES.subjects(SH.targetClass)), key=str)
MODEL = VOCABULARY + CONCEPTS


def languages(graph: Graph, subject: Node, predicate: URIRef) -> list[str]:
    """The language of each value."""
    values = graph.objects(subject, predicate)
    return sorted(str(value.language) for value in values if isinstance(value, Literal))


def test_there_are_terms_concepts_and_closed_shapes() -> None:
    assert len(TERMS) > 60
    assert len(IN_SCHEMES) > 50
    assert len(CONCEPT_SCHEMES) >= 8
    assert len(CLOSED) >= 14


@pytest.mark.parametrize("term", TERMS, ids=local)
def test_term_has_one_label_and_one_definition_a_language(term: URIRef) -> None:
    assert languages(VOCABULARY, term, RDFS.label) == ["en", "lv"]
    assert languages(VOCABULARY, term, SKOS.definition) == ["en", "lv"]


@pytest.mark.parametrize("concept", [*CONCEPT_SCHEMES, *IN_SCHEMES], ids=local)
def test_concept_has_one_label_and_one_definition_a_language(concept: URIRef) -> None:
    assert languages(MODEL, concept, SKOS.prefLabel) == ["en", "lv"]
    assert languages(MODEL, concept, SKOS.definition) == ["en", "lv"]


@pytest.mark.parametrize("concept", IN_SCHEMES, ids=local)
def test_concept_is_in_one_scheme_that_is_declared(concept: URIRef) -> None:
    (scheme,) = MODEL.objects(concept, SKOS.inScheme)
    assert scheme in CONCEPT_SCHEMES


@pytest.mark.parametrize("concept", IN_SCHEMES, ids=local)
def test_broader_leads_up_to_a_top_of_the_same_scheme(concept: URIRef) -> None:
    """And never back: there is no cycle."""
    broader = list(MODEL.transitive_objects(concept, SKOS.broader))
    (scheme,) = MODEL.objects(concept, SKOS.inScheme)
    assert {s for one in broader for s in MODEL.objects(one, SKOS.inScheme)} == {scheme}
    above = {up for one in broader for up in MODEL.objects(one, SKOS.broader)}
    assert concept not in above
    tops = set(MODEL.objects(scheme, SKOS.hasTopConcept))
    assert (concept in tops) == (not above)


def test_labels_of_a_scheme_are_unique_in_each_language() -> None:
    """Two concepts of one name in one scheme would be taken for each other."""
    labels = Counter(
        (MODEL.value(concept, SKOS.inScheme), label)
        for concept in IN_SCHEMES
        for label in MODEL.objects(concept, SKOS.prefLabel)
    )
    assert [label for label, times in labels.items() if times > 1] == []


@pytest.mark.parametrize("shape", CLOSED, ids=local)
def test_closed_shape_lists_the_properties_of_its_class(shape: URIRef) -> None:
    """Exactly the properties whose domain, as the vocabulary gives it, names the class."""
    target = SHAPES.value(shape, SH.targetClass)
    ignored = SHAPES.value(shape, SH.ignoredProperties)
    assert ignored is not None
    listed = [str(item) for item in SHAPES.items(ignored) if str(item).startswith(TP)]
    of_class = {
        str(term)
        for domain in (SCHEMA.domainIncludes, RDFS.domain)
        for term in VOCABULARY.subjects(domain, target)
    }
    assert sorted(listed) == sorted(of_class)


USES = repository_files(
    "data/*.ttl",
    "ontology/*.ttl",
    "ontology/rules/*.rq",
    "ontology/examples/valid/*.t*",
    "ontology/examples/valid/publishers/*.ttl",
    "queries/*.rq",
)


@pytest.mark.parametrize("path", USES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_term_of_the_model_that_is_written_anywhere_is_declared(path: Path) -> None:
    """Read as text, so that queries inside shapes and names in definitions count, too."""
    known = {str(term) for term in MODEL.subjects(RDF.type)}
    text = path.read_text("utf-8")
    names = set(re.findall(r"(?<![\w:/<])(tpc?):([A-Za-z][\w-]*)", text))
    written = {(TP if prefix == "tp" else TPC) + name for prefix, name in names}
    written |= set(re.findall(rf"<((?:{re.escape(TP)}|{re.escape(TPC)})[^>]+)>", text))
    assert written - known == set()


def test_context_gives_each_term_its_own_name() -> None:
    """What JSON-LD calls a term is what the vocabulary calls it."""
    defined = {
        name: definition["@id"] if isinstance(definition, dict) else definition
        for name, definition in CONTEXT["@context"].items()
        if not name.startswith("@")
    }
    individuals = set(VOCABULARY.subjects(SKOS.inScheme))
    for term in TERMS:
        if term not in individuals:
            assert defined.get(local(term)) == f"tp:{local(term)}"
    assert {n for n in defined.values() if n.startswith("tp:")} <= {f"tp:{local(t)}" for t in TERMS}


@pytest.mark.parametrize(
    "path", repository_files("data/*.ttl", "ontology/[pc]*.ttl"), ids=lambda path: path.name
)
def test_context_loses_nothing(path: Path) -> None:
    """Compacted with the context and expanded again, a graph is what it was."""
    graph = Graph().parse(path)
    # PyLD reads N-Quads with \n alone as line end; rdflib escapes what is inside literals.
    expanded = jsonld.from_rdf(graph.serialize(format="nt"), {"useNativeTypes": False})
    compacted = jsonld.compact(expanded, CONTEXT)
    assert "@graph" in compacted
    again = jsonld.to_rdf(
        {**compacted, "@context": CONTEXT["@context"]}, {"format": "application/n-quads"}
    )
    assert isomorphic(Graph().parse(data=again, format="nt"), graph)


def test_documents_of_the_ontology_say_who_and_under_which_licence() -> None:
    assert list(VOCABULARY.subjects(RDF.type, OWL.Ontology))
    for scheme in [*CONCEPT_SCHEMES, *VOCABULARY.subjects(RDF.type, OWL.Ontology)]:
        assert (VOCABULARY + CONCEPTS).value(scheme, DCTERMS.license) is not None
