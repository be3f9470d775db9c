"""What looks for faults in pages does find them."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.browsing import faults, new_page

DAMAGED = """<!doctype html>
<html lang="en">
<title>Damaged</title>
<main>
  <h1>Damaged</h1>
  <img src="data:,">
  <p style="color: #ddd; background: #fff">Hardly to be read</p>
  <button></button>
</main>
"""


def test_each_planted_fault_is_found(browser: Browser, axe: str) -> None:
    with new_page(browser) as page:
        page.set_content(DAMAGED)
        assert {rule for rule, _ in faults(page, axe)} == {
            "button-name",
            "color-contrast",
            "image-alt",
        }
