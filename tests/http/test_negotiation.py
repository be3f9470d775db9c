"""Which representation a client gets, by RFC 9110: https://www.rfc-editor.org/rfc/rfc9110#name-accept.

The expected choices are worked out from the standard's text: a more specific range goes before a
less specific one whatever its place, a weight of 0 forbids, equal weights leave the choice to the
server, which then takes what it offers first (Turtle for documents, HTML for the front page).
"""

from __future__ import annotations

import pytest

from partnergraph.formats import negotiate_language
from tests.serving import Server

DOCUMENT = "/doc/place/lv/valmiera"
TURTLE, HTML, JSON_LD, CSV = "text/turtle", "text/html", "application/ld+json", "text/csv"
NT, XML, TRIG, NQ = (
    "application/n-triples",
    "application/rdf+xml",
    "application/trig",
    "application/n-quads",
)
PROFILE = "http://www.w3.org/ns/json-ld#"
NOTHING = "406"

CHOICES = [
    # Nothing said, or anything taken: what is offered first.
    ("", TURTLE),
    ("*/*", TURTLE),
    ("*/*;q=0.1", TURTLE),
    ("*/* , */*;q=0.2", TURTLE),
    ("*/*, */*", TURTLE),
    # One media type.
    ("text/turtle", TURTLE),
    ("text/html", HTML),
    ("application/ld+json", JSON_LD),
    ("application/n-triples", NT),
    ("application/rdf+xml", XML),
    ("text/csv", CSV),
    # Case does not matter, nor do optional spaces and tabs.
    ("TEXT/HTML", HTML),
    ("Application/LD+JSON", JSON_LD),
    ("text/html;Q=0.5", HTML),
    ("text/html ; q=0.5", HTML),
    ("text/html;\tq=0.5\t,\ttext/csv;q=0.4", HTML),
    # Weights.
    ("text/turtle;q=0.5, text/html", HTML),
    ("text/turtle;q=0.5, text/html;q=0.6", HTML),
    ("text/turtle;q=0.999, text/html;q=1.000", HTML),
    ("text/turtle;q=0.001, text/html;q=0.002", HTML),
    ("application/rdf+xml;q=0.9, application/ld+json;q=0.9, text/html;q=0.8", XML),
    ("text/html;q=0.3, text/csv;q=0.9, text/turtle;q=0.5", CSV),
    # Equal weights: the server's own order, not that of the header.
    ("text/html, text/turtle", TURTLE),
    ("text/html;q=0.7, text/turtle;q=0.7", TURTLE),
    ("text/csv, text/html", HTML),
    ("application/rdf+xml, application/n-triples", NT),
    # Ranges.
    ("text/*", TURTLE),
    ("application/*", NT),
    ("application/*, text/html;q=0.9", NT),
    ("text/*;q=0.5, application/*;q=0.4", TURTLE),
    ("text/*;q=0.4, application/*;q=0.5", NT),
    # The more specific range counts, wherever it stands and whatever its weight.
    ("text/*, text/turtle;q=0.1", HTML),
    ("text/turtle;q=0.1, text/*", HTML),
    ("*/*, text/turtle;q=0", NT),
    ("*/*;q=0.5, text/html", HTML),
    ("text/html, */*;q=0.1", HTML),
    ("text/*;q=0.3, text/html;q=0.7, */*;q=0.5", HTML),
    ("*/*;q=0.8, text/*;q=0.1", NT),
    ("text/*;q=0, */*", NT),
    # A weight of 0 forbids.
    ("text/turtle;q=0", NOTHING),
    ("*/*;q=0", NOTHING),
    ("text/html;q=0, text/turtle;q=0", NOTHING),
    ("text/*;q=0, application/*;q=0, */*", NOTHING),
    ("*/*;q=0, text/csv", CSV),
    ("text/turtle;q=0.0, text/html;q=0.000, text/csv;q=0.1", CSV),
    # What is not to be had.
    ("image/png", NOTHING),
    ("application/json", JSON_LD),
    ("application/n-quads, application/trig", NOTHING),
    ("image/*", NOTHING),
    ("image/png, text/html;q=0.1", HTML),
    ("application/sparql-results+json", NOTHING),
    # Parameters that change nothing of what is sent are passed over; others have to fit.
    ("text/turtle;charset=utf-8", TURTLE),
    ("text/html;charset=UTF-8, text/turtle;q=0.5", HTML),
    ('text/html;charset="utf-8"', HTML),
    ("text/html;level=1", HTML),
    ("text/html;level=1, text/csv;q=0.1", HTML),
    ("text/turtle;charset=latin1, text/html;q=0.1", HTML),
    # Profiles of JSON-LD; one that is not known is passed over.
    (f'application/ld+json;profile="{PROFILE}expanded"', f"{JSON_LD};expanded"),
    (f'application/ld+json;profile="{PROFILE}flattened"', f"{JSON_LD};flattened"),
    (f'application/ld+json;profile="{PROFILE}framed"', f"{JSON_LD};framed"),
    (f'application/ld+json;profile="{PROFILE}compacted"', f"{JSON_LD};compacted"),
    ('application/ld+json;profile="http://e/unknown"', JSON_LD),
    (f'application/ld+json;profile="http://e/unknown {PROFILE}expanded"', f"{JSON_LD};expanded"),
    (f'application/ld+json;profile="{PROFILE}expanded";q=0.4, text/html;q=0.5', HTML),
    # What browsers and tools really send.
    ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", HTML),
    ("application/rdf+xml, text/turtle;q=0.9, application/n-triples;q=0.8, */*;q=0.1", XML),
    ("text/turtle, application/rdf+xml;q=0.8, application/ld+json;q=0.7", TURTLE),
    ("application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9", JSON_LD),
    # Nonsense: a malformed element is passed over; where nothing else is said, anything is taken.
    ("nonsense", TURTLE),
    (",,,", TURTLE),
    ("text/", TURTLE),
    ("/html", TURTLE),
    ("*/html", TURTLE),
    ("text/html;q=", TURTLE),
    ("text/html;q=abc, text/csv", CSV),
    ("text/html;q=-1, text/csv;q=0.1", CSV),
    ("text/csv;q=2", CSV),
    (";q=1, text/csv", CSV),
    ('text/csv;x="a,b;c";q=0.4, text/html;q=0.5', HTML),
]


@pytest.mark.parametrize(("accept", "expected"), CHOICES, ids=[one[0] or "-" for one in CHOICES])
def test_accept(accept: str, expected: str, server: Server) -> None:
    """The document of a thing; and the redirect to it leads to the same choice."""
    headers = {"accept": accept}
    response = server.client.get(DOCUMENT, headers=headers)
    redirect = server.client.get(DOCUMENT.replace("doc", "id", 1), headers=headers)
    for one in (response, redirect):
        assert {"Accept", "Accept-Language"} <= set(one.headers["vary"].split(", "))
    if expected == NOTHING:
        assert (response.status_code, redirect.status_code) == (406, 406)
        assert "text/turtle" in (response.text or "")
        return
    assert (response.status_code, redirect.status_code) == (200, 303)
    media_type, _, form = expected.partition(";")
    content_type = response.headers["content-type"]
    assert content_type.partition(";")[0] == media_type
    assert (f"#{form}" in content_type) == bool(form)
    location = redirect.headers["location"].rpartition("/")[2]
    assert location == response.headers["content-location"].rpartition("/")[2]


def test_there_are_enough_choices() -> None:
    assert len(CHOICES) >= 60
    assert len({accept for accept, _ in CHOICES}) == len(CHOICES)


LANGUAGES = [
    (None, "en"),
    ("", "en"),
    ("lv", "lv"),
    ("en", "en"),
    ("lv-LV", "lv"),
    ("LV", "lv"),
    ("de", "en"),
    ("de, lv;q=0.1", "lv"),
    ("lv;q=0.5, en;q=0.4", "lv"),
    ("lv;q=0.4, en;q=0.5", "en"),
    ("lv, en", "en"),
    ("lv, *;q=0.5", "lv"),
    ("*, lv;q=0.5", "en"),
    ("*, en;q=0.5", "lv"),
    ("en;q=0", "en"),
    ("lv;q=0", "en"),
    ("en-GB, lv;q=0.9", "en"),
    ("ltg, lv-x-test;q=0.3", "lv"),
    ("nonsense;q=x, lv;q=0.2", "lv"),
]


@pytest.mark.parametrize(("accept_language", "expected"), LANGUAGES)
def test_accept_language(accept_language: str | None, expected: str) -> None:
    """There is always a page; English where nothing else is wanted more."""
    assert negotiate_language(accept_language) == expected


@pytest.mark.parametrize("path", ["/", "/problems", "/def", "/shapes", "/data/", DOCUMENT])
def test_pages_come_in_both_languages(path: str, server: Server) -> None:
    """By header, by parameter and by address; and the other is a link away."""
    for language, other in (("lv", "en"), ("en", "lv")):
        by_header = {"accept": HTML, "accept-language": language}
        response = server.client.get(path, headers=by_header)
        assert response.headers["content-language"] == language
        assert f'<html lang="{language}">' in response.text
        assert f".{other}.html" in response.text
        by_name = server.client.get(path, params={"lang": language}, headers={"accept": HTML})
        assert by_name.text == response.text
        address = response.url.join(response.headers["content-location"])
        assert server.client.get(address).text == response.text


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        (f"{DOCUMENT}.ttl", "text/turtle; charset=utf-8"),
        (f"{DOCUMENT}.jsonld", JSON_LD),
        (f"{DOCUMENT}.nt", NT),
        (f"{DOCUMENT}.rdf", XML),
        (f"{DOCUMENT}.csv", "text/csv; charset=utf-8; header=present"),
        (f"{DOCUMENT}.html", "text/html; charset=utf-8"),
        (f"{DOCUMENT}.expanded.jsonld", f'application/ld+json;profile="{PROFILE}expanded"'),
        (f"{DOCUMENT}?format=ttl", "text/turtle; charset=utf-8"),
        ("/graph/partners.nq", NQ),
        ("/graph/partners.trig", TRIG),
        ("/graph/partners?format=jsonld", JSON_LD),
        ("/def.rdf", XML),
        ("/shapes.ttl", "text/turtle; charset=utf-8"),
        ("/index.ttl", "text/turtle; charset=utf-8"),
        ("/.well-known/void.jsonld", JSON_LD),
    ],
)
def test_an_address_can_name_the_form(path: str, content_type: str, server: Server) -> None:
    """Where header fields cannot be set; what they say then does not count."""
    response = server.client.get(path, headers={"accept": "image/png"})
    assert response.status_code == 200
    assert response.headers["content-type"] == content_type


def test_the_front_page_is_a_page_first(server: Server) -> None:
    """Who asks for RDF gets the description of the dataset."""
    assert server.client.get("/").headers["content-type"].startswith(HTML)
    response = server.client.get("/", headers={"accept": TURTLE})
    assert "dcat:Catalog" in response.text
    assert response.headers["content-location"] == "index.ttl"
