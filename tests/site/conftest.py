"""The browser of all tests of pages, and what it judges them with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browsing import chromium


# Playwright's event loop runs in this thread until it ends, and no other beside it
# (https://github.com/pytest-dev/pytest-asyncio/issues/359): other rooms have tests with their own.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Started once for the room."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def axe(javascript: Path) -> str:
    """The source of https://github.com/dequelabs/axe-core."""
    return (javascript / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
