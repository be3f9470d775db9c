"""What goes and what comes: the pieces that mutations are made of, and their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from partnergraph.namespaces import ID, XSD, compact
from tests.gate.mutations.material import stated
from tests.gate.mutations.terms import PARTNERS, Node, Term, integer, iri, node

Damage = tuple[str, Iterable[Quad], Iterable[Quad]]
"""Where, what goes, what comes."""

Family = Callable[[], Iterator[Damage]]


@dataclass(frozen=True)
class Mutation:
    """One small damage: its kind and place, the statements that go and those that come.

    What stands in ``graph/derived`` goes and comes after the rules have run.
    """

    name: str
    gone: frozenset[Quad]
    come: frozenset[Quad]


def without(quad: Quad) -> Damage:
    return full_name(quad), [quad], []


def replaced(quad: Quad, term: Term) -> Damage:
    return f"{full_name(quad)} → {label(term)}", [quad], [to(quad, term)]


def joined(quad: Quad, term: Term) -> Damage:
    return f"{full_name(quad)} + {label(term)}", [], [to(quad, term)]


def to(quad: Quad, term: Term) -> Quad:
    """The statement with another object."""
    return Quad(quad.subject, quad.predicate, term, quad.graph_name)


def beside(quad: Quad, predicate: str, term: Term) -> Quad:
    """A further statement about the same thing in the same graph."""
    return Quad(quad.subject, iri(predicate), term, quad.graph_name)


def on(subject: Term, predicate: str, term: Term) -> Quad:
    """A statement in ``graph/partners``."""
    return Quad(node(subject), iri(predicate), term, PARTNERS)


def said_of(subject: Term, quad: Quad) -> Quad:
    """What a statement says, said of a thing in ``graph/partners``."""
    return Quad(node(subject), quad.predicate, quad.object, PARTNERS)


def first_characters(selector: Node) -> list[Quad]:
    """A selector of the first nine characters of a document."""
    return [on(selector, "oa:start", integer(0)), on(selector, "oa:end", integer(9))]


def label(term: Term) -> str:
    """A term for a person; a blank node is named after what leads to it."""
    if isinstance(term, BlankNode):
        owner = next(quad for quad in stated() if quad.object == term)
        return name(owner)
    if isinstance(term, NamedNode):
        return term.value.removeprefix(ID) if term.value.startswith(ID) else compact(term.value)
    if isinstance(term, Literal) and term.datatype.value.startswith(XSD):
        return f'"{term.value}"^^{compact(term.datatype.value)}'
    return str(term)


def name(quad: Quad) -> str:
    return f"{label(quad.subject)} {compact(quad.predicate.value)}"


def full_name(quad: Quad) -> str:
    return f"{name(quad)} {label(quad.object)}"
