"""The page on which a graph is checked: findings in words beside their lines, nothing kept."""

from __future__ import annotations

import html
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from partnergraph.site.checks import MOST_FINDINGS
from tests.browsing import Watch, chromium
from tests.following import base_of
from tests.serving import ROOT, Server

GRAVE = {"serious", "critical"}
HEAD = """PREFIX tp: <https://partnergraph.example/def#>
PREFIX id: <https://partnergraph.example/id/>
"""
WRONG = f"""{HEAD}
id:agreement-x
    a tp:Agreement ;
    tp:signed "1991-13" ;
    tp:signedUnknown true ;
    tp:parti id:place-a .
"""
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
EXAMPLES = ROOT / "ontology" / "examples"
VALID = sorted((EXAMPLES / "valid").glob("*.ttl"))
INVALID = sorted((EXAMPLES / "invalid").glob("*.t*"))
assert VALID
assert INVALID


def check(server: Server, graph: str, language: str = "en", **fields: str) -> httpx.Response:
    """What the form answers."""
    form = {"graph": graph, "syntax": "ttl", "lang": language, **fields}
    return server.client.post("/validate", data=form, headers=BROWSER)


def text_of(response: httpx.Response) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", response.text)


def marked(response: httpx.Response) -> set[int]:
    """The lines that findings are beside."""
    found = re.findall(r'id="line-(\d+)" class="new"', response.text)
    return set(map(int, found))


def test_findings_are_beside_their_lines(server: Server) -> None:
    response = check(server, WRONG)
    assert response.status_code == 200
    assert response.headers["content-language"] == "en"
    assert "The graph does not conform." in response.text
    lines = WRONG.splitlines()
    said = {lines[number - 1].strip() for number in marked(response)}
    assert said == {'tp:signed "1991-13" ;', "tp:parti id:place-a .", "id:agreement-x"}


def test_findings_name_things_as_the_text_does(server: Server) -> None:
    text = " ".join(text_of(check(server, WRONG)).split())
    assert "Thing id:agreement-x Property" in text
    assert "Value “1991-13”" in text
    assert "perhaps tp:party Value id:place-a" in text
    assert "_:" not in text


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


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize("path", INVALID[::4], ids=lambda path: path.stem)
def test_what_is_invalid_is_told_as_the_report_says_it(
    path: Path, language: str, server: Server
) -> None:
    graph, syntax = path.read_text("utf-8"), path.suffix[1:]
    fields = {"content-type": {"ttl": "text/turtle", "trig": "application/trig"}[syntax]}
    report = server.client.post("/validate?format=json", content=graph.encode(), headers=fields)
    results = report.json()["results"]
    assert results
    page = html.unescape(text_of(check(server, graph, language, syntax=syntax)))
    for one in results:
        assert " ".join(one["message"][language].split()) in page


def test_a_slip_of_syntax_has_its_line(server: Server) -> None:
    response = check(server, f"{HEAD}\nid:a tp:party ; ;; id:b")
    assert response.status_code == 400
    assert "The graph cannot be read." in response.text
    assert re.search(r"Line 4, column \d+", response.text)
    assert marked(response) == {4}
    assert "id:a tp:party ; ;; id:b" in response.text


def test_what_is_missing_at_the_end_is_missing_in_the_last_line(server: Server) -> None:
    graph = f"{HEAD}id:a a tp:Agreement ;\n"
    assert marked(check(server, graph)) == {len(graph.splitlines())}


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


def test_a_file_may_be_sent(server: Server) -> None:
    files = {"file": ("x.nt", b"<http://e/a> <http://e/p> <http://e/b> .", "text/plain")}
    form = {"graph": "", "syntax": "ttl", "lang": "en"}
    response = server.client.post("/validate", data=form, files=files, headers=BROWSER)
    assert response.status_code == 200
    assert '<option value="nt" selected>' in response.text
    files = {"file": ("x.ttl", b"\xff\xfe", "text/plain")}
    response = server.client.post("/validate", data=form, files=files, headers=BROWSER)
    assert response.status_code == 400
    assert response.headers["content-type"].startswith("text/html")
    assert "The file is not UTF-8" in response.text


def test_a_file_comes_before_the_text(server: Server) -> None:
    files = {"file": ("x.ttl", WRONG.replace("\n", "\r\n").encode("utf-8-sig"), "text/turtle")}
    form = {"graph": "not this", "syntax": "nt", "lang": "en"}
    response = server.client.post("/validate", data=form, files=files, headers=BROWSER)
    assert marked(response) == marked(check(server, WRONG))


def test_a_program_that_posts_a_form_is_told_what_to_post(server: Server) -> None:
    """What programs get is no page: forms are for browsers."""
    for accept in ("*/*", "application/json", "text/turtle"):
        answer = server.client.post(
            "/validate", data={"graph": WRONG, "syntax": "ttl"}, headers={"accept": accept}
        )
        assert answer.status_code == 415
        assert answer.headers["content-type"] == "application/problem+json"
        assert "text/turtle" in answer.headers["accept-post"]


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
    ("content", "content_type"),
    [
        (b"x" * 100, "multipart/form-data"),
        (b"x" * 100, "multipart/form-data; boundary=x"),
        (b"--x\r\n" * 2000, "multipart/form-data; boundary=x"),
        (b"graph=%FF%FE&syntax=ttl", "application/x-www-form-urlencoded"),
        (b"graph=&syntax=exe", "application/x-www-form-urlencoded"),
        (b"&" * 5000, "application/x-www-form-urlencoded"),
    ],
)
def test_a_strange_form_is_refused_or_read(
    content: bytes, content_type: str, server: Server
) -> None:
    fields = {"content-type": content_type, **BROWSER}
    response = server.client.post("/validate", content=content, headers=fields)
    assert response.status_code in (200, 400, 415)
    assert response.headers["content-type"].startswith("text/html")
    assert server.healthy()


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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_in_a_browser(
    language: str,
    scheme: Any,
    browser: Browser,
    published: Server,
    javascript: Path,
) -> None:
    """A file becomes text, then a report; on a telephone, for everybody."""
    axe = (javascript / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
    context = browser.new_context(color_scheme=scheme, viewport={"width": 360, "height": 800})
    page = context.new_page()
    watch = Watch(page)
    page.goto(f"{base_of(published)}validate.{language}.html")
    file = {"name": "wrong.ttl", "mimeType": "text/turtle", "buffer": WRONG.encode()}
    page.locator("#file").set_input_files(file)  # type: ignore[arg-type]
    expect(page.locator("#graph")).to_have_value(WRONG)
    page.locator("form.ask button").click()
    expect(page.locator(".findings li").first).to_be_visible()
    expect(page.locator("#graph")).to_have_value(WRONG)
    page.evaluate(axe)
    found = page.evaluate("axe.run()")["violations"]
    grave = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in GRAVE]
    assert grave == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert watch.faults(base_of(published)) == []
    context.close()


def test_without_a_script_the_form_works(browser: Browser, published: Server) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base_of(published)}validate.en.html")
    page.get_by_label("Graph", exact=True).fill(WRONG)
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".findings li").first).to_be_visible()
    page.get_by_role("link", name="Latviski").click()
    expect(page.locator("html")).to_have_attribute("lang", "lv")
    context.close()


def test_a_graph_full_of_faults_takes_no_longer_than_others(server: Server) -> None:
    """Findings are looked for in the text only as far as they are shown."""
    many = "".join(f"id:a{number} a tp:Agreement .\n" for number in range(300))
    prefix = "PREFIX p{}: <https://partnergraph.example/id/>\n"
    prefixes = "".join(map(prefix.format, range(3000)))
    begin = time.monotonic()
    response = check(server, f"{HEAD}{prefixes}{many}")
    assert response.status_code in (200, 503)
    assert time.monotonic() - begin < 15
    if response.status_code == 200:
        assert response.text.count('<li class="violation"') == MOST_FINDINGS
        assert f"the first {MOST_FINDINGS} findings" in response.text
    assert server.healthy()
