"""The house is as its contract, its rooms and its page say."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture import PAGE, Room, listed, page, rooms
from tests.command_line import environment, run
from tests.graphs import repository_files
from tests.serving import ROOT

WEB = {"flask", "werkzeug", "jinja2", "a2wsgi", "prometheus_client"}
SERVER = {"uvicorn", "httptools"}
WALKS = re.compile(r"^\*\*(.+)\*\*\n\n((?:\d\. .+\n)+)", re.MULTILINE)
STOP = re.compile(r"^\d\. `(\w+/\w+\.py)` · `([\w.]+)` – ")
MOST_MODULES = 15
MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 60

PLANTED = {
    "a room imports from above": (
        "things/labels.py",
        "from partnergraph.site.home import FIRST_QUERY",
        "partnergraph.things is not allowed to import partnergraph.site",
    ),
    "two rooms import each other": (
        "questions/files.py",
        "from partnergraph.gate.reports import counted",
        "partnergraph.questions is not allowed to import partnergraph.gate",
    ),
    "modules of a room that import each other": (
        "http/metrics.py",
        "from partnergraph.http.asgi import Application",
        "Nothing imports itself by a detour BROKEN",
    ),
    "the ground that rests on itself": (
        "formats.py",
        "from partnergraph.settings import Settings",
        "partnergraph.formats is not allowed to import partnergraph.settings",
    ),
    **{
        f"{library} where it may not be known": (
            f"{module.replace('.', '/')}.py",
            f"import {library}",
            f"partnergraph.{module} -> {library}",
        )
        for library, module in {
            "pyoxigraph": "http.metrics",
            "flask": "site.home",
            "httptools": "protocol.messages",
            "uvicorn": "http.asgi",
            "a2wsgi": "site.home",
            "jinja2": "http.metrics",
            "pyshacl": "gate.reports",
            "rdflib": "things.labels",
            "pyld": "site.documents",
            "click": "http.metrics",
        }.items()
    },
    "a room that has no place yet": (
        "elsewhere/__init__.py",
        '"""A room that nobody has given a place."""',
        "must be declared as a layer",
    ),
}
"""What the contract has to refuse: where it is written, what is written, what is said of it."""


def loaded_by(statement: str) -> set[str]:
    """The modules that a statement loads in a fresh process."""
    program = f"import json, sys; {statement}; print(json.dumps(sorted(sys.modules)))"
    done = run(program=("-c", program))
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def test_the_page_shows_what_is_imported() -> None:
    """Where it does not: ``python -m tests.architecture``."""
    assert PAGE.read_text("utf-8") == page()


@pytest.mark.parametrize("room", rooms().values(), ids=rooms())
def test_a_room_says_what_it_is_for(room: Room) -> None:
    """Its purpose, its doors, which rooms it may use: as the imports are."""
    assert room.purpose.endswith(".")
    assert room.says("Doors") == listed(room.doors)
    assert room.says("May use") == (listed(room.uses) or "the ground alone")


@pytest.mark.parametrize("room", rooms().values(), ids=rooms())
def test_a_room_is_taken_in_at_a_glance(room: Room) -> None:
    assert len(room.modules) <= MOST_MODULES
    repeating = [
        one for one in room.modules if {one, one.rstrip("s")} & {room.name, room.name.rstrip("s")}
    ]
    assert not repeating


def test_modules_and_functions_fit_in_one_sitting() -> None:
    for path in repository_files("partnergraph/**/*.py", "server.py", "hatch_build.py"):
        text = path.read_text("utf-8")
        assert len(text.splitlines()) <= MOST_LINES, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                lines = (node.end_lineno or 0) - node.lineno + 1
                assert lines <= MOST_LINES_OF_A_FUNCTION, (path, node.name)


def test_little_stands_on_the_ground() -> None:
    assert len(repository_files("partnergraph/*.py")) <= 12


def test_the_walks_lead_somewhere() -> None:
    """Each has at most eight stops, and at each stop there is what it names."""
    walks = WALKS.findall(PAGE.read_text("utf-8"))
    assert len(walks) == 4
    for title, stops in walks:
        found = [STOP.match(line) for line in stops.splitlines()]
        assert 0 < len(found) <= 8, title
        for stop in found:
            assert stop, title
            tree = ast.parse((ROOT / "partnergraph" / stop[1]).read_text("utf-8"))
            body: list[ast.stmt] = tree.body
            for name in stop[2].split("."):
                named = [one for one in body if getattr(one, "name", "") == name]
                assert named, (title, stop[0])
                body = getattr(named[0], "body", [])


@pytest.mark.parametrize(("place", "line", "complaint"), PLANTED.values(), ids=PLANTED)
def test_the_contract_refuses(place: str, line: str, complaint: str, tmp_path: Path) -> None:
    package = tmp_path / "partnergraph"
    leave = shutil.ignore_patterns("__pycache__", "static", "templates")
    shutil.copytree(ROOT / "partnergraph", package, ignore=leave)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    file = package / place
    file.parent.mkdir(exist_ok=True)
    written = file.read_text("utf-8") if file.exists() else ""
    file.write_text(f"{written}\n{line}\n", "utf-8")
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tmp_path,
        env=environment({"PYTHONPATH": str(tmp_path), "COLUMNS": "200"}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    assert complaint in done.stdout


@pytest.mark.parametrize(
    "module",
    [
        "dataset.loading",
        "gate.validation",
        "gate.reports",
        "commands.asking",
        "embedded.pool",
        "formats",
        "protocol.endpoint",
        "publication.exports",
    ],
)
def test_core_imports_without_the_web(module: str) -> None:
    """Loading, validating, querying, negotiating, exporting and reporting need no web server."""
    loaded = loaded_by(f"import partnergraph.{module}")
    assert "partnergraph" in loaded
    assert not loaded & (WEB | SERVER)


def test_the_web_is_seen_where_it_is() -> None:
    """The test above would notice it."""
    assert loaded_by("import partnergraph.http.flask_bridge") >= {"flask", "a2wsgi"}
    assert loaded_by("import partnergraph.connections.server") >= SERVER


def test_the_application_needs_no_server_of_ours() -> None:
    """Any that speaks ASGI will do."""
    assert not loaded_by("import partnergraph.application") & SERVER


def test_help_does_not_wait_for_what_validates() -> None:
    slow = {"rdflib", "pyshacl", "asyncio", "partnergraph.sparql.tokens", *WEB, *SERVER}
    assert not loaded_by("import partnergraph.commands.cli") & slow
    assert loaded_by("import partnergraph.application") >= slow - SERVER


def test_nothing_is_built_when_the_server_is_imported(tmp_path: Path) -> None:
    """No data is read: a variable that points nowhere does no harm yet."""
    done = run(
        program=("-c", "import server"), cwd=tmp_path, variables={"PARTNERGRAPH_DATA": "nowhere"}
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_tests_stand_in_the_rooms_of_what_they_test() -> None:
    """Three rooms are tested through others: by the site, and by the promises."""
    folders = {path.parent.name for path in repository_files("tests/*/__init__.py")}
    assert folders - set(rooms()) == {"promises"}
    assert set(rooms()) - folders == {"embedded", "pages", "pictures"}


def test_every_room_is_in_the_contract() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contract = settings["tool"]["importlinter"]["contracts"][0]
    assert contract["exhaustive"]
    assert len(contract["layers"]) > 10
