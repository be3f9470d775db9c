"""The real command: what it prints, how it ends, and that it never shows a traceback."""

from __future__ import annotations

import json
import re
import shutil
from functools import cache
from pathlib import Path

import pytest

from partnergraph import __version__
from tests.command_line import SERVER, complaint, run
from tests.graphs import repository_files
from tests.serving import ROOT

COMMANDS = ("serve", "validate", "query", "queries", "export", "verify-sources", "cite", "format")
ONE = "SELECT ?n { VALUES ?n { 1 } }"
SMALL = "--no-validation"
WARNED = ROOT / "ontology" / "examples" / "invalid" / "agreement-closed.ttl"
INVALID = ROOT / "ontology" / "examples" / "invalid" / "agreement-signed.ttl"


@cache
def commands() -> str:
    """What the command says of itself."""
    return run("--help").stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_of_its_own(command: str) -> None:
    """Its first sentence is the one in the list of commands."""
    text = run(command, "--help").stdout
    assert text.startswith(f"Usage: python -m partnergraph {command} [OPTIONS]")
    summary = text.split("\n\n")[1].strip().partition("\n")[0].rstrip(".")[:40]
    assert summary in commands()


def test_list_of_commands_is_complete() -> None:
    listed = re.findall(r"^  ([\w-]+)  ", commands().partition("Commands:")[2], re.MULTILINE)
    assert sorted(listed) == sorted(COMMANDS)


def test_server_is_the_same_as_serve() -> None:
    """Only the name in the first line differs, and -h does what --help does."""
    texts = [run("--help", program=SERVER), run("-h", program=SERVER), run("serve", "--help")]
    bodies = [text.stdout.partition("\n")[2] for text in texts]
    assert bodies[0] == bodies[1] == bodies[2] != ""
    assert texts[0].stdout.startswith("Usage: server.py [OPTIONS]\n")


def test_version_is_the_packages() -> None:
    assert run("--version").stdout == f"partnergraph, version {__version__}\n"


# --- validate


def test_validate_ends_with_0_where_the_graph_conforms() -> None:
    done = run("validate")
    assert (done.returncode, done.stdout) == (0, "The graph conforms. (0 violations)\n")


def test_validate_ends_with_0_where_there_are_only_warnings() -> None:
    done = run("validate", WARNED)
    assert done.returncode == 0
    assert done.stdout.endswith("The graph conforms. (0 violations, 1 warning)\n")


def test_validate_ends_with_1_and_the_report_where_the_graph_does_not_conform() -> None:
    done = run("validate", INVALID)
    assert done.returncode == 1
    assert done.stdout.startswith("Violation: tps:Agreement-signed ")


@pytest.mark.parametrize("command", [["serve"], ["export", "never-made"]])
def test_what_does_not_conform_is_not_served_or_exported(
    command: list[str], tmp_path: Path
) -> None:
    done = run(*command, "--data", INVALID, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.startswith("Violation: tps:Agreement-signed ")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "language", "word"),
    [
        ([], "", "Violation"),
        ([], "lv_LV.UTF-8", "Pārkāpums"),
        ([], "de_DE.UTF-8", "Violation"),
        (["--language", "lv"], "", "Pārkāpums"),
        (["--language", "en"], "lv_LV.UTF-8", "Violation"),
    ],
)
def test_report_is_in_the_language_asked_for(options: list[str], language: str, word: str) -> None:
    done = run(
        "validate", INVALID, *options, variables={"LANG": language, "PYTHONIOENCODING": "utf-8"}
    )
    assert done.stdout.startswith(f"{word}: ")


def test_report_comes_in_every_format() -> None:
    assert json.loads(run("validate", INVALID, "--format=json").stdout)["conforms"] is False
    assert "sh:ValidationReport" in run("validate", INVALID, "--format=turtle").stdout
    assert json.loads(run("validate", INVALID, "--format=jsonld").stdout)["@graph"]


# --- export, verify-sources, cite, format


def test_export_writes_what_is_chosen_and_says_which_version(tmp_path: Path) -> None:
    done = run("export", tmp_path / "out", "--graph=partners", "--graph=contact", "--format=nt")
    assert done.returncode == 0
    assert re.fullmatch(r"2 files of version [0-9a-f]{64} in .*\n", done.stderr)
    files = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*")}
    assert files == {"out/graph/partners.nt", "out/graph/contact.nt"}


def test_export_that_cannot_be_written_names_its_place(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "file" in complaint("export", tmp_path / "file")
    assert "no graph 'x'; there are contact" in complaint("export", tmp_path / "new", "--graph=x")


def test_verify_sources_ends_with_1_where_a_passage_is_not_found(tmp_path: Path) -> None:
    document = tmp_path / "page.txt"
    document.write_text("Another page.")
    done = run("verify-sources", "--document", document)
    assert done.returncode == 1
    assert "passage/partners/p47 [4304–4649] is changed or gone; derived from it:" in done.stdout


def test_cite_prints_turtle_or_why_not(tmp_path: Path) -> None:
    document = tmp_path / "page.txt"
    document.write_text("One page.")
    assert "oa:start 4 ; oa:end 8" in run("cite", "--document", document, "page").stdout
    assert "does not occur word for word" in complaint("cite", "--document", document, "Page")
    assert "none.txt' does not exist" in complaint("cite", "--document", "none.txt", "x")


def test_format_rewrites_and_check_only_tells(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("<http://e/b> a <http://e/C> . <http://e/a> a <http://e/C> .")
    before = path.read_text()
    checked = run("format", "--check", tmp_path)
    assert (checked.returncode, path.read_text()) == (1, before)
    assert checked.stdout == f"{path}: not in the canonical layout\n"
    rewritten = run("format", tmp_path)
    assert (rewritten.returncode, rewritten.stdout) == (0, f"{path}: rewritten\n")
    again = run("format", "--check", path)
    assert (again.returncode, again.stdout) == (0, "")


def test_format_names_file_and_line_of_what_is_not_turtle(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("<http://e/a> a <http://e/C> .\n<http://e/b>\n")
    assert f"{path}:" in complaint("format", path)
    assert "only Turtle files" in complaint("format", *repository_files("queries/networks.rq"))


# --- Whatever the command


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["validate", "--no-such-option"],
        ["validate", "nowhere.ttl"],
        ["validate", "README.md"],
        ["validate", "queries"],
        ["validate", "--ontology=queries"],
        ["validate", "--language=de"],
        ["export"],
        ["verify-sources"],
        ["verify-sources", "--document=README.md", "data/linkset.ttl"],
        ["format"],
        ["format", "nowhere.ttl"],
    ],
    ids=" ".join,
)
def test_wrong_usage_or_unreadable_input_ends_with_2_and_a_message(arguments: list[str]) -> None:
    assert "Error: " in complaint(*arguments)


def test_shapes_that_are_not_shacl_are_refused(tmp_path: Path) -> None:
    for path in repository_files("ontology/*.ttl"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    shutil.copytree(ROOT / "ontology" / "rules", tmp_path / "rules")
    with (tmp_path / "shapes.ttl").open("a") as shapes:
        shapes.write("tps:Agreement-aim sh:path tp:party .\n")
    assert "the shapes are not SHACL" in complaint("validate", "--ontology", tmp_path)


def test_fault_in_the_data_is_named_by_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("<http://e/a> a <http://e/C> .\n<http://e/b> a .\n")
    for command in ("validate", "query", "serve"):
        assert complaint(command, "--data", path).startswith(f"Error: {path}:2:")
