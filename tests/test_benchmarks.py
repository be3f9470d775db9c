"""The benchmark: its network, its reading of wrk, its report, and one short run of it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.comparison import judge
from benchmarks.figures import Figures, number, spread
from benchmarks.measuring import Sample, has_wrk, parse_wrk, percentile
from benchmarks.network import DEGREES, make_network, write_network
from benchmarks.plot import draw
from benchmarks.report import write_report
from benchmarks.workloads import TRIPLES, read_answer
from partnergraph.dataset.parsing import read_quads
from partnergraph.namespaces import TP, TPC
from partnergraph.settings import ROOT

TOLERANCE = 0.02
"""How far a share of places may lie from that of the real network."""

REAL = {1: 0.425, 2: 0.604, 3: 0.718, 4: 0.790, 5: 0.843, 7: 0.901, 10: 0.945, 20: 0.984, 30: 0.995}
RESULTS = "application/sparql-results+json"
WRK = """Running 1s test @ http://127.0.0.1:1
  1 threads and 8 connections
Requests/sec:   1500.00

RESULT {"seconds": 2.0, "requests": 3000, "p50": 0.002, "p99": 0.01, "refused": 0, "broken": 0}
"""


def test_the_network_is_the_same_each_time(tmp_path: Path) -> None:
    digests = set()
    for name in ("one.nt", "two.nt"):
        write_network(tmp_path / name, make_network(500))
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1
    assert make_network(500, seed=1).pairs != make_network(500, seed=2).pairs


def test_the_network_has_the_degrees_of_the_real_one() -> None:
    network = make_network()
    degrees = network.degrees
    assert {degree: DEGREES[degree] for degree in REAL} == REAL
    for degree, share in REAL.items():
        found = sum(each <= degree for each in degrees) / len(degrees)
        assert found == pytest.approx(share, abs=TOLERANCE), degree
    assert max(degrees) <= 98
    assert len(network.pairs) / len(degrees) == pytest.approx(1.73, rel=0.05)


def test_nobody_is_its_own_partner_and_no_pair_comes_twice() -> None:
    network = make_network(3_000)
    assert len(network.pairs) == len(set(network.pairs)) == 3_000
    assert all(a < b for a, b in network.pairs)


def test_the_network_uses_only_terms_of_the_vocabulary(tmp_path: Path) -> None:
    path = tmp_path / "network.nt"
    count = write_network(path, make_network(300))
    files = [ROOT / "ontology" / f"{name}.ttl" for name in ("partnerships", "concepts")]
    declared = {str(quad.subject) for file in files for quad in read_quads(file)}
    quads = list(read_quads(path))
    used = {str(term) for quad in quads for term in (quad.predicate, quad.object)}
    assert len(quads) == len(set(quads)) == count
    assert {term for term in used if term.startswith((f"<{TP}", f"<{TPC}"))} <= declared


def test_twinning_stands_in_both_directions(tmp_path: Path) -> None:
    path = tmp_path / "network.nt"
    write_network(path, make_network(300))
    quads = list(read_quads(path))
    twins = {(q.subject, q.object) for q in quads if str(q.predicate) == f"<{TP}twinnedWith>"}
    assert twins
    assert twins == {(b, a) for a, b in twins}


def test_the_line_of_the_script_is_read() -> None:
    assert parse_wrk(WRK) == Sample(rate=1500, p50=0.002, p99=0.01, requests=3000, errors=0)


def test_refused_and_broken_requests_make_a_sample_invalid() -> None:
    sample = parse_wrk(WRK.replace('"refused": 0, "broken": 0', '"refused": 2, "broken": 1'))
    assert sample.errors == 3
    assert not sample.valid


@pytest.mark.parametrize("output", ["", "RESULT {", 'RESULT {"seconds": 0}', "unable to connect"])
def test_no_figures_are_no_sample(output: str) -> None:
    with pytest.raises(Exception, match="wrk reported nothing"):
        parse_wrk(output)


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile([3.0, 1.0, 2.0], 50) == 2.0
    assert percentile([3.0, 1.0, 2.0], 99) == 3.0
    assert percentile([5.0], 99) == 5.0


def test_answers_are_the_same_whatever_their_order_and_their_writing() -> None:
    one = {"a": {"type": "literal", "value": "x"}, "b": {"type": "bnode", "value": "b1"}}
    same = {"b": {"type": "bnode", "value": "z"}, "a": {"type": "typed-literal", "value": "x"}}
    other = {"a": {"type": "literal", "value": "x", "xml:lang": "en"}}
    first, second, third = (
        read_answer(json.dumps({"results": {"bindings": bindings}}).encode(), RESULTS)
        for bindings in ([one, other], [other, same], [one, one])
    )
    assert first == second != third
    assert read_answer(b"<a> <b> <c> .\n<a> <b> <c> .\n", TRIPLES) == (1,)
    with pytest.raises(ValueError, match="no results"):
        read_answer(b'{"boolean": true}', RESULTS)


def test_who_differs_from_most_others_is_wrong() -> None:
    assert judge({"a": [(1,)], "b": [(1,)], "c": [(2,)]}) == {"c": "wrong answer"}
    assert judge({"a": [(1,)], "b": [(2,)]}) == dict.fromkeys("ab", "the answers differ")
    assert judge({"a": [(1,)]}) == judge({}) == {}


def made_up() -> Figures:
    """Two rounds of three servers: one slower, one wrong in one place and refusing in another."""
    figures = Figures({"processor": "a processor"}, rounds=2, seconds=1.0)
    figures.versions = {"Partnergraph": "1", "Slow": "2", "Odd": "3", "Absent": None}
    figures.datasets = {"small": 10, "middle": 100, "large": 1000}
    for data, latency in (("small", 0.001), ("middle", 0.001), ("large", 0.002)):
        key = (data, "lookup-new")
        figures.samples[*key, "Partnergraph"] = [Sample(900, latency, 0.002, 900)] * 2
        figures.samples[*key, "Slow"] = [Sample(rate, 0.01, 0.02, 300) for rate in (300, 450)]
        figures.samples[*key, "Odd"] = [Sample(9000, 0.0001, 0.0002, 9000, errors=7)] * 2
    figures.faults["small", "path", "Odd"] = "wrong answer"
    figures.samples["small", "path", "Partnergraph"] = [Sample(10, 0.1, 0.1, 10)] * 2
    figures.memory["middle", "Slow"] = 123.4
    figures.starts = {"Partnergraph": [1.0, 1.2], "Slow": [3.0, 3.1]}
    figures.beside = {
        "Partnergraph": [(Sample(100, 1, 1, 100), Sample(80, 1, 1, 80))] * 2,
        "Slow": [(Sample(100, 1, 1, 100), Sample(0, 0, 0, 0))] * 2,
    }
    figures.workers = [(100.0, 5.0), (100.0, 6.0)]
    return figures


def test_the_report_gives_the_median_and_the_range_of_the_ratios() -> None:
    report = write_report(made_up())
    assert "| `lookup-new` | 2.50 (2.00–3.00) | invalid: 14 errors |" in report
    assert "900/s · 1.00 ms · 2.00 ms" in report


def test_the_report_shows_who_is_wrong_absent_or_without_an_answer() -> None:
    report = write_report(made_up())
    assert "| `path` | – | wrong answer |" in report
    assert "- Absent: not installed" in report
    assert "| Slow | 100/s · 1,000 ms · 1,000 ms | no answer | 0 (0–0) |" in report


def test_the_report_says_what_one_more_worker_takes_and_how_cost_grows() -> None:
    report = write_report(made_up())
    assert "5.50 (5.00–6.00) % of that" in report
    assert "| `lookup-new` | 2.00 (2.00–2.00) | 1.00 (1.00–1.00) | – |" in report


def test_the_picture_has_a_mark_for_each_valid_ratio() -> None:
    picture = ElementTree.fromstring(draw(made_up()))
    space = "{http://www.w3.org/2000/svg}"
    marks = [each for each in picture.iter(f"{space}circle") if each.get("r") == "4"]
    assert len(marks) == 3


def test_the_picture_of_nothing_can_be_drawn() -> None:
    ElementTree.fromstring(draw(Figures({}, rounds=1, seconds=1.0)))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.123, "0.12"), (1.234, "1.23"), (45.67, "45.7"), (12345.6, "12,346")],
)
def test_figures_have_three_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_no_values_are_a_dash() -> None:
    assert spread([]) == "–"
    assert spread([2.0], " s") == "2.00 s"


def benchmark(*options: str) -> subprocess.CompletedProcess[str]:
    """A run of the benchmark with our own server alone."""
    command = [sys.executable, "benchmarks/side_by_side.py", "--servers", "partnergraph", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.skipif(not has_wrk(), reason="the load generator wrk is not installed")
def test_a_quick_run_measures_this_server() -> None:
    extent = ("--rounds", "1", "--seconds", "1", "--partnerships", "200")
    done = benchmark(*extent, "--only", "lookup-new")
    assert done.returncode == 0, done.stderr
    for heading in ("The partners graph", "200 partnerships", "2,000 partnerships"):
        assert f"## {heading}" in done.stdout
    row = next(line for line in done.stdout.splitlines() if line.startswith("| `lookup-new` | "))
    assert "/s · " in row
    assert "invalid" not in done.stdout.split("## The partners graph")[1]


def test_without_the_load_generator_the_benchmark_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    done = benchmark("--quick")
    assert done.returncode == 2
    assert "apt-get install wrk" in done.stderr
