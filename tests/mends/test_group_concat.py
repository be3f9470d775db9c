"""GROUP_CONCAT gives a simple literal, as the real engine shows."""

from __future__ import annotations

import pytest
from pyoxigraph import QuerySolutions, Store

from partnergraph.mends.answering import answered
from tests.mends.small_dataset import Rows, ask, mend

TAGGED = "VALUES (?k ?x) { (1 'a'@en) (1 'b'@en) (2 'c'@en) }"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (f"SELECT (GROUP_CONCAT(?x) AS ?y) {{ {TAGGED} }} GROUP BY ?k", ["a b", "c"]),
        (f"SELECT (group_concat ( ?x ) AS ?y) {{ {TAGGED} }} GROUP BY ?k", ["a b", "c"]),
        (
            f"SELECT (GROUP_CONCAT(DISTINCT STR(?x); SEPARATOR=')') AS ?y) {{ {TAGGED} }}",
            ["a)b)c"],
        ),
        (f"SELECT (CONCAT('<', GROUP_CONCAT(?x), '>') AS ?y) {{ {TAGGED} }}", ["<a b c>"]),
        (
            f"SELECT ?k {{ {TAGGED} }} GROUP BY ?k HAVING (GROUP_CONCAT(?x) = 'a b')",
            ["1"],
        ),
        (
            f"SELECT ?k {{ {TAGGED} }} GROUP BY ?k ORDER BY GROUP_CONCAT(?x) # the end",
            ["1", "2"],
        ),
        (
            f"SELECT (LANG(?y) AS ?l) {{ {{ SELECT (GROUP_CONCAT(?x) AS ?y) {{ {TAGGED} }} }} }}",
            [""],
        ),
    ],
)
def test_group_concat_gives_a_simple_literal(query: str, expected: Rows, store: Store) -> None:
    """Wherever it stands, and whatever stands in it."""
    assert ask(store, query) == expected
    result = answered(query, store.query)
    assert isinstance(result, QuerySolutions)
    assert not any("@en" in str(term) for row in result for term in row)


def test_only_group_concat_is_put_into_str() -> None:
    """The rest of the text stays as it is."""
    query = "SELECT (GROUP_CONCAT (?x; SEPARATOR=')') # ) GROUP_CONCAT(\n AS ?y) {}"
    expected = "SELECT (STR (GROUP_CONCAT(?x; SEPARATOR=')')) # ) GROUP_CONCAT(\n AS ?y) {}"
    assert mend(query) == expected
