"""One server with the default settings for all tests that only read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.serving import Server, running


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The page's graph, served."""
    with running() as server:
        yield server
