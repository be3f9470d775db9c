"""The page of the data: what can be had, of what size, by what name, how it was checked."""

from __future__ import annotations

import hashlib
import re

import pytest
from playwright.sync_api import Browser

from partnergraph.site.data import size
from tests.browsing import (
    Scheme,
    address_of,
    faults,
    in_both_languages,
    in_every_look,
    overflow,
    quiet_page,
)
from tests.serving import ROOT, Server, running

FILE = re.compile(
    r'<tr><td><a href="([^"]+)">[^<]+</a></td><td>([^<]+)</td>'
    r'<td class="number"><data value="(\d+)">([^<]+)</data></td><td><code>(\w+)</code></td></tr>'
)
TABLE = re.compile(r'aria-labelledby="completeness">.*?</section>', re.DOTALL)
TITLES = {
    "lv": ["Visa datu kopa", "Katrs grafs atsevišķi", "Fakti tabulās"],
    "en": ["The whole dataset", "Each graph by itself", "The facts as tables"],
}


def page(server: Server, path: str, language: str = "en") -> str:
    response = server.client.get(f"/{path}.{language}.html")
    assert response.status_code == 200
    return response.text


@pytest.mark.parametrize(
    ("number", "latvian", "english"),
    [
        (0, "0 B", "0 B"),
        (999, "999 B", "999 B"),
        (1000, "1,00 kB", "1.00 kB"),
        (12_345, "12,3 kB", "12.3 kB"),
        (999_499, "999 kB", "999 kB"),
        (999_500, "1,00 MB", "1.00 MB"),
        (67_108_864, "67,1 MB", "67.1 MB"),
        (5 * 10**12, "5000 GB", "5000 GB"),
    ],
)
def test_sizes_are_written_as_in_the_language(number: int, latvian: str, english: str) -> None:
    assert size(number, "lv").replace("\N{NO-BREAK SPACE}", " ") == latvian
    assert size(number, "en").replace("\N{NO-BREAK SPACE}", " ") == english


@in_both_languages
def test_files_are_listed_by_what_is_in_them(language: str, published: Server) -> None:
    text = page(published, "data/index", language)
    places = [text.index(f"<h2>{title}</h2>") for title in TITLES[language]]
    assert places == sorted(places)
    whole, graphs, tables = (
        {address for address, *_ in FILE.findall(text[begin:end])}
        for begin, end in zip(places, [*places[1:], len(text)], strict=True)
    )
    assert {"dataset.ttl", "dataset.nq"} < whole
    assert "graph/partners.ttl" in graphs
    assert {"partners.csv", "csv-metadata.json"} < tables
    assert all(address.startswith("graph/") for address in graphs)
    assert all("creativecommons.org/publicdomain/zero" in one for one in (text[: places[0]], text))


def test_what_is_said_of_files_is_so(published: Server) -> None:
    listed = FILE.findall(page(published, "data/index"))
    assert len(listed) > 20
    for address, media_type, length, words, digest in listed:
        response = published.client.get(f"/data/{address}")
        assert response.headers["content-type"].partition(";")[0] == media_type
        assert len(response.content) == int(length)
        assert hashlib.sha256(response.content).hexdigest() == digest
        assert words == size(int(length), "en")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("lv", ["Izmantot un citēt", "tie paši dati vienmēr ir tā pati versija", "0 pārkāpumu"]),
        ("en", ["Use and cite", "the same data are always the same version", "0 violations"]),
    ],
)
def test_it_says_how_to_cite_and_what_was_checked(
    language: str, words: list[str], published: Server
) -> None:
    text = page(published, "data/index", language)
    for one in words:
        assert one in text
    version = published.client.get("/health").headers["partnergraph-version"]
    assert version[:12] in text.partition('class="cite"')[2]
    assert f"../shapes.{language}.html" in text


def test_checks_completeness_and_model_are_those_of_their_own_pages(published: Server) -> None:
    data, shapes = page(published, "data/index"), page(published, "shapes")
    found = re.search(r"\d+ violations?, \d+ warnings?, \d+ infos?", data)
    assert found
    assert found[0] in shapes

    def cells(text: str) -> list[str]:
        table = TABLE.search(text)
        assert table
        return re.findall(r">([^<>]+)<", table[0])

    assert cells(data) == cells(shapes)
    drawn = re.findall(r'<title id="(diagram-\w+)">', data)
    assert drawn
    assert drawn == re.findall(r'<title id="(diagram-\w+)">', page(published, "def"))


@in_every_look
def test_on_a_telephone_without_scripts_of_its_own(
    language: str, scheme: Scheme, browser: Browser, published: Server, axe: str
) -> None:
    """Wide tables and pictures scroll by themselves; their text keeps its size."""
    with quiet_page(browser, published, scheme=scheme, phone=True) as tab:
        tab.goto(address_of(published, "data/index", language))
        assert overflow(tab) <= 0
        smallest = tab.evaluate(
            "Math.min(...[...document.querySelectorAll('.diagrams text')]"
            ".map((one) => one.getBoundingClientRect().height))"
        )
        assert smallest >= 11
        assert faults(tab, axe) == []


def test_data_that_were_not_checked_are_not_said_to_be() -> None:
    with running("--no-validation", "--data", str(ROOT / "data" / "partners.ttl")) as server:
        text = page(server, "data/index", "lv")
        assert "Šie dati nav pārbaudīti." in text
        assert "0 pārkāpumu" not in text
        assert "shapes.lv.html" not in text
