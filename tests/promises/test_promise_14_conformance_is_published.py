"""How the server does in the W3C's suites is published, with a reason for each failure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.conformance import PAGE, is_ordered, main, run_suite
from benchmarks.w3c_comparison import Likeness, compare, describe, describe_both
from benchmarks.w3c_manifest import SuiteError, read_suite
from benchmarks.w3c_report import (
    REASONS,
    Outcome,
    Status,
    failure_section,
    group_rows,
    page,
    unexplained,
)
from benchmarks.w3c_results import Result, read_result
from tests.serving import ROOT

SUITE = ROOT.parent / "shared" / "data" / "w3c-sparql11"
GROUPS = ("cast", "csv-tsv-res", "json-res")

TSV = "?x\t?y\n"
BASE = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/g/f"
RS = "PREFIX rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#>\n"

SAME, BY_VALUE, DIFFERENT = Likeness.SAME, Likeness.SAME_BY_VALUE, Likeness.DIFFERENT


def result(text: str, extension: str = "tsv") -> Result:
    """A result from its text."""
    return read_result(text.encode(), extension, BASE)


def likeness(expected: str, actual: str, extension: str = "tsv", *, ordered: bool = False) -> str:
    """How two results relate, from their texts."""
    return compare(result(expected, extension), result(actual, extension), ordered=ordered).name


@pytest.mark.parametrize(
    ("expected", "actual", "related"),
    [
        ("_:a\t_:a\n", "_:b\t_:b\n", SAME),
        ("_:a\t_:a\n", "_:b\t_:c\n", DIFFERENT),
        ("_:a\t_:b\n", "_:c\t_:c\n", DIFFERENT),
        ("_:a\t1\n_:a\t2\n", "_:b\t2\n_:b\t1\n", SAME),
        ("_:a\t1\n_:a\t2\n", "_:b\t1\n_:c\t2\n", DIFFERENT),
        ("_:a\t1\n_:b\t2\n", "_:c\t1\n_:c\t2\n", DIFFERENT),
        ("_:a\t_:b\n_:b\t_:c\n_:c\t_:a\n", "_:x\t_:z\n_:y\t_:x\n_:z\t_:y\n", SAME),
        ("_:a\t_:b\n_:b\t_:a\n_:c\t_:c\n", "_:x\t_:y\n_:y\t_:z\n_:z\t_:x\n", DIFFERENT),
        ("_:a\t<x:x>\n", "<a:a>\t<x:x>\n", DIFFERENT),
        ("_:a\t\n", "\t_:a\n", DIFFERENT),
    ],
)
def test_blank_nodes_are_the_same_after_one_renaming(
    expected: str, actual: str, related: Likeness
) -> None:
    """A renaming is one to one and holds for the whole result."""
    assert likeness(TSV + expected, TSV + actual) == related.name
    assert likeness(TSV + actual, TSV + expected) == related.name


def test_the_search_for_a_renaming_goes_back() -> None:
    """The first row has two partners, and the second of them is the right one."""
    expected = TSV + "_:a\t_:b\n_:b\t_:c\n"
    assert likeness(expected, TSV + "_:m\t_:n\n_:l\t_:m\n") == "SAME"
    assert likeness(expected, TSV + "_:m\t_:n\n_:m\t_:l\n") == "DIFFERENT"


def test_order_counts_only_when_asked() -> None:
    """The same rows in another order are the same multiset and another sequence."""
    first, second = TSV + "1\t_:a\n2\t_:a\n", TSV + "2\t_:b\n1\t_:b\n"
    assert likeness(first, second) == "SAME"
    assert likeness(first, second, ordered=True) == "DIFFERENT"
    assert likeness(first, first, ordered=True) == "SAME"


@pytest.mark.parametrize("cell", ["1", "_:a"])
def test_multiplicity_counts(cell: str) -> None:
    """A solution that comes twice is not one that comes once."""
    once, twice = f"?x\n{cell}\n2\n", f"?x\n{cell}\n{cell}\n2\n"
    assert likeness(once, twice) == likeness(twice, once) == "DIFFERENT"
    assert likeness(f"?x\n{cell}\n2\n2\n", twice) == "DIFFERENT"


def test_variables_count_but_not_their_order() -> None:
    """Columns are compared by name."""
    assert likeness("?x\t?y\n1\t2\n", "?y\t?x\n2\t1\n") == "SAME"
    assert likeness("?x\t?y\n1\t2\n", "?x\t?z\n1\t2\n") == "DIFFERENT"
    assert likeness("?x\n", "?x\t?y\n") == "DIFFERENT"


@pytest.mark.parametrize(
    ("expected", "actual", "related"),
    [
        ("2.0", "2.00", BY_VALUE),
        ("1.0e6", '"1000000"^^<http://www.w3.org/2001/XMLSchema#double>', BY_VALUE),
        ("true", '"1"^^<http://www.w3.org/2001/XMLSchema#boolean>', BY_VALUE),
        ("2", "2", SAME),
        ("2", "3", DIFFERENT),
        ("2", "2.0", DIFFERENT),
        ("2.0", "2.0e0", DIFFERENT),
        ("2", '"2"', DIFFERENT),
        ('"2.0"', '"2.00"', DIFFERENT),
        ("-3", '"-3"^^<http://www.w3.org/2001/XMLSchema#negativeInteger>', DIFFERENT),
        ('"a"', '"a"@en', DIFFERENT),
        ('"x"^^<http://www.w3.org/2001/XMLSchema#integer>', "2", DIFFERENT),
    ],
)
def test_literals_are_compared_by_value_within_a_datatype(
    expected: str, actual: str, related: Likeness
) -> None:
    """What is the same only by value is told apart from what is the same."""
    assert likeness(f"?x\n{expected}\n", f"?x\n{actual}\n") == related.name


def test_csv_is_compared_by_what_it_carries() -> None:
    """Text is text, numbers have a value, blank nodes may be renamed, and empty is unbound."""
    assert likeness('x,y\r\n"a,b",_:p\r\n,_:p\r\n', 'y,x\n_:q,\n_:q,"a,b"\n', "csv") == "SAME"
    assert likeness("x\r\n1.0E6\r\n", "x\r\n1000000\r\n", "csv") == "SAME_BY_VALUE"
    assert likeness("x\r\na\r\n\r\n", "x\r\na\r\n", "csv") == "DIFFERENT"


def test_graphs_are_compared_by_isomorphism() -> None:
    """Labels of blank nodes do not count, their places do."""
    graph = "_:a <x:p> _:b . _:b <x:p> 1 ."
    assert likeness(graph, "_:b <x:p> _:a . _:a <x:p> 1 .", "ttl") == "SAME"
    assert likeness(graph, "_:a <x:p> _:b . _:a <x:p> 1 .", "ttl") == "DIFFERENT"


def test_booleans_are_no_solutions() -> None:
    """An answer of another form is a different one."""
    yes, no = (
        result(f'{{"head": {{}}, "boolean": {value}}}', "srj") for value in ("true", "false")
    )
    assert compare(yes, yes, ordered=False) is SAME
    assert compare(yes, no, ordered=False) is DIFFERENT
    assert compare(yes, result("?x\n1\n"), ordered=False) is DIFFERENT


def test_results_that_are_written_as_a_graph_are_read() -> None:
    """The form of before SPARQL 1.1, with its order where it has one."""
    rows = [
        f'[ rs:index {index} ; rs:binding [ rs:variable "x" ; rs:value {value} ] ]'
        for index, value in ((2, "<b>"), (1, "1"))
    ]
    text = f'{RS}[] a rs:ResultSet ; rs:resultVariable "x", "y" ; rs:solution {", ".join(rows)} .'
    expected = result(
        "?x\t?y\n1\t\n<http://www.w3.org/2009/sparql/docs/tests/data-sparql11/g/b>\t\n"
    )
    assert compare(expected, result(text, "ttl"), ordered=True) is SAME
    assert result(f"{RS}[] a rs:ResultSet ; rs:boolean true .", "ttl") is True


@pytest.mark.parametrize(
    ("query", "ordered"),
    [
        ("SELECT * { ?s ?p ?o } ORDER BY ?s", True),
        ("select * { { ?s ?p ?o } } order\nby ?s limit 1", True),
        ("SELECT * { { SELECT * { ?s ?p ?o } ORDER BY ?s } }", False),
        ("SELECT * { ?s ?p ?o } # ORDER BY ?s", False),
        ("SELECT * { ?s ?p '} ORDER BY ?s {' }", False),
        ('SELECT * { ?s ?p """}\n" ORDER BY ?s {""" }', False),
        ("SELECT * { ?s <x:#p> ?o } ORDER BY ?s", True),
    ],
)
def test_a_query_is_ordered_by_its_own_order_by(query: str, ordered: bool) -> None:
    """Neither that of a subquery counts nor one in a string or a comment."""
    assert is_ordered(query) is ordered


def test_descriptions_do_not_depend_on_labels_and_order() -> None:
    """The page is the same for every run."""
    first = describe(result(TSV + "_:k\t2\n_:l\t1\n"), ordered=False)
    assert first == describe(result(TSV + "_:l\t1\n_:m\t2\n"), ordered=False)


def test_of_long_results_the_page_shows_what_differs() -> None:
    """Solutions that stand in both are counted; those with blank nodes are never left out."""
    first = result(TSV + "1\t2.0\n2\t2\n3\t_:a\n3\t3\n3\t3\n")
    second = result(TSV + "1\t2.00\n2\t3\n3\t_:b\n3\t3\n")
    integer = "^^<http://www.w3.org/2001/XMLSchema#integer>"
    expected, answered = describe_both(first, second, ordered=False)
    assert expected == (
        f'3 solutions: `?x = "2"{integer}, ?y = "2"{integer}`; '
        f'`?x = "3"{integer}, ?y = "3"{integer}`; '
        f'`?x = "3"{integer}, ?y = _:b0`, besides 2 in both'
    )
    assert answered == (
        f'2 solutions: `?x = "2"{integer}, ?y = "3"{integer}`; '
        f'`?x = "3"{integer}, ?y = _:b0`, besides 2 in both'
    )
    turned = result("?y\t?x\n2.00\t1\n3\t2\n_:b\t3\n3\t3\n")
    assert describe_both(first, turned, ordered=False) == (expected, answered)


def test_where_order_counts_a_solution_is_the_same_in_the_same_place() -> None:
    """Two that have changed places both differ."""
    first, second = result("?x\n<x:a>\n<x:b>\n<x:c>\n"), result("?x\n<x:a>\n<x:c>\n<x:b>\n")
    assert describe_both(first, second, ordered=True) == (
        "2 solutions: `?x = <x:b>`; `?x = <x:c>`, besides 1 in both",
        "2 solutions: `?x = <x:c>`; `?x = <x:b>`, besides 1 in both",
    )


LEAST = {"evaluation and formats": (224, 235), "syntax": (102, 103)}
"""Passed tests and all tests in the W3C's suites, with the engine's own server."""


@pytest.mark.parametrize("kind", LEAST)
def test_the_page_holds_no_fewer_passed_tests_than_the_engine_alone(kind: str) -> None:
    """All tests of the suites were run, and nothing in front of the engine breaks one."""
    found = re.search(rf"^\| \*\*{kind}\*\* (.*) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert found is not None
    passed, _, failed, not_run, total = map(int, found[1].removeprefix("| ").split(" | "))
    least, all_tests = LEAST[kind]
    assert passed >= least
    assert (passed + failed, not_run, total) == (all_tests, 0, all_tests)


def test_the_page_gives_a_reason_for_each_failure() -> None:
    """As many sections as failures, each with what the test wants and why it fails."""
    text = PAGE.read_text("utf-8")
    sections = dict(re.findall(r"^### (\S+)\n(.*?)(?=^###|\Z)", text, re.MULTILINE | re.DOTALL))
    counted = re.findall(r"^There are (\d+)\.$", text, re.MULTILINE)
    assert len(counted) == 2  # Of SPARQL 1.1, and of 1.0.
    assert len(sections) == sum(map(int, counted))
    assert sections.keys() == REASONS.keys()
    for key, reason in REASONS.items():
        assert reason.wants in sections[key]
        assert reason.because in sections[key]


MANIFEST = """
PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#>
PREFIX qt: <http://www.w3.org/2001/sw/DataAccess/tests/test-query#>
PREFIX : <http://www.w3.org/2009/sparql/docs/tests/data-sparql11/small/manifest#>
<> a mf:Manifest ; mf:entries ( :right :wrong :broken :update ) .
:right a mf:QueryEvaluationTest ; mf:result <right.tsv> ;
  mf:action [ qt:query <named.rq> ; qt:data <data.ttl> ; qt:graphData <data.ttl> ] .
:wrong a mf:QueryEvaluationTest ; mf:result <wrong.tsv> ;
  mf:action [ qt:query <named.rq> ; qt:data <data.ttl> ; qt:graphData <data.ttl> ] .
:broken a mf:PositiveSyntaxTest11 ; mf:action <broken.rq> .
:update a mf:UpdateEvaluationTest ; mf:action [ qt:data <data.ttl> ] .
"""


@pytest.fixture
def small_suite(tmp_path: Path) -> Path:
    """A suite of four tests: one passes, two fail, one is of a kind that is not run."""
    folder = tmp_path / "small"
    folder.mkdir()
    files = {
        "manifest.ttl": MANIFEST,
        "data.ttl": "<a> <x:p> [] .",
        "named.rq": "SELECT ?s ?o { ?s ?p ?d GRAPH <data.ttl> { ?s ?p ?o } FILTER(?o != ?d) }",
        "right.tsv": f"?s\t?o\n<{BASE.replace('/g/f', '/small/a')}>\t_:any\n",
        "wrong.tsv": "?s\t?o\n",
        "broken.rq": "SELECT {",
    }
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return tmp_path


def test_a_small_suite(small_suite: Path) -> None:
    """Each test is asked of the real server; what fails or is not run is named."""
    outcomes = run_suite(small_suite)
    assert {one.test.name: one.status.value for one in outcomes} == {
        "right": "passed",
        "wrong": "failed",
        "broken": "failed",
        "update": "not run",
    }
    assert unexplained(outcomes) == ["small/broken", "small/wrong"]
    text = page(outcomes)
    assert "- `mf:UpdateEvaluationTest`: small/update" in text
    assert "| small | 1 | 0 | 2 | 1 | 4 |" in text
    assert text.count("Not yet explained.") == 4
    assert "no solution" in text
    assert "1 solution: `?o = _:b0, ?s = <a>`" in text
    assert "the problem `malformed-query`" in text


def test_a_folder_without_a_suite_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says what is wrong, and the exit status is 2."""
    for folder in (tmp_path, tmp_path / "missing"):
        assert main([str(folder)]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_missing_file_of_a_suite_is_named(small_suite: Path) -> None:
    """A test is never passed over because a file of it is not there."""
    (small_suite / "small" / "right.tsv").unlink()
    with pytest.raises(SuiteError, match=r"right\.tsv"):
        read_suite(small_suite)


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    """The outcomes of three groups of the W3C's suite."""
    if not SUITE.is_dir():
        pytest.skip(f"the W3C's suite is not at {SUITE}")
    return run_suite(SUITE, GROUPS)


def test_the_page_says_what_three_groups_of_the_suite_say(outcomes: list[Outcome]) -> None:
    """Their rows and their failures stand in docs/conformance.md as they come out now."""
    text = PAGE.read_text("utf-8")
    assert len(group_rows(outcomes)) == len(GROUPS)
    for row in group_rows(outcomes):
        assert f"\n{row}\n" in text
    for one in outcomes:
        failed = one.status is Status.FAILED
        assert (f"\n### {one.test.key}\n" in text) == failed
        assert not failed or failure_section(one) in text
