"""Attack 15: SPARQL injection through the parameters of stored queries.

A thousand values for every parameter of every query: each is refused by name, or becomes one RDF
term in the place of the variable, and nothing else of the query changes.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from pyoxigraph import Literal, NamedNode, Store

from partnergraph.errors import UnfitParameter
from partnergraph.questions.asked import OPTIONS, read_asked
from partnergraph.questions.choices import Choices
from partnergraph.questions.files import StoredQueries
from partnergraph.questions.parameters import Parameter
from partnergraph.questions.stored import StoredQuery
from partnergraph.sparql.recogniser import lexemes
from partnergraph.things.labels import Labels
from tests.graphs import page
from tests.serving import ROOT, Server

QUERIES = StoredQueries(ROOT / "queries")
CHOICES = Choices(page(), Labels(page()))

MANY = 1000
FRAGMENTS = [
    *("'", '"', '"""', "'''", "\\", "\\\\", '\\"', "\\u0022", "\\u007d", "\\n", "%22", "%00"),
    *(
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "<",
        ">",
        ";",
        ".",
        ",",
        "|",
        "^",
        "^^",
        "@",
        "@lv",
        "#",
        "?",
        "$",
    ),
    *(
        "\n",
        "\r",
        "\t",
        "\0",
        "\x0b",
        "\x1f",
        "\x7f",
        "\u0085",
        "\u2028",
        "\u202e",
        "\ufeff",
        "\ufffe",
    ),
    *("a", " ", "Halle", "ā", "ß", "É", "e\u0301", "𝔘", "🙂", "中", "ﬁ", "٣", "١٩٩٢", "1992", "-1"),
    *("} UNION { ?s ?p ?o ", "} #", "?s ?p ?o", "?__from_integer", "?_territory_iri", "true"),
    *("SERVICE <http://127.0.0.1:1/> { ?s ?p ?o }", "; DROP ALL", "INSERT DATA { <a:b> <a:b> 1 }"),
    *("http://example.org/a", "http://example.org/>", "https://x/?a=b&c#d", "urn:x:y", "tp:party"),
    *("http://[", "http://a b", "http://a/{b}", "a:b", "javascript:alert(1)", "file:///etc/passwd"),
    *("1e9", "1e999", "NaN", "INF", "0x1", "2000-02-30", "2000-02-29", "12:00", "P1Y", "null"),
    *("valmiera", "culture", "Valmiera", "<script>", "&amp;", "${x}", "{{x}}", "$(id)", "`id`"),
]
OTHERS = "\x01\x7f¡ÿĀſ֍٠۩ऀ‐†※℗ↀ⅓∀⌘①▲☃✂㋿꧁\U00010348\U0001f9ff"


def values() -> list[str]:
    """Strings that mean something to somebody: the fragments, and rows of them."""
    choose = random.Random(15)
    found = dict.fromkeys(FRAGMENTS)
    while len(found) < MANY:
        parts = choose.choices([*FRAGMENTS, *OTHERS], k=choose.randint(1, 8))
        found["".join(parts)] = None
    return list(found)


VALUES = values()
PARAMETERS = [
    pytest.param(query, parameter, id=f"{query.name}-{parameter.name}")
    for query in QUERIES.values()
    for parameter in query.parameters
]


def test_there_are_a_thousand_values_of_every_kind() -> None:
    assert len(VALUES) == MANY
    for sign in ("'", '"', "{", "}", "\n", "\0", "ā", "🙂", "http://example.org/>"):
        assert sum(sign in value for value in VALUES) >= 10, sign


def expected(query: StoredQuery, parameter: Parameter, term: NamedNode | Literal) -> list[str]:
    """The tokens of a query with a term in the place of a parameter, worked out from its text."""
    replaced = [token.text for token in lexemes(str(term))][:-1]
    found: list[str] = []
    tokens = [token.text for token in lexemes(query.sparql)]
    while tokens:
        token = tokens.pop(0)
        if token.upper() == "BOUND" and tokens[1][1:] == parameter.variable:
            del tokens[:3]
            found.append("true")
        else:
            found += replaced if token[1:] == parameter.variable else [token]
    return found


@pytest.mark.parametrize(("query", "parameter"), PARAMETERS)
def test_the_structure_of_a_query_never_changes(query: StoredQuery, parameter: Parameter) -> None:
    """Bound or refused; where it is bound, every other token is where it was."""
    bound = 0
    for value in VALUES:
        asked = None
        with suppress(UnfitParameter):
            asked = read_asked(query, [(parameter.name, value)], CHOICES)
        if asked is None:
            continue
        term = asked.values[parameter.name]
        text = query.bind({parameter.name: term})
        assert [token.text for token in lexemes(text)] == expected(query, parameter, term)
        bound += 1
    if parameter.kind == "literal":
        assert bound == MANY


def test_the_engine_reads_back_each_value_as_it_was_given() -> None:
    """What stands in the query is the literal, character by character."""
    store = Store()
    for value in VALUES:
        (solution,) = store.query(f"SELECT ({Literal(value)} AS ?x) {{}}")  # type: ignore[misc]
        assert solution["x"] == Literal(value)


def answers(server: Server, query: StoredQuery, name: str) -> Iterator[tuple[str, int, bytes]]:
    """The status and the body of the response to each value, on one connection."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    form = "json" if query.has_solutions else "nt"
    for value in VALUES:
        connection.request("GET", f"/queries/{query.name}.{form}?{urlencode({name: value})}")
        response = connection.getresponse()
        yield value, response.status, response.read()
    connection.close()


@pytest.mark.parametrize(("query", "parameter"), PARAMETERS)
def test_every_value_gets_a_typed_answer_or_a_refusal_by_name(
    query: StoredQuery, parameter: Parameter, server: Server
) -> None:
    """Over HTTP, from the real server."""
    for value, status, body in answers(server, query, parameter.name):
        if status == 200 and not query.has_solutions:
            continue
        document = json.loads(body)
        if status == 200:
            assert tuple(document["head"].get("vars", ())) == query.columns
        else:
            assert (status, document["parameter"]) == (400, parameter.name), repr(value)


@pytest.mark.parametrize("option", OPTIONS)
def test_options_take_nothing_else_either(option: str, server: Server) -> None:
    """What is said of every query is checked as its parameters are."""
    for value, status, body in answers(server, QUERIES["chronology"], option):
        if status != 200:
            assert (status, json.loads(body)["parameter"]) == (400, option), repr(value)


def test_a_name_that_is_no_parameter_is_refused(server: Server) -> None:
    """Another variable of the query cannot be bound, nor one be slipped in."""
    for name in ("date", "?date", "_territory_iri", "query", "territory ", "__from_integer"):
        response = server.client.get("/queries/chronology.json", params={name: "1992"})
        assert response.status_code == 400
        assert response.json()["parameter"] == name
