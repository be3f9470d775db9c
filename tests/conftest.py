"""Servers for all tests that only read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

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
def bounded() -> Iterator[Server]:
    """The page's graph, served with tight bounds."""
    with running(*BOUNDS) as server:
        yield server


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show how many mutations of the data the gate has noticed, and which it has not."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, text in getattr(report, "user_properties", ()):
                if name == "mutations" and report.when == "call":
                    terminalreporter.section("mutations")
                    terminalreporter.write_line(text)
