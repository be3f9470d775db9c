"""A small dataset, and queries of it that are mended, for the tests of each mend."""

from __future__ import annotations

from pyoxigraph import QuerySolutions, Store

from partnergraph.embedded.wire import QueryMessage
from partnergraph.mends.answering import answered, mended
from partnergraph.mends.asking import Result

DATA = """
<x:a> <x:p> "0" .
<x:a> <x:p> "1" <x:g1> .
<x:a> <x:p> "2" <x:g1> .
<x:b> <x:p> "3" <x:g2> .
<x:g1> <x:q> "named" <x:g2> .
"""
GRAPHS = ["x:g1", "x:g2"]

COUNT = "SELECT (COUNT(*) AS ?n) { ?s <x:p> ?o }"
"""A pattern with one solution for each graph, which the engine gives without its graph."""

Rows = list[str]


def rows(result: Result) -> Rows:
    """Solutions as sorted lines: the values in the order of the variables, ``-`` for unbound."""
    assert isinstance(result, QuerySolutions)
    return sorted(" ".join(term.value if term else "-" for term in row) for row in result)


def ask(store: Store, text: str) -> Rows:
    """The rows of a query that is mended."""
    return rows(answered(text, store.query))


def mend(text: str) -> str:
    """A query mended for two named graphs."""
    return mended(text, lambda: GRAPHS)


def message(
    text: str, default_graphs: tuple[str, ...] = (), named_graphs: tuple[str, ...] = ()
) -> QueryMessage:
    """A query for :func:`reply`, with the answer in CSV."""
    return text, default_graphs, named_graphs, "csv", "turtle", None, 10**6, None, None
