"""What is put right before the engine sees a query: each mend against the real engine."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable

import pytest
from pyoxigraph import QueryBoolean, QuerySolutions, RdfFormat, Store

from partnergraph.embedded.worker import Outcome, QueryMessage, reply
from partnergraph.mends.mended import LARGEST, MOST_UNKNOWN_FUNCTIONS, Result, answered, mended
from partnergraph.slips.refusals import explain

DATA = """
<x:a> <x:p> "0" .
<x:a> <x:p> "1" <x:g1> .
<x:a> <x:p> "2" <x:g1> .
<x:b> <x:p> "3" <x:g2> .
<x:g1> <x:q> "named" <x:g2> .
"""
GRAPHS = ["x:g1", "x:g2"]

Rows = list[str]


@pytest.fixture(scope="module")
def store() -> Store:
    """A default graph of one triple and two named graphs of two."""
    store = Store()
    store.load(DATA.encode(), RdfFormat.N_QUADS)
    return store


def rows(result: Result) -> Rows:
    """Solutions as sorted lines: the values in the order of the variables, ``-`` for unbound."""
    assert isinstance(result, QuerySolutions)
    return sorted(" ".join(term.value if term else "-" for term in row) for row in result)


def ask(store: Store, text: str) -> Rows:
    """The rows of a query that is mended."""
    return rows(answered(text, store.query))


def mend(text: str) -> str:
    """A query mended for two named graphs."""
    return mended(text, lambda: GRAPHS)


# --- GROUP_CONCAT ----------------------------------------------------------------------------

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


# --- GRAPH with a variable -------------------------------------------------------------------

COUNT = "SELECT (COUNT(*) AS ?n) { ?s <x:p> ?o }"
NAMES = "VALUES ?g { <x:g1> <x:no> }"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (f"SELECT ?g ?n {{ GRAPH ?g {{ {COUNT} }} }}", ["x:g1 2", "x:g2 1"]),
        (f"SELECT ?g ?n {{ graph $g {{ {COUNT} }} }}", ["x:g1 2", "x:g2 1"]),
        (
            "SELECT ?g ?x { GRAPH ?g { VALUES ?x { 1 2 } } }",
            ["x:g1 1", "x:g1 2", "x:g2 1", "x:g2 2"],
        ),
        (
            "SELECT ?g ?x { GRAPH ?g { VALUES (?g ?x) { (UNDEF 1) (<x:g1> 2) (<x:no> 3) } } }",
            ["x:g1 1", "x:g1 2", "x:g2 1"],
        ),
        # Both sides share no variable, as ?g is not one of P: nothing is taken away.
        ("SELECT ?g ?s { GRAPH ?g { ?s <x:p> '3' MINUS { ?t <x:p> '3' } } }", ["x:g2 x:b"]),
        ("SELECT ?g ?o { GRAPH ?g { ?s <x:p> ?o MINUS { ?s <x:p> '1' } } }", ["x:g2 3"]),
        # P binds ?g: joined with the graph's own name.
        ("SELECT ?g ?o { GRAPH ?g { ?s <x:p> ?o BIND(<x:g1> AS ?g) } }", ["x:g1 1", "x:g1 2"]),
        # ?g is bound outside.
        (f"SELECT ?g ?n {{ VALUES ?g {{ <x:g2> <x:no> }} GRAPH ?g {{ {COUNT} }} }}", ["x:g2 1"]),
        (f"SELECT ?g ?n {{ ?g a ?c }} VALUES ?g {{ 1 }} # GRAPH ?g {{ {COUNT} }}", []),
        # A filter inside sees the graph; what it says of ?g is an error, as that is not in P.
        (
            f"SELECT ?g ?n {{ GRAPH ?g {{ {{ {COUNT} }} FILTER(?n > 1) }} }}",
            ["x:g1 2"],
        ),
        (f"SELECT ?g {{ GRAPH ?g {{ {{ {COUNT} }} FILTER(?g = <x:g1>) }} }}", []),
        (
            f"SELECT ?g ?m {{ GRAPH ?g {{ {{ {COUNT} }} BIND(?n + 1 AS ?m) }} }}",
            ["x:g1 3", "x:g2 2"],
        ),
        # OPTIONAL { GRAPH … }: of the two counts, the filter leaves one.
        (
            f"SELECT ?o ?g ?n {{ ?s ?p ?o OPTIONAL {{ GRAPH ?g {{ {COUNT} }} FILTER(?n > 1) }} }}",
            ["0 x:g1 2"],
        ),
        (
            "SELECT ?o ?g { ?s <x:p> ?o OPTIONAL { GRAPH ?g { VALUES ?o { '7' } } } }",
            ["0 -"],
        ),
        # OPTIONAL before any triple pattern: the row is lost for the graphs without a match.
        (
            "SELECT ?g ?o { GRAPH ?g { VALUES ?s {<x:b>} OPTIONAL { ?s <x:p> ?o } ?t ?p '1' } }",
            ["x:g1 -"],
        ),
        # A subquery under EXISTS counts in the one graph.
        (
            (
                "SELECT ?o { GRAPH ?g { ?s <x:p> ?o FILTER EXISTS { "
                "SELECT (COUNT(*) AS ?n) { ?x <x:p> ?y } HAVING (COUNT(*) > 1) } } }"
            ),
            ["1", "2"],
        ),
        (
            f"SELECT * {{ {NAMES} FILTER EXISTS {{ GRAPH ?g {{ {COUNT} }} }} }}",
            ["x:g1"],
        ),
        (
            f"SELECT * {{ {NAMES} FILTER NOT EXISTS {{ GRAPH ?g {{ {COUNT} }} }} }}",
            ["x:no"],
        ),
        # One inside another, with a pattern of its own or not.
        ("SELECT ?g ?h { GRAPH ?g { GRAPH ?h { ?s <x:p> '3' } } }", ["x:g1 x:g2", "x:g2 x:g2"]),
        (
            f"SELECT ?g ?h ?n {{ GRAPH ?g {{ ?s <x:p> '3' GRAPH ?h {{ {COUNT} }} }} }}",
            ["x:g2 x:g1 2", "x:g2 x:g2 1"],
        ),
        (
            f"SELECT ?g ?n {{ GRAPH ?g {{ {{ GRAPH <x:g1> {{ {COUNT} }} }} }} }}",
            ["x:g1 2", "x:g2 2"],
        ),
        # The same label may not stand in two patterns; anonymous ones are each their own.
        (
            "SELECT ?g { GRAPH ?g { _:s <x:p> [] . _:s <x:p> '1' MINUS { ?t <x:q> _:b0 } } }",
            ["x:g1", "x:g1"],
        ),
        (f"SELECT ?g {{ GRAPH ?g {{ {COUNT} # a comment }}\n }} }} # one more", ["x:g1", "x:g2"]),
        # With FROM NAMED, only the graphs that it names, each once, and also an empty one.
        (
            (
                "PREFIX x: <x:> SELECT ?g ?n FROM NAMED x:g1 FROM NAMED <x:g1> FROM NAMED x:no "
                f"{{ GRAPH ?g {{ {COUNT} }} }}"
            ),
            ["x:g1 2", "x:no 0"],
        ),
        # With FROM alone there is no named graph; the variables stay.
        ("SELECT * FROM <x:g1> { GRAPH ?g { VALUES ?x { 1 } } }", []),
    ],
)
def test_graph_with_a_variable_is_a_union_over_the_named_graphs(
    query: str, expected: Rows, store: Store
) -> None:
    """Worked out by hand from the definition of Graph(var, P)."""
    assert ask(store, query) == expected


def test_without_named_graphs_the_variables_are_still_in_scope(store: Store) -> None:
    """SELECT * names them, as it does where there are solutions."""
    query = "SELECT * FROM <x:g1> { GRAPH ?g { VALUES ?x { 1 } } }"
    result = answered(query, store.query)
    assert isinstance(result, QuerySolutions)
    assert [variable.value for variable in result.variables] == ["g", "x"]


def test_each_form_of_query_is_mended(store: Store) -> None:
    """ASK and CONSTRUCT as well; FROM NAMED of a CONSTRUCT stands behind its template."""
    pattern = "{ GRAPH ?g { { SELECT (COUNT(*) AS ?n) { ?s <x:p> ?o } } FILTER(?n > 2) } }"
    result = answered(f"ASK {pattern}", store.query)
    assert isinstance(result, QueryBoolean)
    assert not result
    query = "CONSTRUCT { ?g <x:n> ?n } FROM NAMED <x:g2> WHERE { GRAPH ?g { COUNT } }"
    graph = answered(query.replace("COUNT", COUNT), store.query)
    assert [str(triple) for triple in graph] == [  # type: ignore[union-attr]
        '<x:g2> <x:n> "1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    ]


# --- What is right is left alone -------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "",
        "SELECT * { ?s ?p ?o }",
        "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * { GRAPH ?g { ?s ?p ?o OPTIONAL { ?o ?q ?x } FILTER EXISTS { ?s a ?c } } }",
        "SELECT * { GRAPH ?g { ?s ?p ?o } MINUS { ?s a ?c } VALUES ?p { <x:p> } }",
        "SELECT * { GRAPH ?g { ?s ?p ?o VALUES ?g { <x:g1> } FILTER(?g != <x:g2>) } }",
        "SELECT * { GRAPH ?g { VALUES (?s ?x) { (<x:a> 1) } ?s ?p ?o } }",
        "SELECT * { GRAPH ?g { ?s ?p ?o BIND(STR(?o) AS ?x) FILTER(?x > 'a') } }",
        "SELECT * { GRAPH ?g { ?s ?p ?o GRAPH ?h { ?o ?q ?x } } }",
        "SELECT * { GRAPH ?g { ?s ?p ?o FILTER NOT EXISTS { GRAPH ?h { ?s ?p ?x } } } }",
        f"SELECT * {{ GRAPH <x:g1> {{ {COUNT} }} }}",
        'SELECT (\'GROUP_CONCAT(?x)\' AS ?y) ("""GRAPH ?g { SELECT""" AS ?z) {}',
        "SELECT * { ?s ?p ?o } # GROUP_CONCAT(?x) GRAPH ?g { SELECT * {} }",
        "SELECT * { <x:graph> <x:group_concat> ?values . GRAPH ?select { ?minus ?as ?graph } }",
        "PREFIX graph: <x:> SELECT * { graph:GROUP_CONCAT graph:minus ?x , graph:graph }",
        "PREFIX g: <x:partnergraph#> SELECT (1 AS ?x) { g:graph ?group_concat ?select }",
        # Malformed, so the engine says where, in the text as given.
        f"SELECT * {{ GRAPH ?g {{ {COUNT} }}",
        f"SELECT * {{ GRAPH ?g {{ {COUNT} ) }}",
        "SELECT (GROUP_CONCAT(?x AS ?y) {}",
        "SELECT GROUP_CONCAT ?x {}",
        "}",
    ],
)
def test_a_query_without_a_fault_comes_back_as_the_very_same_object(query: str) -> None:
    """Also with the words in strings, comments, IRIs, prefixed names and variables."""
    assert mend(query) is query


def test_nearly_all_queries_cost_next_to_nothing() -> None:
    """Two microseconds; measured at its best, and with room for a slow machine."""
    query = "PREFIX x: <https://partnergraph.example/graph/> SELECT * { ?s x:p ?o . ?o x:q ?x }" * 4
    best = min(_seconds(lambda: mend(query)) for _ in range(2000))
    assert best < 20e-6


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


# --- Random patterns -------------------------------------------------------------------------


OPENINGS = [
    *("{", "OPTIONAL {", "MINUS {", "FILTER EXISTS {", "FILTER NOT EXISTS {", "{} UNION {"),
    *("GRAPH ?g {", "GRAPH ?h {", "GRAPH <x:g1> {"),
]


class Patterns:
    """Random groups, written as they are and with each GRAPH replaced by its definition."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.names = 0

    def group(self, depth: int) -> tuple[str, str]:
        """A group in both ways of writing."""
        parts = [self.part(depth) for _ in range(self.random.randint(1, 3))]
        return "".join(plain for plain, _ in parts), "".join(spelt for _, spelt in parts)

    def part(self, depth: int) -> tuple[str, str]:
        """A part of a group in both ways of writing."""
        choose, self.names = self.random.choice, self.names + 1
        kind = choose(["triple"] * 4 + ["values"] * 3 + ["nested"] * 4 * (depth > 0) + ["bind"])
        if kind == "triple":
            ends = ("?x", "?y", "?z", "<x:a>", "<x:b>")
            return (f"{choose(ends)} <x:{choose('pq')}> {choose(ends)} . ",) * 2
        if kind == "values":
            return (f"VALUES {choose(('?x', '?y', '?g'))} {{ <x:a> <x:g1> UNDEF }} ",) * 2
        if kind == "bind":
            return (f"BIND(<x:a> AS ?n{self.names}) ",) * 2
        plain, spelt = self.group(depth - 1)
        opening = choose([*OPENINGS, f"{{ SELECT (COUNT(*) AS ?n{self.names}) {{"])
        closing = "} " * opening.count("{") if "UNION" not in opening else "} "
        if opening.startswith("GRAPH ?"):
            return f"{opening}{plain}}} ", self.definition(opening[6:8], spelt)
        return opening + plain + closing, opening + spelt + closing

    def definition(self, variable: str, pattern: str) -> str:
        """Graph(var, P), spelt out."""
        return " UNION ".join(
            f"{{ GRAPH <{iri}> {{ {pattern} }} VALUES {variable} {{ <{iri}> }} }}" for iri in GRAPHS
        )


@pytest.mark.parametrize("seed", range(8))
def test_random_patterns_have_the_answers_of_the_definition(seed: int) -> None:
    """Those that are left alone as well as those that are spelt out."""
    patterns = Patterns(seed)
    store = Store()
    for graph in ("", "<x:g1>", "<x:g2>"):
        for _ in range(4):
            ends = (patterns.random.choice(("a", "b", "g1")) for _ in range(2))
            link = f"> <x:{patterns.random.choice('pq')}> <x:"
            store.load(f"<x:{link.join(ends)}> {graph} .".encode(), RdfFormat.N_QUADS)
    left_alone = Counter[bool]()
    for _ in range(150):
        plain, spelt = patterns.group(2)
        query = f"SELECT * {{ GRAPH ?g {{ {plain} }} }}"
        definition = f"SELECT * {{ {patterns.definition('?g', spelt)} }}"
        left_alone[mend(query) is query] += 1
        assert ask(store, query) == rows(store.query(definition)), query
    assert min(left_alone.values()) > 20


# --- Limits ----------------------------------------------------------------------------------


def test_a_query_that_would_grow_too_large_is_refused(store: Store) -> None:
    """A clear message instead of a wrong answer, or of a day's work."""
    nested = f"SELECT * {{ {'GRAPH ?g {' * 20} {COUNT} {'}' * 20} }}"
    with pytest.raises(ValueError, match=r"name the graphs with FROM NAMED"):
        ask(store, nested)
    wide = f"SELECT * {{ GRAPH ?g {{ {COUNT} }} }}"
    with pytest.raises(ValueError, match=f"here {LARGEST}, which makes this query too large"):
        mended(wide, lambda: ["x:g"] * LARGEST)
    outcome, reason = reply(store, message(nested))
    assert outcome is Outcome.MALFORMED
    assert b"too large" in reason


def test_a_graph_without_an_iri_is_refused() -> None:
    """A blank node can name a graph, but cannot be written in a query."""
    store = Store()
    store.load(b"<x:a> <x:p> 1 <x:g> .".replace(b" 1 ", b" _:o _:g . #"), RdfFormat.N_QUADS)
    with pytest.raises(ValueError, match="write GRAPH with an IRI"):
        ask(store, f"SELECT * {{ GRAPH ?g {{ {COUNT} }} }}")


KIB_64 = 64 * 1024


@pytest.mark.parametrize(
    "hostile",
    ["GRAPH ?g {", "GROUP_CONCAT(", "GRAPH ?g { { SELECT", "GRAPH ?g { VALUES ?g {} }", "graph#"],
)
@pytest.mark.parametrize("closed", [False, True])
def test_hostile_queries_are_mended_or_refused_at_once(hostile: str, closed: bool) -> None:
    """64 KiB take well under a second."""
    query = f"SELECT * {{ {hostile * (KIB_64 // len(hostile))}"
    if closed:
        opened = query.count("{") - query.count("}")
        query += ")" * query.count("(") + "}" * opened
    start = time.perf_counter()
    try:
        mend(query)
    except ValueError as error:
        assert "too large" in str(error)  # noqa: PT017
    assert time.perf_counter() - start < 1


# --- Unknown functions -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT (<x:f>(1) AS ?x) {}", ["-"]),
        ("SELECT (COALESCE(<x:f>(1), <x:h>(2), 3) AS ?x) {}", ["3"]),
        ("SELECT ?o { ?s <x:p> ?o FILTER(<x:f>(?o)) }", []),
        ("SELECT ?o { ?s <x:p> ?o FILTER(<x:f>(?o) || true) }", ["0"]),
        ("PREFIX x: <x:> SELECT (x:f(GROUP_CONCAT(?o)) AS ?x) { GRAPH ?g { ?s ?p ?o } }", ["-"]),
    ],
)
def test_a_call_of_an_unknown_function_is_an_error_of_evaluation(
    query: str, expected: Rows, store: Store
) -> None:
    """It leaves a variable unbound, and a filter without effect or solution."""
    assert ask(store, query) == expected


def test_not_any_number_of_unknown_functions_is_tried(store: Store) -> None:
    """Each costs a look at the query, so there is a bound."""

    def calls(number: int) -> str:
        return f"ASK {{ FILTER({' || '.join(f'<x:f{n}>()' for n in range(number))}) }}"

    assert not answered(calls(MOST_UNKNOWN_FUNCTIONS), store.query)
    with pytest.raises(RuntimeError, match="is not supported"):
        answered(calls(MOST_UNKNOWN_FUNCTIONS + 1), store.query)


# --- Through the worker ----------------------------------------------------------------------


def message(
    text: str, default_graphs: tuple[str, ...] = (), named_graphs: tuple[str, ...] = ()
) -> QueryMessage:
    """A query for :func:`reply`, with the answer in CSV."""
    return text, default_graphs, named_graphs, "csv", "turtle", None, 10**6, None


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (GROUP_CONCAT(?x) AS ?y)\n{ ?s ?p }",
        "SELECT (GROUP_CONCAT(?x)\nAS ?y) { GRAPH ?g { SELECT * { ?s ?p } } }",
        "SELECT * {\n GRAPH ?g { VALUES ?x { ?y } } }",
        "SELECT * { GRAPH ?g { VALUES ?x { 1 } } }\n }",
        "SELECT * { ?s ?p _:l .\n GRAPH ?g { ?s ?p _:l MINUS { ?a ?b ?c } } }",
        "SELECT * FROM NAMED <x:g1>\n FROM <x:no { GRAPH ?g { VALUES ?x { 1 } } }",
        "PREFIX x: <x:>\n SELECT * { GRAPH ?g { VALUES ?x { y:no } } }",
    ],
)
def test_syntax_errors_have_line_and_column_of_the_text_as_given(query: str, store: Store) -> None:
    """A person is told what the engine says of their own text, and never of the mended one."""
    outcome, reason = reply(store, message(query))
    assert outcome is Outcome.MALFORMED
    with pytest.raises(SyntaxError) as caught:
        store.query(query)
    assert reason == explain(query, caught.value.msg or "")
    assert json.loads(reason).get("line", 2) == 2


@pytest.mark.parametrize(
    ("default_graphs", "named_graphs", "expected"),
    [
        ((), (), ["x:g1,2", "x:g2,1"]),
        ((), ("x:g2",), ["x:g2,1"]),
        (("x:g1",), (), []),
        (("x:g1", "x:g2"), ("x:g1", "x:no"), ["x:g1,2", "x:no,0"]),
    ],
)
def test_the_named_graphs_are_those_of_the_request(
    default_graphs: tuple[str, ...],
    named_graphs: tuple[str, ...],
    expected: Rows,
    store: Store,
) -> None:
    """What the protocol names overrides FROM NAMED in the query."""
    clause = "FROM NAMED <x:other>" if default_graphs or named_graphs else ""
    query = f"SELECT ?g ?n {clause} {{ GRAPH ?g {{ {COUNT} }} }} ORDER BY ?g"
    outcome, body = reply(store, message(query, default_graphs, named_graphs))
    assert outcome is Outcome.RESULTS
    assert body.decode().splitlines() == ["g,n", *expected]


def test_several_graphs_after_from_are_merged_and_mended(store: Store) -> None:
    """Both faults of the engine at once."""
    query = f"SELECT ?g ?n FROM <x:g1> FROM <x:g2> FROM NAMED <x:g2> {{ GRAPH ?g {{ {COUNT} }} }}"
    assert reply(store, message(query))[1].decode().splitlines() == ["g,n", "x:g2,1"]


# --- Spaces before brackets ------------------------------------------------------------------


@pytest.mark.parametrize(
    "expression",
    [
        "COALESCE (?none, 1)",
        "coalesce\n# of them\n( ?none, 1 )",
        "STRLEN(CONCAT (COALESCE ('a')))",
        "STRLEN(COALESCE ('b', 'CONCAT ('))",
        "IF(ISBLANK(BNODE ()), 1, 0)",
    ],
)
def test_spaces_may_stand_before_brackets(expression: str, store: Store) -> None:
    assert ask(store, f"SELECT ({expression} AS ?n) {{}}") == ["1"]


def test_what_is_wrong_is_told_of_the_query_as_it_was_given(store: Store) -> None:
    said = []
    for given in ("SELECT (COALESCE (1) AS ?n) { ?s ?p }", "SELECT (COALESCE( 1) AS ?n) { ?s ?p }"):
        with pytest.raises(SyntaxError) as caught:
            answered(given, store.query)
        said.append(str(caught.value))
    assert said[0] == said[1]
