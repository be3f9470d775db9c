"""From a request to a query: parameters, formats, codings."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnergraph.content_codings import encode, negotiate_coding
from partnergraph.errors import PartnergraphError, RequestError
from partnergraph.formats import formats_named
from partnergraph.protocol.messages import Request
from partnergraph.protocol.query_request import QueryLimits, read_query

LIMIT = 65536


def text_of(query_string: str) -> str:
    """The query that a request by GET asks."""
    return read_query(Request("GET", "/sparql", query_string), QueryLimits(LIMIT)).text


@given(
    st.text(alphabet=st.sampled_from([*"abXY019%+&= \t\r\n_\"'<>?#\\ā€😀;~.\x00\x7f\x85\u2028"]))
)
def test_parameters_are_read_as_the_standard_library_does(text: str) -> None:
    """Encoded as a browser does, and as it is."""
    for value in (quote_plus(text), text):
        try:
            (expected,) = [
                one
                for name, one in parse_qsl(
                    f"query={value}", keep_blank_values=True, errors="strict"
                )
                if name == "query"
            ]
        except ValueError:  # Not UTF-8, or the text names more parameters.
            with pytest.raises(PartnergraphError):
                text_of(f"query={value}&query=")
            continue
        assert text_of(f"query={value}&format=json".replace("update", "")) == expected


def test_many_parameters_are_refused() -> None:
    with pytest.raises(RequestError):
        text_of("query=ASK{}" + "&a=b" * 100)


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        (None, None),
        ("", None),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, br", "br"),
        ("gzip, br, zstd", "zstd"),
        ("deflate, gzip;q=1.0, *;q=0.5", "gzip"),
        ("gzip;q=0.5, br;q=0.1", "gzip"),
        ("gzip;q=0", None),
        ("*", "zstd"),
        ("*;q=0", None),
        ("zstd;q=0, *", "br"),
        ("identity", None),
        ("identity;q=1, gzip;q=0.5", None),
        ("identity;q=0.5, gzip", "gzip"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("deflate", None),
        ("gzip;q=nonsense", None),
        ("GZIP", "gzip"),
    ],
)
def test_accept_encoding(header: str | None, coding: str | None) -> None:
    """https://www.rfc-editor.org/rfc/rfc9110#name-accept-encoding, with our order among equals."""
    assert negotiate_coding(header) == coding


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_codings_are_deterministic(coding: str) -> None:
    assert encode(b"x" * 5000, coding) == encode(b"x" * 5000, coding) != b"x" * 5000


@pytest.mark.parametrize(
    ("name", "results", "graph"),
    [
        ("json", "json", "jsonld"),
        ("xml", "xml", "rdf"),
        ("csv", "csv", None),
        ("ttl", None, "ttl"),
        ("Turtle", None, "ttl"),
        ("rdf+xml", None, "rdf"),
        ("json-ld", None, "jsonld"),
        ("text/csv", "csv", None),
        ("application/sparql-results+json", "json", None),
        ("application/n-triples", None, "nt"),
        ("pdf", None, None),
    ],
)
def test_names_of_formats(name: str, results: str | None, graph: str | None) -> None:
    """Ours, those that clients at hand use, and media types."""
    found = formats_named(name)
    assert tuple(one.name if one else None for one in found) == (results, graph)
