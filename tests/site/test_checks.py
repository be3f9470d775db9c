"""The page on which a graph is checked: a report in words, in both languages, nothing kept."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browsing import Scheme, address_of, faults, in_every_look, new_page, overflow, quiet_page
from tests.serving import ROOT, Server
from tests.site.checking import BROWSER, HEAD, WRONG, check, marked, text_of

VALID = sorted((ROOT / "ontology" / "examples" / "valid").glob("*.ttl"))
assert VALID


def test_the_page_speaks_latvian(server: Server) -> None:
    response = check(server, WRONG, "lv")
    assert response.headers["content-language"] == "lv"
    text = text_of(response)
    assert "Grafs neatbilst nosacījumiem." in text
    assert re.search(r"\d+ pārkāpum[si]", text)
    assert "Pārkāpums:" in text


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_what_is_valid_conforms(path: Path, server: Server) -> None:
    response = check(server, path.read_text("utf-8"))
    assert "The graph conforms." in response.text


def test_a_refusal_is_told_in_latvian(server: Server) -> None:
    response = check(server, "id:a", "lv")
    assert response.status_code == 400
    assert "Grafu nevar nolasīt." in response.text
    assert "Teksts nav izvēlētajā sintaksē." in response.text
    assert "1. rinda" in response.text
    assert '<p lang="en">' in response.text  # The parser's own words.


@pytest.mark.parametrize(("language", "words"), [("lv", "Nav, ko"), ("en", "There is nothing")])
def test_without_a_graph_nothing_is_said_to_conform(
    language: str, words: str, server: Server
) -> None:
    response = check(server, " \n", language)
    assert response.status_code == 400
    assert words in response.text
    assert "conforms" not in response.text


def test_json_ld_is_read_and_asks_nobody(server: Server) -> None:
    thing = '{"@id": "https://partnergraph.example/id/agreement-x", "@type": '
    text = f'{thing}"https://partnergraph.example/def#Agreement"}}'
    response = check(server, text, syntax="jsonld")
    assert "does not conform" in response.text
    assert marked(response) == {1}
    remote = '{"@context": "http://127.0.0.1:1/context", "@id": "http://e/a", "http://e/p": 1}'
    assert check(server, remote, syntax="jsonld").status_code == 400


def test_what_is_posted_stays_text(server: Server) -> None:
    graph = f'{HEAD}id:a a tp:Agreement ; tp:aim "</textarea><script>hit()</script>"@en .'
    response = check(server, graph)
    assert "<script>hit" not in response.text
    assert "script-src 'self'" in response.headers["content-security-policy"]


def test_nothing_is_stored(server: Server) -> None:
    check(server, f"{HEAD}id:only-here a tp:Agreement .")
    answer = server.select("ASK { <https://partnergraph.example/id/only-here> ?p ?o }")
    assert answer.text.strip() == "false"
    page = server.client.get("/validate", headers={"accept": "text/html"})
    assert "only-here" not in page.text
    assert check(server, "").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("language", "words"), [("lv", "Pieprasījums ir pārāk garš"), ("en", "too long")]
)
def test_too_large_a_graph_is_refused_with_a_page(
    language: str, words: str, bounded: Server
) -> None:
    """The server does not wait for the rest; it says so to people and to programs."""
    content = b"graph=" + b"x" * 2_000_000
    fields = {"content-type": "application/x-www-form-urlencoded", "accept-language": language}
    page = bounded.client.post("/validate", content=content, headers=BROWSER | fields)
    assert page.status_code == 413
    assert page.headers["content-language"] == language
    assert words in page.text
    problem = bounded.client.post("/validate", content=content, headers=fields)
    assert problem.status_code == 413
    assert problem.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("target", [b"/validate%FF", b"/validate\xff", b"http://[/validate"])
@pytest.mark.parametrize("length", [0, 5, 2_000_000])
def test_what_has_no_address_is_refused_all_the_same(
    target: bytes, length: int, bounded: Server
) -> None:
    """A browser is answered with a page only where the address can be read."""
    head = b"POST %s HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nContent-Length: %d\r\n\r\n"
    with socket.create_connection(("127.0.0.1", bounded.port), timeout=10) as client:
        client.sendall(head % (target, length) + b"x" * min(length, 5))
        assert client.recv(1024).startswith(b"HTTP/1.1 4")
    assert bounded.healthy()


@in_every_look
def test_in_a_browser(
    language: str, scheme: Scheme, browser: Browser, published: Server, axe: str
) -> None:
    """A file becomes text, then a report; on a telephone, for everybody."""
    with quiet_page(browser, published, scheme=scheme, phone=True) as page:
        page.goto(address_of(published, "validate", language))
        file = {"name": "wrong.ttl", "mimeType": "text/turtle", "buffer": WRONG.encode()}
        page.locator("#file").set_input_files(file)  # type: ignore[arg-type]
        expect(page.locator("#graph")).to_have_value(WRONG)
        page.locator("form.ask button").click()
        expect(page.locator(".findings li").first).to_be_visible()
        expect(page.locator("#graph")).to_have_value(WRONG)
        assert faults(page, axe) == []
        assert overflow(page) <= 0


def test_without_a_script_the_form_works(browser: Browser, published: Server) -> None:
    with new_page(browser, scripts=False) as page:
        page.goto(address_of(published, "validate", "en"))
        page.get_by_label("Graph", exact=True).fill(WRONG)
        page.get_by_role("button", name="Check").click()
        expect(page.locator(".findings li").first).to_be_visible()
        page.get_by_role("link", name="Latviski").click()
        expect(page.locator("html")).to_have_attribute("lang", "lv")
