"""Content negotiation as in RFC 9110, section 12.5.1, whose text gives the expected values."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnergraph.formats import (
    DOCUMENT_FORMATS,
    FORMATS,
    GRAPH_FORMATS,
    RESULTS_FORMATS,
    negotiate,
)

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
TSV = "text/tab-separated-values"

FOR_RESULTS = [
    # No preference: the first one offered.
    (None, "json"),
    ("", "json"),
    (" ", "json"),
    (",", "json"),
    ("*/*", "json"),
    ("*/*;q=0.1", "json"),
    ("*/*;q=0.001", "json"),
    # One type.
    (JSON, "json"),
    (XML, "xml"),
    ("text/csv", "csv"),
    (TSV, "tsv"),
    # Type and subtype are case-insensitive (section 8.3.1), and so is the name q.
    ("TEXT/CSV", "csv"),
    (f"text/csv;Q=0.5, {TSV};Q=0.6", "tsv"),
    # Weights order; without one it is 1 (section 12.4.2).
    (f"{XML};q=0.5, text/csv;q=0.8", "csv"),
    (f"{XML};q=0.5, text/csv", "csv"),
    (f"{XML};q=0.899, text/csv;q=0.9", "csv"),
    (f"{XML};q=1.000, text/csv;q=0.999", "xml"),
    (f"text/csv;q=0.3 , {TSV} ; q=0.7", "tsv"),
    (f"text/csv ;\tq=0.3,{TSV};q=0.2", "csv"),
    # Ties are the server's to break: its own order, not that of the header.
    (f"{TSV}, text/csv, {XML}, {JSON}", "json"),
    (f"{TSV};q=0.5, {XML};q=0.5", "xml"),
    # q=0 means not acceptable.
    ("text/csv;q=0", None),
    ("*/*;q=0", None),
    (f"*/*;q=0, {XML};q=0.1", "xml"),
    (f"{JSON};q=0, */*", "xml"),
    (f"{JSON};q=0, {XML};q=0.000, */*;q=0.5", "csv"),
    ("text/*;q=0, */*;q=0.1", "json"),
    ("application/*;q=0, */*;q=0.1", "csv"),
    ("text/csv;q=0, text/*", "tsv"),
    # The most specific range has precedence, however the header orders them.
    ("text/*", "csv"),
    ("text/*;q=0.5, application/*;q=0.4", "csv"),
    (f"text/*, {TSV};q=0.1", "csv"),
    ("*/*, text/*;q=0.5", "json"),
    ("*/*;q=0.5, text/*", "csv"),
    (f"*/*;q=0.8, {JSON};q=0.1", "xml"),
    (f"{JSON};q=0.1, */*;q=0.8", "xml"),
    (f"application/*;q=0.2, {XML};q=0.3, text/*;q=0.1", "xml"),
    # A range with parameters is more specific, and matches what has these parameters.
    ("text/csv;charset=utf-8", "csv"),
    ('text/csv; charset="UTF-8"', "csv"),
    ("text/csv;q=0.1, text/csv;charset=utf-8;q=0.9, application/*;q=0.5", "csv"),
    (f"text/csv;charset=utf-8;q=0.1, text/csv;q=0.9, {XML};q=0.5", "xml"),
    ("text/csv;charset=utf-16", None),
    (f"text/csv;charset=utf-16, {XML};q=0.1", "xml"),
    # A parameter named q is the weight wherever it stands; the others are the type's.
    ("text/csv;q=0.4;charset=utf-8, text/*;q=0.3", "csv"),
    (f"text/csv;q=0.9;charset=utf-16, {TSV};q=0.3", "tsv"),
    # A comma, a semicolon or an escaped quote inside a quoted value separates nothing.
    (f'text/csv;note="a, {XML}";q=0.5, {TSV}', "tsv"),
    (f'text/csv;note="a;q=1";q=0.1, {TSV};q=0.2', "tsv"),
    (f'text/csv;note="\\"";q=0.5, {TSV}', "tsv"),
    # Nothing acceptable.
    ("text/html", None),
    ("image/*", None),
    ("text/html, application/xhtml+xml", None),
    ("text/cs", None),
    ("text/csvv", None),
    # A browser's own header: the rest is accepted, with a small weight.
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "json"),
    # Empty elements are ignored (section 5.6.1.2).
    (f", ,{TSV};q=0.5,,text/csv;q=0.4,", "tsv"),
    # A malformed element is passed over.
    (f"text/csv;q=high, {TSV};q=0.1", "tsv"),
    (f"text/csv;q=, {TSV};q=0.1", "tsv"),
    (f"text/csv;q=nan, {TSV};q=0.1", "tsv"),
    ("text/csv;q=nan", "json"),
    (f"text/csv;q=1e0, {TSV};q=0.1", "tsv"),
    (f"*/csv, {TSV};q=0.1", "tsv"),
    (f"csv, {TSV};q=0.1", "tsv"),
    (f"text/, /csv, /, {TSV};q=0.1", "tsv"),
    (f"text/csv;;, {TSV};q=0.1", "csv"),
    # Parameters that change nothing.
    (f"{JSON};charset=utf-8", "json"),
    (f"{XML};charset=utf-8;version=1.1", "xml"),
    ("text/csv;header=present", "csv"),
    ("text/csv;header=absent", None),
    # Generic types, where nothing more precise is accepted.
    ("application/json", "json"),
    ("application/json;charset=utf-8", "json"),
    ("application/xml", "xml"),
    ("text/plain", "tsv"),
    ("text/plain;q=0.5, application/json;q=0.4", "tsv"),
    ("application/json, text/csv;q=0.1", "csv"),
    ("text/html, application/xml", "xml"),
    # Sent by Java's URLConnection: weights that lack the zero, and a lone asterisk.
    ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "json"),
]

FOR_GRAPHS = [
    (None, "ttl"),
    ("*/*", "ttl"),
    ("text/turtle", "ttl"),
    ("application/ld+json", "jsonld"),
    ("application/n-triples", "nt"),
    ("application/rdf+xml", "rdf"),
    ("application/trig", "trig"),
    ("application/n-quads", "nq"),
    ("application/*", "nt"),
    ("text/*;q=0.1, application/rdf+xml;q=0.2", "rdf"),
    ("application/ld+json;q=0.9, application/*;q=0.8, text/turtle;q=0.7", "jsonld"),
    ("application/n-triples;q=0, application/*", "rdf"),
    # What is wanted as much comes in this order.
    ("application/ld+json, application/n-triples", "nt"),
    ("application/ld+json,application/n-quads,application/trig,application/rdf+xml", "rdf"),
    ("application/ld+json, application/n-quads, application/trig", "trig"),
    ("application/ld+json, application/n-quads", "nq"),
    # Parameters that change nothing.
    ("text/turtle;charset=utf-8", "ttl"),
    ("text/turtle;version=1.1", "ttl"),
    ("application/n-triples; charset=US-ASCII", "nt"),
    ("application/trig;version=1.2;charset=utf-8", "trig"),
    ("application/ld+json;charset=utf-8", "jsonld"),
    ("text/turtle;charset=iso-8859-1", None),
    # Profiles: those of the registration, several at once, and such as nobody knows.
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld"),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded http://x/"', "jsonld"),
    ('application/ld+json;profile="https://example.org/mine"', "jsonld"),
    # Generic types, where nothing more precise is accepted.
    ("application/json", "jsonld"),
    ("application/xml", "rdf"),
    ("text/plain", "nt"),
    ("text/plain, text/turtle;q=0.1", "ttl"),
    ("application/json;q=0.5, application/xml", "rdf"),
    ("application/json;q=0", None),
    ("text/csv", None),
    (JSON, None),
]


@pytest.mark.parametrize(("accept", "expected"), FOR_RESULTS)
def test_solutions_come_in_the_format_wanted_most(accept: str | None, expected: str | None) -> None:
    chosen = negotiate(accept, RESULTS_FORMATS)
    assert (chosen and chosen.name) == expected


@pytest.mark.parametrize(("accept", "expected"), FOR_GRAPHS)
def test_graphs_come_in_the_format_wanted_most(accept: str | None, expected: str | None) -> None:
    chosen = negotiate(accept, GRAPH_FORMATS)
    assert (chosen and chosen.name) == expected


RANGES = st.sampled_from(
    [one.media_type for one in RESULTS_FORMATS] + ["text/csv", "text/*", "application/*", "*/*"]
)
ELEMENTS = st.lists(
    st.builds("{};q={}".format, RANGES, st.sampled_from(["0", "0.3", "0.31", "0.7", "1.0"])),
    min_size=1,
    max_size=6,
)
MALFORMED = st.sampled_from(["csv", "*/csv", "text/", "/csv", "*/*;q=x", "*/*;q=inf", ";q=1", '"'])


@given(ELEMENTS, st.randoms(use_true_random=False))
def test_the_order_of_elements_never_matters(elements: list[str], chance: random.Random) -> None:
    shuffled = list(elements)
    chance.shuffle(shuffled)
    assert negotiate(",".join(elements), RESULTS_FORMATS) == negotiate(
        ",".join(shuffled), RESULTS_FORMATS
    )


@given(ELEMENTS, st.lists(MALFORMED))
def test_malformed_elements_change_nothing(elements: list[str], malformed: list[str]) -> None:
    assert negotiate(",".join(elements), RESULTS_FORMATS) == negotiate(
        ",".join([*elements, *malformed]), RESULTS_FORMATS
    )


@given(st.text() | st.text(alphabet='aq/*;,=." \\01'))
def test_any_text_gets_an_offer_or_none(accept: str) -> None:
    for offered in (RESULTS_FORMATS, GRAPH_FORMATS):
        assert negotiate(accept, offered) in {*offered, None}


def test_every_format_is_found_by_its_name() -> None:
    assert [FORMATS[one.name] for one in (*RESULTS_FORMATS, *GRAPH_FORMATS)] == [*FORMATS.values()]


@pytest.mark.parametrize(
    ("profiles", "name"),
    [
        ("expanded", "expanded.jsonld"),
        ("flattened", "flattened.jsonld"),
        ("compacted", "compacted.jsonld"),
        ("framed", "framed.jsonld"),
        ("flattened compacted", "compacted.jsonld"),
        ("", "jsonld"),
        ("nonsense", "jsonld"),
        ("nonsense expanded", "expanded.jsonld"),
    ],
)
def test_a_profile_that_there_is_comes_before_what_has_none(profiles: str, name: str) -> None:
    """https://www.w3.org/TR/json-ld11/#application-ld-json: several may stand in one."""
    iris = " ".join(f"http://www.w3.org/ns/json-ld#{one}" for one in profiles.split())
    accept = f'application/ld+json;profile="{iris}"' if iris else "application/ld+json"
    for header in (accept, f"{accept};q=0.9, text/html;q=0.8"):
        chosen = negotiate(header, DOCUMENT_FORMATS)
        assert chosen
        assert chosen.name == name


def test_what_is_excluded_by_its_own_name_is_not_meant_by_a_general_one() -> None:
    assert negotiate(f"{JSON};q=0, application/json", RESULTS_FORMATS) is None
    chosen = negotiate(f"{JSON};q=0, application/json, text/plain;q=0.1", RESULTS_FORMATS)
    assert chosen
    assert chosen.name == "tsv"
