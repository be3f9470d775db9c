"""Findings are beside their lines, in the words of the report and with the names of the text."""

from __future__ import annotations

import html
import re
import time
from pathlib import Path

import pytest

from partnergraph.site.findings import MOST_FINDINGS
from tests.serving import ROOT, Server
from tests.site.checking import HEAD, WRONG, check, marked, text_of

INVALID = sorted((ROOT / "ontology" / "examples" / "invalid").glob("*.t*"))
assert INVALID


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
