"""The answer to a question as a workbook: numbers are numbers, days are days, and texts stay texts.

A spreadsheet that opens CSV guesses what its cells are, and some do not even see that it is UTF-8.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from partnergraph.errors import ResultTooLarge
from partnergraph.namespaces import XSD

MOST_ROWS = 1_048_576
"""Rows that a sheet can have, with that of the names."""

LONGEST_TEXT = 32_767
"""Characters that a cell can have."""

WIDEST = 60
"""Characters that a column shows at most."""

FIRST_YEAR = 1901
"""Before 1 March 1900, spreadsheets count days in different ways."""

_LAST_EXACT = 10**15
"""Numbers from here on lose digits: a cell has fifteen."""

_WHOLE = frozenset({f"{XSD}integer", f"{XSD}gYear"})
_NUMBERS = frozenset({f"{XSD}decimal", f"{XSD}double", f"{XSD}float"})
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR = re.compile(r"-?[0-9]{4,}")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

_MOMENT = datetime(1980, 1, 1)
"""The same answer gives the same bytes, so no clock is read."""


def workbook(document: bytes, title: str) -> bytes:
    """An answer as a workbook of one sheet (Office Open XML).

    Args:
        document: SPARQL results in JSON.
        title: the name of the sheet.

    Raises:
        ResultTooLarge: a sheet cannot hold it.
    """
    found = json.loads(document)
    book = Workbook()
    book.properties.creator = ""
    book.properties.created = book.properties.modified = _MOMENT
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title[:31]
    if "boolean" in found:
        sheet.append([found["boolean"]])
        return _without_clock(book)
    names, rows = found["head"]["vars"], found["results"]["bindings"]
    if len(rows) >= MOST_ROWS:
        raise ResultTooLarge(f"A sheet has {MOST_ROWS} rows; ask for fewer, or for CSV.")
    widths = [len(name) for name in names]
    for column, name in enumerate(names, 1):
        head = _cell(sheet, 1, column)
        _write_text(head, name)
        head.font = Font(bold=True)
    for row, solution in enumerate(rows, 2):
        for column, name in enumerate(names, 1):
            term = solution.get(name)
            if term is not None:
                _write(_cell(sheet, row, column), term)
                widths[column - 1] = max(widths[column - 1], len(term["value"]))
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = min(width, WIDEST) + 2
    sheet.freeze_panes = "A2"
    return _without_clock(book)


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # None are merged here.
    return cell


def _write(cell: Cell, term: dict[str, Any]) -> None:
    text, datatype = term["value"], term.get("datatype", "")
    value = _typed(text, datatype)
    if value is None:
        _write_text(cell, text)
        return
    cell.value = value
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    elif datatype == f"{XSD}gYear":
        cell.number_format = "0"


def _typed(text: str, datatype: str) -> bool | int | Decimal | float | date | None:
    """What a cell can hold of a literal and lose nothing; ``None`` where that is its text."""
    if datatype == f"{XSD}boolean":
        return text in ("true", "1")
    if datatype == f"{XSD}date" and _DAY.fullmatch(text) and int(text[:4]) >= FIRST_YEAR:
        return date.fromisoformat(text)
    if datatype in _WHOLE and (datatype != f"{XSD}gYear" or _YEAR.fullmatch(text)):
        number = int(text)
        return number if abs(number) < _LAST_EXACT else None
    if datatype in _NUMBERS and text not in ("NaN", "INF", "-INF", "+INF"):
        digits = sum(map(str.isdigit, text.lower().partition("e")[0]))
        if digits <= len(str(_LAST_EXACT)) - 1:
            return Decimal(text) if datatype == f"{XSD}decimal" else float(text)
    return None


def _write_text(cell: Cell, text: str) -> None:
    """A text, which is no formula, however it begins."""
    text = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    if len(text) > LONGEST_TEXT:
        text = f"{text[: LONGEST_TEXT - 1]}…"
    cell.value = text
    cell.data_type = "s"


def _without_clock(book: Workbook) -> bytes:
    """The bytes of a workbook; its parts say when they were written, which is always the same."""
    first, out = io.BytesIO(), io.BytesIO()
    book.save(first)
    moment = _MOMENT.timetuple()[:6]
    with zipfile.ZipFile(first) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as same:
        for name in parts.namelist():
            info = zipfile.ZipInfo(name, moment)
            info.compress_type = zipfile.ZIP_DEFLATED
            content = parts.read(name)
            if name == "docProps/core.xml":  # openpyxl sets the moment as it saves.
                content = _MODIFIED.sub(rb"\g<1>1980-01-01T00:00:00Z\g<2>", content)
            same.writestr(info, content)
    return out.getvalue()


_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
