"""A real browser, for tests: its start, its pages, and what every page has to keep to."""

from __future__ import annotations

import itertools
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

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
"""Nothing is asked of other hosts, and there may be neither a screen nor a user of its own."""

LANGUAGES = ("lv", "en")
PHONE: ViewportSize = {"width": 360, "height": 800}

in_both_languages = pytest.mark.parametrize("language", LANGUAGES)
in_every_look = pytest.mark.parametrize(
    ("language", "scheme"), [*itertools.product(LANGUAGES, ("light", "dark"))]
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; without it, the test is skipped and says what is missing."""
    program = shutil.which("chromium")
    if not program:
        pytest.skip("chromium is not installed; with apt-get: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def new_page(
    browser: Browser, *, scheme: Scheme | None = None, phone: bool = False, scripts: bool = True
) -> Iterator[Page]:
    """A page that shares nothing with others; it ends with the block."""
    screen = PHONE if phone else None
    with browser.new_context(
        color_scheme=scheme, viewport=screen, java_script_enabled=scripts
    ) as context:
        yield context.new_page()


@contextmanager
def quiet_page(
    browser: Browser, server: Server, *, scheme: Scheme | None = None, phone: bool = False
) -> Iterator[Page]:
    """The same; it asks only the server for anything, says nothing, and keeps no cookie."""
    with new_page(browser, scheme=scheme, phone=phone) as page:
        said: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        yield page
        # A browser says so of every response whose status is that of an error.
        assert [text for text in said if "status of 400" not in text] == []
        assert [url for url in asked if not url.startswith(base_of(server))] == []
        assert page.context.cookies() == []


def address_of(server: Server, path: str, language: str) -> str:
    """Where a page is in a language; the path may end in a query or a fragment."""
    return base_of(server) + re.sub(r"(?=[?#])|$", f".{language}.html", path, count=1)


def overflow(page: Page) -> int:
    """How far a page goes past the right edge of the screen, in CSS pixels."""
    screen = page.viewport_size
    assert screen is not None
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width - screen["width"]


def faults(page: Page, axe: str) -> list[tuple[str, str]]:
    """The serious and critical findings of axe: a rule, and an element that breaks it."""
    page.evaluate(axe)
    return [
        (one["id"], one["nodes"][0]["html"])
        for one in page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
        if one["impact"] in ("serious", "critical")
    ]
