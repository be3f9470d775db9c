"""The parts of the OpenAPI description that all stored queries share: types, options, problems."""

from __future__ import annotations

from typing import Any

from partnergraph.namespaces import XSD
from partnergraph.questions.asked import AS_OF, LABELS, LARGEST_PART
from partnergraph.questions.parameters import LANGUAGE_TAG, LARGEST_INTEGER, LONGEST_VALUE

SCHEMAS: dict[str, dict[str, Any]] = {
    "integer": {
        "type": "integer",
        "format": "int64",
        "minimum": -LARGEST_INTEGER,
        "maximum": LARGEST_INTEGER,
    },
    "number": {"type": "number", "minimum": -LARGEST_INTEGER, "maximum": LARGEST_INTEGER},
    "literal": {"type": "string", "maxLength": LONGEST_VALUE},
    f"{XSD}boolean": {"type": "string", "enum": ["true", "false", "1", "0"]},
    f"{XSD}date": {"type": "string", "format": "date"},
    f"{XSD}dateTime": {"type": "string", "examples": ["2022-07-22T12:00:00"]},
    f"{XSD}language": {"type": "string", "pattern": f"^{LANGUAGE_TAG}$"},
    f"{XSD}gYear": {"type": "string", "pattern": "^[0-9]{4}$", "maxLength": 4},
    f"{XSD}gYearMonth": {
        "type": "string",
        "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$",
        "maxLength": 7,
    },
}
SCHEMAS |= {
    f"{XSD}integer": SCHEMAS["integer"],
    f"{XSD}decimal": SCHEMAS["number"],
    f"{XSD}double": SCHEMAS["number"],
    f"{XSD}string": SCHEMAS["literal"],
}

_TRUTH = {"type": "string", "enum": ["0", "1", "true", "false"]}
_PART = {"type": "integer", "minimum": 0, "maximum": LARGEST_PART}

OPTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "labels": (
        """\
Languages, the most wanted first. Each column with things gets a column beside it with their \
names, `<column>Label`; a graph gets rdfs:label.""",
        {"type": "string", "pattern": LABELS, "examples": ["lv,en"]},
    ),
    "evidence": (
        """\
Each row gets the passages of the source that it rests on: how many, which, under which heading, \
at which position. A row without any has 0. In a graph, statements about its statements say so.""",
        _TRUTH,
    ),
    "asOf": (
        """\
A day, month or year: what was not in force then is left out. Rows that hold only if claims \
without a (precise) date were in force have `perhaps` in the column `inForce`; rows that rest on \
nothing that can be in force have `undated`.""",
        {"type": "string", "pattern": AS_OF, "maxLength": 10, "examples": ["2000-01-01", "2000"]},
    ),
    "limit": ("How many rows at most.", _PART),
    "offset": ("How many rows are passed over.", _PART),
    "bom": (
        """\
CSV for a spreadsheet: with a byte order mark, and with an apostrophe before what would be a \
formula. Other formats have no use for it.""",
        _TRUTH,
    ),
}

PROBLEMS = {
    "400": "A parameter is unknown, missing or unfit; `parameter` names it.",
    "404": "There is no such format.",
    "406": "None of the media types that are accepted is offered.",
    "413": "The answer is over the limit.",
    "429": "The client has used up its budget; Retry-After says when to come again.",
    "431": "Accept or Accept-Encoding is too long.",
    "503": "The query did not finish in time, or all processes are busy.",
}


TERM = {
    "type": "object",
    "properties": {
        "type": {"enum": ["uri", "literal", "bnode"]},
        "value": {"type": "string"},
        "xml:lang": {"type": "string"},
        "datatype": {"type": "string"},
    },
    "required": ["type", "value"],
}

PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "parameter": {"type": "string"},
    },
    "required": ["type", "title", "status"],
}
