"""A workbook opens in every spreadsheet program with numbers, days and texts as they are meant."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import datetime
from typing import Any

import openpyxl
import pandas
import pytest

from partnergraph.namespaces import XSD
from partnergraph.question_pages.workbooks import LONGEST_TEXT, workbook
from tests.serving import Server

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def cell_of(text: str, datatype: str = "") -> Any:
    """The cell that a literal becomes."""
    term = {"type": "literal", "value": text}
    if datatype:
        term["datatype"] = XSD + datatype
    document = {"head": {"vars": ["x"]}, "results": {"bindings": [{"x": term}]}}
    book = openpyxl.load_workbook(io.BytesIO(workbook(json.dumps(document).encode(), "test")))
    sheet = book["test"]
    assert sheet.cell(1, 1).value == "x"
    return sheet.cell(2, 1)


@pytest.mark.parametrize(
    ("text", "datatype", "value"),
    [
        ("1992", "gYear", 1992),
        ("29", "integer", 29),
        ("-5", "integer", -5),
        ("57.54108", "decimal", 57.54108),
        ("1.5E3", "double", 1500),
        ("true", "boolean", True),
        ("2022-07-22", "date", datetime(2022, 7, 22)),
        # What a cell would change is text.
        ("2021-01", "gYearMonth", "2021-01"),
        ("1850-01-01", "date", "1850-01-01"),
        ("2022-07-22Z", "date", "2022-07-22Z"),
        ("1992Z", "gYear", "1992Z"),
        ("1234567890123456789", "integer", "1234567890123456789"),
        ("0.12345678901234567", "decimal", "0.12345678901234567"),
        ("NaN", "double", "NaN"),
        ("007", "", "007"),
        ("1992", "", "1992"),
        ("=1+1", "", "=1+1"),
        ("@SUM(A1)", "", "@SUM(A1)"),
        ("+371 64 201 111", "", "+371 64 201 111"),
        ("Zduńska Wola", "", "Zduńska Wola"),
        ("two\nlines", "", "two\nlines"),
    ],
)
def test_a_cell_is_what_is_meant(text: str, datatype: str, value: object) -> None:
    cell = cell_of(text, datatype)
    assert cell.value == value
    assert type(cell.value) is type(value) or isinstance(value, (int, float))
    assert cell.data_type != "f"


def test_what_no_cell_can_have_is_marked() -> None:
    assert cell_of("a\x01b").value == "a\N{REPLACEMENT CHARACTER}b"
    long = cell_of("x" * 40_000).value
    assert len(long) == LONGEST_TEXT
    assert long.endswith("…")


def test_an_answer_is_a_workbook(server: Server) -> None:
    """By its address and by its media type."""
    address = "/queries/chronology.xlsx?territory=valmiera&labels=lv"
    first = server.client.get(address)
    assert first.headers["content-type"] == MEDIA_TYPE
    asked = server.client.get(address.replace(".xlsx", ""), headers={"accept": MEDIA_TYPE})
    assert asked.content == first.content
    frame = pandas.read_excel(io.BytesIO(first.content))
    csv = pandas.read_csv(io.StringIO(server.client.get(address.replace("xlsx", "csv")).text))
    assert list(frame.columns) == list(csv.columns)
    assert len(frame) == len(csv) > 5
    tag = first.headers["etag"]
    assert server.client.get(address, headers={"if-none-match": tag}).status_code == 304


def test_the_page_offers_it(server: Server) -> None:
    page = server.client.get("/queries/partners.en.html")
    assert "partners.xlsx" in page.text
    api = server.client.get("/openapi.json").json()
    content = api["paths"]["/queries/partners"]["get"]["responses"]["200"]["content"]
    assert MEDIA_TYPE in content


def test_a_graph_is_no_workbook(server: Server) -> None:
    assert server.client.get("/queries/neighbourhood.ttl?territory=solna").status_code == 200
    assert server.client.get("/queries/neighbourhood.xlsx?territory=solna").status_code == 404


def test_no_clock_is_in_it() -> None:
    """openpyxl writes the moment into the parts, and into what they say."""
    content = workbook(b'{"head": {}, "boolean": true}', "test")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert {info.date_time for info in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        said = re.findall(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T", parts.read("docProps/core.xml"))
    assert said == [b"1980-01-01T"] * 2
