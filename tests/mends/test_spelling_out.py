"""GRAPH with a variable has the solutions of the union that it means, and a bounded length."""

from __future__ import annotations

import pytest
from pyoxigraph import QueryBoolean, QuerySolutions, Store

from partnergraph.embedded.wire import Outcome
from partnergraph.embedded.worker import reply
from partnergraph.mends.answering import answered, mended
from partnergraph.mends.spelling_out import LARGEST
from tests.mends.small_dataset import COUNT, Rows, ask, message

NAMES = "VALUES ?g { <x:g1> <x:no> }"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (f"SELECT ?g ?n {{ GRAPH ?g {{ {COUNT} }} }}", ["x:g1 2", "x:g2 1"]),
        (f"SELECT ?g ?n {{ graph $g {{ {COUNT} }} }}", ["x:g1 2", "x:g2 1"]),
        (
            "SELECT ?g ?x { GRAPH ?g { VALUES ?x { 1 2 } } }",
            ["x:g1 1", "x:g1 2", "x:g2 1", "x:g2 2"],
        ),
        (
            "SELECT ?g ?x { GRAPH ?g { VALUES (?g ?x) { (UNDEF 1) (<x:g1> 2) (<x:no> 3) } } }",
            ["x:g1 1", "x:g1 2", "x:g2 1"],
        ),
        # Both sides share no variable, as ?g is not one of P: nothing is taken away.
        ("SELECT ?g ?s { GRAPH ?g { ?s <x:p> '3' MINUS { ?t <x:p> '3' } } }", ["x:g2 x:b"]),
        ("SELECT ?g ?o { GRAPH ?g { ?s <x:p> ?o MINUS { ?s <x:p> '1' } } }", ["x:g2 3"]),
        # P binds ?g: joined with the graph's own name.
        ("SELECT ?g ?o { GRAPH ?g { ?s <x:p> ?o BIND(<x:g1> AS ?g) } }", ["x:g1 1", "x:g1 2"]),
        # ?g is bound outside.
        (f"SELECT ?g ?n {{ VALUES ?g {{ <x:g2> <x:no> }} GRAPH ?g {{ {COUNT} }} }}", ["x:g2 1"]),
        (f"SELECT ?g ?n {{ ?g a ?c }} VALUES ?g {{ 1 }} # GRAPH ?g {{ {COUNT} }}", []),
        # A filter inside sees the graph; what it says of ?g is an error, as that is not in P.
        (
            f"SELECT ?g ?n {{ GRAPH ?g {{ {{ {COUNT} }} FILTER(?n > 1) }} }}",
            ["x:g1 2"],
        ),
        (f"SELECT ?g {{ GRAPH ?g {{ {{ {COUNT} }} FILTER(?g = <x:g1>) }} }}", []),
        (
            f"SELECT ?g ?m {{ GRAPH ?g {{ {{ {COUNT} }} BIND(?n + 1 AS ?m) }} }}",
            ["x:g1 3", "x:g2 2"],
        ),
        # OPTIONAL { GRAPH … }: of the two counts, the filter leaves one.
        (
            f"SELECT ?o ?g ?n {{ ?s ?p ?o OPTIONAL {{ GRAPH ?g {{ {COUNT} }} FILTER(?n > 1) }} }}",
            ["0 x:g1 2"],
        ),
        (
            "SELECT ?o ?g { ?s <x:p> ?o OPTIONAL { GRAPH ?g { VALUES ?o { '7' } } } }",
            ["0 -"],
        ),
        # OPTIONAL before any triple pattern: the row is lost for the graphs without a match.
        (
            "SELECT ?g ?o { GRAPH ?g { VALUES ?s {<x:b>} OPTIONAL { ?s <x:p> ?o } ?t ?p '1' } }",
            ["x:g1 -"],
        ),
        # A subquery under EXISTS counts in the one graph.
        (
            (
                "SELECT ?o { GRAPH ?g { ?s <x:p> ?o FILTER EXISTS { "
                "SELECT (COUNT(*) AS ?n) { ?x <x:p> ?y } HAVING (COUNT(*) > 1) } } }"
            ),
            ["1", "2"],
        ),
        (
            f"SELECT * {{ {NAMES} FILTER EXISTS {{ GRAPH ?g {{ {COUNT} }} }} }}",
            ["x:g1"],
        ),
        (
            f"SELECT * {{ {NAMES} FILTER NOT EXISTS {{ GRAPH ?g {{ {COUNT} }} }} }}",
            ["x:no"],
        ),
        # One inside another, with a pattern of its own or not.
        ("SELECT ?g ?h { GRAPH ?g { GRAPH ?h { ?s <x:p> '3' } } }", ["x:g1 x:g2", "x:g2 x:g2"]),
        (
            f"SELECT ?g ?h ?n {{ GRAPH ?g {{ ?s <x:p> '3' GRAPH ?h {{ {COUNT} }} }} }}",
            ["x:g2 x:g1 2", "x:g2 x:g2 1"],
        ),
        (
            f"SELECT ?g ?n {{ GRAPH ?g {{ {{ GRAPH <x:g1> {{ {COUNT} }} }} }} }}",
            ["x:g1 2", "x:g2 2"],
        ),
        # The same label may not stand in two patterns; anonymous ones are each their own.
        (
            "SELECT ?g { GRAPH ?g { _:s <x:p> [] . _:s <x:p> '1' MINUS { ?t <x:q> _:b0 } } }",
            ["x:g1", "x:g1"],
        ),
        (f"SELECT ?g {{ GRAPH ?g {{ {COUNT} # a comment }}\n }} }} # one more", ["x:g1", "x:g2"]),
        # With FROM NAMED, only the graphs that it names, each once, and also an empty one.
        (
            (
                "PREFIX x: <x:> SELECT ?g ?n FROM NAMED x:g1 FROM NAMED <x:g1> FROM NAMED x:no "
                f"{{ GRAPH ?g {{ {COUNT} }} }}"
            ),
            ["x:g1 2", "x:no 0"],
        ),
        # With FROM alone there is no named graph; the variables stay.
        ("SELECT * FROM <x:g1> { GRAPH ?g { VALUES ?x { 1 } } }", []),
    ],
)
def test_graph_with_a_variable_is_a_union_over_the_named_graphs(
    query: str, expected: Rows, store: Store
) -> None:
    """Worked out by hand from the definition of Graph(var, P)."""
    assert ask(store, query) == expected


def test_without_named_graphs_the_variables_are_still_in_scope(store: Store) -> None:
    """SELECT * names them, as it does where there are solutions."""
    query = "SELECT * FROM <x:g1> { GRAPH ?g { VALUES ?x { 1 } } }"
    result = answered(query, store.query)
    assert isinstance(result, QuerySolutions)
    assert [variable.value for variable in result.variables] == ["g", "x"]


def test_each_form_of_query_is_mended(store: Store) -> None:
    """ASK and CONSTRUCT as well; FROM NAMED of a CONSTRUCT stands behind its template."""
    pattern = "{ GRAPH ?g { { SELECT (COUNT(*) AS ?n) { ?s <x:p> ?o } } FILTER(?n > 2) } }"
    result = answered(f"ASK {pattern}", store.query)
    assert isinstance(result, QueryBoolean)
    assert not result
    query = "CONSTRUCT { ?g <x:n> ?n } FROM NAMED <x:g2> WHERE { GRAPH ?g { COUNT } }"
    graph = answered(query.replace("COUNT", COUNT), store.query)
    assert [str(triple) for triple in graph] == [  # type: ignore[union-attr]
        '<x:g2> <x:n> "1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    ]


def test_a_query_that_would_grow_too_large_is_refused(store: Store) -> None:
    """A clear message instead of a wrong answer, or of a day's work."""
    nested = f"SELECT * {{ {'GRAPH ?g {' * 20} {COUNT} {'}' * 20} }}"
    with pytest.raises(ValueError, match=r"name the graphs with FROM NAMED"):
        ask(store, nested)
    wide = f"SELECT * {{ GRAPH ?g {{ {COUNT} }} }}"
    with pytest.raises(ValueError, match=f"here {LARGEST}, which makes this query too large"):
        mended(wide, lambda: ["x:g"] * LARGEST)
    outcome, reason = reply(store, message(nested))
    assert outcome is Outcome.MALFORMED
    assert b"too large" in reason
