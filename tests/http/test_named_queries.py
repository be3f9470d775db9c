"""Stored queries over HTTP: representations, forms, options, errors, citations, help."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from partnergraph.formats import GRAPH_FORMATS, RESULTS_FORMATS, Format
from partnergraph.namespaces import ID
from tests.serving import ROOT, Server, running

VALMIERA = f"{ID}place/lv/valmiera"
PASSAGE = f"{ID}passage/partners/"


def rows(response: httpx.Response) -> list[dict[str, str]]:
    """The rows of an answer in CSV."""
    assert response.status_code == 200, response.text
    return list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))


def ask(server: Server, name: str, **fields: str) -> list[dict[str, str]]:
    """The rows of a query's answer."""
    return rows(server.client.get(f"/queries/{name}.csv", params=fields))


# Representations


@pytest.mark.parametrize("form", RESULTS_FORMATS, ids=lambda form: form.name)
def test_a_table_comes_in_every_results_format(form: Format, server: Server) -> None:
    """By the ending, by format, by its media type and by Accept: the same."""
    name, media_type = form.name, form.media_type
    plain = media_type.partition(";")[0]
    answers = [
        server.client.get(f"/queries/partners.{name}"),
        server.client.get("/queries/partners", params={"format": name}),
        server.client.get("/queries/partners", params={"format": plain}),
        server.client.get("/queries/partners", headers={"accept": plain}),
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["content-type"] for answer in answers} == {media_type}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.name)
def test_a_graph_comes_in_every_syntax(form: Format, server: Server) -> None:
    name, media_type = form.name, form.media_type
    answer = server.client.get(f"/queries/neighbourhood.{name}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/sparql-results+json"),
        ("text/html,*/*;q=0.8", "text/html; charset=utf-8"),
        ("text/csv;q=0.5, text/html;q=0.4", "text/csv; charset=utf-8"),
    ],
)
def test_accept_chooses(accept: str, media_type: str, server: Server) -> None:
    answer = server.client.get("/queries/partners", headers={"accept": accept})
    assert answer.headers["content-type"] == media_type
    assert {"Accept", "Accept-Language"} <= set(answer.headers["vary"].split(", "))
    location = answer.headers["content-location"]
    assert server.client.get(f"/queries/{location}").content == answer.content


def test_what_there_is_not_is_said(server: Server) -> None:
    """A syntax of graphs for a table, a name that is close, a method that writes."""
    get = server.client.get
    assert get("/queries/partners.ttl").status_code == 404
    assert "/queries/partners.csv" in get("/queries/partners.ttl").json()["detail"]
    assert get("/queries/partners", headers={"accept": "image/png"}).status_code == 406
    assert get("/queries/partners", params={"format": "png"}).status_code == 400
    near = get("/queries/partner")
    assert near.status_code == 404
    assert "/queries/partners" in near.json()["detail"]
    assert get("/queries/../sparql").status_code in (200, 404)
    refused = server.client.post("/queries/partners")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    preflight = server.client.options("/queries/partners")
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert preflight.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["partners.csv", "partners.lv.html", "neighbourhood.ttl"])
@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
def test_answers_have_validators(path: str, coding: str, server: Server) -> None:
    """ETag and 304, HEAD like GET, the dataset's version and CORS on every answer."""
    headers = {"accept-encoding": coding}
    first = server.client.get(f"/queries/{path}", headers=headers)
    tag = first.headers["etag"]
    again = server.client.get(f"/queries/{path}", headers={**headers, "if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    head = server.client.head(f"/queries/{path}", headers=headers)
    assert head.content == b""
    for name in ("etag", "content-type", "partnergraph-version", "access-control-allow-origin"):
        assert head.headers[name] == first.headers[name]
    other = server.client.get(f"/queries/{path}", headers={"accept-encoding": "zstd"})
    assert other.headers["etag"] != tag


def test_links_lead_to_the_other_representations(server: Server) -> None:
    """Each alternate answers the same question, with the media type that it says."""
    answer = server.client.get("/queries/agreements.csv", params={"territory": "viljandi"})
    links = re.findall(r'<([^>]+)>; rel="alternate"; type="([^"]+)"', answer.headers["link"])
    assert len(links) == 6
    for target, media_type in links:
        other = server.client.get(f"/queries/{target}")
        assert other.status_code == 200
        assert other.headers["content-type"].startswith(media_type)
        assert "viljandi" in other.text or target.startswith("agreements.xlsx")


# Forms


def test_every_query_has_a_page_in_both_languages(server: Server) -> None:
    """From the list, and back to it."""
    index = server.client.get("/queries.lv.html").text
    names = re.findall(r'href="queries/([a-z-]+)\.lv\.html"', index)
    assert sorted(names) == sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))
    for name in names:
        for language in ("lv", "en"):
            page = server.client.get(f"/queries/{name}.{language}.html")
            assert page.status_code == 200, name
            assert f'<html lang="{language}">' in page.text
            assert f'href="../queries.{language}.html"' in page.text


def test_things_are_chosen_from_a_list_with_their_names(server: Server) -> None:
    """A territory from the territories, a field from the fields, in the page's language."""
    page = server.client.get("/queries/agreements-by-field.lv.html").text
    chosen = re.findall(r'<option value="([^"]+)" selected[^>]*>([^<]+)<', page)
    assert ("https://partnergraph.example/concept/culture", "kultūra") in chosen
    options = re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)<', page)
    assert (f"{ID}place/ee/viljandi", "Viljandi") in options
    assert not any("instrument" in value for value, _ in options)


def test_numbers_have_a_control_of_their_own(server: Server) -> None:
    page = server.client.get("/queries/chronology.en.html?from=1995").text
    assert re.search(r'<input id="from" name="from" type="number" value="1995"', page)


def test_a_form_sends_empty_fields_which_are_not_meant(server: Server) -> None:
    """As a browser sends it: the answer is that without them."""
    sent = "?territory=&from=&to=&asOf=&labels=&evidence="
    page = server.client.get(f"/queries/chronology.en.html{sent}")
    assert page.status_code == 200
    assert "11 rows" in page.text


@pytest.mark.parametrize(("language", "words"), [("lv", "tam jābūt"), ("en", "it is")])
def test_an_unfit_value_is_shown_where_it_was_filled_in(
    language: str, words: str, server: Server
) -> None:
    """With what would be right, in the language of the page; the rest of the form is kept."""
    page = server.client.get(
        f"/queries/chronology.{language}.html", params={"from": '"><script>', "to": "2000"}
    )
    assert page.status_code == 400
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert 'aria-invalid="true" aria-describedby="from-problem"' in page.text
    assert re.search(rf'id="from-problem" role="alert">{words}', page.text)
    assert "<script>" not in page.text
    assert 'value="2000"' in page.text


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a few queries of its own: required values without a default, no order."""
    folder = tmp_path_factory.mktemp("queries")
    head = "PREFIX tp: <https://partnergraph.example/def#>\n"
    texts = {
        "required": "SELECT ?a WHERE { ?a tp:party ?_territory_iri } ORDER BY ?a",
        "unordered": "SELECT ?a WHERE { ?a a tp:Agreement }",
        "lapsed": "SELECT ?a WHERE { ?a a tp:Partnership ; tp:status tp:Ended } ORDER BY ?a",
        "about": "DESCRIBE ?_thing_iri WHERE { ?_thing_iri a tp:Network }",
        "fields": "SELECT ?n WHERE { { SELECT (COUNT(?f) AS ?n) { ?a tp:agreedField ?f } } }"
        " ORDER BY ?n",
    }
    for name, text in texts.items():
        (folder / f"{name}.rq").write_text(f"#+ summary: {name}\n{head}{text}\n", "utf-8")
    with running("--queries", str(folder)) as server:
        yield server


def test_without_a_required_value_there_is_the_form_and_no_error(small: Server) -> None:
    """For a person; a program is told which."""
    page = small.client.get("/queries/required.en.html")
    assert page.status_code == 200
    assert "<select" in page.text
    assert 'id="answer"' not in page.text
    refused = small.client.get("/queries/required.csv")
    assert refused.status_code == 400
    assert refused.json()["parameter"] == "territory"
    assert rows(small.client.get("/queries/required.csv", params={"territory": "solna"}))


@pytest.mark.parametrize(
    "value", [f"{ID}place/se/solna", "solna", "Solna", "SOLNA", "place/se/solna"]
)
def test_a_thing_is_named_by_its_iri_its_end_or_a_label(value: str, server: Server) -> None:
    (first, *_) = ask(server, "agreements", territory=value)
    assert first["partner"] == VALMIERA


def test_a_name_with_a_prefix_is_an_iri(server: Server) -> None:
    assert ask(server, "agreements-by-field", field="tpc:tourism") == ask(
        server, "agreements-by-field", field="tourism"
    )


def test_description_of_a_thing(small: Server) -> None:
    answer = small.client.get("/queries/about.ttl", params={"thing": f"{ID}network/ubc"})
    assert "network/ubc" in answer.text
    page = small.client.get("/queries/about.en.html", params={"thing": f"{ID}network/ubc"})
    assert page.status_code == 200


# Options


def test_labels_stand_beside_things(server: Server) -> None:
    """In the languages asked for, by the one chain of fallbacks; literals get none."""
    (first, *_) = ask(server, "partners", labels="lv")
    assert list(first) == ["partner", "partnerLabel", "country", "countryLabel"]
    labels = {row["partnerLabel"] for row in ask(server, "partners", labels="lv,en")}
    assert {"Zdunska Vola", "Čerkasi"} <= labels
    assert "Zduńska Wola" in {row["partnerLabel"] for row in ask(server, "partners", labels="pl")}
    document = server.client.get("/queries/partners.json", params={"labels": "lv"}).json()
    assert document["results"]["bindings"][0]["partnerLabel"]["xml:lang"] == "lv"
    graph = server.client.get("/queries/partnership-graph.nt", params={"labels": "lv"}).text
    assert f'<{VALMIERA}> <http://www.w3.org/2000/01/rdf-schema#label> "Valmiera"@lv' in graph


def test_limit_and_offset_take_a_part(server: Server) -> None:
    everything = ask(server, "chronology")
    assert ask(server, "chronology", limit="3", offset="2") == everything[2:5]
    assert ask(server, "chronology", limit="0") == []
    assert ask(server, "chronology", offset="9") == everything[9:]


def test_what_has_no_order_has_no_parts(small: Server) -> None:
    for option in ("limit", "offset"):
        refused = small.client.get("/queries/unordered.csv", params={option: "1"})
        assert (refused.status_code, refused.json()["parameter"]) == (400, option)


def test_csv_for_a_spreadsheet_has_a_mark_and_no_formulas(tmp_path: Path) -> None:
    """The API's CSV has the data as they are; numbers stay numbers."""
    text = 'SELECT ?a ?n { VALUES (?a ?n) { ("=1+1" -5) ("@x" 2) ("plain" 3) } } ORDER BY ?n'
    (tmp_path / "cells.rq").write_text(f"#+ summary: Cells\n{text}\n", "utf-8")
    with running("--queries", str(tmp_path)) as server:
        plain = server.client.get("/queries/cells.csv")
        sheet = server.client.get("/queries/cells.csv", params={"bom": "1"})
    assert [row["a"] for row in rows(plain)] == ["=1+1", "@x", "plain"]
    assert sheet.content.startswith(b"\xef\xbb\xbfa,n\r\n")
    assert [(row["a"], row["n"]) for row in rows(sheet)] == [
        ("'=1+1", "-5"),
        ("'@x", "2"),
        ("plain", "3"),
    ]


# Evidence

CHRONOLOGY = {
    ("partnership", "solna", "began"): "p07 p13 p15",
    ("agreement", "viljandi", "signed"): "p17 p19",
    ("partnership", "halle-westf", "began"): "p07 p21 p23",
    ("agreement", "hoeje-taastrup", "signed"): "p25 p27",
    ("agreement", "zdunska-wola", "signed"): "p29 p31",
    ("agreement", "halle-westf", "signed"): "p21 p23",
    ("agreement", "vallefoglia", "signed"): "p33 p35",
    ("agreement", "vodnjan-dignano", "signed"): "p33 p35",
    ("membership", "ubc", "began"): "p45",
    ("agreement", "cherkasy", "signed"): "p09 p11",
    ("agreement", "solna", "signed"): "p15",
}
"""The passages of each event, from the table of passages of the page."""


def test_every_row_of_the_chronology_has_its_passages(server: Server) -> None:
    """The right ones: heading, position and source of each."""
    answer = ask(server, "chronology", evidence="1")
    assert len(answer) == len(CHRONOLOGY)
    passages = {row["fragment"]: row for row in _all_passages(server)}
    for row in answer:
        kind = row["thing"].removeprefix(ID).partition("/")[0]
        counterpart = row["counterpart"].rpartition("/")[2]
        key = (kind, counterpart, row["event"].partition("#")[2])
        cited = row["passage"].split(" | ")
        assert [one.removeprefix(PASSAGE) for one in cited] == CHRONOLOGY[key].split(), key
        assert int(row["passages"]) == len(cited)
        known = [passages[one] for one in cited]
        assert row["passageHeading"] == " | ".join(one["heading"] for one in known)
        assert row["passagePosition"] == " | ".join(f"{one['start']}–{one['end']}" for one in known)
        assert row["passageSource"] == " | ".join(one["source"] for one in known)


def _all_passages(server: Server) -> list[dict[str, str]]:
    query = """
        PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX tp: <https://partnergraph.example/def#>
        SELECT ?fragment ?heading ?start ?end ?source {
          ?fragment a tp:Passage ; tp:heading ?heading ; oa:hasSource ?source ;
            oa:hasSelector [ oa:start ?start ; oa:end ?end ] }"""
    return rows(server.select(query))


def test_rows_without_a_passage_are_flagged(server: Server) -> None:
    """In data by their count; on the page in words."""
    answer = ask(server, "partner-places", evidence="1")
    assert "0" not in {row["passages"] for row in answer}
    answer = ask(server, "find", text="kultūra", evidence="1")
    assert {row["passages"] for row in answer if "concept/" in row["thing"]} == {"0"}
    page = server.client.get("/queries/find.lv.html?text=kultūra&evidence=1").text
    assert "nav vietas avotā" in page


def test_a_sum_rests_on_all_that_was_summed_up(server: Server) -> None:
    """Each agreement's count on the passages of that agreement alone."""
    answer = {
        row["agreement"].rpartition("/")[2]: row["passage"]
        for row in ask(server, "agreed-field-counts", evidence="1")
    }
    assert answer["valmiera-solna"] == f"{PASSAGE}p15"
    assert answer["valmiera-viljandi"] == f"{PASSAGE}p17 | {PASSAGE}p19"


NOT_IN_THE_SOURCE = {
    ("find", "Halle (Westf.)"),
    *(("namesakes", item) for item in ("Q2814", "Q3771")),
}
"""What the page does not give: links to Wikidata, and names in other languages."""


def test_only_what_no_source_gives_has_no_passage(server: Server) -> None:
    """For the default values of every query: sums, subqueries and unions included."""
    bare = set()
    for path in sorted((ROOT / "queries").glob("*.rq")):
        if path.stem in ("neighbourhood", "partnership-graph", "wikidata-links"):
            continue
        for row in ask(server, path.stem, evidence="1"):
            if row["passages"] == "0":
                said = row.get("name") or row.get("item", "")
                bare.add((path.stem, said.rpartition("/")[2]))
    assert bare == NOT_IN_THE_SOURCE
    links = ask(server, "wikidata-links", evidence="1")
    assert {row["passages"] for row in links} == {"0"}


def test_a_truth_and_a_graph_have_evidence_too(server: Server) -> None:
    (row,) = ask(server, "twinned", evidence="1")
    assert row["answer"] == "true"
    assert row["passage"].split(" | ")[-1] == f"{PASSAGE}p15"
    graph = server.client.get("/queries/partnership-graph.ttl", params={"evidence": "1"}).text
    assert "rdf:Statement" in graph
    page = server.client.get("/queries/partnership-graph.en.html?evidence=1").text
    assert "p15" in page


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "queries").glob("*.rq")))
def test_options_work_on_every_query(name: str, server: Server) -> None:
    """All at once; the columns and the rows of the query itself stay as they were."""
    form = "nt" if name in ("neighbourhood", "partnership-graph") else "csv"
    plain = server.client.get(f"/queries/{name}.{form}")
    options = {"labels": "lv,en", "evidence": "1"}
    rich = server.client.get(f"/queries/{name}.{form}", params=options)
    assert rich.status_code == 200
    if form == "nt":
        assert set(plain.text.splitlines()) <= set(rich.text.splitlines())
    elif name != "twinned":
        before, after = rows(plain), rows(rich)
        assert [{key: row[key] for key in before[0]} for row in after] == before if before else True
    then = server.client.get(f"/queries/{name}.{form}", params={**options, "asOf": "2000"})
    assert then.status_code == 200


# In force


def test_as_of_a_day_only_what_was_in_force(server: Server) -> None:
    """The undated apart, and sums as they were that day."""
    then = ask(server, "agreements", asOf="1994-06-01")
    assert [(row["partner"].rpartition("/")[2], row["inForce"]) for row in then] == [
        ("viljandi", "yes"),
        ("solna", "perhaps"),
    ]
    counted = ask(server, "shared-fields", asOf="2000", minimum="1")
    assert {row["agreements"] for row in counted if row["inForce"] == "yes"} == {"1"}
    page = server.client.get("/queries/agreements.lv.html?asOf=1994-06-01").text
    assert "varbūt: nav zināms datums" in page


def test_what_rests_on_nothing_that_can_be_in_force_is_undated(server: Server) -> None:
    """That the page lists a partner holds on any day; that they have a partnership does not."""
    for name in ("partners", "partners-by-country", "near", "wikidata-links", "contact-email"):
        assert {row["inForce"] for row in ask(server, name, asOf="1900")} == {"undated"}, name
    assert {row["inForce"] for row in ask(server, "partnerships", asOf="1995")} == {
        "yes",
        "perhaps",
    }
    page = server.client.get("/queries/partners.lv.html?asOf=1900").text
    assert "no datumiem nav atkarīgs" in page


def test_an_absence_that_an_unknown_date_would_end_is_doubtful(server: Server) -> None:
    """Cherkasy is no partner for certain of 1990: no date of the partnership is known."""
    item = "http://www.wikidata.org/entity/Q44840"
    answer = ask(server, "namesakes", asOf="1990", item=item)
    assert {row["inForce"] for row in answer if row["item"] == item} == {"perhaps"}


def test_as_of_a_day_a_truth_may_be_doubtful(server: Server) -> None:
    """Valmiera and Solna: since some day of 1991."""
    answers = {
        year: ask(server, "twinned", asOf=year)[0] for year in ("1990", "1991-06-01", "1992")
    }
    assert {year: (row["answer"], row["inForce"]) for year, row in answers.items()} == {
        "1990": ("false", "yes"),
        "1991-06-01": ("true", "perhaps"),
        "1992": ("true", "yes"),
    }


# Citing


def test_a_citation_is_of_all_that_the_page_shows(server: Server) -> None:
    """With passages it is another one than without."""
    plain = cited(server.client.get("/queries/chronology.en.html").text)
    with_passages = cited(server.client.get("/queries/chronology.en.html?evidence=1").text)
    assert plain.rpartition("cited=")[2] != with_passages.rpartition("cited=")[2]


def test_a_citation_names_every_value(server: Server) -> None:
    """A default that becomes another does not make it another question."""
    link = cited(server.client.get("/queries/chronology.en.html").text)
    assert "territory=https%3A%2F%2F" in link


def test_a_citation_of_another_question_is_not_compared(server: Server) -> None:
    cite = cited(server.client.get("/queries/chronology.en.html").text).rpartition("cited=")[2]
    for other in ("partners?", "chronology?from=1995&", "chronology?asOf=2000&"):
        page = server.client.get(f"/queries/{other}cited={cite}", headers=PAGE).text
        assert "another question" in page
        assert "still the one that was cited" not in page


@pytest.mark.parametrize("damage", [lambda text: text[:-3], lambda _: "nonsense"])
def test_a_damaged_citation_is_said_to_be_so(damage: Callable[[str], str], server: Server) -> None:
    cite = cited(server.client.get("/queries/chronology.en.html").text).rpartition("cited=")[2]
    page = server.client.get(f"/queries/chronology?cited={damage(cite)}", headers=PAGE).text
    assert "is damaged" in page


def cited(page: str) -> str:
    """The link that cites the answer on a page, below the server's address."""
    match = re.search(r'<p class="cite">.*?<a href="([^"]+)"', page, re.DOTALL)
    assert match
    parts = urlsplit(html.unescape(match[1]))
    return f"{parts.path}?{parts.query}"


PAGE = {"accept": "text/html"}


def test_a_citation_says_that_the_answer_is_the_same(server: Server) -> None:
    page = server.client.get("/queries/partners.en.html").text
    link = cited(page)
    version = server.client.get("/health").headers["partnergraph-version"]
    assert f"cited={version[:12]}." in link
    assert ".8." in link
    again = server.client.get(link, headers=PAGE)
    assert "The answer is still the one that was cited." in again.text


def test_a_citation_says_what_has_changed(tmp_path: Path) -> None:
    """Another dataset and another query later: what is new, and how much has gone."""
    folder = tmp_path / "queries"
    folder.mkdir()
    query = folder / "partners.rq"
    query.write_text((ROOT / "queries" / "partners.rq").read_text("utf-8"), "utf-8")
    data = tmp_path / "data"
    data.mkdir()
    for path in (ROOT / "data").glob("*.ttl"):
        (data / path.name).write_text(path.read_text("utf-8"), "utf-8")
    options = ("--data", str(data), "--queries", str(folder))
    with running(*options) as server:
        link = cited(server.client.get("/queries/partners.en.html").text)
    partners = data / "partners.ttl"
    text = partners.read_text("utf-8")
    line = "    tp:listedAsPartnerOf place-lv:valmiera ;\n"
    assert text.count(line) == 8
    partners.write_text(text.replace(line, "", 1), "utf-8")
    with running(*options) as server:
        later = server.client.get(link, headers=PAGE).text
    assert "The answer is no longer the one that was cited." in later
    assert "Rows: 8 → 7 (new: 0, gone: 1)" in re.sub(r"\s+", " ", later)
    partners.write_text(text, "utf-8")
    query.write_text(query.read_text("utf-8").replace("#+ method: GET\n", ""), "utf-8")
    with running(*options) as server:
        later = server.client.get(link, headers=PAGE).text
    assert "The answer is still the one that was cited." in later
    assert re.search(r"Version of the question: <code>\w+</code> → <code>\w+</code>", later)


@pytest.mark.parametrize("text", ["x", "1.2.3.4", "'\"><script>", "0" * 5000])
def test_what_is_no_citation_is_passed_over(text: str, server: Server) -> None:
    page = server.client.get("/queries/partners.en.html", params={"cited": text})
    assert page.status_code == 200
    assert "was cited" not in page.text
    assert "<script>" not in page.text


# Values, parts and addresses


def test_an_address_with_odd_characters_comes_back_as_a_reference(server: Server) -> None:
    """https://www.rfc-editor.org/rfc/rfc9110#name-content-location"""
    response = server.client.get("/queries/find", params={"text": '<b>" x'}, headers=PAGE)
    assert response.headers["content-location"] == "find.en.html?text=%3Cb%3E%22+x"


def test_parts_lead_back_to_the_first_row(server: Server) -> None:
    page = server.client.get("/queries/chronology.en.html?offset=5&limit=10").text
    assert "limit=5&amp;offset=0" in page
    beyond = server.client.get("/queries/chronology.en.html?offset=100").text
    assert 'rel="prev"' in beyond
    assert "shown" not in beyond


def test_a_territory_is_not_its_own_partner(server: Server) -> None:
    assert not ask(server, "differing-fields", partner="solna", otherPartner="solna")
    assert not ask(server, "differing-fields", partner="valmiera")
    assert not ask(server, "field-groups", partner="valmiera")


def test_an_empty_answer_is_explained_within_unions_and_subqueries(server: Server) -> None:
    page = server.client.get("/queries/chronology.en.html?territory=http://example.org/x").text
    assert "The first part without a solution: ?thing tp:party" in page
    page = server.client.get(
        "/queries/differing-fields.en.html?partner=halle-westf&otherPartner=hoeje-taastrup"
    ).text
    why = html.unescape(page).partition('class="why"')[2].partition("</div>")[0]
    assert "SELECT" not in why


def test_what_is_asked_of_a_truth_may_be_false(server: Server) -> None:
    """Whether there is a partnership is asked of territories that have none as well."""
    response = server.client.get("/queries/twinned.csv?partner=vodnjan-dignano")
    assert response.text.strip() == "false"
    assert "vodnjan" in server.client.get("/queries/twinned.en.html").text


def test_a_value_that_fits_stays_chosen_beside_one_that_does_not(server: Server) -> None:
    page = server.client.get("/queries/chronology.en.html?territory=solna&from=x").text
    chosen = re.findall(r'<option value="([^"]+)" selected', page)
    assert [one for one in chosen if "/place/" in one] == [f"{ID}place/se/solna"]


# Help


def test_an_empty_answer_explains_itself(small: Server, server: Server) -> None:
    """On the page, in its language: the first part without a solution."""
    page = small.client.get("/queries/lapsed.lv.html").text
    assert "0 rindu" in page
    assert "?a tp:status tp:Ended" in page
    assert "tp:Ended nav šīs īpašības vērtība" in page
    asked = {"query": "PREFIX tp: <https://partnergraph.example/def#> ASK { ?a a tp:Agrement }"}
    why = server.client.get("/sparql/why-empty", params=asked)
    assert why.headers["content-type"] == "application/json"
    assert "tp:Agreement" in why.json()["hint"]["en"]
    assert why.json()["column"] == 57
    assert server.client.post("/sparql/why-empty", data=asked).json() == why.json()


def test_why_empty_is_bounded_as_queries_are(bounded: Server) -> None:
    """A bomb is a bomb there, too; and what is malformed is refused."""
    nested = f"ASK {{ {'{' * 3000}{'}' * 3000} }}"
    assert bounded.client.post("/sparql/why-empty", data={"query": nested}).status_code == 400
    slow = (
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?a = ?l && ?c = ?e && false) }"
    )
    answer = bounded.client.post("/sparql/why-empty", data={"query": slow})
    assert answer.status_code in (200, 503)
    for query in ("SELECT", "SELECT * { SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }"):
        refused = bounded.client.post("/sparql/why-empty", data={"query": query})
        assert refused.status_code == 400
        assert "line" in refused.json()
    assert bounded.healthy()


def test_a_page_in_place_of_a_problem_document(server: Server) -> None:
    """For a browser, also where there is no such query."""
    missing = server.client.get("/queries/nothing", headers={"accept": "text/html"})
    assert (missing.status_code, missing.headers["content-type"]) == (
        404,
        "text/html; charset=utf-8",
    )


def test_json_of_a_page_with_many_rows_is_cut(tmp_path: Path) -> None:
    """A page shows a thousand rows and leads on; the downloads have all."""
    values = " ".join(map(str, range(2500)))
    text = f"SELECT ?n {{ VALUES ?n {{ {values} }} }} ORDER BY ?n"
    (tmp_path / "many.rq").write_text(f"#+ summary: Many\n{text}\n", "utf-8")
    with running("--queries", str(tmp_path)) as server:
        page = server.client.get("/queries/many.en.html").text
        assert "2500 rows; shown 1–1000" in page
        match = re.search(r'href="([^"]+)" rel="next"', page)
        assert match
        following = server.client.get(f"/queries/{html.unescape(match[1])}").text
        assert "shown 1001–2000" in following
        assert len(rows(server.client.get("/queries/many.csv"))) == 2500
        assert len(json.loads(server.client.get("/queries/many.json").text)["results"]["bindings"])
