"""What descriptions are written with: facts about an IRI, and answers to questions of our own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence

from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions, Store, Triple

from partnergraph.dataset.canonical import Dataset, in_graph
from partnergraph.namespaces import PREFIXES, TP, XSD, compact, expand

Term = NamedNode | Literal

Fact = tuple[str, str | Term]
"""A property by its name with a prefix, and its value: a term, an IRI or such a name."""

W3C_FORMATS = "http://www.w3.org/ns/formats/"

FORMAT_NAMES = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "ttl": "Turtle",
    "jsonld": "JSON-LD",
    "nt": "N-Triples",
    "rdf": "RDF_XML",
    "trig": "TriG",
    "nq": "N-Quads",
}
"""The W3C's names of formats: https://www.w3.org/ns/formats/."""


def merged(dataset: Dataset, graphs: Sequence[str]) -> Store:
    """The RDF merge of some graphs: a triple that stands in two of them counts once."""
    store = Store()
    for name in graphs:
        quads = dataset.quads.quads_for_graph_name(NamedNode(name))
        store.extend(in_graph(quad.triple, DefaultGraph()) for quad in quads)
    return store


def rows(store: Store, query: str) -> list[tuple[Term, ...]]:
    """The solutions of a query, sorted; the prefix ``tp:`` is declared."""
    solutions = store.query(f"PREFIX tp: <{TP}> {query}")
    assert isinstance(solutions, QuerySolutions)
    width = len(solutions.variables)
    return sorted((tuple(row[n] for n in range(width)) for row in solutions), key=str)


def about(subject: str, *facts: Fact) -> Iterator[Triple]:
    """The triples that say facts about an IRI."""
    for name, value in facts:
        yield Triple(NamedNode(subject), NamedNode(expand(name)), _term(value))


def _term(value: str | Term) -> Term:
    if not isinstance(value, str):
        return value
    is_name = value.partition(":")[0] in PREFIXES
    return NamedNode(expand(value) if is_name else value)


def texts(name: str, texts: dict[str, str]) -> list[Fact]:
    """The same said in several languages."""
    return [(name, Literal(text, language=language)) for language, text in texts.items()]


def slug(iri: str) -> str:
    """What of an IRI can stand in a fragment: its name with a prefix, without the colon.

    What does not show all of the IRI gets a digest, so that no two IRIs have the same.
    """
    name = compact(iri)
    if re.fullmatch(r"[a-z-]+:[A-Za-z0-9_]+", name):
        return name.replace(":", "-", 1)
    shown = re.sub(r"[^A-Za-z0-9_-]", "-", name.strip("<>"))
    return f"{shown}-{hashlib.blake2b(iri.encode(), digest_size=4).hexdigest()}"


def integer(number: int) -> Literal:
    """A whole number."""
    return typed(str(number), "integer")


def typed(text: str, datatype: str) -> Literal:
    """A literal of one of XML Schema's datatypes."""
    return Literal(text, datatype=NamedNode(f"{XSD}{datatype}"))
