"""Lines are found in every syntax, whatever way names are written, in time that the text allows."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnergraph.namespaces import RDF, XSD
from partnergraph.texts.lines import GraphLines

THING, OTHER = "<http://e/thing>", "<http://e/other>"
NAME, KNOWS, TYPE = "http://v/name", "http://v/knows", f"{RDF}type"

TURTLE = """\
PREFIX v: <http://v/>
@prefix : <http://e/> .
# :thing v:name "in a comment" .
:other v:knows :thing ; v:name "Otra. :thing v:name" .
:thing
    a v:Person ;
    v:name "one",
        "tw\\u006F"@en ;
    v:knows :other, [ v:name "nobody" ] ;
    v:age 7 .
"""
N_TRIPLES = """\
<http://e/other> <http://v/knows> <http://e/thing> .
<http://e/thing> <http://v/name> "one" .
<http://e/other> <http://v/name> "two" .
<http://e/thing> <http://v/name> "two" .
"""
TRIG = """\
BASE <http://e/>
PREFIX v: <http://v/>
GRAPH <g> {
  <other> v:knows <thing>
}
<h> {
  <thing> v:name 'one' ;
    v:knows <other> }
"""
JSON_LD = """\
{
  "@graph": [
    {"id": "e:other", "knows": {"id": "e:thing"}, "name": "two"},
    {
      "type": "Person",
      "name": "one",
      "knows": {"http://v/name": "nobody"},
      "id": "e:thing"
    }
  ],
  "@context": [{
    "e": "http://e/",
    "id": "@id",
    "type": "@type",
    "@vocab": "http://v/",
    "knows": {"@id": "http://v/knows", "@type": "@id"}
  }]
}
"""
RDF_XML = """\
<?xml version="1.0"?>
<!-- <v:name>one</v:name> -->
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:v="http://v/">
  <rdf:Description rdf:about="http://e/other">
    <v:knows rdf:resource="http://e/thing"/>
    <v:name>one</v:name>
  </rdf:Description>
  <v:Person rdf:about='http://e/thing'>
    <v:knows><v:Person rdf:about="http://e/inner"><v:name>in</v:name></v:Person></v:knows>
    <v:name
        >one &amp; only</v:name>
  </v:Person>
</rdf:RDF>
"""


@pytest.mark.parametrize(
    ("syntax", "text", "thing", "path", "value", "line"),
    [
        ("ttl", TURTLE, THING, "", "", 5),
        ("ttl", TURTLE, THING, "", THING, 5),
        ("ttl", TURTLE, THING, NAME, "", 7),
        ("ttl", TURTLE, THING, NAME, '"one"', 7),
        ("ttl", TURTLE, THING, NAME, '"two"@en', 8),
        ("ttl", TURTLE, THING, KNOWS, OTHER, 9),
        ("ttl", TURTLE, THING, TYPE, "<http://v/Person>", 6),
        ("ttl", TURTLE, THING, "http://v/age", f'"7"^^<{XSD}integer>', 10),
        ("ttl", TURTLE, THING, "http://v/missing", "", 5),
        ("ttl", TURTLE, OTHER, KNOWS, THING, 4),
        ("ttl", TURTLE, "_:b0", NAME, '"nobody"', 9),
        ("ttl", TURTLE, "_:b0", "http://v/missing", "", 0),
        ("ttl", TURTLE, "<http://e/absent>", NAME, "", 0),
        ("ttl", "[] <http://v/a> 1 .\n<x:y> <http://v/a> 2 .", "<x:y>", "http://v/a", "", 2),
        ("nt", N_TRIPLES, THING, NAME, '"two"', 4),
        ("nq", N_TRIPLES, THING, "", "", 2),
        ("trig", TRIG, THING, NAME, '"one"', 7),
        ("trig", TRIG, THING, KNOWS, OTHER, 8),
        ("trig", TRIG, OTHER, "", "", 4),
        ("jsonld", JSON_LD, THING, "", "", 8),
        ("jsonld", JSON_LD, THING, NAME, '"one"', 6),
        ("jsonld", JSON_LD, THING, KNOWS, "_:b0", 7),
        ("jsonld", JSON_LD, THING, TYPE, "<http://v/Person>", 5),
        ("jsonld", JSON_LD, OTHER, KNOWS, THING, 3),
        ("jsonld", JSON_LD, "_:b0", NAME, '"nobody"', 7),
        ("rdf", RDF_XML, THING, "", "", 8),
        ("rdf", RDF_XML, THING, NAME, '"one & only"', 11),
        ("rdf", RDF_XML, OTHER, NAME, '"one"', 6),
        ("rdf", RDF_XML, "<http://e/inner>", NAME, '"in"', 9),
    ],
)
def test_the_line_is_found(  # noqa: PLR0913, PLR0917 - one row of the table above each
    syntax: str, text: str, thing: str, path: str, value: str, line: int
) -> None:
    assert GraphLines(text, syntax).line(thing, path, value) == line


def test_names_are_given_as_they_are_written() -> None:
    assert GraphLines(TURTLE, "ttl").written("http://e/other") == ":other"
    assert GraphLines(TRIG, "trig").written("http://e/other") == "<other>"
    assert GraphLines(JSON_LD, "jsonld").written("http://e/thing") == "e:thing"
    assert GraphLines(TURTLE, "ttl").written("http://e/absent") == ""


@pytest.mark.parametrize("syntax", ["ttl", "jsonld", "rdf"])
@pytest.mark.parametrize(
    "part",
    [
        *(
            '"""',
            '"',
            "'",
            "<",
            "[",
            "]",
            "{",
            "}",
            '"\\',
            "a:",
            "<!--",
            "<![CDATA[>",
            'a="x',
            "a=",
        ),
        *(
            '{"a":',
            '{"@context":{"a":"a:a"},',
            "x",
            "x ",
            "#",
            "\\",
            "@prefix a: <a:> ",
            "<a ",
            "</",
        ),
        *("xmlns:a='", '"^^<'),
    ],
)
def test_no_text_takes_long(part: str, syntax: str) -> None:
    """A hundred thousand characters of anything take a part of a second, not minutes."""
    begin = time.perf_counter()
    GraphLines(part * (100_000 // len(part)), syntax).line(THING, NAME, '"a"')
    assert time.perf_counter() - begin < 5


@given(st.text(alphabet=st.sampled_from("\"'<>[]{}()#\\.;,:@^au/= \n"), max_size=60))
def test_no_text_is_a_fault(text: str) -> None:
    for syntax in ("ttl", "jsonld", "rdf"):
        lines = GraphLines(text, syntax)
        assert 0 <= lines.line(THING, NAME, text) <= text.count("\n") + 1
