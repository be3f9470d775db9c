"""No ill-typed literal passes the gate, whatever its datatype, and whoever else reads it."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Triple
from rdflib import SH

from partnergraph.dataset.canonical import Dataset, in_graph
from partnergraph.dataset.loading import complete, load_dataset
from partnergraph.dataset.one_form import rewritten_tags
from partnergraph.dataset.parsing import parse_quads
from partnergraph.gate.literals import ill_typed
from partnergraph.gate.places import placed_in_files
from partnergraph.gate.reports import as_json, as_text
from partnergraph.gate.validation import validate
from partnergraph.namespaces import RDF, TPS, XSD, expand
from partnergraph.results import Place, Report, Severity
from partnergraph.settings import Settings
from tests.serving import ROOT
from tests.syntaxes.test_lexical_forms import ILL_FORMED, WELL_FORMED, each

ONTOLOGY = ROOT / "ontology"
SOMETHING = NamedNode("https://example.org/something")
GRAPH = NamedNode("https://partnergraph.example/graph/test")
LEXICAL_FORM = f"{TPS}lexical-form"
WRITTEN_OTHERWISE = f"{TPS}written-otherwise"


def dataset_of(literals: list[tuple[str, str]]) -> Dataset:
    """A statement of a thing of its own for each."""
    return complete(
        [
            Quad(
                NamedNode(f"https://example.org/{number}"),
                SOMETHING,
                Literal(text, datatype=NamedNode(XSD + name)),
                GRAPH,
            )
            for number, (name, text) in enumerate(literals)
        ],
        ONTOLOGY,
        alone=True,
    )


def read(turtle: str) -> Dataset:
    """What a file of Turtle becomes, with a territory ``place-xa:a``."""
    head = """
        PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX owl: <http://www.w3.org/2002/07/owl#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        PREFIX tp: <https://partnergraph.example/def#>
        PREFIX wgs: <http://www.w3.org/2003/01/geo/wgs84_pos#>
        PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
        <x:c> a tp:Country ; skos:prefLabel "C"@en, "C"@lv .
        <x:a> a tp:Territory ; tp:country <x:c> ; skos:prefLabel "A"@en, "A"@lv .
    """
    quads = parse_quads((head + turtle).encode(), ".ttl", Path("test.ttl"))
    return complete((in_graph(quad.triple, GRAPH) for quad in quads), ONTOLOGY, alone=True)


def shapes(report: Report) -> set[str]:
    return {result.shape.removeprefix(TPS) for result in report.results}


def test_every_ill_typed_literal_is_a_violation() -> None:
    """And the report, its text, its JSON and its graph, shows each as it was written."""
    literals = each(ILL_FORMED)
    report = validate(dataset_of(literals))
    found = [result for result in report.results if result.shape == LEXICAL_FORM]
    assert {result.value for result in found} == {
        str(Literal(text, datatype=NamedNode(XSD + name))) for name, text in literals
    }
    assert len(found) == len(literals)
    assert {result.severity for result in found} == {Severity.VIOLATION}
    assert not report.conforms
    written = {str(term) for term in report.graph.objects(None, SH.value)}
    assert written == {text for _, text in literals}
    assert "“1e3” nav xsd:decimal vērtība; to raksta, piemēram, šādi: “57.54”." in as_text(
        report, "lv"
    )
    assert json.loads(as_json(report))["violations"] == len(literals)


def test_no_well_formed_literal_is_one() -> None:
    assert LEXICAL_FORM not in {
        result.shape for result in validate(dataset_of(each(WELL_FORMED))).results
    }


@pytest.mark.parametrize(
    ("said", "shape"),
    [
        ('wgs:lat "NaN"^^xsd:decimal ; wgs:long 5.5', "lat-with-long"),
        ('wgs:lat "5.754108E1"^^xsd:decimal ; wgs:long 5.5', "lat-with-long"),
        ('wgs:long "2_5"^^xsd:decimal ; wgs:lat 5.5', "long-with-lat"),
        ('owl:deprecated "TRUE"^^xsd:boolean', "deprecated-boolean"),
        ('dcterms:identifier "٥"^^xsd:integer', "lexical-form"),
        ('wgs:lat "1e4"^^xsd:decimal ; wgs:long 5.5', "lat-with-long"),
    ],
)
def test_a_shape_that_speaks_of_the_value_says_why_it_is_none(said: str, shape: str) -> None:
    """One fault, one result that names what would be right."""
    report = validate(read(f"<x:a> {said} ."))
    (result,) = [one for one in report.results if one.shape == TPS + shape]
    assert " is no value of xsd:" in result.messages["en"]
    assert " vērtība; to raksta, piemēram, šādi: " in result.messages["lv"]
    assert not report.conforms


@pytest.mark.parametrize("number", ["90.5", "-90.001", "1000000000"])
def test_a_latitude_is_on_earth_where_no_box_is_known(number: str) -> None:
    assert "lat-on-earth" in shapes(validate(read(f"<x:a> wgs:lat {number}e0 ; wgs:long 5.5 .")))
    found = shapes(validate(read(f'<x:a> wgs:lat "{number}"^^xsd:decimal ; wgs:long 5.5 .')))
    assert found == {"lat-on-earth"}


@pytest.mark.parametrize(
    ("west", "east", "longitude", "inside"),
    [
        ("176", "-178", "179.5", True),
        ("176", "-178", "-179.5", True),
        ("176", "-178", "180", True),
        ("176", "-178", "-180", True),
        ("176", "-178", "176", True),
        ("176", "-178", "0", False),
        ("176", "-178", "175.9", False),
        ("176", "-178", "-177.9", False),
        ("20", "28", "25", True),
        ("20", "28", "179.5", False),
        ("20", "28", "-25", False),
    ],
)
def test_a_box_may_cross_the_antimeridian(
    west: str, east: str, longitude: str, inside: bool
) -> None:
    """https://www.rfc-editor.org/rfc/rfc7946#section-5.2."""
    data = f"""
        <x:c> tp:west "{west}"^^xsd:decimal ; tp:east "{east}"^^xsd:decimal ;
          tp:south "-21"^^xsd:decimal ; tp:north "-12"^^xsd:decimal .
        <x:a> wgs:lat "-16.5"^^xsd:decimal ; wgs:long "{longitude}"^^xsd:decimal .
    """
    assert ("coordinates-in-country" not in shapes(validate(read(data)))) == inside


@pytest.mark.parametrize(
    ("links", "circle"),
    [
        ("<x:a> {} <x:a> .", True),
        ("<x:a> {} <x:b> . <x:b> {} <x:a> .", True),
        ("<x:a> {} <x:b> . <x:b> {} <x:d> . <x:d> {} <x:a> .", True),
        ("<x:a> {} <x:b> . <x:b> {} <x:b> .", True),
        ("<x:a> {} <x:b> . <x:b> {} <x:d> . <x:a> {} <x:d> .", False),
    ],
)
@pytest.mark.parametrize(
    ("path", "shape"),
    [("dcterms:isReplacedBy", "replaced-acyclic"), ("tp:within", "within-acyclic")],
)
def test_circles_are_found(links: str, circle: bool, path: str, shape: str) -> None:
    places = "".join(
        f'<x:{name}> a tp:Territory ; tp:country <x:c> ; skos:prefLabel "X"@en, "X"@lv . '
        for name in "bd"
    )
    report = validate(read(places + links.replace("{}", path)))
    assert (shape in shapes(report)) == circle


@pytest.mark.parametrize(
    ("written", "served"),
    [
        ('"28.690"^^xsd:decimal', '"28.69"'),
        ('"007"^^xsd:integer', '"7"'),
        ('"1"^^xsd:boolean', '"true"'),
        ('"5"^^xsd:nonNegativeInteger', f'"5"^^<{XSD}integer>'),
        ('"2020-01-01+00:00"^^xsd:date', '"2020-01-01Z"'),
        ('"P12M"^^xsd:duration', '"P1Y"'),
        ('"1.0"^^xsd:double', '"1"'),
    ],
)
def test_a_value_written_in_another_form_is_told(written: str, served: str) -> None:
    """Version, graphs and answers have one form; where the file has another, both are said."""
    dataset = read(f"<x:a> dcterms:identifier {written} .")
    (result,) = [one for one in validate(dataset).results if one.shape == WRITTEN_OTHERWISE]
    assert result.severity is Severity.INFO
    assert result.value == written.replace("xsd:", f"<{XSD}") + ">"
    (value,) = {
        str(quad.object) for quad in dataset if quad.predicate.value == expand("dcterms:identifier")
    }
    assert value.startswith(served)
    solutions = dataset.store.query(
        f"SELECT ?o {{ GRAPH ?g {{ <x:a> <{expand('dcterms:identifier')}> ?o }} }}"
    )
    assert isinstance(solutions, QuerySolutions)
    assert [str(one["o"]) for one in solutions] == [value]
    assert value.replace(f"<{XSD}", "xsd:").rstrip(">") in result.messages["lv"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ttl", '<x:a> <x:b> "x"@sr-Latn, "y"@en-GB, "z"@lv .'),
        ("a.nt", '<x:a> <x:b> "x"@sr-Latn .\n<x:a> <x:b> "y"@en-GB .\n'),
        ("a.trig", "GRAPH <x:g> { <x:a> <x:b> 'x'@sr-Latn, 'y'@en-GB }"),
        (
            "a.rdf",
            (
                f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:x="http://x/">'
                '<rdf:Description rdf:about="x:a"><x:b xml:lang="sr-Latn">x</x:b>'
                '<x:b xml:lang="en-GB">y</x:b></rdf:Description></rdf:RDF>'
            ),
        ),
        (
            "a.jsonld",
            (
                '{"@id": "x:a", "x:b": [{"@value": "x", "@language": "sr-Latn"},'
                ' {"@value": "y", "@language": "en-GB"}]}'
            ),
        ),
    ],
)
def test_language_tags_in_capitals_are_told(name: str, content: str, tmp_path: Path) -> None:
    """They are served in lower case, their value space, from the files to the answers."""
    file = tmp_path / name
    file.write_text(content, "utf-8")
    dataset = load_dataset(Settings(data=(file,)))
    found = [one for one in validate(dataset).results if one.shape == WRITTEN_OTHERWISE]
    assert [one.value for one in found] == ['"…"@en-GB', '"…"@sr-Latn']
    assert 'served is "…"@sr-latn' in found[1].messages["en"]
    assert b'"x"@sr-latn' in dataset.n_quads


@pytest.mark.alone
def test_a_long_text_with_quotation_marks_is_read_quickly() -> None:
    text = 'say "hello" to ' * 100_000
    quad = Quad(SOMETHING, SOMETHING, Literal(text), GRAPH)
    wrong = Quad(SOMETHING, SOMETHING, Literal(text, datatype=NamedNode(f"{XSD}integer")), GRAPH)
    dataset = complete([quad, wrong], ONTOLOGY, alone=True)
    begin = time.perf_counter()
    assert [found.object for found in ill_typed(dataset)] == [wrong.object]
    assert time.perf_counter() - begin < 2


def test_a_literal_within_a_triple_is_no_value_of_the_statement() -> None:
    triple = Triple(SOMETHING, SOMETHING, Literal("01x", datatype=NamedNode(f"{XSD}integer")))
    dataset = complete([Quad(SOMETHING, SOMETHING, triple, GRAPH)], ONTOLOGY, alone=True)
    assert list(ill_typed(dataset)) == []


def test_a_value_of_several_lines_is_reported_once() -> None:
    report = validate(read('<x:a> wgs:lat 5.5 ; wgs:long "abc\\n\\"def"^^xsd:decimal .'))
    values = [result for result in report.results if "def" in str(result.value)]
    assert {one.shape.removeprefix(TPS) for one in values} == {"long-with-lat", "long-on-earth"}
    assert all(" is no value of xsd:decimal" in one.messages["en"] for one in values)


def test_a_result_is_placed_in_the_file_that_says_it(tmp_path: Path) -> None:
    """And not in another one that names the same thing, whatever the order of the files."""
    prefixes = "PREFIX tp: <https://partnergraph.example/def#>\n"
    said = prefixes + f'<x:a>\n  tp:founded "2020-02-30"^^<{XSD}date> .\n'
    for names in (("a.ttl", "b.ttl"), ("b.ttl", "a.ttl")):
        (tmp_path / names[0]).write_text(prefixes + "<x:a> a tp:Network .\n", "utf-8")
        (tmp_path / names[1]).write_text(said, "utf-8")
        report = placed_in_files(validate(load_dataset(Settings(data=(tmp_path,)))), (tmp_path,))
        places = [one.place for one in report.results if one.shape == f"{TPS}founded-form"]
        assert places == [Place(str(tmp_path / names[1]), 3)]


@pytest.mark.parametrize(
    "text",
    [
        "<x:a> <x:b> \"mail to 'x'@Example.org\"@en .",
        '<x:a> <x:b> "mail to \\"x\\"@Example.org"@en . # "x"@EN',
        '<x:a> <x:b> """say "x"@EN or \\"\\"@EN"""@en .',
        "<x:a> <x:b> <x:'c'@EN> .",
    ],
)
def test_what_only_looks_like_a_tag_is_none(text: str) -> None:
    assert rewritten_tags(text.encode(), ".ttl", "x:g") == []


def test_the_same_value_is_shown_each_time() -> None:
    """Not whichever a set gives first; a blank node has no name yet."""
    for _ in range(3):
        data = "".join(f'[] tp:years "0{n}"^^xsd:integer . ' for n in range(10, 20))
        (result,) = [one for one in validate(read(data)).results if one.shape == WRITTEN_OTHERWISE]
        assert result.focus_node == f"<{GRAPH.value}>"
        assert result.value == f'"010"^^<{XSD}integer>'
        assert "9 more likewise" in result.messages["en"]
