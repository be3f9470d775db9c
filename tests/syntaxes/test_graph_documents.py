"""What is written as XML is XML, says the same, or is refused in words that are true."""

from __future__ import annotations

from xml.parsers import expat

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from partnergraph.errors import NotAcceptable
from partnergraph.namespaces import RDF
from partnergraph.syntaxes.graph_documents import as_xml, write_graph

TYPE = NamedNode(f"{RDF}type")
SUBJECT, OBJECT = NamedNode("http://e.example/s"), NamedNode("http://e.example/o")

NAMELESS = [
    "http://example.com/123",
    "http://example.com/a/",
    "http://example.com/a)",
    "http://example.com/a#",
    "http://example.com/a%20",
    "http://example.com/-",
    "http://example.com/a;",
    "urn:oid:1.2",
    "urn:isbn:0451450523",
    "x:",
    "http://www.w3.org/2000/xmlns/foo",
    "http://www.w3.org/XML/1998/namespacelang",
]
RESERVED = [
    *("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description", "li"),
    *("aboutEach", "aboutEachPrefix", "bagID"),
]
NAMED = [
    "http://example.com/1a",
    "http://example.com/a-1.b",
    "http://example.com/ā",
    "http://example.com/a%20b",
    "urn:x:name",
    f"{RDF}_1",
    f"{RDF}value",
]


def readable(content: bytes) -> set[Triple]:
    """What is read from RDF/XML, which has to be well-formed XML, by two libraries alike."""
    expat.ParserCreate(namespace_separator=" ").Parse(content, True)
    quads = {quad.triple for quad in parse(content, RdfFormat.RDF_XML)}
    assert len(rdflib.Graph().parse(data=content, format="xml")) == len(quads)
    return quads


@pytest.mark.parametrize("predicate", [*NAMELESS, *(RDF + name for name in RESERVED)])
def test_a_predicate_without_a_name_is_refused(predicate: str) -> None:
    triples = [Triple(SUBJECT, NamedNode(predicate), OBJECT)]
    with pytest.raises(NotAcceptable) as refused:
        write_graph(triples, RdfFormat.RDF_XML)
    assert f"<{predicate}>" in str(refused.value)
    assert "Turtle" in str(refused.value)
    assert write_graph(triples, RdfFormat.TURTLE)


def test_a_predicate_within_a_triple_has_to_have_a_name_as_well() -> None:
    inner = Triple(SUBJECT, NamedNode("http://example.com/1"), OBJECT)
    with pytest.raises(NotAcceptable, match=r"<http://example[.]com/1>"):
        write_graph([Triple(SUBJECT, NamedNode("http://e.example/p"), inner)], RdfFormat.RDF_XML)


@pytest.mark.parametrize("predicate", NAMED)
def test_a_predicate_with_a_name_is_written(predicate: str) -> None:
    triples = {Triple(SUBJECT, NamedNode(predicate), OBJECT)}
    assert readable(write_graph(triples, RdfFormat.RDF_XML)) == triples


@pytest.mark.parametrize("name", [*NAMELESS, *(RDF + name for name in RESERVED), *NAMED])
@pytest.mark.parametrize("more", [0, 1, 2])
def test_every_class_is_written(name: str, more: int) -> None:
    """As a type that is said, where it names no element."""
    others = [
        Triple(SUBJECT, NamedNode("http://e.example/label"), Literal("<oxprefix: x</oxprefix:>")),
        Triple(BlankNode("b"), TYPE, NamedNode(name)),
    ]
    triples = {Triple(SUBJECT, TYPE, NamedNode(name)), *others[:more]}
    found = readable(write_graph(sorted(triples, key=str), RdfFormat.RDF_XML))
    types = [triple.object for triple in found if triple.predicate == TYPE]
    assert types == [NamedNode(name)] * (1 + (more > 1))
    assert len(found) == len(triples)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_is_the_same_again_or_is_refused(text: str) -> None:
    triples = {Triple(SUBJECT, NamedNode("http://e.example/p"), Literal(text))}
    sayable = all(c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff") for c in text)
    if not sayable:
        with pytest.raises(NotAcceptable, match=r"U\+[0-9A-F]{4} .* XML cannot carry"):
            write_graph(triples, RdfFormat.RDF_XML)
        return
    assert {
        quad.triple for quad in parse(write_graph(triples, RdfFormat.RDF_XML), RdfFormat.RDF_XML)
    } == triples


@pytest.mark.parametrize("code", [0, 1, 8, 0xB, 0xC, 0xE, 0x1F, 0xFFFE, 0xFFFF])
def test_what_no_xml_can_carry_is_refused(code: int) -> None:
    with pytest.raises(NotAcceptable, match=f"U\\+{code:04X}"):
        as_xml(f"<a>{chr(code)}</a>".encode())


@pytest.mark.parametrize("code", [9, 0xA, 0x20, 0x7F, 0x85, 0x2028, 0xFFFD, 0x1FFFF])
def test_what_xml_can_carry_stays(code: int) -> None:
    written = f"<a>{chr(code)}</a>".encode()
    assert as_xml(written) == written
