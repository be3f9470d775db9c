"""Citations of answers: what they say, and what is said when they are opened later."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnergraph.answers.citations import MOST_MARKED, Citation, compare, digests, read_citation

QUESTION, DATASET, QUERY = "01234567", "0123456789ab", "0123456789ab"


def of(rows: list[str]) -> Citation:
    """The citation of some rows."""
    digest, marks = digests(rows)
    kept = None if marks is None else tuple(marks)
    return Citation(QUESTION, DATASET, QUERY, len(rows), digest, kept)


ROWS = st.lists(st.text(max_size=5), max_size=12)


@given(ROWS)
def test_a_citation_is_read_back(rows: list[str]) -> None:
    assert read_citation(str(of(rows))) == of(rows)


@given(ROWS, ROWS)
def test_an_answer_is_the_same_where_its_rows_are(before: list[str], after: list[str]) -> None:
    found = compare(of(before), of(after))
    assert found.is_same == (before == after)
    assert found.is_reordered == (before != after and sorted(before) == sorted(after))


@given(st.lists(st.text(max_size=5), max_size=12, unique=True), st.data())
def test_new_rows_are_marked_and_those_that_have_gone_counted(
    before: list[str], data: st.DataObject
) -> None:
    kept = [row for row in before if data.draw(st.booleans())]
    added = [f"new {number}" for number in range(data.draw(st.integers(0, 4)))]
    after = data.draw(st.permutations([*kept, *added]))
    found = compare(of(before), of(after))
    assert found.new == frozenset(place for place, row in enumerate(after) if row in added)
    assert found.gone == len(before) - len(kept)


def test_many_rows_have_a_digest_only() -> None:
    many = [str(number) for number in range(MOST_MARKED + 1)]
    citation = of(many)
    assert citation.marks is None
    assert read_citation(str(citation)) == citation
    found = compare(citation, of([*many[:-1], "x"]))
    assert (found.is_same, found.new, found.gone) == (False, None, None)
    assert len(str(of(many[:-1]))) < 1200


@pytest.mark.parametrize("text", ["", "x", "....", f"{QUERY}.{QUERY}.x.{'a' * 16}", "a" * 5000])
def test_what_is_no_citation_is_none(text: str) -> None:
    assert read_citation(text) is None
