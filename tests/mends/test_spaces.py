"""Spaces between a function and its brackets do no harm."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from partnergraph.mends.answering import answered
from tests.mends.small_dataset import ask


@pytest.mark.parametrize(
    "expression",
    [
        "COALESCE (?none, 1)",
        "coalesce\n# of them\n( ?none, 1 )",
        "STRLEN(CONCAT (COALESCE ('a')))",
        "STRLEN(COALESCE ('b', 'CONCAT ('))",
        "IF(ISBLANK(BNODE ()), 1, 0)",
    ],
)
def test_spaces_may_stand_before_brackets(expression: str, store: Store) -> None:
    assert ask(store, f"SELECT ({expression} AS ?n) {{}}") == ["1"]


def test_what_is_wrong_is_told_of_the_query_as_it_was_given(store: Store) -> None:
    said = []
    for given in ("SELECT (COALESCE (1) AS ?n) { ?s ?p }", "SELECT (COALESCE( 1) AS ?n) { ?s ?p }"):
        with pytest.raises(SyntaxError) as caught:
            answered(given, store.query)
        said.append(str(caught.value))
    assert said[0] == said[1]
