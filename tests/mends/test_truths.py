"""Keywords are matched whatever the case of their letters; the engine knows two of them small."""

from __future__ import annotations

import pytest
from pyoxigraph import QueryBoolean, QuerySolutions, Store

from partnergraph.mends.evaluation import evaluate
from partnergraph.mends.truths import with_small_truths


@pytest.mark.parametrize("truth", ["true", "TRUE", "True", "tRuE"])
@pytest.mark.parametrize(
    "query",
    [
        "ASK {{ FILTER ({0}) }}",
        "ASK {{ FILTER ({0}||{0}) }}",
        "ASK {{ BIND ({0} AS ?x) FILTER (?x = true) }}",
        "ASK {{ VALUES ?x {{ {0} }} FILTER (?x) }}",
        "ASK {{ FILTER (IF({0}, {0}, false)) }}",
    ],
)
def test_the_case_of_letters_does_not_matter(query: str, truth: str) -> None:
    """https://www.w3.org/TR/sparql11-query/#sparqlGrammar."""
    answer = evaluate(Store(), query.format(truth))
    assert isinstance(answer, QueryBoolean)
    assert answer


def test_solutions_have_both() -> None:
    (solution,) = [*_solutions("SELECT (TRUE AS ?t) (False AS ?f) {}")]
    assert solution == ["true", "false"]


@pytest.mark.parametrize(
    "text",
    [
        'SELECT ("TRUE" AS ?x) {}',
        "SELECT * { ?TRUE <x:True> ?o # FALSE\n }",
        "PREFIX TRUE: <x:> SELECT * { ?s TRUE:FALSE ?o }",
        "SELECT * { ?s ?p <x:TRUE> }",
        "SELECT (true AS ?x) {}",
    ],
)
def test_nothing_else_is_changed(text: str) -> None:
    assert with_small_truths(text) == text


def _solutions(query: str) -> list[list[str]]:
    found = evaluate(Store(), query)
    assert isinstance(found, QuerySolutions)
    return [[term.value for term in one] for one in found]
