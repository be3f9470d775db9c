"""Every named query has its expected answer and gives it over HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.serving import ROOT, Server

QUERIES = sorted((ROOT / "queries").glob("*.rq"))
EXPECTED = ROOT / "tests" / "expected"


def test_queries_and_expected_answers_pair() -> None:
    """No query without an expected answer, no expected answer without a query."""
    names = [path.stem for path in QUERIES]
    assert names
    assert names == sorted(path.stem for path in EXPECTED.glob("*.csv"))


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_query_gives_its_expected_answer(path: Path, server: Server) -> None:
    """The answer over HTTP is the expected one, row by row."""
    response = server.select(path.read_text("utf-8"))
    assert response.status_code == 200
    expected = (EXPECTED / f"{path.stem}.csv").read_text("utf-8")
    assert response.text.splitlines() == expected.splitlines()


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_query_says_what_it_answers(path: Path) -> None:
    """The head of a query file carries a summary, as grlc reads it."""
    assert path.read_text("utf-8").startswith("#+ summary: ")
