"""Asks which named graphs the dataset of a query has: what ``GRAPH ?g`` goes through.

https://www.w3.org/TR/sparql11-query/#specifyingDataset
"""

from __future__ import annotations

from pyoxigraph import NamedNode, QuerySolutions

from partnergraph.mends.asking import Ask
from partnergraph.sparql.tokens import tokens

_FORMS = frozenset({"SELECT", "CONSTRUCT", "DESCRIBE", "ASK"})


def named_graphs(text: str, ask: Ask) -> list[str]:
    """The IRIs of the named graphs of the dataset that a query is asked over, sorted.

    Args:
        text: a well-formed query.
        ask: asks a query over the dataset, which ``FROM`` in the query may override.

    Raises:
        ValueError: a blank node names one of the graphs; the message is for the user.
    """
    solutions = ask(_graphs_query(text))
    assert isinstance(solutions, QuerySolutions)
    names = [solution[0] for solution in solutions]
    iris = [name.value for name in names if isinstance(name, NamedNode)]
    if len(iris) < len(names):
        raise ValueError(
            "a subquery, VALUES or MINUS inside GRAPH with a variable cannot be answered here, as "
            "a blank node names one of the graphs; write GRAPH with an IRI"
        )
    return sorted(iris)


def _graphs_query(text: str) -> str:
    """A query for the named graphs of another one, with its prologue and dataset clause."""
    prologue, clause = None, ""
    words: list[str] = []
    depth = 0
    for token in tokens(text):
        word = token.text.upper() if token.kind == "word" else ""
        if word in _FORMS and prologue is None:
            prologue = text[: token.start]
        if token.kind == "sign":
            depth += {"{": 1, "}": -1}.get(token.text, 0)
        elif depth == 0 and prologue is not None and token.kind in ("iri", "prefixed"):
            before = words[-2:]
            if before[-1:] == ["FROM"] or before == ["FROM", "NAMED"]:
                clause += f" {' '.join(before[before.index('FROM') :])} {token.text}"
        words = [*words[-1:], word]
    return f"{prologue or ''} SELECT DISTINCT ?g{clause} {{ GRAPH ?g {{}} }}"
