"""Stored queries from their files: what is read, and what is refused, with the place."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from partnergraph.errors import UnreadableInput
from partnergraph.namespaces import XSD
from partnergraph.questions.files import StoredQueries, read_stored_query
from partnergraph.questions.parameters import LONGEST_VALUE, UnfitValue, read_parameter

HEAD = """\
#+ summary: A title
#+ description: >-
#+   Two
#+   lines.
#+ tags:
#+   - partners
#+ defaults:
#+   - field: https://partnergraph.example/concept/culture
#+   - territory: https://partnergraph.example/id/place/lv/valmiera
#+ lv:
#+   summary: Nosaukums
#defaultView:Map
PREFIX tp: <https://partnergraph.example/def#>
"""
QUERY = "SELECT ?a WHERE { ?a tp:agreedField ?_field_iri ; tp:party ?_territory_iri } ORDER BY ?a\n"


def written(folder: Path, text: str, name: str = "one") -> Path:
    """A file with a text."""
    path = folder / f"{name}.rq"
    path.write_text(text, "utf-8")
    return path


def test_what_a_file_says_is_read(tmp_path: Path) -> None:
    query = read_stored_query(written(tmp_path, HEAD + QUERY))
    assert query.summary == {"en": "A title", "lv": "Nosaukums"}
    assert query.description == {"en": "Two lines."}
    assert (query.tag, query.view, query.form) == ("partners", "Map", "SELECT")
    assert (query.columns, query.is_ordered) == (("a",), True)
    assert query.prefixes == {"tp": "https://partnergraph.example/def#"}
    assert [one.name for one in query.parameters] == ["field", "territory"]


def test_the_version_follows_from_the_file_alone(tmp_path: Path) -> None:
    first = read_stored_query(written(tmp_path, HEAD + QUERY))
    same = read_stored_query(written(tmp_path, HEAD + QUERY, "two"), "http://city.example/")
    other = read_stored_query(written(tmp_path, HEAD + QUERY + "# A remark\n"))
    assert first.version == same.version != other.version
    assert len(first.version) == 12


def test_another_base_is_put_into_the_query_and_its_defaults(tmp_path: Path) -> None:
    """But not into what all publishers share."""
    text = HEAD + QUERY.replace(
        "?_territory_iri }", "?_territory_iri . <https://partnergraph.example/id/x> ?p ?q }"
    )
    query = read_stored_query(written(tmp_path, text), "http://city.example/")
    defaults = {one.name: one.default for one in query.parameters}
    assert defaults["territory"] == "http://city.example/id/place/lv/valmiera"
    assert defaults["field"] == "https://partnergraph.example/concept/culture"
    assert "<http://city.example/id/x>" in query.text


def test_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "one.rq"
    path.write_bytes((HEAD + QUERY).replace("\n", "\r\n").encode())
    assert read_stored_query(path).summary["lv"] == "Nosaukums"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("#+ summary: a: b\nASK {}", 1, "YAML"),
        ("#+ summary: x\n# A remark\n#+ tags: [\nASK {}", 3, "YAML"),
        ("#+ just words\nASK {}", None, "name: value"),
        ("#+ summary: x\nSELECT * { ?a ?b ?c }", None, "name the columns"),
        ("#+ summary: x\n\nSELECT ?a { ?a tp:x ?c }", 3, "The prefix 'tp:' is not declared"),
        ("#+ summary: x\nSELECT ?a { ?a ?b }", 2, "expected"),
        ("#+ summary: x\nASK { SERVICE <http://a/> {} }", 2, "another server"),
        ("#+ summary: x\nSELECT (NOW() AS ?a) {}", None, "cannot be cited"),
        ("#+ summary: x\nSELECT ?a { ?a ?b ?_from_year }", 2, "'year' is neither"),
        ("#+ summary: x\nSELECT ?a { ?a ?b ?_x_xsd_hexBinary }", 2, "cannot be checked"),
        ("#+ summary: x\nSELECT ?a { ?a ?b ?_limit_integer }", 2, "option of every query"),
        ("#+ summary: x\nSELECT ?_x { ?_x ?b ?c }", 2, "only where an RDF term"),
        ("#+ summary: x\nSELECT ?a { BIND (1 AS ?_x) ?a ?b ?c }", 2, "only where an RDF term"),
        ("#+ summary: x\nSELECT ?a { ?a ?_x ?__x }", 2, "two parameters are called 'x'"),
        ("#+ summary: x\n#+ defaults:\n#+   - y: 1\nASK {}", None, "no parameter"),
        ("#+ summary: x\n#+ defaults: y\nASK {}", None, "defaults are a list"),
        ("#+ summary: x\n#defaultView:Pie\nASK {}", None, "#defaultView is one of"),
    ],
)
def test_what_is_no_stored_query_is_refused(
    text: str, line: int | None, words: str, tmp_path: Path
) -> None:
    """With the file, the line, and what would be right."""
    path = written(tmp_path, text)
    with pytest.raises(UnreadableInput) as caught:
        StoredQueries(tmp_path)
    assert (caught.value.path, caught.value.line) == (path, line)
    assert words in str(caught.value)


def test_odd_files_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + QUERY, "Two_Words")
    with pytest.raises(UnreadableInput, match="small letters"):
        read_stored_query(path)
    path = tmp_path / "latin.rq"
    path.write_bytes("#+ summary: ā\nASK {}".encode("utf-16"))
    with pytest.raises(UnreadableInput, match="not UTF-8"):
        read_stored_query(path)
    (tmp_path / "names.toml").write_text("[columns\n", "utf-8")
    path.unlink()
    (tmp_path / "Two_Words.rq").unlink()
    with pytest.raises(UnreadableInput, match=r"names\.toml"):
        StoredQueries(tmp_path)


def test_a_query_without_a_head_is_called_by_its_file(tmp_path: Path) -> None:
    query = read_stored_query(written(tmp_path, "ASK {}", "two-words"))
    assert (query.summary, query.description, query.parameters) == ({"en": "Two words"}, {}, ())
    assert query.form == "ASK"


def test_what_has_no_name_is_called_by_itself(tmp_path: Path) -> None:
    written(tmp_path, HEAD + QUERY)
    queries = StoredQueries(tmp_path)
    assert queries.called("columns", "memberSince", "lv") == "Member since"


@pytest.mark.parametrize(
    ("variable", "name", "kind", "required"),
    [
        ("_x", "x", "literal", True),
        ("__x", "x", "literal", False),
        ("_partnerCity_iri", "partnerCity", "iri", True),
        ("__from_integer", "from", "integer", False),
        ("_day_xsd_date", "day", f"{XSD}date", True),
        ("_name_lv", "name", "", True),
    ],
)
def test_names_of_variables_say_what_they_are(
    variable: str, name: str, kind: str, required: bool
) -> None:
    parameter = read_parameter(variable)
    assert parameter is not None
    assert (parameter.name, parameter.kind, parameter.required) == (name, kind, required)
    assert read_parameter(name) is None


TYPED = [
    ("_x_integer", "-007", Literal("-007", datatype=NamedNode(f"{XSD}integer"))),
    ("_x_number", "2", Literal("2", datatype=NamedNode(f"{XSD}integer"))),
    ("_x_number", "2.50", Literal("2.50", datatype=NamedNode(f"{XSD}decimal"))),
    ("_x_number", "1e-3", Literal("1e-3", datatype=NamedNode(f"{XSD}double"))),
    ("_x_lv", "ā", Literal("ā", language="lv")),
    ("_x_literal", "", Literal("")),
    ("_x_xsd_gYear", "1992", Literal("1992", datatype=NamedNode(f"{XSD}gYear"))),
    ("_x_xsd_date", "2024-02-29", Literal("2024-02-29", datatype=NamedNode(f"{XSD}date"))),
    ("_x_xsd_boolean", "true", Literal("true", datatype=NamedNode(f"{XSD}boolean"))),
    ("_x_iri", "tpc:culture", NamedNode("https://partnergraph.example/concept/culture")),
    ("_x_iri", "https://a.example/ā#b", NamedNode("https://a.example/ā#b")),
    ("_x_iri", "urn:isbn:123", NamedNode("urn:isbn:123")),
]


@pytest.mark.parametrize(("variable", "text", "term"), TYPED)
def test_a_text_becomes_a_term(variable: str, text: str, term: NamedNode | Literal) -> None:
    parameter = read_parameter(variable)
    assert parameter is not None
    assert parameter.term(text) == term
    assert str(parameter.term(text)) == str(term)


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        *(("_x_integer", text) for text in ("", "1.0", "1e3", "１", " 1", "1\n", "9" * 19)),
        *(("_x_number", text) for text in ("", "NaN", "INF", "1e9999", "0x1", ".", "1,5")),
        *(("_x_xsd_date", text) for text in ("2023-02-29", "2023-2-1", "1992", "20230101")),
        *(("_x_xsd_gYear", text) for text in ("92", "1992-01", "19920", "١٩٩٢")),
        *(("_x_xsd_gYearMonth", text) for text in ("1992-13", "1992")),
        *(("_x_xsd_dateTime", text) for text in ("2023-01-01", "2023-01-01T25:00:00")),
        *(("_x_xsd_boolean", text) for text in ("yes", "TRUE", "")),
        *(
            ("_x_iri", text)
            for text in ("", "a", "http://a b", "http://a/>", "file:///x", "http://[")
        ),
        ("_x_literal", "x" * (LONGEST_VALUE + 1)),
    ],
)
def test_what_is_of_another_type_is_refused_in_both_languages(variable: str, text: str) -> None:
    parameter = read_parameter(variable)
    assert parameter is not None
    with pytest.raises(UnfitValue) as caught:
        parameter.term(text)
    assert set(caught.value.reasons) == {"lv", "en"}
