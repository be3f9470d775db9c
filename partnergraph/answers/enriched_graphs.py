"""Graphs with more than the query asks for: names, and statements about their statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, QueryTriples, Triple

from partnergraph.answers.found import Found
from partnergraph.namespaces import expand
from partnergraph.things.labels import Labels
from partnergraph.things.statements import DERIVED_FROM

_STATEMENT = NamedNode(expand("rdf:Statement"))
_TYPE, _LABEL, _COMMENT = (
    NamedNode(expand(f"{name}")) for name in ("rdf:type", "rdfs:label", "rdfs:comment")
)
_PARTS = tuple(NamedNode(expand(f"rdf:{name}")) for name in ("subject", "predicate", "object"))

_NOTES = {
    "no passage": {
        "lv": "Avotā šim apgalvojumam nav norādīta vieta.",
        "en": "No passage of a source is given for this.",
    },
    "perhaps": {
        "lv": "Datums nav zināms: iespējams, tajā dienā bija spēkā.",
        "en": "The date is not known: it may have been in force that day.",
    },
}


def graph(found: Found) -> Iterator[Triple]:
    """A graph with statements about its statements.

    What was perhaps in force is only spoken of, not stated:
    https://www.w3.org/TR/rdf-schema/#ch_reificationvocab
    """
    assert isinstance(found.certain, QueryTriples)
    certain = dict.fromkeys(found.certain)
    possible = found.possible if isinstance(found.possible, QueryTriples) else ()
    perhaps = [one for one in dict.fromkeys(possible) if one not in certain]
    yield from certain
    if found.enrichment.labels:
        yield from _names([*certain, *perhaps], Labels(found.graphs), found.enrichment.labels)
    spoken_of = [*(certain if found.enrichment.evidence else ()), *perhaps]
    for number, triple in enumerate(spoken_of):
        node = BlankNode(f"statement{number}")
        yield Triple(node, _TYPE, _STATEMENT)
        for part, value in zip(_PARTS, triple, strict=True):
            yield Triple(node, part, value)
        if triple not in certain:
            yield from _note(node, "perhaps")
        if found.enrichment.evidence:
            yield from _passages(node, triple, found)


def _passages(node: BlankNode, triple: Triple, found: Found) -> Iterator[Triple]:
    view = found.wider_view
    quads = view.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    stated = [quad for quad in quads if isinstance(quad.graph_name, NamedNode)]
    passages = found.lineage(view).passages_of(stated)
    for passage in passages:
        yield Triple(node, DERIVED_FROM, NamedNode(passage.iri))
    if not passages:
        yield from _note(node, "no passage")


def _note(node: BlankNode, name: str) -> Iterator[Triple]:
    for language, words in _NOTES[name].items():
        yield Triple(node, _COMMENT, Literal(words, language=language))


def _names(triples: Iterable[Triple], labels: Labels, languages: Sequence[str]) -> Iterator[Triple]:
    nodes = {part for one in triples for part in one if isinstance(part, NamedNode)}
    for node in sorted(nodes, key=str):
        label = labels.of(node, *languages)
        if label.text:
            yield Triple(node, _LABEL, Literal(label.text, language=label.language or None))
