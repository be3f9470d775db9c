"""How much there is of a query, by the grammar of SPARQL 1.1."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnergraph.engine import Bounds
from partnergraph.sparql.extent import Kind, _count, _is_surely_within, excess
from partnergraph.sparql.syntax_tree import parse_query
from tests.serving import ROOT

ROOMY = Bounds(1000, 1000, 1000, 1000, 1000)

EXTENTS: dict[str, tuple[Kind, int]] = {
    "ASK {}": ("depth", 1),
    "ASK { { { } } }": ("depth", 3),
    "ASK { FILTER ((1 + (2 * 3)) = 7) }": ("depth", 4),
    "ASK { FILTER (!!!true) }": ("depth", 5),
    "ASK { ?s ?p [ ?q [ ?r () ] ] }": ("depth", 4),
    "ASK { ?s ?p [] }": ("depth", 2),
    "ASK { OPTIONAL { GRAPH ?g { MINUS { } } } }": ("depth", 4),
    "SELECT (COUNT(DISTINCT ?s) AS ?n) { { SELECT ?s { ?s ?p ?o } } }": ("depth", 3),
    "ASK { ?s <p:p> ?o }": ("path", 1),
    "ASK { ?s <p:p>/<p:q>/^<p:r> ?o }": ("path", 3),
    "ASK { ?s (<p:p>|(<p:q>/a)*)+ ?o ; <p:r>/<p:s> ?t }": ("path", 3),
    "ASK { ?s !(<p:p>|^<p:q>) ?o }": ("path", 1),
    "ASK { ?s ?p ?o }": ("patterns", 1),
    "ASK { ?s ?p ?o, 1, 'x.;,'@en ; ?q <x:.,;> . ?t a ?u . }": ("patterns", 5),
    "ASK { ?s ?p (1 2 3) }": ("patterns", 4),
    "ASK { [ ?p 1 ; ?q [ ?r 2 ] ] ?s 3 }": ("patterns", 4),
    "CONSTRUCT { ?s ?p 1, 2 } WHERE { ?s ?p ?o }": ("patterns", 3),
    "ASK { ?s ?p ?o # . ?t ?q ?o\n }": ("patterns", 1),
    "ASK { FILTER (?a = 1 || ?b != 2 && ?c < -3) }": ("operators", 6),
    "SELECT (1 + 2 - 3 * 4 / 5 AS ?n) {}": ("operators", 5),
    "ASK { {} UNION {} UNION {} }": ("operators", 2),
    "ASK { VALUES ?x { 1 UNDEF <x:y> } }": ("values", 3),
    "ASK { VALUES (?x ?y) { (1 2) (3 4) } }": ("values", 4),
    "ASK { FILTER (?x IN (1, 2, 3)) }": ("values", 3),
    "ASK { FILTER (?x NOT IN (1)) }": ("values", 1),
    "ASK { FILTER (<f:f>(1, 2)) }": ("values", 2),
}
"""A query, and of what it has how much."""


STORED = [
    re.sub(r"^#.*\n", "", path.read_text("utf-8"), flags=re.MULTILINE)
    for path in sorted((ROOT / "queries").glob("*.rq"))
]
"""Those that come with the software, without what is said of them."""


@pytest.mark.parametrize("text", EXTENTS)
def test_exactly_as_much_is_allowed_as_there_is(text: str) -> None:
    """By the bound itself all is well; by one less it is not."""
    kind, much = EXTENTS[text]
    assert excess(text, ROOMY._replace(**{kind: much})) is None
    found = excess(text, ROOMY._replace(**{kind: much - 1}))
    assert found
    assert (found.kind, found.most) == (kind, much - 1)
    assert 0 <= found.start < len(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"ASK{{?s ?p({'?a' * 200})}}", "patterns"),
        (f"ASK{{?s ?p({':a<b>' * 100})}}", "patterns"),
        ("ASK{?s ?p(" + '"a"' * 200 + ")}", "patterns"),
        ("ASK{" + "OPTIONAL{}" * 200 + "}", "patterns"),
        ("ASK{" + "FILTER(1)" * 200 + "}", "patterns"),
        ("SELECT" + "(1AS?a)" * 600 + "{}", "operators"),
        ("SELECT" + "(1aS?a)" * 600 + "{}", "operators"),
        ("ASK{" + "{}uNiOn" * 600 + "{}}", "operators"),
        ("ASK{VALUES ?x{" + '"a"' * 10_001 + "}}", "values"),
        ("ASK{VALUES ?x{" + "<b>" * 10_001 + "}}", "values"),
    ],
)
def test_no_space_between_hides_nothing(text: str, kind: str) -> None:
    found = excess(text, Bounds(1000, 100, 150, 500, 10_000))
    assert found
    assert found.kind == kind


@pytest.mark.parametrize(
    ("text", "bounds", "mark"),
    [
        ("ASK { { {} } }", ROOMY._replace(depth=2), "{} } }"),
        ("ASK { ?s <p:1>/<p:2>/<p:3> ?o }", ROOMY._replace(path=2), "<p:3> ?o }"),
        ("ASK { ?s ?p 1 . ?t ?q 2 }", ROOMY._replace(patterns=1), "2 }"),
        ("ASK { {} UNION {} UNION {} }", ROOMY._replace(operators=1), "UNION {} }"),
        ("ASK { VALUES ?x { 1 2 3 } }", ROOMY._replace(values=2), "3 } }"),
    ],
)
def test_the_place_is_where_it_becomes_too_much(text: str, bounds: Bounds, mark: str) -> None:
    found = excess(text, bounds)
    assert found
    assert text[found.start :] == mark


def test_escapes_hide_nothing() -> None:
    """https://www.w3.org/TR/sparql11-query/#codepointEscape."""
    text = "ASK { \\u007B { } \\U0000007D }"
    assert excess(text, ROOMY._replace(depth=2))
    assert excess(text, ROOMY._replace(depth=3)) is None
    long = "ASK \\u007B\n" + "{" * 1000 + "}" * 1000 + "}"
    found = excess(long, ROOMY)
    assert found
    assert found.text[found.start - 999 : found.start + 1] == "{" * 1000


def test_what_is_large_and_no_query_is_not_counted() -> None:
    found = excess(f"ASK {{ {'{' * 2000}", ROOMY)
    assert found
    assert found.kind == "grammar"


@settings(max_examples=500, deadline=None)
@given(st.sampled_from((*EXTENTS, *STORED)), st.tuples(*[st.integers(0, 60)] * 5), st.booleans())
def test_the_quick_look_lets_nothing_through(
    text: str, bounds: tuple[int, ...], spaced: bool
) -> None:
    """What it takes for surely within the bounds is within them, with spaces or without."""
    tree = parse_query(text)
    assert tree
    if not spaced:
        bare = "".join(token.text for token in tree.tokens())
        tree = parse_query(bare)
        if not tree:  # Some words need a space.
            return
        text = bare
    if _is_surely_within(text, Bounds(*bounds)):
        assert _count(tree, Bounds(*bounds)) is None


def test_most_questions_need_only_the_quick_look() -> None:
    bounds = Bounds(100, 100, 150, 500, 10_000)
    assert sum(_is_surely_within(text, bounds) for text in STORED) > 0.5 * len(STORED)
    assert not any(excess(text, bounds) for text in STORED)
