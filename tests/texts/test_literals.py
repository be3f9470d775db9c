"""Literals are read from their terms, and nothing else is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnergraph.namespaces import XSD
from partnergraph.texts.literals import read_literal


@pytest.mark.parametrize(
    ("term", "literal"),
    [
        ('"a"', ("a", "", "")),
        ('"a \\"b\\"\\n"@lv', ('a "b"\n', "lv", "")),
        ('"""a\nb"""@en-GB', ("a\nb", "en-GB", "")),
        (f'"1"^^<{XSD}integer>', ("1", "", f"{XSD}integer")),
        ('""', ("", "", "")),
        ("<http://e/a>", None),
        ("_:b0", None),
        ("", None),
    ],
)
def test_literals_are_read(term: str, literal: tuple[str, str, str] | None) -> None:
    assert read_literal(term) == literal


@given(st.text(alphabet=st.sampled_from("\"'<>[]{}()#\\.;,:@^au/= \n"), max_size=60))
def test_no_term_is_a_fault(term: str) -> None:
    read_literal(term)
