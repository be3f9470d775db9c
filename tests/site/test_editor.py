"""The SPARQL editor in a real browser: typing, completing, running, showing, sharing."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import Scheme, address_of, faults, in_every_look, new_page, overflow, quiet_page
from tests.serving import Server

HEAD = "PREFIX tp: <https://partnergraph.example/def#>\n"
PARTNERS = f"{HEAD}SELECT ?a ?b {{ ?a tp:twinnedWith ?b }} ORDER BY ?a ?b"
MANY = "SELECT ?a ?b { ?a a ?x . ?b a ?y } LIMIT 10000"
MIDDLE = """(line, word) => {
    const texts = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    while (texts.nextNode() && !texts.currentNode.data.includes(word));
    const range = document.createRange(), start = texts.currentNode.data.indexOf(word);
    range.setStart(texts.currentNode, start);
    range.setEnd(texts.currentNode, start + word.length);
    const box = range.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
}"""
"""Where the middle of a word in a line is."""

KEYWORDS = ("SELECT", "WHERE", "GRAPH", "UNION", "ORDER", "LIMIT", "VALUES", "ASK", "COUNT")
NO_FAULTS = {
    # Arrow keys move through the list while the focus stays in the text, as ARIA has it.
    "scrollable-region-focusable",
}


@pytest.fixture
def page(browser: Browser, published: Server) -> Iterator[Page]:
    """A page of its own, which asks only us for anything and has nothing to complain of."""
    with quiet_page(browser, published) as page:
        yield page


def open_editor(page: Page, server: Server, query: str = "", language: str = "en") -> None:
    """The editor with a query."""
    link = f"#{urlencode({'query': query})}" if query else ""
    page.goto(address_of(server, f"sparql{link}", language))
    expect(page.locator(".cm-content")).to_be_visible()


def run(page: Page) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")


def text_of(page: Page) -> str:
    """The query, as it stands in the editor."""
    lines = page.locator(".cm-line").all_text_contents()
    return "\n".join(lines)


def write(page: Page, text: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.type(text)


@pytest.mark.alone
def test_a_query_that_is_typed_has_rows_within_two_seconds(page: Page, published: Server) -> None:
    open_editor(page, published)
    write(page, PARTNERS)
    begin = time.monotonic()
    run(page)
    expect(page.locator("#answer tbody tr")).to_have_count(16)
    assert time.monotonic() - begin < 2
    row = page.locator("#answer tbody tr").first
    expect(row.locator("a").first).to_have_text("Gütersloh district")
    href = row.locator("a").first.get_attribute("href")
    assert href is not None
    assert published.client.get(f"/{href}").status_code in (200, 303)


def test_what_is_wrong_is_said_at_its_line(page: Page, published: Server) -> None:
    open_editor(page, published, f"{HEAD}SELECT ?a\n{{ ?a tp:party }}")
    run(page)
    alert = page.locator("#answer [role=alert]")
    expect(alert).to_contain_text("3:")
    problem = published.client.get(
        "/sparql", params={"query": f"{HEAD}SELECT ?a\n{{ ?a tp:party }}"}
    ).json()
    expect(alert).to_contain_text(problem["detail"])
    expect(page.locator(".cm-lintRange-error")).to_have_count(1)
    expect(page.locator(".cm-lint-marker-error")).to_have_count(1)


def test_the_words_of_the_graph_are_offered(page: Page, published: Server) -> None:
    """By name and by label, classes first after ``a``; the prefix comes with them."""
    open_editor(page, published)
    write(page, "SELECT * { ?x a Agree")
    page.keyboard.press("Control+Space")
    options = page.locator(".cm-tooltip-autocomplete li")
    expect(options.first).to_contain_text("tp:Agreement")
    page.wait_for_timeout(200)  # Keys that were meant for the text choose nothing.
    page.keyboard.press("Enter")
    assert text_of(page).startswith("PREFIX tp: <https://partnergraph.example/def#>")
    assert "{ ?x a tp:Agreement}" in text_of(page)
    page.keyboard.type(" ; parakst")
    page.keyboard.press("Control+Space")
    expect(options.filter(has_text="tp:signed").first).to_be_visible()
    page.keyboard.press("Escape")


def test_completion_lists_classes_and_properties(page: Page, published: Server) -> None:
    open_editor(page, published)
    write(page, "SELECT * { ?x tp:")
    page.keyboard.press("Control+Space")
    expect(page.locator(".cm-tooltip-autocomplete li").first).to_be_visible()
    listed = " ".join(page.locator(".cm-tooltip-autocomplete li").all_text_contents())
    for name in ("tp:party", "tp:signed", "tp:Partnership", "tp:Agreement"):
        assert name in listed, name
    page.keyboard.press("Escape")


def test_what_is_typed_is_never_replaced_unasked(page: Page, published: Server) -> None:
    """Enter after a keyword begins a line, whatever of the graph has the word in its name."""
    open_editor(page, published)
    for word in KEYWORDS:
        write(page, " ")
        page.keyboard.type(word, delay=20)
        page.wait_for_timeout(200)  # As long as a list needs to open, and to take keys.
        page.keyboard.press("Enter")
        assert text_of(page).strip() == word


@pytest.mark.parametrize("begun", ["# about ", 'ASK { ?a ?b "', "ASK { ?a ?b <http://", "ASK { ?"])
def test_nothing_is_offered_where_no_name_can_stand(
    begun: str, page: Page, published: Server
) -> None:
    open_editor(page, published)
    write(page, begun)
    page.keyboard.type("valmi", delay=20)
    page.wait_for_timeout(300)
    expect(page.locator(".cm-tooltip-autocomplete")).to_have_count(0)


def test_a_prefix_that_means_something_else_is_left_alone(page: Page, published: Server) -> None:
    open_editor(page, published)
    write(page, "PREFIX tp: <https://example.org/>\nASK { ?x a Agree")
    page.keyboard.press("Control+Space")
    expect(page.locator(".cm-tooltip-autocomplete li").first).to_contain_text("tp:Agreement")
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")
    assert "ASK { ?x a <https://partnergraph.example/def#Agreement>" in text_of(page)


def test_the_vocabulary_explains_a_word(page: Page, published: Server) -> None:
    open_editor(page, published, PARTNERS, "lv")
    x, y = page.locator(".cm-line", has_text="twinnedWith").evaluate(MIDDLE, "twinnedWith")
    page.mouse.move(x - 2, y)
    page.mouse.move(x, y)
    expect(page.locator(".cm-tooltip-hover strong")).not_to_be_empty()


def test_a_link_restores_its_query_anywhere(
    browser: Browser, page: Page, published: Server
) -> None:
    open_editor(page, published)
    write(page, "ASK {} # ē & % + \" '")
    page.get_by_role("button", name="Copy a link").click()
    expect(page).to_have_url(re.compile("#query="))
    with new_page(browser) as elsewhere:
        elsewhere.goto(page.url)
        expect(elsewhere.locator(".cm-content")).to_contain_text("# ē & % + \" '")
        assert text_of(elsewhere) == text_of(page)
        expect(elsewhere.locator(".tabs-row [role=tab]")).to_have_count(1)
        write(elsewhere, "ASK {}")
        elsewhere.reload()
        expect(elsewhere.locator(".cm-content")).to_have_text("ASK {}")


def test_tabs_and_history_stay_in_the_browser(page: Page, published: Server) -> None:
    open_editor(page, published)
    run(page)
    expect(page.locator("#answer tbody tr")).to_have_count(16)
    page.get_by_role("button", name="New tab").click()
    write(page, "ASK {}")
    page.reload()
    expect(page.locator(".cm-content")).to_have_text("ASK {}")
    expect(page.get_by_role("tab", name="Query 2")).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="Query 1").click()
    expect(page.locator(".cm-content")).to_contain_text("twinnedWith")
    earlier = page.locator("#choose-history")
    earlier.focus()
    expect(earlier.locator("option")).to_have_count(2)
    expect(earlier.locator("option").last).to_have_text(re.compile("^SELECT"))


def test_the_download_is_the_table(page: Page, published: Server) -> None:
    open_editor(page, published, PARTNERS)
    run(page)
    expect(page.locator("#answer tbody tr")).to_have_count(16)
    with page.expect_download() as download:
        page.get_by_role("link", name="csv", exact=True).click()
    header, *rows = csv.reader(io.StringIO(Path(download.value.path()).read_text("utf-8")))
    assert header == page.locator("#answer thead th").all_text_contents()
    shown = [
        [f"https://x/id/{cell.locator('.tag').text_content()}" for cell in row.locator("td").all()]
        for row in page.locator("#answer tbody tr").all()
    ]
    ends = [[cell.partition("/id/")[2] for cell in row] for row in rows]
    assert [[cell.partition("/id/")[2] for cell in row] for row in shown] == ends


@pytest.mark.alone
def test_ten_thousand_rows_are_usable(page: Page, published: Server) -> None:
    open_editor(page, published, MANY)
    begin = time.monotonic()
    run(page)
    expect(page.locator("#answer [role=status]")).to_contain_text("10000")
    page.get_by_label("Show rows that contain").fill("viljandi")
    expect(page.locator("#answer [role=status]")).to_contain_text("/ 10000")
    assert time.monotonic() - begin < 3
    page.get_by_label("Show rows that contain").fill("")
    page.get_by_role("button", name="next").click()
    expect(page.locator("#answer [role=status]")).to_contain_text("201–400")


def test_columns_are_sorted_by_what_they_mean(page: Page, published: Server) -> None:
    """Numbers by their size; and filtered rows stay sorted."""
    open_editor(page, published, "SELECT ?n { VALUES ?n { 1.5 1.25 -3 -10 1e3 7 } }")
    run(page)
    cells = page.locator("#answer tbody td")
    head = page.locator("#answer thead button")
    head.click()
    expect(cells).to_have_text(["-10", "-3", "1.25", "1.5", "7", "1000"])
    head.click()
    page.get_by_label("Show rows that contain").fill("1")
    expect(cells).to_have_text(["1000", "1.5", "1.25", "-10"])


def test_terms_lead_to_where_this_server_describes_them(page: Page, published: Server) -> None:
    """The vocabulary's, too, whatever address the data are published at."""
    open_editor(page, published, f"{HEAD}SELECT DISTINCT ?c {{ ?x a tp:Agreement, ?c }}")
    run(page)
    link = page.locator("#answer tbody a", has_text="Agreement")
    expect(link).to_have_attribute("href", "doc/def/Agreement")
    assert published.client.get("/doc/def/Agreement").status_code == 200


def test_what_is_not_ours_is_said_too(browser: Browser, published: Server) -> None:
    """Errors of a proxy, and of a network that is gone."""
    with new_page(browser) as page:
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        open_editor(page, published, PARTNERS)
        page.route("**/sparql/picture?*", lambda route: route.abort())
        run(page)
        page.get_by_role("tab", name="Map").click()
        expect(page.locator("#answer-panel [role=alert]")).not_to_be_empty()
        page.route("**/sparql", lambda route: route.fulfill(status=502, body="Bad gateway"))
        run(page)
        expect(page.locator("#answer > [role=alert]")).to_contain_text("502")
        assert faults == []


def test_without_the_words_of_the_graph_there_is_still_an_editor(
    browser: Browser, published: Server
) -> None:
    with new_page(browser) as page:
        page.route("**/completions.json", lambda route: route.abort())
        open_editor(page, published, PARTNERS)
        run(page)
        expect(page.locator("#answer tbody tr")).to_have_count(16)


@pytest.mark.parametrize(
    ("query", "view", "drawn"),
    [
        ("Partners of a territory within a distance", "Map", "figure.map circle"),
        ("What happened when in a territory's cooperation", "Timeline", "figure.timeline .mark"),
        ("How many partners a territory has in each country", "Bars", "figure.bars .bar"),
        ("The partnerships of a territory as a graph", "Network", "figure.network .connection"),
    ],
)
def test_examples_are_shown_as_they_are_best_shown(
    query: str, view: str, drawn: str, page: Page, published: Server
) -> None:
    open_editor(page, published)
    page.locator("#choose-example").select_option(label=query)
    run(page)
    if view == "Network":
        page.get_by_role("tab", name="Network").click()
    expect(page.get_by_role("tab", name=view)).to_have_attribute("aria-selected", "true")
    expect(page.locator(f"#answer {drawn}").first).to_be_attached()


def test_yes_and_no_are_said(page: Page, published: Server) -> None:
    open_editor(page, published, "ASK {}")
    run(page)
    expect(page.locator("#answer .truth")).to_have_text("Yes")


def test_the_keyboard_leads_in_and_out(page: Page, published: Server) -> None:
    """The skip link is first; Escape, then Tab leaves the editor."""
    open_editor(page, published)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator(".cm-content").click()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"


@in_every_look
def test_the_editor_is_accessible(
    language: str, scheme: Scheme, browser: Browser, published: Server, axe: str
) -> None:
    """Without any exception, with an answer and with an error, and on a telephone."""
    with new_page(browser, scheme=scheme, phone=True) as page:
        for query in (PARTNERS, f"{HEAD}SELECT ?a {{ ?a tp:party }}"):
            open_editor(page, published, query, language)
            page.reload()
            run(page)
            expect(page.locator("#answer tr, #answer [role=alert]").first).to_be_visible()
            assert faults(page, axe) == []
            assert overflow(page) <= 0
        write(page, "ASK { ?a ")
        page.keyboard.press("Control+Space")
        expect(page.locator(".cm-tooltip-autocomplete")).to_be_visible()
        assert {rule for rule, _ in faults(page, axe)} <= NO_FAULTS
        assert overflow(page) <= 0


def test_without_a_script_there_is_a_form(browser: Browser, published: Server) -> None:
    with new_page(browser, scripts=False) as page:
        page.goto(address_of(published, "sparql", "en"))
        page.get_by_label("SPARQL query").fill("ASK {}")
        page.get_by_label("Format").select_option("json")
        page.get_by_role("button", name="Run").click()
        assert '"boolean":true' in page.content()
