"""Subqueries beside their own patterns: the same solutions, and more said of each."""

from __future__ import annotations

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store

from partnergraph.sparql.unnesting import unnest

DATA = """
PREFIX : <http://e/>
:a :field :x, :y . :b :field :y . :c :field :z ; :name [ :text "c" ] .
"""


@pytest.fixture(scope="module")
def store() -> Store:
    store = Store()
    store.load(DATA.encode(), RdfFormat.TURTLE)
    return store


def names(store: Store, query: str) -> tuple[set[str], set[tuple[str, ...]]]:
    """The variables of all solutions, and these without those that a subquery keeps to itself."""
    result = store.query(f"PREFIX : <http://e/> {query}")
    assert isinstance(result, QuerySolutions)
    variables = [one.value for one in result.variables]
    open_ones = [name for name in variables if "_" not in name]
    rows = {tuple(str(one[name]) for name in open_ones) for one in result}
    return set(variables), rows


@pytest.mark.parametrize(
    ("query", "gained"),
    [
        ("SELECT * { { SELECT ?f (COUNT(?s) AS ?n) { ?s :field ?f } GROUP BY ?f } }", {"s_1"}),
        ("SELECT * { { SELECT DISTINCT ?f { ?s :field ?f } } ?t :field ?f }", {"s_1"}),
        ("SELECT * { { SELECT ?f { ?s :field ?f } ORDER BY ?f LIMIT 1 } }", {"s_1"}),
        ("SELECT * { { SELECT * { ?s :field ?f } } }", set()),
        ("SELECT * { { SELECT ?s { ?s :name _:x . _:x :text 'c' } } }", set()),
        (
            "SELECT * { { SELECT ?f { ?s :field ?f } } { SELECT ?f { ?s :field ?f } } }",
            {"s_1", "s_2"},
        ),
        (
            "SELECT * { { SELECT ?n { { SELECT (COUNT(*) AS ?n) { ?s :field ?f } } } } }",
            {"s_2", "f_2"},
        ),
        ("SELECT * { { SELECT ?f { ?s :field ?f # { ?x\n } } VALUES ?s_1 { 1 } }", {"s_1_"}),
    ],
)
def test_nothing_is_lost_and_what_was_hidden_is_seen(
    query: str, gained: set[str], store: Store
) -> None:
    before, rows = names(store, query)
    after, again = names(store, unnest(f"PREFIX : <http://e/> {query}").partition(">")[2])
    assert again == rows
    assert after - before == gained


def test_a_query_without_subqueries_stays_as_it_is() -> None:
    query = "SELECT ?x { ?x ?y ?z }"
    assert unnest(query) is query


def test_what_is_no_query_is_refused() -> None:
    with pytest.raises(SyntaxError):
        unnest("SELECT")
