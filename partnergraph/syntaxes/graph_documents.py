"""A graph, or results, written so that whoever asked can read it: what XML can carry and what not.

The engine writes RDF/XML whose names are none where an IRI ends in what no XML name has, and puts
every character into XML as it is. https://www.w3.org/TR/rdf-syntax-grammar/
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pyoxigraph import Quad, RdfFormat, Triple, serialize

from partnergraph.errors import NotAcceptable
from partnergraph.namespaces import PREFIXES, RDF
from partnergraph.syntaxes.xml_names import NC_NAME

_ENDS_IN_A_NAME = re.compile(rf"{NC_NAME}\Z")

_RESERVED = frozenset(
    RDF + name
    for name in (
        *("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype"),
        *("Description", "li", "aboutEach", "aboutEachPrefix", "bagID"),
    )
)
"""What names no property: https://www.w3.org/TR/rdf-syntax-grammar/#propertyElementURIs."""

_TYPED_NODE = re.compile(
    # A class whose IRI has no local name, and those of which former versions made something else.
    rb"<(oxprefix:|rdf:(?:aboutEach|aboutEachPrefix|bagID)|xmlns:[^ >]+|xml:[^ >]+)"
    rb'(?: xmlns:oxprefix="([^"]*)")?'
    rb'( rdf:(?:about|nodeID)="[^"]*")>(.*?)</\1>',
    re.DOTALL,
)

_OF_XML = ("http://www.w3.org/2000/xmlns/", "http://www.w3.org/XML/1998/namespace")
"""https://www.w3.org/TR/xml-names/#xmlReserved."""

_NAMESPACES = {
    b"rdf": RDF.encode(),
    b"xmlns": _OF_XML[0].encode(),
    b"xml": _OF_XML[1].encode(),
}

_NO_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
"""In UTF-8, what is none of https://www.w3.org/TR/xml/#charsets."""


def write_graph(statements: Iterable[Triple] | Iterable[Quad], syntax: RdfFormat) -> bytes:
    """Statements in a syntax; in RDF/XML, a class that XML cannot name is written as ``rdf:type``.

    Raises:
        NotAcceptable: RDF/XML cannot say them; the message says what of them, and what can.
    """
    if syntax != RdfFormat.RDF_XML:
        return _serialized(statements, syntax)
    listed: list[Any] = list(statements)
    for statement in listed:
        _require_names(statement)
    return as_xml(_TYPED_NODE.sub(_with_type, _serialized(listed, syntax)))


def _require_names(statement: Any) -> None:
    while isinstance(statement, (Triple, Quad)):
        require_xml_name(statement.predicate.value)
        statement = statement.object


def require_xml_name(predicate: str) -> None:
    """See that RDF/XML can say something with a predicate, given by IRI.

    Raises:
        NotAcceptable: it cannot.
    """
    if predicate in _RESERVED or predicate.startswith(_OF_XML):
        reason = "which XML keeps for itself"
    elif not _ENDS_IN_A_NAME.search(predicate):
        reason = "whose IRI does not end in a name of XML"
    else:
        return
    raise NotAcceptable(
        f"RDF/XML cannot say anything with the predicate <{predicate}>, {reason}. Accept Turtle, "
        "N-Triples or JSON-LD."
    )


def as_xml(written: bytes) -> bytes:
    """A document of XML, in which line ends within texts stay what they are.

    Args:
        written: the same by the engine, which knows no character that XML has not.

    Raises:
        NotAcceptable: there is a character in it that no document of XML 1.0 can have.
    """
    found = _NO_XML.search(written)
    if found:
        code = ord(found[0].decode())
        raise NotAcceptable(
            f"There is the character U+{code:04X} in it, which XML cannot carry. Accept another "
            "format, such as JSON or Turtle."
        )
    return written.replace(b"\r", b"&#xD;")


def _serialized(statements: Iterable[Triple] | Iterable[Quad], syntax: RdfFormat) -> bytes:
    content = serialize(statements, format=syntax, prefixes=PREFIXES)
    assert content is not None
    return content


def _with_type(found: re.Match[bytes]) -> bytes:
    name, iri, about, inside = found.groups()
    if iri is None:
        prefix, _, local = name.partition(b":")
        iri = _NAMESPACES[prefix] + local
    typed = b'\n\t\t<rdf:type rdf:resource="%s"/>' % iri
    return b"<rdf:Description%s>%s%s</rdf:Description>" % (about, typed, inside)
