"""One query from the command line, however it is given, in whatever form its answer is wanted."""

from __future__ import annotations

import csv
import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results

from partnergraph.formats import GRAPH_FORMATS, RESULTS_FORMATS, Format
from tests.command_line import PARTNERGRAPH, complaint, environment, run
from tests.serving import ROOT

ONE = "SELECT ?n { VALUES ?n { 1 } }"
SMALL = "--no-validation"


def test_query_is_found_by_name_file_text_and_on_standard_input(tmp_path: Path) -> None:
    path = tmp_path / "one.rq"
    path.write_text(ONE)
    answers = [
        run("query", "one", SMALL, "--queries", tmp_path),
        run("query", path, SMALL),
        run("query", ONE, SMALL),
        run("query", "-", SMALL, stdin=ONE),
        run("query", SMALL, stdin=ONE),
    ]
    assert {answer.stdout for answer in answers} == {"n\r\n1\r\n"}
    assert {answer.returncode for answer in answers} == {0}


def test_query_without_braces_is_a_query() -> None:
    answer = run("query", "DESCRIBE <https://partnergraph.example/id/network/ubc>", SMALL)
    assert "Baltijas Jūras reģiona valstu pilsētu savienība" in answer.stdout


@pytest.mark.parametrize("form", RESULTS_FORMATS, ids=lambda form: form.name)
def test_solutions_come_in_every_format(form: Format) -> None:
    text = run("query", ONE, SMALL, "--format", form.name).stdout
    assert isinstance(form.syntax, QueryResultsFormat)
    if form.name == "csv":
        assert list(csv.reader(io.StringIO(text))) == [["n"], ["1"]]
    else:
        solutions = parse_query_results(text, form.syntax)
        assert isinstance(solutions, QuerySolutions)
        assert [row["n"].value for row in solutions] == ["1"]


@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.name)
def test_graphs_come_in_every_format(form: Format) -> None:
    query = "CONSTRUCT { <http://e/a> <http://e/p> 1 } {}"
    assert isinstance(form.syntax, RdfFormat)
    text = run("query", query, SMALL, "--format", form.name).stdout
    assert len(list(parse(text, form.syntax))) == 1


@pytest.mark.parametrize(
    ("query", "answer"),
    [("ASK {}", "true"), (ONE, "n"), ("CONSTRUCT { <http://e/a> a 1 } {}", "<http://e/a> a 1 .")],
)
def test_format_by_default_fits_the_query(query: str, answer: str) -> None:
    assert answer in run("query", query, SMALL).stdout.splitlines()


def test_table_is_for_people() -> None:
    text = run(
        "query",
        "SELECT ?network { ?network a <https://partnergraph.example/def#Network> } "
        "ORDER BY ?network",
        SMALL,
        "--format",
        "table",
    ).stdout
    assert [line.strip("┃│ ").strip() for line in text.splitlines()[1:5:2]] == [
        "network",
        "id:network/hanse",
    ]
    assert text.endswith("2 solutions\n")


def read(terminal: int) -> str:
    """What a terminal shows next; nothing once its other end is closed."""
    try:
        return os.read(terminal, 65536).decode()
    except OSError:  # How Linux says that it is closed.
        return ""


def test_terminal_shows_a_table_and_nothing_but_it() -> None:
    """On a real terminal, of which standard output is the other end."""
    near, far = pty.openpty()
    with subprocess.Popen(
        [sys.executable, *PARTNERGRAPH, "query", ONE, SMALL],
        stdin=subprocess.DEVNULL,
        stdout=far,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment({"TERM": "xterm"}),
    ) as process:
        os.close(far)
        shown = "".join(iter(lambda: read(near), ""))
    os.close(near)
    assert process.returncode == 0
    assert "┏" in shown
    assert shown.endswith("1 solution\r\n")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["agreementz"], "no query and no file named 'agreementz'. Did you mean agreements"),
        (["zzz"], "Known are activities-by-kind, "),
        (["x" * 300], "File name too long"),
        (["data"], "data: Is a directory"),
        (["ASK { ?s ?p"], "line 1, column "),
        (["SELECT *\nWHERE { ?s ?p }"], "line 2, column "),
        ([""], "line 1, column 1: "),
        ([ONE, "--format=ttl"], "is answered as one of"),
        (["CONSTRUCT {} {}", "--format=csv"], "is answered as one of"),
        ([ONE, "--format=html"], "'html' is not one of 'table', 'json'"),
        ([ONE, "--max-result-bytes=1"], "larger than 1 bytes"),
        (
            ["SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "--timeout=0.2"],
            "did not finish within 0.2 s",
        ),
        (["agreements", "--data=nowhere.ttl"], "nowhere.ttl: there is no such file or folder"),
    ],
)
def test_query_that_gets_no_answer_says_why(arguments: list[str], reason: str) -> None:
    assert reason in complaint("query", *arguments)


def test_query_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.rq").write_bytes(b"ASK {} # \xff")
    assert "a.rq: it is not UTF-8 (byte 9)" in complaint("query", tmp_path / "a.rq")
    assert "standard input: it is not UTF-8 (byte 9)" in complaint("query", stdin=b"ASK {} # \xff")


def test_a_stored_query_takes_its_parameters_as_options() -> None:
    """With hyphens or as they are called, with or without the equals sign."""
    answers = [
        run("query", "in-common", "--territory", "solna", "--other-territory", "Viljandi"),
        run("query", "in-common", "--territory=Solna", "--otherTerritory=viljandi"),
    ]
    assert answers[0].stdout == answers[1].stdout
    assert "concept/culture" in answers[0].stdout


def test_options_hold_for_every_query() -> None:
    """Also for one that has no name."""
    text = "SELECT ?a { ?a a <https://partnergraph.example/def#Network> } ORDER BY ?a"
    rows = list(csv.DictReader(io.StringIO(run("query", text, "--labels=lv", "--limit=1").stdout)))
    assert [row["aLabel"] for row in rows] == [
        "Starptautiskā Hanzas Savienības pilsētu asociācija HANSE"
    ]
    sheet = run("query", "networks", "--evidence", "--bom").stdout
    assert sheet.startswith("\ufeffnetwork,")
    assert "passageHeading" in sheet


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["chronology", "--from", "199x"], "--from: it is a whole number, such as 1992"),
        (
            ["chronology", "--form", "csv"],
            "--form: there is none of this name; there are territory",
        ),
        (["chronology", "--from"], "--from needs a value"),
        (["chronology", "1992"], "'1992' is no parameter; write --name value"),
        (["chronology", "--limit", "x"], "--limit: it is a whole number"),
        (["agreements", "--as-of", "x", "--language", "lv"], "--as-of: tai jābūt dienai"),
        ([ONE, SMALL, "--field", "culture"], "--field: there is none of this name"),
    ],
)
def test_what_does_not_fit_a_stored_query_is_said(arguments: list[str], reason: str) -> None:
    assert reason in complaint("query", *arguments)


def test_an_empty_answer_says_why_on_standard_error() -> None:
    """In every format that can be told to be empty, and only then."""
    text = "SELECT ?a { ?a a <https://partnergraph.example/def#Agrement> }"
    for form in ("csv", "tsv", "json", "xml", "table"):
        answer = run("query", text, "--format", form, "--language", "lv")
        assert "tp:Agreement" in answer.stderr, form
        assert answer.returncode == 0
        assert run("query", ONE, SMALL, "--format", form).stderr == ""
        assert run("query", "ASK { ?a ?b 1.25 }", SMALL, "--format", form).stderr == ""


def test_stored_queries_are_listed() -> None:
    """By name, with their parameters and what they answer."""
    listed = run("queries", "--language", "lv").stdout
    assert "chronology [--territory valmiera] [--from integer] [--to integer]" in listed
    assert "Teritorijas sadarbības notikumi laika secībā" in listed
