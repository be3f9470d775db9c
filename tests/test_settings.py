"""Every setting is an option and a variable that says what it is for, and refuses what is wrong."""

from __future__ import annotations

import os
import re
import socket
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import click
import pytest

from partnergraph.settings import (
    ROOT,
    Settings,
    default_text,
    option_name,
    settings_table,
    variable_name,
)
from server import serve
from tests.command_line import SERVER, complaint, run

NAMES = [item.name for item in fields(Settings)]

WRONG = {
    "data": ["nowhere.ttl"],
    "ontology": ["nowhere", "README.md"],
    "previous": ["nowhere.nq"],
    "queries": ["nowhere", "README.md"],
    "tls_certificate": ["nowhere.pem", "data"],
    "tls_key": ["nowhere.pem", "data"],
    "host": ["256.1.1.1"],
    "port": ["0", "65536", "http", "80.5", ""],
    "base_iri": ["data.example.org", "ftp://e/", "https://e/?a=b", "https://e/#", "https:///"],
    "publisher": ["two\nlines", "\x07"],
    "default_graph": ["both", "UNION "],
    "no_validation": ["maybe", "2"],
    "timeout": ["0", "-1", "soon", "nan", "inf"],
    "memory": ["15", "-1", "1.5", "much"],
    "max_result_bytes": ["0", "-1", "0.5", "5x", "1TB", "nan", "inf", "KiB", "1e3"],
    "max_query_bytes": ["0", "-1", "64 k"],
    "max_depth": ["0", "deep"],
    "max_path": ["0", "-1"],
    "max_patterns": ["0", "1.5"],
    "max_operators": ["0", ""],
    "max_values": ["0", "1048577"],
    "max_upload_bytes": ["0", "much"],
    "cache_bytes": ["-1", "much"],
    "budget": ["-1", "nan", "inf", "all"],
    "budget_on_loopback": ["maybe"],
    "client_header": ["X Forwarded", "X:"],
    "log": ["everything", "requests "],
    "workers": ["0", "1025", "two", "1.5"],
}
"""Values that a setting does not take."""

FLAGS = ("no_validation", "budget_on_loopback")

FOUND_WRONG_IN_USE = ("data", "host")
"""Settings whose values are not looked at when the command line is read."""


def refusal(*arguments: str) -> str:
    """What is said of a wrong command line."""
    with pytest.raises(click.BadParameter) as caught:
        serve.make_context("serve", list(arguments))
    return caught.value.format_message()


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name in WRONG if name not in FOUND_WRONG_IN_USE for value in WRONG[name]],
)
def test_wrong_value_is_refused_with_its_variable(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an option where it can be one, and as a variable where that is not empty."""
    if name not in FLAGS:
        assert option_name(name) in refusal(f"{option_name(name)}={value}")
    if value:
        monkeypatch.setenv(variable_name(name), value)
        assert variable_name(name) in refusal()


@pytest.mark.parametrize("name", NAMES)
def test_command_with_a_wrong_variable_says_so_and_ends(name: str) -> None:
    value = WRONG[name][0]
    said = complaint(program=SERVER, variables={variable_name(name): value})
    assert value in said or repr(value) in said


def test_each_setting_has_wrong_values_to_refuse() -> None:
    assert sorted(WRONG) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_setting_explains_itself_in_a_sentence(name: str) -> None:
    (item,) = (item for item in fields(Settings) if item.name == name)
    assert re.fullmatch(r"[A-Z].*\.", item.metadata["help"])
    assert default_text(item)
    assert str(ROOT) not in default_text(item)


@pytest.mark.parametrize("name", NAMES)
def test_help_of_serve_names_option_variable_and_default(name: str) -> None:
    text = " ".join(serve.get_help(click.Context(serve, info_name="serve")).split())
    (item,) = (item for item in fields(Settings) if item.name == name)
    assert f" {option_name(name)} " in text
    assert f"[env var: {variable_name(name)}; default: ({default_text(item)})" in text


def test_table_has_a_row_for_each_setting() -> None:
    rows = settings_table().splitlines()[2:]
    assert [re.findall(r"PARTNERGRAPH_\w+", row) for row in rows] == [
        [variable_name(name)] for name in NAMES
    ]


def test_defaults_stand_beside_the_server_wherever_it_is_started(tmp_path: Path) -> None:
    assert Settings().data == (ROOT / "data",)
    assert Settings().ontology == ROOT / "ontology"
    assert run("validate", cwd=tmp_path).returncode == 0


def test_settings_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]  # That it may not be done is what is tested.


def test_variable_holds_several_paths_as_in_path(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.ttl").write_text(f"<http://e/{name}> <http://e/p> 1 .")
    paths = os.pathsep.join(str(tmp_path / f"{name}.ttl") for name in ("one", "two"))
    query = "SELECT ?s { ?s <http://e/p> 1 } ORDER BY ?s"
    done = run(
        "query", query, variables={"PARTNERGRAPH_DATA": paths, "PARTNERGRAPH_NO_VALIDATION": "1"}
    )
    assert done.stdout.splitlines() == ["s", "http://e/one", "http://e/two"]


def test_option_is_repeated_for_several_paths(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.ttl").write_text(f"<http://e/{name}> <http://e/p> 1 .")
    paths = [f"--data={tmp_path / name}.ttl" for name in ("one", "two")]
    done = run("query", "SELECT ?s { ?s <http://e/p> 1 }", "--no-validation", *paths)
    assert len(done.stdout.splitlines()) == 3


def test_option_goes_before_variable(tmp_path: Path) -> None:
    (tmp_path / "one.ttl").write_text("<http://e/one> <http://e/p> 1 .")
    query = "SELECT ?s { ?s <http://e/p> 1 }"
    done = run("query", query, "--data", tmp_path, variables={"PARTNERGRAPH_DATA": "nowhere.ttl"})
    assert done.stdout.splitlines() == ["s", "http://e/one"]


@pytest.mark.parametrize(("value", "graphs"), [("1", 3), ("true", 3), ("0", 7), ("", 7)])
def test_flag_is_on_at_1(value: str, graphs: int) -> None:
    """Without validation there are the three graphs of the data, else also those made here."""
    query = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    done = run("query", query, variables={"PARTNERGRAPH_NO_VALIDATION": value})
    assert len(done.stdout.splitlines()) == graphs + 1


def test_plain_default_graph_is_a_setting(tmp_path: Path) -> None:
    path = tmp_path / "one.nq"
    path.write_text("<http://e/s> <http://e/p> <http://e/o> <http://e/g> .")
    query = "SELECT ?s { ?s <http://e/p> ?o }"
    for value, solutions in (("union", 1), ("plain", 0)):
        done = run("query", query, f"--data={path}", "--no-validation", f"--default-graph={value}")
        assert len(done.stdout.splitlines()) == solutions + 1


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1000", 1000),
        ("1000b", 1000),
        ("1KiB", 1024),
        ("1kib", 1024),
        ("1 KiB", 1024),
        ("0.5MiB", 524288),
        ("1.5GiB", 1610612736),
    ],
)
def test_size_takes_units(text: str, size: int) -> None:
    context = serve.make_context("serve", ["--max-result-bytes", text])
    assert context.params["max_result_bytes"] == size


def test_port_in_use_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f":{port}" in complaint(f"--port={port}", program=SERVER)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("PARTNERGRAPH_PROT", "PARTNERGRAPH_PORT"),
        ("PARTNERGRAPH_MAX_QUERY_SIZE", "PARTNERGRAPH_MAX_QUERY_BYTES"),
        ("PARTNERGRAPH_BASE", "PARTNERGRAPH_BASE_IRI"),
        ("PARTNERGRAPH_base_iri", "PARTNERGRAPH_"),
        ("PARTNERGRAPH_", "PARTNERGRAPH_"),
    ],
)
@pytest.mark.parametrize("command", ["query", "validate", "serve", "queries"])
def test_a_variable_that_does_not_exist_is_an_error(name: str, nearest: str, command: str) -> None:
    """It may be misspelt; the nearest right one is named."""
    done = run(command, variables={name: "1"})
    assert done.returncode == 2
    assert f"there is no setting {name}; {nearest}" in done.stderr


def test_no_room_in_the_temporary_folder_is_said(tmp_path: Path) -> None:
    """With its place, and what to do."""
    full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))"
    ignoring = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)"
    program = f"{full}; {ignoring}; from partnergraph.commands.cli import main; main()"
    variables = {"TMPDIR": str(tmp_path)}
    done = run("query", "ASK {}", program=("-c", program), variables=variables)
    assert done.returncode == 2
    assert f"the temporary folder {tmp_path} cannot be written to (File too large)" in done.stderr
    assert "TMPDIR" in done.stderr
