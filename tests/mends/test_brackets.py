"""Brackets are paired, or none are."""

from __future__ import annotations

import pytest

from partnergraph.mends.brackets import closing_brackets
from partnergraph.sparql.tokens import tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("{ ( ) [ ] }", {0: 5, 1: 2, 3: 4}),
        ("{ '}' ?x } # }", {0: 3}),
        ("{", None),
        ("}", None),
        ("{ ( } )", None),
    ],
)
def test_brackets_are_paired(text: str, expected: dict[int, int] | None) -> None:
    """Not those in strings and comments; none where one has no partner."""
    assert closing_brackets(list(tokens(text))) == expected
