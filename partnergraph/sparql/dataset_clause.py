"""The dataset that a query itself asks for: FROM and FROM NAMED.

https://www.w3.org/TR/sparql11-query/#specifyingDataset

The default graph is the merge of the graphs after FROM, a set. The engine gives a triple once for
each of them that it stands in; so where there are several, the merge is made here.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode, QuerySolutions, Store

from partnergraph.sparql.tokens import Token, tokens

SEVERAL = 2
_FORMS = frozenset({"SELECT", "CONSTRUCT", "DESCRIBE", "ASK"})
_DEPTH = {"{": 1, "}": -1}


@dataclass(frozen=True)
class DatasetClause:
    """The graphs that a query names, by IRI."""

    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]


def several_default_graphs(text: str) -> DatasetClause | None:
    """What a query says of its dataset, where its default graph is the merge of several.

    Args:
        text: SPARQL 1.1; what is malformed is left to the engine.
    """
    if text.upper().count("FROM") < SEVERAL:
        return None
    prologue_end, default_terms, named_terms = _clauses(text)
    if len(default_terms) < SEVERAL:
        return None
    iris = _resolve(text[:prologue_end], [*default_terms, *named_terms])
    if iris is None:
        return None
    return DatasetClause(tuple(iris[: len(default_terms)]), tuple(iris[len(default_terms) :]))


def _clauses(text: str) -> tuple[int, list[str], list[str]]:
    """Where the prologue ends, and the terms after FROM and after FROM NAMED."""
    prologue_end, depth = -1, 0
    default_terms: list[str] = []
    named_terms: list[str] = []
    before = before_that = ""
    for token in tokens(text):
        word = token.text.upper() if token.kind == "word" else ""
        if prologue_end < 0:
            prologue_end = token.start if word in _FORMS else prologue_end
        elif depth == 0 and _is_iri(token):
            if before == "FROM":
                default_terms.append(token.text)
            elif (before_that, before) == ("FROM", "NAMED"):
                named_terms.append(token.text)
        depth += _DEPTH.get(token.text, 0) if token.kind == "sign" else 0
        before_that, before = before, word
    return prologue_end, default_terms, named_terms


def _is_iri(token: Token) -> bool:
    return token.kind in ("iri", "prefixed")


def _resolve(prologue: str, terms: list[str]) -> list[str] | None:
    """The IRIs that terms stand for after a prologue; ``None`` where one is none."""
    projection = " ".join(f"({term} AS ?term{index})" for index, term in enumerate(terms))
    try:
        solutions = Store().query(f"{prologue} SELECT {projection} {{}}")
    except SyntaxError:
        return None
    assert isinstance(solutions, QuerySolutions)
    (solution,) = solutions
    found = [solution[index] for index in range(len(terms))]
    iris = [term.value for term in found if isinstance(term, NamedNode)]
    return iris if len(iris) == len(terms) else None
