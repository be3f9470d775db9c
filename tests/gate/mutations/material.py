"""The undamaged data, ways to find something in it, and the pieces that mutations are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Literal, NamedNode, Quad, Triple
from pyoxigraph import Dataset as QuadSet

from partnergraph.dataset.loading import derive, read_data
from partnergraph.namespaces import GRAPH, ID, PREFIXES, XSD, compact
from partnergraph.settings import Settings

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal | Triple
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


SETTINGS = Settings()
PARTNERS = NamedNode(f"{GRAPH}partners")
TYPE = iri("rdf:type")
TRUE = typed("true", "boolean")
VALMIERA = iri("id:place/lv/valmiera")
VODNJAN = iri("id:place/hr/vodnjan-dignano")
WESTPHALIA = iri("id:place/de/north-rhine-westphalia")
DATES = ("tp:began", "tp:signed", "tp:founded", "tp:asOf")
CLAIMS = (
    "tp:Partnership",
    "tp:Agreement",
    "tp:Activity",
    "tp:Network",
    "org:Membership",
    "tp:GeneralStatement",
    "org:Post",
)


@cache
def stated() -> list[Quad]:
    """What the data files say, sorted, with canonical blank nodes."""
    quads = QuadSet(read_data(SETTINGS.data, triples_are_default_graph=False))
    quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(quads, key=str)


@cache
def derived() -> list[Quad]:
    """What the rules make of it, sorted."""
    return sorted(derive(stated(), SETTINGS.ontology / "rules"), key=str)


def find(predicate: str, *, of: str | None = None, most: int | None = None) -> list[Quad]:
    """The statements with a property, of the instances of one class if one is given.

    Of 24 passages not each has to be damaged in each way: ``most`` of them, spread evenly.
    """
    wanted = iri(predicate)
    found = [quad for quad in stated() if quad.predicate == wanted]
    if of is not None:
        subjects = {quad.subject for quad in instances(of)}
        found = [quad for quad in found if quad.subject in subjects]
    return spread(found, most)


def instances(cls: str, most: int | None = None) -> list[Quad]:
    """The statements that make things instances of a class."""
    wanted = iri(cls)
    found = [quad for quad in stated() if quad.predicate == TYPE and quad.object == wanted]
    return spread(found, most)


def about(subject: Term, predicate: str | None = None) -> list[Quad]:
    """The statements about one thing, those with one property if one is given."""
    found = [quad for quad in stated() if quad.subject == subject]
    if predicate is None:
        return found
    wanted = iri(predicate)
    return [quad for quad in found if quad.predicate == wanted]


def spread(quads: list[Quad], most: int | None) -> list[Quad]:
    if most is None or len(quads) <= most:
        return quads
    return [quads[n * len(quads) // most] for n in range(most)]


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


def node(term: Term) -> Node:
    assert isinstance(term, Node)
    return term


def text(quad: Quad) -> str:
    assert isinstance(quad.object, Literal)
    return quad.object.value


def year(quad: Quad) -> int:
    return int(text(quad)[:4])


def to(quad: Quad, term: Term) -> Quad:
    """The statement with another object."""
    return Quad(quad.subject, quad.predicate, term, quad.graph_name)


def beside(quad: Quad, predicate: str, term: Term) -> Quad:
    """A further statement about the same thing in the same graph."""
    return Quad(quad.subject, iri(predicate), term, quad.graph_name)


def on(subject: Term, predicate: str, term: Term) -> Quad:
    """A statement in ``graph/partners``."""
    return Quad(node(subject), iri(predicate), term, PARTNERS)


def without(quad: Quad) -> Damage:
    return full_name(quad), [quad], []


def replaced(quad: Quad, term: Term) -> Damage:
    return f"{full_name(quad)} → {label(term)}", [quad], [to(quad, term)]


def joined(quad: Quad, term: Term) -> Damage:
    return f"{full_name(quad)} + {label(term)}", [], [to(quad, term)]
