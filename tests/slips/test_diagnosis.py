"""What the diagnosis says of queries that the engine refuses; on the others it is silent."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from partnergraph.slips.diagnosis import Diagnosis, diagnose, mark
from partnergraph.sparql.grammar_tables import KEYWORDS, NULLABLE, TABLE
from partnergraph.sparql.recogniser import lexemes
from tests.serving import ROOT

SYNTAX = ROOT.parent / "shared" / "data" / "w3c-sparql11" / "syntax-query"
OURS = [*(ROOT / "queries").glob("*.rq"), *(ROOT / "ontology" / "rules").glob("*.rq")]
BASE = "BASE <http://example.org/> "
EX = "PREFIX ex: <http://example.org/>\n"

OBJECT = "expected an object (a variable, an IRI or a literal)."
OPERATOR = "expected an operator"
AFTER_OBJECT = "expected ',', ';', '.'"
START = "expected BASE, PREFIX, SELECT, CONSTRUCT, DESCRIBE or ASK."

# The place is where ▲ stands. The hint "" is for none.
SLIPS = [
    # The words of a query and their order.
    ("▲", "The query is empty;", ""),
    ("▲SELCT * { ?s ?p ?o }", f"'SELCT' cannot stand here; {START}", "Did you mean SELECT?"),
    ("SELECT * ▲WEHRE { ?s ?p ?o }", "'WEHRE' cannot", "Did you mean WHERE?"),
    ("SELECT ▲DISTICT ?x { ?x ?p ?o }", "'DISTICT'", "Did you mean DISTINCT?"),
    ("▲PREFX ex: <http://a.b/> ASK {}", "'PREFX'", "Did you mean PREFIX?"),
    ("ASK {\n ▲OPTINAL { ?s ?p ?o }\n}", "'OPTINAL'", "Did you mean OPTIONAL?"),
    ("ASK { ?s ?p ?o ▲FITLER(?o > 1) }", "'FITLER'", "Did you mean FILTER?"),
    ("ASK { {} ▲UNOIN {} }", "'UNOIN'", "Did you mean UNION?"),
    ("SELECT * {} ▲ODER BY ?s", "expected GROUP BY, HAVING, ORDER BY", "Did you mean ORDER?"),
    ("SELECT ?s {} ▲GRUPBY ?s", "'GRUPBY'", "Did you mean GROUP?"),
    ("SELECT * {} GROUP ▲?s", "expected BY.", "Write GROUP BY"),
    ("SELECT * {} LIMIT10 ▲ORDERBY ?s", "'ORDER'", "put ORDER BY in its place"),
    ("SELECT * { ?s ?p ?o ▲LIMIT 10 }", "'LIMIT' cannot", "Put LIMIT after the '}'"),
    ("SELECT * { ?s ?p ?o ▲ORDER BY ?s\n}", "'ORDER'", "Put ORDER BY after the '}'"),
    ("SELECT * { ?s ?p ?o ▲LIMIT 10", "'}'.", "Put '}' before LIMIT."),
    ("SELECT * {} LIMIT 1 ▲ORDER BY ?s", "expected OFFSET, VALUES or the end", "put ORDER BY in"),
    ("SELECT * {} LIMIT ▲?n", "'?n' cannot stand here; expected a whole number.", ""),
    ("SELECT * {} LIMIT ▲-1", "expected a whole number.", ""),
    ("SELECT * {} LIMIT 10▲, 20", "','", "Write LIMIT 20 OFFSET 10"),
    ("SELECT * {} ▲FROM <http://a.b/>", "'FROM'", "before WHERE"),
    ("SELECT ?x ▲PREFIX ex: <http://a.b/> {}", "'PREFIX'", "before SELECT"),
    ("SELECT * {}▲;", "';' cannot", "Remove the ';'"),
    ("ASK {}▲; ASK {}", "';'", "Remove the ';'"),
    ("ASK {}\n▲ASK {}", "expected GROUP BY", "send the second one by itself"),
    ("ASK {} ▲}", "the end of the query", "one '}' too many"),
    ("▲INSERT DATA { <a:a> <a:b> 1 }", "updates are not taken", "Ask with SELECT"),
    (EX + "▲DELETE WHERE { ?s ?p ?o }", "DELETE begins an update", "Ask with SELECT"),
    ("▲WITH <a:g> DELETE {} WHERE {}", "WITH begins an update", "Ask with SELECT"),
    ("▲drop all", "DROP begins an update", "Ask with SELECT"),
    ("SELECT * ▲?s ?p ?o", "expected FROM, WHERE or '{'.", "between '{' and '}'"),
    ("SELECT * WHERE\n  ▲?s ?p ?o", "expected '{'.", "Write WHERE { … }"),
    ("ASK { ?a ?b ?c OPTIONAL ▲?s ?p ?o }", "expected '{'.", "Write OPTIONAL { … }"),
    ("ASK { GRAPH ▲{ ?s ?p ?o } }", "expected a variable or an IRI.", "GRAPH ?graph {"),
    ("SELECT ▲{ ?s ?p ?o }", "'{' cannot", "Write SELECT *"),
    ("ASK { ?s ?p ?o . ▲SELECT ?s {} }", "'SELECT'", "{ SELECT … }"),
    ("CONSTRUCT { ?s ?p ?o }▲", "ends where FROM, WHERE or '{' is expected", "Add WHERE"),
    # Brackets.
    ("SELECT * { ?s ?p ?o▲", "the '{' of line 1, column 10 is never closed.", "Add at the end: }"),
    ("ASK {\n { ?s ?p ?o▲\n", "the '{' of line 2, column 2 is never closed.", "end: } }"),
    ("ASK { ?s ?p ?o # }▲", "is never closed", "belongs to a comment"),
    ("ASK { FILTER(?o > 3 ▲}", "the '(' of line 1, column 13 is never closed.", "Put ')' before"),
    ("ASK { [ ?p ?o ▲}", "the '[' of line 1, column 7", "Put ']' before '}'"),
    ("ASK { FILTER(▲) }", "')' cannot stand here; expected an expression.", ""),
    # What SELECT gives.
    ("SELECT ?x▲, ?y {}", "',' cannot stand here; expected a variable, '('", "Remove the ','"),
    ("SELECT ▲COUNT(*) {}", "'COUNT' cannot", "Write (COUNT(*) AS ?count)"),
    ("SELECT ▲COUNT(?x) AS ?n {}", "'COUNT'", "Write (COUNT(?x) AS ?n)"),
    ("SELECT ?y (COUNT(?x)▲) {}", "or AS.", "Write AS ?name before )"),
    ("SELECT (COUNT(?x) ▲?n) {}", "or AS.", "Write AS ?n"),
    ("SELECT ?x ▲AS ?y {}", "'AS'", "Write (?x AS ?y)"),
    ("SELECT ?x ▲+ 1 AS ?y {}", "'+'", "(?x + 1 AS ?y)"),
    ("SELECT (?x▲) {}", "')'", "Remove the parentheses: ?x"),
    ("SELECT ▲name {}", "'name'", "Write ?name for a variable"),
    ("SELECT ▲x FROM y WHERE z", "'x'", "Write ?x"),
    ("SELECT ?x FROM ▲people WHERE {}", "expected an IRI or NAMED.", "leave it out"),
    ("SELECT ▲TOP 10 ?x {}", "'TOP'", "LIMIT"),
    # Triples.
    (EX + "ASK {\n ?s a ex:T\n ▲?s ?p ?o }", AFTER_OBJECT, "after the triple that ends on line 3."),
    ("ASK { ?s ?p ?o ▲?x ?y ?z }", AFTER_OBJECT, "'.' is missing after the triple"),
    ("ASK { [ ?p 1\n ▲?q 2 ] }", "expected ',', ';' or ']'.", "';' is missing after the object"),
    ("ASK { ?s ?p ▲. }", OBJECT, "one of them is missing"),
    ("ASK { ?s ?p ▲}", OBJECT, "one of them is missing"),
    ("ASK { ?s ▲. }", "expected a predicate (a variable, an IRI or a path).", "is missing"),
    ("ASK { ?s ?p 1, ▲. }", OBJECT, "missing"),
    ('ASK { ?s ▲"name" ?o }', "expected a predicate", ""),
    ("ASK { ?s ▲name ?o }", "expected a predicate", "Write ?name for a variable, prefix:name"),
    ("ASK { ?s ?p ▲Riga }", OBJECT, '"Riga" for a string'),
    ("ASK { ?s ▲A ?o }", "'A' cannot", "Write a (a small letter)"),
    ("ASK { ?s ?p ▲null }", OBJECT, "no null"),
    ("ASK { ?s ?p ▲? x }", OBJECT, "?x"),
    ("ASK { ?s ?p▲/?q ?o }", OBJECT, "can hold no variable"),
    ("ASK { ?s <a:b>▲{2} ?o }", "expected '?', '*', '+', '/', '|' or an object", "no {n} in paths"),
    ('ASK { ?s ?p "1"▲^<a:b> }', "'^' cannot", "Write ^^"),
    ('ASK { ?s ?p "1"^^▲date }', "expected an IRI.", "Write xsd:date"),
    ("ASK { ?s ?p ?o▲@lv }", "'@lv'", "LANG(?o)"),
    ("SELECT * { VALUES ?x { 1▲, 2 } }", "an IRI, a literal, UNDEF or '}'", "Remove the ','"),
    ("SELECT * { VALUES ?x { ▲null } }", "UNDEF", "Write UNDEF"),
    # Expressions.
    ("ASK { ?s ?p ?o FILTER ▲?o > 3 }", "expected '(', a function or an IRI.", "FILTER (?o > 3)"),
    ("ASK { FILTER ▲!BOUND(?x) }", "'!'", "Write FILTER (!BOUND(?x))"),
    ("ASK { FILTER BOUND(?o) ▲&& ?o > 3 . }", "'&&'", "FILTER (BOUND(?o) && ?o > 3)"),
    ("ASK { FILTER(?a =▲= 3) }", "expected an expression.", "Write ="),
    ("ASK { FILTER(?a ▲<> 3) }", OPERATOR, "Write !="),
    ("ASK { FILTER(?a =▲> 3) }", "expected an expression", "Write >="),
    ("ASK { FILTER(?a ▲& ?b) }", OPERATOR, "Write &&"),
    ("ASK { FILTER(?a ▲| ?b) }", OPERATOR, "Write ||"),
    ("ASK { FILTER(?a ▲AND ?b) }", OPERATOR, "Write &&"),
    ("ASK { FILTER(?a ▲or ?b) }", OPERATOR, "Write ||"),
    ("ASK { {} ▲OR {} }", "'OR'", "Write UNION"),
    ("ASK { FILTER(NOT ▲BOUND(?a)) }", "expected EXISTS.", "!BOUND(?a)"),
    ("ASK { FILTER(?a ▲IS NULL) }", OPERATOR, "Write !BOUND(?a)"),
    ('ASK { FILTER(?a ▲LIKE "x%") }', OPERATOR, "CONTAINS"),
    ("ASK { FILTER(▲LENGTH(?a) > 3) }", "expected an expression", "Write STRLEN"),
    ("ASK { FILTER(▲fob(?a)) }", "no function fob", ""),
    ("ASK { FILTER(▲STRLENGTH(?a) > 1) }", "no function STRLENGTH", "STRLEN"),
    ("ASK { FILTER(year ▲> 3) }", "expected '('.", "?year"),
    ("ASK { BIND(?x + 1▲) }", "expected an operator or AS.", "Write AS ?name"),
    ("ASK { BIND ▲?x AS ?y }", "expected '('.", "BIND (value AS ?name)"),
    ("SELECT * {} ORDER BY DESC ▲?x", "expected '('.", "Write DESC(?x)"),
    ("SELECT * {} ORDER BY ?x DESC▲", "ends where '(' is expected", "Write DESC(?x)"),
    ("SELECT * {} ORDER BY ?x▲, ?y", "expected a variable, ASC, DESC", "Remove the ','"),
    ("SELECT ?x {} GROUP BY ?x HAVING COUNT(?y) ▲> 1", "'>'", "HAVING (COUNT(?y) > 1)"),
    # Strings and signs.
    ("ASK { ?s ?p ▲“Rīga” }", OBJECT, 'straight quotation mark " instead of “'),
    ("ASK { ?s ?p ▲`Riga` }", OBJECT, "straight quotation mark '"),
    ('ASK { ?s ?p ▲"Riga }', "begins here is not closed", 'Close it with "'),
    ('ASK { ?s ?p ▲"one\ntwo" }', "not closed on its line", '"""…"""'),
    ('ASK { ?s ?p ▲"""one\ntwo }', "is never closed", 'Close it with """'),
    ('ASK { FILTER(?a = "a "▲b" c") }', "'b' cannot", r"written \""),
    (r'ASK { FILTER(REGEX(?a, "▲\d+")) }', r"\d is no escape", r"Write \\d"),
    ("ASK { FILTER(?a ▲≤ 3) }", OPERATOR, "Write the <= instead"),
    ("SELECT ?a▲\u00a0?b {}", "no-break space", "common space"),
    ("SELECT▲%20*%20{}", "'%'", "percent-encoded twice"),
    ("ASK {} ▲// all", "'/'", "A comment begins with #"),
    # IRIs and prefixes.
    ("▲@prefix ex: <http://a.b/> .\nASK {}", START, "PREFIX ex: <http://a.b/>"),
    ("PREFIX ex: <http://a.b/> ▲.\nASK {}", START, "Remove the '.'"),
    ("PREFIX ▲ex <http://a.b/> ASK {}", "a prefix with its ':'", "PREFIX ex: <http://a.b/>"),
    ("PREFIX ▲foaf:name ASK {}", "a prefix with its ':'", "<http://xmlns.com/foaf/0.1/>"),
    ("PREFIX ex: ▲http://a.b/ ASK {}", "between '<' and '>'", "Write <http://a.b/>"),
    ('PREFIX ex: ▲"http://a.b/" ASK {}', "an IRI in angle brackets", "Write <http://a.b/>"),
    ("ASK { ?s ▲http://a.b/p#q ?o }", "between '<' and '>'", "Write <http://a.b/p#q>"),
    ("ASK { ?s ▲<http://a.b/my name> ?o }", "'<' cannot", "<http://a.b/my%20name>"),
    ("ASK { ?s ?p ▲<http://a.b/ }", "'<' cannot", "put '>' after it"),
    ("ASK { ?s ?p ▲TRUE }", "expected true in small letters.", "Write true"),
    ("ASK { ▲<a> ?p ?o }", "The IRI <a> is relative", "BASE <"),
    ("ASK { ?s ▲foaf:name ?o }", "'foaf:' is not declared", "PREFIX foaf: <http://xmlns.com/"),
    ("ASK { ?s ▲skos:note ?o }", "'skos:'", "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"),
    ("ASK { ?s ▲my:p ?o; foaf:name ?n }", "'my:' and 'foaf:' are not", "PREFIX my: <http://…>"),
    (EX + "ASK { ?s ▲exx:p ?o }", "'exx:' is not declared", "Did you mean ex:"),
    (EX + "ASK { ▲?ex:a ?p ?o }", "?ex cannot be a prefix", "Write ex:a for an IRI"),
    (EX + "ASK { ?s ex: ▲name ?o }", "'name' cannot", "Write ex:name"),
]


@pytest.mark.parametrize(("marked", "message", "hint"), SLIPS, ids=[case[0] for case in SLIPS])
def test_a_slip_is_placed_and_explained(marked: str, message: str, hint: str) -> None:
    """The engine refuses it; the diagnosis says where, what was expected, and what to do."""
    before, place, after = marked.partition("▲")
    assert place
    text = before + after
    with pytest.raises(SyntaxError):
        Store().query(text)
    found = diagnose(text)
    assert found
    last = before.split("\n")[-1]
    assert (found.line, found.column) == (before.count("\n") + 1, len(last) + 1)
    assert message in found.message
    assert hint in (found.hint or "") if hint else found.hint is None


def test_what_is_found_and_expected_is_said_in_plain_words() -> None:
    """A message as people see it, in full."""
    found = diagnose("SELECT ?name\nWHERE {\n\t?x ?p ?name,\n\t}")
    assert found == Diagnosis(
        line=4,
        column=2,
        message=f"'}}' cannot stand here; {OBJECT}",
        hint="A triple has a subject, a predicate and an object; one of them is missing.",
        excerpt="\t}\n\t^",
    )


def test_the_mark_stands_under_the_place_even_in_a_long_line() -> None:
    """The line is cut to a window around the place; tabs stay in the line of the mark."""
    assert mark("a\n\tb c", 2, 4) == "\tb c\n\t  ^"
    assert mark("abc\r\nd", 1, 4) == "abc\n   ^"
    line, sign = mark("x" * 500 + "!" + "y" * 500, 1, 501).split("\n")
    assert line.startswith("…x")
    assert line.endswith("y…")
    assert line[sign.index("^")] == "!"
    assert mark("x" * 300, 1, 301).endswith("x\n" + " " * 51 + "^")


def test_the_grammar_is_ll1() -> None:
    """Where a part may be left out, what can begin it cannot also follow it."""
    follow: dict[str, set[str]] = {name: set() for name in TABLE}
    changed = True
    while changed:
        before = sum(map(len, follow.values()))
        for name, row in TABLE.items():
            for production in row.values():
                after = set(follow[name])
                for symbol in production:  # Last symbol first.
                    if symbol in TABLE:
                        follow[symbol] |= after
                        after = set(TABLE[symbol]) | (after if symbol in NULLABLE else set())
                    else:
                        after = {symbol}
        changed = sum(map(len, follow.values())) > before
    assert [name for name in NULLABLE if follow[name] & set(TABLE[name])] == []


def test_our_own_queries_are_right() -> None:
    """The queries and the rules of this repository."""
    assert OURS
    assert [path.name for path in OURS if diagnose(path.read_text("utf-8"))] == []


def w3c(*, negative: bool) -> list[Path]:
    """The syntax tests of the W3C of which the grammar is to say right or wrong."""
    if not SYNTAX.is_dir():
        return []
    manifest = (SYNTAX / "manifest.ttl").read_text("utf-8")
    refused = {
        block.split("<")[1].split(">")[0]
        for kind in manifest.split("NegativeSyntaxTest11")[1:]
        for block in [kind.partition("mf:action")[2]]
    }
    return sorted(path for path in SYNTAX.glob("*.rq") if (path.name in refused) is negative)


needs_w3c = pytest.mark.skipif(not SYNTAX.is_dir(), reason="the W3C's tests are not here")

BEYOND_THE_GRAMMAR = {
    "syn-bad-01.rq",  # Variables that are not grouped.
    "syn-bad-02.rq",
    "syn-bad-03.rq",  # A variable twice.
    "syn-bad-values-too-few.rq",
    "syn-bad-values-too-many.rq",
    "syntax-BINDscope6.rq",  # BIND to a variable in use.
    "syntax-BINDscope7.rq",
    "syntax-BINDscope8.rq",
    "syntax-SELECTscope2.rq",
}


@needs_w3c
def test_the_right_queries_of_the_w3c_are_right() -> None:
    """Every positive syntax test; with a base, for some of their IRIs are relative."""
    right = w3c(negative=False)
    assert len(right) > 50
    texts = {path.name: path.read_text("utf-8") for path in right}
    assert {name: diagnose(BASE + text) for name, text in texts.items()} == dict.fromkeys(texts)


@needs_w3c
def test_the_wrong_queries_of_the_w3c_are_wrong() -> None:
    """Every negative syntax test that is one of the grammar."""
    wrong = w3c(negative=True)
    assert len(wrong) > 15
    silent = {path.name for path in wrong if not diagnose(BASE + path.read_text("utf-8"))}
    assert silent == BEYOND_THE_GRAMMAR


RIGHT = [
    *(path.read_text("utf-8") for path in sorted(OURS)),
    *(BASE + path.read_text("utf-8") for path in w3c(negative=False)),
]
EXAMPLES = int(os.environ.get("GENERATED_QUERIES", "300"))

SIGNS = """{ } ( ) [ ] . ; , = < > ! + - * / | ^ ? || && != <= >= ^^ a () [] @en 1 -2 +2.5 .5 1e0
?x $y <http://example.org/a> rdf:type : _:b 'text' "x" '''y''' word “ ` % \\ & @prefix"""
POOL = [*sorted(KEYWORDS - {"SERVICE"}), *SIGNS.split()]


@given(st.data())
@settings(max_examples=EXAMPLES, deadline=None)
def test_both_parsers_agree_on_queries_with_one_token_changed(data: st.DataObject) -> None:
    """What the engine takes, the grammar takes; what it refuses, gets a place inside the text."""
    text = data.draw(st.sampled_from(RIGHT))
    assume("SERVICE" not in text.upper())
    token = data.draw(st.sampled_from(lexemes(text)))
    way = data.draw(st.sampled_from(["delete", "duplicate", "insert", "replace"]))
    other = data.draw(st.sampled_from(POOL))
    new = {
        "delete": "",
        "duplicate": f"{token.text} {token.text}",
        "insert": f" {other} {token.text}",
    }
    changed = f"{text[: token.start]}{new.get(way, f' {other} ')}{text[token.end :]}"
    found = diagnose(changed)
    if is_taken(changed):
        assert found is None
    elif found:
        lines = changed.split("\n")
        assert 1 <= found.column <= len(lines[found.line - 1]) + 1
        assert found.message
        assert found.excerpt == mark(changed, found.line, found.column)


def is_taken(text: str) -> bool:
    """Whether the engine's parser takes a query."""
    try:
        Store().query(text)
    except SyntaxError:
        return False
    except (OSError, RuntimeError, ValueError):
        return True
    return True


SIZE = 65_536
HOSTILE = {
    "parentheses": "SELECT*{FILTER" + "(" * SIZE,
    "braces": "SELECT*" + "{" * SIZE,
    "brackets": "SELECT*{?s ?p " + "[?p " * (SIZE // 4),
    "paths": "SELECT*{?s " + "(" * SIZE,
    "closed": "SELECT*{FILTER" + "(" * 20_000 + "1" + ")" * 20_000 + "} x",
    "a condition": "ASK{FILTER BOUND(?x)" + "&&(?x" * (SIZE // 5),
    "calls": "SELECT COUNT" + "(" * SIZE,
    "negations": "ASK{FILTER(" + "!" * SIZE,
    "quotes": '"' * SIZE,
    "odd quotes": "ASK {" + "'''" * (SIZE // 3) + "'",
    "backslashes": "\\" * SIZE,
    "escapes": "ASK{?s ?p '" + "\\d" * (SIZE // 2) + "'}",
    "prefixes": "ASK{" + " ".join(f"p{n}:a" for n in range(SIZE // 8)),
    "long prefixes": f"PREFIX {'ab' * 16000}: <a:a> ASK {{ {'ba' * 16000}:x ?p ?o }}",
    "a long word": "SELECT " + "SELECT" * (SIZE // 6),
    "a long IRI": "ASK { ?s http://" + "a" * SIZE,
    "an open IRI": "ASK { ?s <" + "a " * (SIZE // 2),
    "dots": "." * SIZE,
    "words": "a " * (SIZE // 2),
    "lines": "\n" * SIZE + "}",
    "comments": "#\n" * (SIZE // 2),
    "zeros": "\0" * SIZE,
    "surrogates": "ASK { \ud800 }",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_queries_end_soon(text: str) -> None:
    """A largest query of anything is answered in bounded time, with a bounded answer."""
    begin = time.perf_counter()
    found = diagnose(text)
    assert time.perf_counter() - begin < 5
    assert found
    assert len(found.message) + len(found.hint or "") + len(found.excerpt) < 3000


@given(st.text(st.characters(codec=None), max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_gets_a_diagnosis_or_none(text: str) -> None:
    """Nothing raises, whatever the characters are."""
    diagnose(text)
    diagnose(f"ASK {{ ?s ?p {text}")


@pytest.mark.parametrize(
    "newer",
    [
        "ASK { <<?s ?p ?o>> ?q ?r ?x ?y }",
        "ASK { ?s ?p ?o {| ?q ?r |} ?x ?y }",
        'VERSION "1.2" ASK { ?s ?p }',
        "ASK { ?s ?p ?o ~ ?r ?x ?y }",
    ],
)
def test_sparql_1_2_is_left_to_the_engine(newer: str) -> None:
    """The engine knows more than this grammar: no word about what might be right."""
    assert diagnose(newer) is None
