"""A function that is not known fails, and the query does not."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from partnergraph.mends.answering import answered
from partnergraph.mends.unknown_functions import MOST_UNKNOWN_FUNCTIONS
from tests.mends.small_dataset import Rows, ask


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT (<x:f>(1) AS ?x) {}", ["-"]),
        ("SELECT (COALESCE(<x:f>(1), <x:h>(2), 3) AS ?x) {}", ["3"]),
        ("SELECT ?o { ?s <x:p> ?o FILTER(<x:f>(?o)) }", []),
        ("SELECT ?o { ?s <x:p> ?o FILTER(<x:f>(?o) || true) }", ["0"]),
        ("PREFIX x: <x:> SELECT (x:f(GROUP_CONCAT(?o)) AS ?x) { GRAPH ?g { ?s ?p ?o } }", ["-"]),
    ],
)
def test_a_call_of_an_unknown_function_is_an_error_of_evaluation(
    query: str, expected: Rows, store: Store
) -> None:
    """It leaves a variable unbound, and a filter without effect or solution."""
    assert ask(store, query) == expected


def test_not_any_number_of_unknown_functions_is_tried(store: Store) -> None:
    """Each costs a look at the query, so there is a bound."""

    def calls(number: int) -> str:
        return f"ASK {{ FILTER({' || '.join(f'<x:f{n}>()' for n in range(number))}) }}"

    assert not answered(calls(MOST_UNKNOWN_FUNCTIONS), store.query)
    with pytest.raises(RuntimeError, match="is not supported"):
        answered(calls(MOST_UNKNOWN_FUNCTIONS + 1), store.query)
