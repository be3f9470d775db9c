"""Dependencies point one way: from the server to the core, and never back."""

from __future__ import annotations

import ast
import json
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.command_line import run
from tests.graphs import repository_files

MODULES = {
    ("server" if path.name == "server.py" else f"partnergraph.{path.stem}"): path
    for path in repository_files("server.py", "partnergraph/*.py")
}
WEB = {"flask", "werkzeug", "jinja2", "httptools", "prometheus_client"}


@cache
def imports(name: str) -> frozenset[str]:
    """What a module imports of this software, at its top or inside a function."""
    tree = ast.parse(MODULES[name].read_text("utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            # `from partnergraph import worker` names a module, or something of the package itself.
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return frozenset(found & MODULES.keys())


def loaded_by(statement: str) -> set[str]:
    """The top-level modules that a statement loads in a fresh process."""
    program = f"import json, sys; {statement}; print(json.dumps(sorted(sys.modules)))"
    done = run(program=("-c", program))
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


def test_imports_are_found() -> None:
    assert len(MODULES) > 20
    assert imports("partnergraph.embedded.nursery") == {"partnergraph.embedded.worker"}
    assert {"partnergraph.http.flask_pages", "partnergraph.embedded.pool"} < imports("server")
    assert {"server", "partnergraph.commands.asking"} < imports("partnergraph.commands.cli")


@pytest.mark.parametrize(
    "module",
    [
        "dataset",
        "validation",
        "asking",
        "workers",
        "formats",
        "sparql_protocol",
        "exports",
        "reports",
    ],
)
def test_core_imports_without_the_web(module: str) -> None:
    """Loading, validating, querying, negotiating, exporting and reporting need no web server."""
    loaded = loaded_by(f"import partnergraph.{module}")
    assert "partnergraph" in loaded
    assert not loaded & WEB


def test_the_web_is_seen_where_it_is() -> None:
    """The test above would notice it."""
    assert loaded_by("import partnergraph.http.flask_pages, partnergraph.http.serving") >= {
        "flask",
        "httptools",
    }


def test_help_does_not_wait_for_what_validates() -> None:
    assert not loaded_by("import partnergraph.commands.cli") & {"rdflib", "pyshacl", *WEB}


def test_no_module_imports_itself_by_a_detour() -> None:
    order = list(TopologicalSorter({name: imports(name) for name in MODULES}).static_order())
    assert sorted(order) == sorted(MODULES)


@pytest.mark.parametrize("module", ["partnergraph.http.flask_pages", "partnergraph.http.serving"])
def test_only_the_server_imports_what_is_web(module: str) -> None:
    assert [name for name in MODULES if module in imports(name)] == ["server"]


@pytest.mark.parametrize("module", ["errors", "namespaces", "settings", "results"])
def test_foundations_import_nothing_of_this_software(module: str) -> None:
    assert not imports(f"partnergraph.{module}")


def test_nothing_is_built_when_the_server_is_imported(tmp_path: Path) -> None:
    """No data is read: a variable that points nowhere does no harm yet."""
    done = run(
        program=("-c", "import server"), cwd=tmp_path, variables={"PARTNERGRAPH_DATA": "nowhere"}
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
