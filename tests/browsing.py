"""A real browser, for tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, sync_playwright


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; without it, the test is skipped and says what is missing."""
    program = shutil.which("chromium")
    if not program:
        pytest.skip("chromium is not installed; with apt-get: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


class Watch:
    """What a page says in the console, and what it asks for."""

    def __init__(self, page: Page) -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    def faults(self, base: str) -> list[str]:
        """What should not have been said or asked for."""
        # A browser says so of every response whose status is that of an error.
        said = [text for text in self.said if "status of 400" not in text]
        return said + [url for url in self.asked if not url.startswith(base)]
