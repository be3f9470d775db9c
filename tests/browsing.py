"""A real browser, for tests: its start, its pages, and what every page has to keep to."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.following import base_of
from tests.serving import Server

Scheme = Literal["light", "dark"]

LANGUAGES = ("lv", "en")
PHONE = 360
"""How wide the screen of a telephone is, in CSS pixels."""

in_both_languages = pytest.mark.parametrize("language", LANGUAGES)
in_both_schemes = pytest.mark.parametrize("scheme", ["light", "dark"])


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


@contextmanager
def new_page(
    browser: Browser,
    *,
    scheme: Scheme | None = None,
    width: int | None = None,
    scripts: bool = True,
) -> Iterator[Page]:
    """A page that shares nothing with others; it ends with the block."""
    screen: ViewportSize | None = {"width": width, "height": 800} if width else None
    with browser.new_context(
        color_scheme=scheme, viewport=screen, java_script_enabled=scripts
    ) as context:
        yield context.new_page()


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


@contextmanager
def quiet_page(
    browser: Browser, server: Server, *, scheme: Scheme | None = None, width: int | None = None
) -> Iterator[Page]:
    """The same; it asks only the server for anything, says nothing, and keeps no cookie."""
    with new_page(browser, scheme=scheme, width=width) as page:
        watch = Watch(page)
        yield page
        assert watch.faults(base_of(server)) == []
        assert page.context.cookies() == []


def address_of(server: Server, path: str, language: str) -> str:
    """Where a page is in a language; the path may end in a query or a fragment."""
    return base_of(server) + re.sub(r"(?=[?#])|$", f".{language}.html", path, count=1)


def width_of(page: Page) -> int:
    """How wide a page is, in CSS pixels; what it has to be scrolled for is part of it."""
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width


def grave_findings(page: Page, axe: str) -> list[tuple[str, str]]:
    """The serious and critical findings of axe: a rule, and an element that breaks it."""
    page.evaluate(axe)
    return [
        (one["id"], one["nodes"][0]["html"])
        for one in page.evaluate("axe.run()")["violations"]
        if one["impact"] in ("serious", "critical")
    ]
