"""The tables are the facts: whoever reads them by the standard has the dataset's own triples."""

from __future__ import annotations

import csv
import io
import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import csvw
import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, Triple

from partnergraph.dataset.canonical import Dataset
from partnergraph.dataset.loading import load_dataset
from partnergraph.namespaces import PUBLICATION, TP, XSD, expand
from partnergraph.publication.tables import METADATA, table_files
from partnergraph.settings import Settings
from tests.publication.datasets import (
    PROLOGUE,
    dataset,
    digests,
    digests_in_another_process,
    every,
    small,
)

FIELDS = ["tp:agreedField", "tp:practisedField", "tp:field", "tp:topic"]
LINKS = [
    *("tp:listedAsPartnerOf", "tp:twinnedWith", "tp:coSignatoryWith"),
    *("tp:partnership", "tp:inFrameworkOf", "tp:kind", "owl:sameAs"),
]
ALL = [
    *("tp:party", "tp:status", "tp:signed", "tp:signedYear", "tp:signedUnknown", "tp:instrument"),
    *("tp:suspended", "tp:endedUnknown", "org:member", "org:organization"),
    *FIELDS,
    *LINKS,
]
"""The properties whose every statement is in the tables."""

OF_NAMED = ["tp:began", "tp:beganYear", "tp:ended", "tp:endedYear"]
"""Those that are, but for the periods of a partnership, which have no name."""

OF_PARTNERS = ["tp:country", "wgs:lat", "wgs:long"]
"""Those that are in the tables of every partner."""


def read(of: Dataset) -> dict[str, bytes]:
    """The files of a dataset."""
    return {file: content for file, _, content in table_files(of)}


@cache
def files(name: str) -> dict[str, bytes]:
    """The files of a dataset by its name."""
    return read(dataset(name))


def rows(name: str, file: str) -> list[dict[str, str]]:
    """The rows of a table."""
    text = files(name)[file].decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def select(name: str, pattern: str) -> list[Any]:
    """The distinct solutions of a pattern."""
    solutions = dataset(name).store.query(
        f"{PROLOGUE} SELECT DISTINCT * {{ {pattern} }}", use_default_graph_as_union=True
    )
    assert isinstance(solutions, QuerySolutions)
    return list(solutions)


def triples_of(found: dict[str, bytes]) -> set[Triple]:
    """What https://www.w3.org/TR/csv2rdf/ reads from tables and their metadata, minimal mode."""
    triples = set()
    for table in json.loads(found[METADATA])["tables"]:
        schema = table["tableSchema"]
        reader = csv.DictReader(io.StringIO(found[table["url"]].decode(), newline=""))
        real = [one["name"] for one in schema["columns"] if "virtual" not in one]
        assert reader.fieldnames == real
        for row in reader:
            for column in schema["columns"]:
                # An empty cell is null, of which nothing is said.
                if column.get("suppressOutput") or row.get(column["name"]) == "":
                    continue
                subject = NamedNode(expanded(column.get("aboutUrl") or schema["aboutUrl"], row))
                predicate = NamedNode(expanded(column["propertyUrl"], row))
                for value in values(column, row):
                    triples.add(Triple(subject, predicate, value))
    return triples


def values(column: dict[str, Any], row: dict[str, str]) -> list[NamedNode | Literal]:
    """The objects of a cell."""
    if "valueUrl" in column:
        return [NamedNode(expanded(column["valueUrl"], row))]
    cell = row[column["name"]]
    items = cell.split(column["separator"]) if "separator" in column else [cell]
    if "lang" in column:
        return [Literal(item, language=column["lang"]) for item in items]
    return [Literal(item, datatype=NamedNode(XSD + column["datatype"])) for item in items]


def expanded(template: str, row: dict[str, str]) -> str:
    """A URI template of levels 1 and 2: https://www.rfc-editor.org/rfc/rfc6570."""
    safe = {"": "-._~", "+": "-._~:/?#[]@!$&'()*+,;=%"}
    return re.sub(
        r"\{(\+?)(\w+)\}", lambda found: quote(row[found[2]], safe=safe[found[1]]), template
    )


@every
def test_the_tables_say_nothing_that_the_dataset_does_not(name: str) -> None:
    read = triples_of(files(name))
    assert len(read) > 250
    assert read <= {quad.triple for quad in dataset(name).quads}


@every
@pytest.mark.parametrize("name_of_property", [*ALL, *OF_NAMED, *OF_PARTNERS])
def test_the_tables_say_all(name: str, name_of_property: str) -> None:
    """All that the dataset says with these properties comes back, datatypes and all."""
    iri = NamedNode(expand(name_of_property))
    partners = {row["iri"] for row in rows(name, "partners.csv")}
    stated = {quad.triple for quad in dataset(name).quads if quad.predicate == iri}
    if name_of_property in OF_NAMED:
        stated = {one for one in stated if isinstance(one.subject, NamedNode)}
    if name_of_property in OF_PARTNERS:
        stated = {one for one in stated if getattr(one.subject, "value", "") in partners}
    assert {one for one in triples_of(files(name)) if one.predicate == iri} == stated


def test_there_is_something_of_all_that_to_be_said() -> None:
    """Each property occurs in the data of the test above."""
    used = {quad.predicate.value for quad in dataset("examples").quads}
    assert {expand(one) for one in (*ALL, *OF_NAMED, *OF_PARTNERS)} <= used


def test_dates_keep_their_precision() -> None:
    """Each precision is there, as it was written."""
    read = triples_of(files("page"))
    dates = {one.object for one in read if one.predicate.value in (f"{TP}signed", f"{TP}began")}
    for text, datatype in (("1992", "gYear"), ("2021-01", "gYearMonth"), ("2022-07-22", "date")):
        assert Literal(text, datatype=NamedNode(XSD + datatype)) in dates
    assert {row["signed"] for row in rows("page", "agreements.csv")} >= {"1992", "2022-07-22", ""}


@every
@pytest.mark.parametrize(
    ("file", "pattern"),
    [
        ("partners.csv", "?any tp:party|tp:listedAsPartnerOf|^tp:listedAsPartnerOf ?thing"),
        ("partnerships.csv", "?thing a tp:Partnership"),
        ("agreements.csv", "?thing a tp:Agreement"),
        ("memberships.csv", "?thing a org:Membership"),
    ],
)
def test_a_row_a_thing(name: str, file: str, pattern: str) -> None:
    asked = {solution["thing"].value for solution in select(name, pattern)}
    found = [row["iri"] for row in rows(name, file)]
    assert len(found) == len(asked) > 1
    assert set(found) == asked


@every
@pytest.mark.parametrize(
    ("file", "properties"),
    [
        ("parties.csv", "tp:party"),
        ("fields.csv", " ".join(FIELDS)),
        ("links.csv", " ".join(LINKS)),
    ],
)
def test_a_row_a_statement(name: str, file: str, properties: str) -> None:
    asked = select(name, f"VALUES ?property {{ {properties} }} ?subject ?property ?object")
    assert len(rows(name, file)) == len(asked) > 20


@every
def test_lines_are_sorted_and_end_as_rfc_4180_says(name: str) -> None:
    """https://www.rfc-editor.org/rfc/rfc4180#section-2."""
    for file in sorted(files(name).keys() - {METADATA}):
        text = files(name)[file].decode("utf-8")
        assert text.endswith("\r\n")
        assert text.count("\n") == text.count("\r\n")
        cells = [list(row.values()) for row in rows(name, file)]
        assert cells == sorted(cells)


@every
def test_the_metadata_fit_the_tables(name: str, tmp_path: Path) -> None:
    """As another software understands the standard: datatypes, keys and references."""
    for file, content in files(name).items():
        (tmp_path / file).write_bytes(content)
    group = csvw.TableGroup.from_file(tmp_path / METADATA)
    for table in group.tables:
        read = list(table.iterdicts(strict=True))
        assert len(read) == len(rows(name, str(table.url)))
        assert table.check_primary_key()
    assert group.check_referential_integrity(strict=True)


def test_a_damaged_table_does_not_fit_the_metadata(tmp_path: Path) -> None:
    for file, content in files("page").items():
        (tmp_path / file).write_bytes(content.replace(b"2022-07-22", b"22.07.2022"))
    group = csvw.TableGroup.from_file(tmp_path / METADATA)
    (agreements,) = (table for table in group.tables if str(table.url) == "agreements.csv")
    with pytest.raises(ValueError, match=r"22\.07\.2022"):
        list(agreements.iterdicts(strict=True))


def test_every_column_has_a_title_in_both_languages() -> None:
    for table in json.loads(files("page")[METADATA])["tables"]:
        assert {one["@language"] for one in table["dc:title"]} == {"lv", "en"}
        columns = [one for one in table["tableSchema"]["columns"] if "virtual" not in one]
        for language in ("lv", "en"):
            titles = [json.dumps(column["titles"][language]) for column in columns]
            assert len(set(titles)) == len(titles)


def test_media_types() -> None:
    types = {file: media_type for file, media_type, _ in table_files(dataset("page"))}
    assert types.pop(METADATA) == "application/csvm+json"
    assert set(types.values()) == {"text/csv; charset=utf-8; header=present"}


def test_the_bytes_are_the_same_in_another_process() -> None:
    """Whatever its hash seed."""
    program = """
from partnergraph.dataset.loading import load_dataset
from partnergraph.settings import Settings
from partnergraph.publication.tables import table_files
files = table_files(load_dataset(Settings()))
"""
    assert digests_in_another_process(program) == digests(table_files(dataset("page")))


@pytest.mark.parametrize("label", ["=1+1", "+1", "-1", "@x", 'a "b", c', "two\nlines", " x "])
def test_a_cell_is_data_whatever_it_begins_with(label: str) -> None:
    """A spreadsheet's formulas are no concern of data; quotes and line breaks come back."""
    turtle = f"<id/a> tp:party <id/b> . <id/b> skos:prefLabel {json.dumps(label)}@en ."
    assert Triple(
        NamedNode(f"{PUBLICATION}id/b"),
        NamedNode(expand("skos:prefLabel")),
        Literal(label, language="en"),
    ) in triples_of(read(small(turtle)))


def test_several_values_stand_in_one_cell_and_in_rows_of_their_own() -> None:
    """Names stand in the order of the IRIs they belong to."""
    agreement = small(
        "<id/a> a tp:Agreement ; tp:party <id/b>, <id/c> ."
        '<id/b> skos:prefLabel "Zeta"@en . <id/c> skos:prefLabel "Alpha"@en .'
    )
    found = read(agreement)
    (row,) = csv.DictReader(io.StringIO(found["agreements.csv"].decode(), newline=""))
    assert row["parties"] == f"{PUBLICATION}id/b|{PUBLICATION}id/c"
    assert row["parties_en"] == "Zeta|Alpha"
    assert found["parties.csv"].count(b"\r\n") == 3


def test_a_table_of_nothing_is_its_header() -> None:
    memberships = read(small(""))["memberships.csv"]
    assert memberships.startswith(b"iri,member,")
    assert memberships.count(b"\r\n") == 1


@pytest.mark.parametrize(
    ("label", "separator"), [("Biel/Bienne", "|"), ("Biel|Bienne", "¦"), ("Biel | ¦ Bienne", "‖")]
)
def test_what_separates_values_is_in_none_of_them(
    label: str, separator: str, tmp_path: Path
) -> None:
    """And the metadata and their words say which it is."""
    file = tmp_path / "data.ttl"
    file.write_text(
        f"""
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        PREFIX tp: <https://partnergraph.example/def#>
        <https://partnergraph.example/id/country/xa> a tp:Country ;
          skos:prefLabel "A"@en , "A"@lv .
        <https://partnergraph.example/id/place/xa/bi> a tp:Territory ;
          skos:prefLabel "{label}"@en , "Bīle"@lv ;
          tp:country <https://partnergraph.example/id/country/xa> .
        <https://partnergraph.example/id/place/xa/bo> a tp:Territory ;
          skos:prefLabel "Borga"@en , "Borga"@lv ;
          tp:country <https://partnergraph.example/id/country/xa> .
        <https://partnergraph.example/id/partnership/data/x> a tp:Partnership ;
          tp:party <https://partnergraph.example/id/place/xa/bi> ,
            <https://partnergraph.example/id/place/xa/bo> .
        """,
        "utf-8",
    )
    files = {
        name: content for name, _, content in table_files(load_dataset(Settings(data=(file,))))
    }
    metadata = json.loads(files["csv-metadata.json"])
    columns = [one for table in metadata["tables"] for one in table["tableSchema"]["columns"]]
    assert {one["separator"] for one in columns if "separator" in one} == {separator}
    assert all(f"“{separator}”" in one["@value"] for one in metadata["dc:description"])
    cells = [
        cell
        for name, content in files.items()
        if name.endswith(".csv")
        for row in csv.reader(io.StringIO(content.decode()))
        for cell in row
    ]
    assert any(cell.split(separator) == [label, "Borga"] for cell in cells)
