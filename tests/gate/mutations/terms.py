"""The terms that mutations put into the data, short to write down."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from partnergraph.namespaces import GRAPH, ID, PREFIXES, XSD

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal | Triple

NAMESPACES = {**PREFIXES, "id": ID, "wdt": "http://www.wikidata.org/prop/direct/"}


def iri(name: str) -> NamedNode:
    """``tp:party`` or ``id:place/lv/valmiera`` in full."""
    prefix, _, local = name.partition(":")
    return NamedNode(NAMESPACES[prefix] + local)


def typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


def g_year(year: int) -> Literal:
    return typed(str(year), "gYear")


def integer(number: int) -> Literal:
    return typed(str(number), "integer")


def node(term: Term) -> Node:
    assert isinstance(term, Node)
    return term


PARTNERS = NamedNode(f"{GRAPH}partners")
TYPE = iri("rdf:type")
TRUE = typed("true", "boolean")
FALSE = typed("false", "boolean")
VALMIERA = iri("id:place/lv/valmiera")
VALMIERA_REGION = iri("id:place/lv/valmiera-region")
VODNJAN = iri("id:place/hr/vodnjan-dignano")
WESTPHALIA = iri("id:place/de/north-rhine-westphalia")
SECOND_SOURCE = iri("id:source/second")
"""A document that is none of the data's."""

NO_DIGEST = Literal("0" * 64)
"""The form of a digest, and that of no text."""
