"""The undamaged data, and ways to find something in it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from pyoxigraph import CanonicalizationAlgorithm, Literal, Quad
from pyoxigraph import Dataset as QuadSet

from partnergraph.dataset.loading import derive, read_data
from partnergraph.settings import Settings
from tests.gate.mutations.terms import TYPE, Term, iri

SETTINGS = Settings()
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


def find(*predicates: str, of: str | None = None, most: int | None = None) -> list[Quad]:
    """The statements with each property in turn, of the instances of one class if one is given.

    Of 24 passages not each has to be damaged in each way: ``most`` of them, spread evenly.
    """
    quads = stated()
    if of is not None:
        subjects = {quad.subject for quad in instances(of)}
        quads = [quad for quad in quads if quad.subject in subjects]
    return _with(predicates, quads, most)


def find_derived(*predicates: str, most: int) -> list[Quad]:
    """The derived statements with each property in turn."""
    return _with(predicates, derived(), most)


def instances(*classes: str, most: int | None = None) -> list[Quad]:
    """The statements that make things instances of each class in turn."""
    types = [quad for quad in stated() if quad.predicate == TYPE]
    return [
        quad
        for wanted in map(iri, classes)
        for quad in _spread([quad for quad in types if quad.object == wanted], most)
    ]


def about(subject: Term, predicate: str | None = None) -> list[Quad]:
    """The statements about one thing, those with one property if one is given."""
    found = [quad for quad in stated() if quad.subject == subject]
    return found if predicate is None else _with([predicate], found, None)


def text(quad: Quad) -> str:
    assert isinstance(quad.object, Literal)
    return quad.object.value


def year(quad: Quad) -> int:
    return int(text(quad)[:4])


def _with(predicates: Iterable[str], quads: list[Quad], most: int | None) -> list[Quad]:
    return [
        quad
        for wanted in map(iri, predicates)
        for quad in _spread([quad for quad in quads if quad.predicate == wanted], most)
    ]


def _spread(quads: list[Quad], most: int | None) -> list[Quad]:
    if most is None or len(quads) <= most:
        return quads
    return [quads[n * len(quads) // most] for n in range(most)]
