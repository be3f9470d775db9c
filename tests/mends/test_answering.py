"""What needs no mending is left alone at next to no cost; a fault is that of the text as given."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from pyoxigraph import Store

from partnergraph.embedded.wire import Outcome
from partnergraph.embedded.worker import reply
from partnergraph.slips.refusals import explain
from tests.mends.small_dataset import COUNT, mend, message


@pytest.mark.parametrize(
    "query",
    [
        "",
        "SELECT * { ?s ?p ?o }",
        "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * { GRAPH ?g { ?s ?p ?o OPTIONAL { ?o ?q ?x } FILTER EXISTS { ?s a ?c } } }",
        "SELECT * { GRAPH ?g { ?s ?p ?o } MINUS { ?s a ?c } VALUES ?p { <x:p> } }",
        "SELECT * { GRAPH ?g { ?s ?p ?o VALUES ?g { <x:g1> } } FILTER(?g != <x:g2>) }",
        "SELECT * { GRAPH ?g { VALUES (?s ?x) { (<x:a> 1) } ?s ?p ?o } }",
        "SELECT * { GRAPH ?g { ?s ?p ?o BIND(STR(?o) AS ?x) FILTER(?x > 'a') } }",
        "SELECT * { GRAPH ?g { ?s ?p ?o GRAPH ?h { ?o ?q ?x } } }",
        "SELECT * { GRAPH ?g { ?s ?p ?o FILTER NOT EXISTS { GRAPH ?h { ?s ?p ?x } } } }",
        f"SELECT * {{ GRAPH <x:g1> {{ {COUNT} }} }}",
        'SELECT (\'GROUP_CONCAT(?x)\' AS ?y) ("""GRAPH ?g { SELECT""" AS ?z) {}',
        "SELECT * { ?s ?p ?o } # GROUP_CONCAT(?x) GRAPH ?g { SELECT * {} }",
        "SELECT * { <x:graph> <x:group_concat> ?values . GRAPH ?select { ?minus ?as ?graph } }",
        "PREFIX graph: <x:> SELECT * { graph:GROUP_CONCAT graph:minus ?x , graph:graph }",
        "PREFIX g: <x:partnergraph#> SELECT (1 AS ?x) { g:graph ?group_concat ?select }",
        # Malformed, so the engine says where, in the text as given.
        f"SELECT * {{ GRAPH ?g {{ {COUNT} }}",
        f"SELECT * {{ GRAPH ?g {{ {COUNT} ) }}",
        "SELECT (GROUP_CONCAT(?x AS ?y) {}",
        "SELECT GROUP_CONCAT ?x {}",
        "}",
    ],
)
def test_a_query_without_a_fault_comes_back_as_the_very_same_object(query: str) -> None:
    """Also with the words in strings, comments, IRIs, prefixed names and variables."""
    assert mend(query) is query


@pytest.mark.alone
def test_nearly_all_queries_cost_next_to_nothing() -> None:
    """Two microseconds; measured at its best, and with room for a slow machine."""
    query = "PREFIX x: <https://partnergraph.example/graph/> SELECT * { ?s x:p ?o . ?o x:q ?x }" * 4
    best = min(_seconds(lambda: mend(query)) for _ in range(2000))
    assert best < 20e-6


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


KIB_64 = 64 * 1024


@pytest.mark.alone
@pytest.mark.parametrize(
    "hostile",
    ["GRAPH ?g {", "GROUP_CONCAT(", "GRAPH ?g { { SELECT", "GRAPH ?g { VALUES ?g {} }", "graph#"],
)
@pytest.mark.parametrize("closed", [False, True])
def test_hostile_queries_are_mended_or_refused_at_once(hostile: str, closed: bool) -> None:
    """64 KiB take well under a second."""
    query = f"SELECT * {{ {hostile * (KIB_64 // len(hostile))}"
    if closed:
        opened = query.count("{") - query.count("}")
        query += ")" * query.count("(") + "}" * opened
    start = time.perf_counter()
    try:
        mend(query)
    except ValueError as error:
        assert "too large" in str(error)  # noqa: PT017
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (GROUP_CONCAT(?x) AS ?y)\n{ ?s ?p }",
        "SELECT (GROUP_CONCAT(?x)\nAS ?y) { GRAPH ?g { SELECT * { ?s ?p } } }",
        "SELECT * {\n GRAPH ?g { VALUES ?x { ?y } } }",
        "SELECT * { GRAPH ?g { VALUES ?x { 1 } } }\n }",
        "SELECT * { ?s ?p _:l .\n GRAPH ?g { ?s ?p _:l MINUS { ?a ?b ?c } } }",
        "SELECT * FROM NAMED <x:g1>\n FROM <x:no { GRAPH ?g { VALUES ?x { 1 } } }",
        "PREFIX x: <x:>\n SELECT * { GRAPH ?g { VALUES ?x { y:no } } }",
    ],
)
def test_syntax_errors_have_line_and_column_of_the_text_as_given(query: str, store: Store) -> None:
    """A person is told what the engine says of their own text, and never of the mended one."""
    outcome, reason = reply(store, message(query))
    assert outcome is Outcome.MALFORMED
    with pytest.raises(SyntaxError) as caught:
        store.query(query)
    assert reason == explain(query, caught.value.msg or "")
    assert json.loads(reason).get("line", 2) == 2
