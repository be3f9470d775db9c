"""Why a query has no solution: the part, the place, and what was probably meant."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from pyoxigraph import RdfFormat, Store, parse

from partnergraph.answers.empty import explain_empty
from partnergraph.namespaces import ID, PREFIXES
from tests.graphs import page

HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
LINE = HEAD.count("\n") + 1


@cache
def store() -> Store:
    """The dataset as it is queried."""
    store = Store()
    store.extend(parse(page().snapshot("union"), RdfFormat.N_QUADS))
    return store


def explained(query: str) -> Any:
    """What is said of a query."""
    return json.loads(explain_empty(store(), HEAD + query))


@pytest.mark.parametrize(
    ("pattern", "part", "hint"),
    [
        ("?x a tp:Partnerhsip", "?x a tp:Partnerhsip", "Did you mean tp:Partnership?"),
        ("?x a tp:Agreement ; tp:signd ?d", "?x tp:signd ?d", "Did you mean tp:signed or"),
        ('?x skos:prefLabel "Solna"', '?x skos:prefLabel "Solna"', '"Solna"@lv'),
        ('?x skos:prefLabel "Sollna"@lv', None, 'Did you mean "Solna"@'),
        ('?x tp:signed "1992"', None, 'is "1992"^^xsd:gYear, not "1992"'),
        ('?x tp:signed "1992"^^xsd:date', None, 'is "1992"^^xsd:gYear'),
        ('?x tp:signed "1993-01-01"^^xsd:date', None, "different precisions (xsd:date, xsd:gYear)"),
        ("?x <http://schema.org/telephone> ?t", None, "mean <https://schema.org/telephone>?"),
        ("?x <tp:party> ?p", None, "Write tp:party without angle brackets"),
        ("?x a tp:Agreement ; tp:ended ?d", None, "is in the vocabulary, but no data use it"),
        (f"<{ID}place/lv/valmeira> tp:twinnedWith ?x", None, "Did you mean <"),
        (f"<{ID}place/lv/valmiera> tp:signed ?x", None, "has no tp:signed; it has"),
        (f"?x tp:party <{ID}place/de/halle>", None, "place/de/halle-westf>?"),
        ("?x tp:party/tp:country/tp:alpha4 ?y", "?step2 tp:alpha4 ?y", "tp:alpha"),
        ("GRAPH ?g { ?x a tp:Agreement . ?x tp:signd ?y }", "?x tp:signd ?y", "tp:signed"),
        ("{ ?x a tp:Agreement . ?x tp:signd ?y }", "?x tp:signd ?y", "tp:signed"),
        ('?x skos:prefLabel ?l FILTER (?l = "Solna")', 'FILTER (?l = "Solna")', "compare with STR"),
        ("?x a tp:Agreement FILTER (?y > 1)", "FILTER (?y > 1)", "?y has no value here"),
        (
            "GRAPH ?g { ?x a tp:Agreement FILTER (?g != <x:y>) }",
            "FILTER (?g != <x:y>)",
            "Inside GRAPH ?g { … } the variable ?g has no value yet; write the FILTER after it.",
        ),
        (
            '?x tp:signed ?d FILTER (?d > "2100"^^xsd:gYear)',
            'FILTER (?d > "2100"^^xsd:gYear)',
            "does not put in order",
        ),
    ],
)
def test_the_slip_is_guessed(pattern: str, part: str | None, hint: str) -> None:
    """What is named is the first part without a solution."""
    found = explained(f"SELECT ?x WHERE {{ {pattern} }}")
    assert hint in found["hint"]["en"]
    assert found["hint"]["lv"] != found["hint"]["en"]
    assert part is None or found["part"] == part
    assert found["line"] == LINE


def test_the_place_is_that_of_the_part() -> None:
    found = explained("SELECT ?x WHERE {\n  ?x a tp:Agreement ;\n    tp:signd ?d .\n}")
    assert (found["line"], found["column"]) == (LINE + 2, 5)
    assert found["excerpt"] == "    tp:signd ?d .\n    ^"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT ?x { ?x a tp:Partnership ; tp:signed ?y }", "together with the parts before"),
        ("SELECT ?x { ?x a tp:Agreement } LIMIT 0", "LIMIT"),
        ("SELECT ?x { { ?x tp:foo ?y } UNION { ?x tp:bar ?y } }", "?x tp:foo ?y"),
        ("SELECT ?x { ?x a tp:Agreement MINUS { ?x a tp:Agreement } }", "MINUS"),
        ("DESCRIBE <http://e/x>", "no WHERE clause"),
        ("ASK { ?x a tp:Agreement FILTER NOT EXISTS { ?x tp:party ?y } }", "FILTER NOT EXISTS"),
        ("ASK { ?x (tp:foo|tp:bar)+ ?y }", "?x (tp:foo|tp:bar)+ ?y"),
        ("ASK { VALUES ?x { } ?x ?y ?z }", "VALUES ?x { }"),
    ],
)
def test_where_nothing_is_mistaken_it_is_said_what_leaves_nothing(query: str, words: str) -> None:
    assert words in explained(query)["message"]["en"]


def test_a_malformed_query_is_refused_as_everywhere() -> None:
    with pytest.raises(SyntaxError):
        explain_empty(store(), "SELECT")
