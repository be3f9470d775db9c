"""One form for each value: files, documents and answers say the same term.

An engine keeps a number, a truth value or a time by what it means, and writes it in one way; of the
kinds of integers it knows one. So the dataset takes that form from the start: its version, its
files and its documents agree with what SPARQL answers. Language tags are in lower case, which is
their value space: https://www.w3.org/TR/rdf11-concepts/#section-Graph-Literal.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from partnergraph.namespaces import RDF, XSD
from partnergraph.syntaxes.lexical_forms import is_well_formed

_PLAIN = frozenset({f"{XSD}string", f"{RDF}langString"})
_PREFIX = "x:"

_TAGS = {
    ".jsonld": re.compile(rb'"@language"\s*:\s*"([A-Za-z0-9-]+)"'),
    ".rdf": re.compile(rb"""\bxml:lang\s*=\s*["']([A-Za-z0-9-]+)["']"""),
}
_TURTLE_TAG = re.compile(
    # A string with its tag; comments and IRIs are gone past.
    rb"""(?:\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*+\"{3}|'{3}(?:'{0,2}(?:[^'\\]|\\.))*+'{3}"""
    rb"""|"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+')(?:@([A-Za-z]+(?:-[A-Za-z0-9]+)*))?"""
    rb"""|<[^<>"{}|^`\s]*+>|#[^\n]*+""",
    re.DOTALL,
)


@dataclass(frozen=True)
class Rewritten:
    """A value that a file writes in another form than the one in which it is served.

    Attributes:
        graph: where it stands: the IRI of a named graph; empty for the default graph.
        thing: what it is said of, as a term of N-Triples; empty where that is not known.
        path: the IRI of the property; empty where that is not known.
        written: the literal as the file has it, as a term of N-Triples.
        served: the same, as it is served.
        more: how many more values of the property are.
    """

    graph: str
    thing: str
    path: str
    written: str
    served: str
    more: int = 0


def in_one_form(quads: Iterable[Quad]) -> tuple[set[Quad], tuple[Rewritten, ...]]:
    """The quads with one form for each value, and what was written in another one."""
    found = set(quads)
    typed = {quad.object for quad in found if _is_typed(quad.object)}
    forms = _forms_of([one for one in typed if isinstance(one, Literal)])
    if not forms:
        return found, ()
    other = {quad for quad in found if quad.object in forms}
    found -= other
    groups: dict[tuple[str, str], list[Quad]] = defaultdict(list)
    for quad in other:
        assert isinstance(quad.object, Literal)
        found.add(Quad(quad.subject, quad.predicate, forms[quad.object], quad.graph_name))
        graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
        groups[graph, quad.predicate.value].append(quad)
    return found, tuple(
        _first_of(graph, path, quads, forms) for (graph, path), quads in sorted(groups.items())
    )


def _first_of(graph: str, path: str, quads: list[Quad], forms: dict[Literal, Literal]) -> Rewritten:
    """One of several values of a property: the first in the order of texts."""

    def order(quad: Quad) -> tuple[str, str]:
        # What has no name has no label yet that means anything.
        subject = quad.subject
        assert isinstance(quad.object, Literal)
        return quad.object.value, subject.value if isinstance(subject, NamedNode) else ""

    first = min(quads, key=order)
    assert isinstance(first.object, Literal)
    thing = str(first.subject) if isinstance(first.subject, NamedNode) else ""
    written, served = str(first.object), str(forms[first.object])
    return Rewritten(graph, thing, path, written, served, len(quads) - 1)


def _is_typed(term: NamedNode | BlankNode | Literal | Triple) -> bool:
    """Whether a term is a value of a datatype; what is none stays as it is, for the gate to see."""
    if not isinstance(term, Literal) or term.datatype.value in _PLAIN:
        return False
    return is_well_formed(term.value, term.datatype.value)


def _forms_of(literals: list[Literal]) -> dict[Literal, Literal]:
    """The form that the engine gives to each literal, where it is another one."""
    store = Store()
    path = NamedNode(f"{_PREFIX}p")
    store.extend(
        Quad(NamedNode(f"{_PREFIX}{number}"), path, literal)
        for number, literal in enumerate(literals)
    )
    forms = {}
    for quad in store:
        assert isinstance(quad.subject, NamedNode)
        assert isinstance(quad.object, Literal)
        literal = literals[int(quad.subject.value.removeprefix(_PREFIX))]
        if literal != quad.object:
            forms[literal] = quad.object
    return forms


def rewritten_tags(content: bytes, extension: str, graph: str) -> list[Rewritten]:
    """The language tags of a document that are not in lower case.

    Args:
        content: the document.
        extension: of its syntax.
        graph: the IRI of the graph that it becomes.
    """
    tags = {found.decode() for found in _TAGS.get(extension, _TURTLE_TAG).findall(content)}
    return [
        Rewritten(graph, "", "", f'"…"@{tag}', f'"…"@{tag.lower()}')
        for tag in sorted(tags)
        if tag != tag.lower()
    ]
