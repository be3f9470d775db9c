"""Tokens of SPARQL: what is a keyword, and how long it takes to say so."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnergraph.sparql.tokens import TERMINALS, line_and_column, survey, tokens

HOSTILE = [
    "'" * 65536,
    '"""' + '"a' * 30_000,
    "<" * 65536,
    "\\" * 65536,
    "a." * 30_000,
    "a-" * 30_000,
    "a:" + "." * 60_000,
    "%" * 60_000,
    "'''" + "''\\" * 20_000,
    "1." * 30_000,
    "_:" + "a." * 30_000,
    "a:" + "%4" * 30_000,
    "@" + "a-" * 30_000,
    "<\\u0041" * 9_000,
    "service \\u" * 6_000,
]


def kinds(text: str) -> list[tuple[str, str]]:
    """The tokens of a text, without their places."""
    return [(token.kind, token.text) for token in tokens(text)]


def test_a_query_is_taken_apart() -> None:
    assert kinds("SELECT*{?s ex:a.b 'x'@en-GB,-1.5e3;a<i>}# end") == [
        ("word", "SELECT"),
        ("sign", "*"),
        ("sign", "{"),
        ("variable", "?s"),
        ("prefixed", "ex:a.b"),
        ("string", "'x'"),
        ("language", "@en-GB"),
        ("sign", ","),
        ("sign", "-"),
        ("number", "1.5e3"),
        ("sign", ";"),
        ("word", "a"),
        ("iri", "<i>"),
        ("sign", "}"),
    ]


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("ASK { SERVICE <s:s> {} }", "SERVICE"),
        ("ASK{?s ?p 1service<s:s>{}}", "service"),
        ("ASK { ex:a. SERVICE <s:s> {} }", "SERVICE"),
        ("ASK { \\u0053ERVICE <s:s> {} }", "SERVICE"),
        ("ASK { FILTER ('\\u0027' SERVICE ') }", "SERVICE"),
        ("ASK { FILTER (?a<?b) SERVICE <s:s> {} }", "SERVICE"),
        ("LOAD <s:s>", "LOAD"),
        ("ASK {} # SERVICE <s:s> {}", None),
        ("ASK { ?s ?p 'SERVICE', \"SERVICE\", '''a' SERVICE''', \"\"\"a\" LOAD\"\"\" }", None),
        ("ASK { ?s ?p 'a\\' SERVICE' }", None),
        ("ASK { <s:SERVICE> ?SERVICE $load, _:service, x:service, service:x, 'a'@service }", None),
        ("ASK { x:a.SERVICE ?p x:%20SERVICE }", None),
        ("ASK { ?serviceProvider ?p ?o }", None),
    ],
)
def test_keywords_that_reach_other_servers(text: str, keyword: str | None) -> None:
    found = survey(text).outbound
    assert (found.text if found else None) == keyword


@pytest.mark.parametrize("text", ["SELECT (NOW() AS ?n) {}", "ASK { FILTER (rand() < 1) }"])
def test_functions_of_the_moment(text: str) -> None:
    assert survey(text).volatile


@pytest.mark.parametrize("text", ["ASK { ?now ?p 'RAND()' }", "ASK { ?s ?p <s:uuid> } # NOW()"])
def test_names_like_those_functions(text: str) -> None:
    assert not survey(text).volatile


@given(st.lists(st.sampled_from([*"aS:.?$_-<>{}()'\"\\#@%u0123 \n\té𐍈", "SERVICE"])))
def test_tokens_cover_the_text(parts: list[str]) -> None:
    """In order, without overlap; between them stand only spaces and comments."""
    text = "".join(parts)
    end = 0
    for token in tokens(text):
        assert token.text == text[token.start : token.start + len(token.text)] != ""
        assert token.kind in {*TERMINALS, "none"}
        between = text[end : token.start]
        assert not between.strip() or between.lstrip().startswith("#")
        end = token.start + len(token.text)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_takes_linear_time(text: str) -> None:
    """Some hundredths of a second for 64 KiB; the bound leaves room for a busy machine."""
    begin = time.process_time()
    survey(text + " service")
    assert time.process_time() - begin < 2


def test_line_and_column_count_from_one() -> None:
    text = "ab\ncd\n"
    places = [line_and_column(text, offset) for offset in range(7)]
    assert places == [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (3, 1)]


NAME_CHARACTERS = (
    "41-5A 61-7A C0-D6 D8-F6 F8-2FF 370-37D 37F-1FFF 200C-200D 2070-218F 2C00-2FEF 3001-D7FF "
    "F900-FDCF FDF0-FFFD 10000-EFFFF"
)
"""https://www.w3.org/TR/sparql11-query/#rPN_CHARS_BASE."""

EDGES = [int(edge, 16) for span in NAME_CHARACTERS.split() for edge in span.split("-")]


@pytest.mark.parametrize(
    "code", sorted({near for edge in EDGES for near in (edge - 1, edge, edge + 1)})
)
def test_what_names_are_made_of_is_what_the_standard_says(code: int) -> None:
    spans = [[int(edge, 16) for edge in span.split("-")] for span in NAME_CHARACTERS.split()]
    named = any(first <= code <= last for first, last in spans)
    (first, *_) = tokens(f"{chr(code)}x:y")
    assert (first.kind == "prefixed" and first.text == f"{chr(code)}x:y") == named
    # A variable, and the rest of a name, may have more.
    more = named or chr(code) in "_0123456789"
    (first, *_) = tokens(f"?{chr(code)}")
    assert (first.kind == "variable") == more
