"""What breaks a rule beside the grammar is named: which variable, where, and what to do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnergraph.slips.scope import scope_slip
from partnergraph.sparql.recogniser import lexemes
from tests.serving import Server

SLIPS = {
    "SELECT ?s ?p (COUNT(*) AS ?n) {?s ?p ?o} GROUP BY ?s": ("?p", "SAMPLE(?p)"),
    "SELECT ?t (COUNT(?s) AS ?n) {?s a ?t}": ("?t", "GROUP BY"),
    "SELECT * {?s ?p ?o} GROUP BY ?s": ("*", "Name the variables"),
    "SELECT (?s AS ?x) {?s ?p ?t} GROUP BY ?t": ("?s", "SAMPLE(?s)"),
    "SELECT (1 AS ?x) (2 AS ?x) {}": ("?x", "another name"),
    "SELECT * {?l ?p ?o BIND(?l AS ?l)}": ("?l", "not used before"),
    "SELECT * { {_:a ?p ?o} UNION {_:a ?q ?r} }": ("_:a", "?a"),
    'SELECT * {VALUES (?a ?b) {(1 "x"@lv) (3)}}': ("(3)", "UNDEF"),
    'SELECT * {VALUES (?a) {("x"^^<http://e/d> 2)}}': ('("x"', "UNDEF"),
    "SELECT * { { SELECT ?a (COUNT(?b) AS ?n) { ?a ?p ?b } } }": ("?a (", "GROUP BY"),
}


@pytest.mark.parametrize("query", SLIPS)
def test_the_server_names_it(query: str, server: Server) -> None:
    place, hint = SLIPS[query]
    response = server.select(query)
    assert response.status_code == 400
    problem = response.json()
    assert hint in problem["hint"]
    assert query[problem["column"] - 1 :].startswith(place)
    assert "expected" not in problem["detail"]


RIGHT = [
    "SELECT ?s (COUNT(*) AS ?n) {?s ?p ?o} GROUP BY ?s",
    "SELECT (COUNT(*) AS ?n) (SUM(?o) + 1 AS ?m) {?s ?p ?o}",
    "SELECT ?y (MAX(?o) AS ?n) {?s ?p ?o} GROUP BY (STR(?s) AS ?y) HAVING (COUNT(*) > 1)",
    "SELECT * { { SELECT ?s (COUNT(*) AS ?n) {?s ?p ?o} GROUP BY ?s } ?s ?q ?r }",
    'SELECT * {VALUES (?a ?b) {(1 "x"@lv) (UNDEF "y"^^<http://e/d>)} VALUES ?c {1 2 3}}',
    "SELECT * { {?l ?p ?o} UNION { BIND(1 AS ?l) } }",
    "SELECT * { _:a ?p ?o . _:a ?q ?r }",
    "ASK {}",
]


@pytest.mark.parametrize("query", RIGHT)
def test_what_is_right_is_left_alone(query: str, server: Server) -> None:
    assert server.select(query).status_code == 200
    assert scope_slip(query) is None


WORDS = sorted({lexeme.text for query in (*SLIPS, *RIGHT) for lexeme in lexemes(query)} - {""})


@given(st.lists(st.sampled_from(WORDS), max_size=20))
def test_no_row_of_words_is_too_odd(words: list[str]) -> None:
    scope_slip(" ".join(words))
