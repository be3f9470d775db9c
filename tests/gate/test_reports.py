"""A report says the same in two languages and to programs, and always in the same bytes."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse, serialize
from rdflib import RDF, SH, Graph

from partnergraph.dataset.loading import load_dataset
from partnergraph.gate.reports import Language, ReportFormat, as_text, render
from partnergraph.gate.validation import validate
from partnergraph.namespaces import ID
from partnergraph.results import Passage, Report, Result, Severity
from partnergraph.settings import ROOT, Settings
from tests.graphs import repository_files

PARTNERS = ROOT / "data" / "partners.ttl"


RESULT = Result(
    severity=Severity.VIOLATION,
    shape="http://e/s",
    constraint=(1, {"en": "one", "lv": "viens"}),
    focus_node="<http://e/x>",
    path=None,
    value=None,
    messages={"en": "Wrong.", "lv": "Nepareizi."},
)


def damaged(folder: Path, *changes: tuple[str, str]) -> Report:
    """The report on the page's graph with some text of it changed."""
    text = PARTNERS.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "partners.ttl"
    path.write_text(text, "utf-8")
    return validate(load_dataset(Settings(data=(path, ROOT / "data" / "linkset.ttl"))))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Of a graph with a violation and a misspelt property."""
    return damaged(
        tmp_path_factory.mktemp("damaged"),
        ('tp:signed "2011"^^xsd:gYear ;', ""),
        ("tp:amongOldest true", "tp:amongstOldest true"),
    )


@cache
def conforming() -> Report:
    """Of the page's graph as it is."""
    return validate(load_dataset(Settings()))


def counted(*numbers: int) -> Report:
    """So many violations, warnings and infos."""
    results = [
        replace(RESULT, severity=severity)
        for severity, number in zip(Severity, numbers, strict=True)
        for _ in range(number)
    ]
    return Report(tuple(results), Graph())


@pytest.mark.parametrize(
    ("number", "noun"),
    [
        (0, "0 pārkāpumu"),
        (1, "1 pārkāpums"),
        (2, "2 pārkāpumi"),
        (10, "10 pārkāpumi"),
        (11, "11 pārkāpumi"),
        (21, "21 pārkāpums"),
        (22, "22 pārkāpumi"),
        (101, "101 pārkāpums"),
        (111, "111 pārkāpumi"),
    ],
)
def test_latvian_nouns_agree_with_their_number(number: int, noun: str) -> None:
    """Singular after what ends in one, but not in eleven."""
    assert as_text(counted(number, 0, 0), "lv").endswith(f" ({noun})\n")


@pytest.mark.parametrize(
    ("numbers", "language", "end"),
    [
        ((1, 1, 1), "lv", "(1 pārkāpums, 1 brīdinājums, 1 ziņa)"),
        ((2, 21, 11), "lv", "(2 pārkāpumi, 21 brīdinājums, 11 ziņas)"),
        ((1, 1, 1), "en", "(1 violation, 1 warning, 1 info)"),
        ((21, 11, 2), "en", "(21 violations, 11 warnings, 2 infos)"),
        ((0, 3, 0), "en", "The graph conforms. (0 violations, 3 warnings)"),
        ((0, 0, 2), "lv", "Grafs atbilst nosacījumiem. (0 pārkāpumu, 2 ziņas)"),
        ((1, 0, 0), "en", "The graph does not conform and is not served. (1 violation)"),
    ],
)
def test_last_line_counts_what_there_is(
    numbers: tuple[int, int, int], language: Language, end: str
) -> None:
    assert as_text(counted(*numbers), language).endswith(f"{end}\n")


def test_a_graph_without_results_gets_one_line() -> None:
    assert as_text(conforming(), "en") == "The graph conforms. (0 violations)\n"
    assert as_text(conforming(), "lv") == "Grafs atbilst nosacījumiem. (0 pārkāpumu)\n"


def test_text_says_what_is_wrong_with_what_and_where_it_stands(report: Report) -> None:
    lines = as_text(report, "en").splitlines()
    assert lines[0] == "Violation: tps:Agreement-signed (2. What an agreement needs)"
    assert "tp:signedUnknown true" in lines[1]
    assert f"    on      <{ID}agreement/partners/valmiera-halle-westf>" in lines
    heading = "Halle (Vestf.) un Giterslo apriņķis, Vācija, 1992/2011"
    assert f"    source  {heading} [1630–1684]" in lines
    assert f"    source  {heading} [1686–2097]" in lines


def test_text_is_in_latvian_when_asked(report: Report) -> None:
    text = as_text(report, "lv")
    assert text.startswith("Pārkāpums: tps:Agreement-signed (2. Kas jānorāda par vienošanos)")
    assert "    avots    Halle (Vestf.) un Giterslo apriņķis" in text
    assert "Warning" not in text
    assert "    varbūt   tp:amongOldest" in text


def test_misspelt_property_gets_a_suggestion(report: Report) -> None:
    (result,) = (one for one in report.results if one.suggestion)
    assert result.severity is Severity.WARNING
    assert result.path == "https://partnergraph.example/def#amongstOldest"
    assert "    meant     tp:amongOldest" in as_text(report, "en").splitlines()


def test_property_that_resembles_none_gets_no_suggestion(tmp_path: Path) -> None:
    (result,) = damaged(tmp_path, ("tp:amongOldest true", "tp:zzz true")).results
    assert result.suggestion is None
    assert "meant" not in as_text(Report((result,), Graph()), "en")


def test_passages_of_the_owner_stand_for_a_thing_without_its_own(tmp_path: Path) -> None:
    """A group of fields has no passage; its agreement has."""
    report = damaged(tmp_path, ("tp:position 5 ;", ""))
    headings = {passage.heading for result in report.results for passage in result.passages}
    assert headings == {"Solna, Zviedrija, 1991"}


def test_passage_without_a_heading_is_named_so() -> None:
    cited = replace(RESULT, passages=(Passage(None, 0, 44),))
    assert "no heading [0–44]" in as_text(Report((cited,), Graph()), "en")
    assert "bez virsraksta [0–44]" in as_text(Report((cited,), Graph()), "lv")


def test_gravest_results_come_first(report: Report) -> None:
    severities = [result.severity.value for result in report.results]
    assert severities == sorted(severities)
    assert len(set(severities)) > 1


def test_json_holds_what_the_text_says(report: Report) -> None:
    document = json.loads(render(report, "json", "lv"))
    assert document["conforms"] is False
    assert (document["violations"], document["warnings"]) == (1, 1)
    assert document["results"][0]["shape"].endswith("shapes#Agreement-signed")
    assert sorted(document["results"][0]["message"]) == ["en", "lv"]
    assert document["results"][0]["passages"][0]["start"] == 1630
    assert document["results"][1]["suggestion"].endswith("def#amongOldest")


@pytest.mark.parametrize("form", ["turtle", "jsonld"])
@pytest.mark.parametrize("bad", [True, False])
def test_rdf_is_a_shacl_report(form: ReportFormat, bad: bool, report: Report) -> None:
    """It parses, and sh:conforms says what the gate decides."""
    of = report if bad else conforming()
    text = render(of, form, "en")
    syntax = {"turtle": RdfFormat.TURTLE, "jsonld": RdfFormat.JSON_LD}[form]
    # Not by rdflib's own parser, which warns of itself when it reads JSON-LD.
    quads = list(parse(text, syntax))
    graph = Graph().parse(data=serialize([q.triple for q in quads], format=RdfFormat.N_TRIPLES))
    (subject,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert [bool(value) for value in graph.objects(subject, SH.conforms)] == [of.conforms]
    assert len(list(graph.objects(subject, SH.result))) == len(of.results)


@pytest.mark.parametrize("form", ["text", "json", "turtle", "jsonld"])
def test_bytes_are_the_same_in_another_process(form: str) -> None:
    """Whatever its hash seed; here for an example with several results."""
    (path,) = repository_files("ontology/examples/invalid/derived-only.ttl")
    command = [sys.executable, "-m", "partnergraph", "validate", str(path), "--format", form]
    environments = ({"PYTHONHASHSEED": seed} for seed in ("1", "2"))
    one, other = (
        subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
        for environment in environments
    )
    assert one.stdout == other.stdout != b""
