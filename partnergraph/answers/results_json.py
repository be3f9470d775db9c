"""SPARQL results in JSON, which all other syntaxes are written from.

https://www.w3.org/TR/sparql11-results-json/
"""

from __future__ import annotations

import csv
import io
from codecs import BOM_UTF8
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, parse_query_results

from partnergraph.namespaces import XSD, expand

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet may take for a formula."""

csv.field_size_limit(2**31 - 1)
# A cell may hold any literal, and all passages of a row; the size of an answer is limited already.

_PLAIN = {f"{XSD}string", expand("rdf:langString")}


def json_text(text: str, language: str = "") -> dict[str, str]:
    """A text, in a language where it has one."""
    term = {"type": "literal", "value": text}
    return {**term, "xml:lang": language} if language else term


def json_term(term: Any) -> dict[str, Any]:
    """An RDF term."""
    match term:
        case NamedNode():
            return {"type": "uri", "value": term.value}
        case BlankNode():
            return {"type": "bnode", "value": term.value}
        case Literal():
            binding = json_text(term.value, term.language or "")
            if term.datatype.value not in _PLAIN:
                binding["datatype"] = term.datatype.value
            return binding
    parts = zip(("subject", "predicate", "object"), term, strict=True)
    return {"type": "triple", "value": {name: json_term(part) for name, part in parts}}


def written(document: bytes, syntax: QueryResultsFormat, *, spreadsheet: bool) -> bytes:
    """SPARQL results in JSON, in another syntax."""
    if syntax == QueryResultsFormat.JSON:
        return document
    results = parse_query_results(document, QueryResultsFormat.JSON)
    content: bytes = results.serialize(format=syntax) or b""
    return for_spreadsheet(content) if spreadsheet else content


def for_spreadsheet(content: bytes) -> bytes:
    """CSV as a spreadsheet opens it rightly: it is UTF-8, and no cell is a formula.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    out = io.StringIO()
    rows = csv.reader(io.StringIO(content.decode(), newline=""))
    csv.writer(out).writerows([_as_text(cell) for cell in row] for row in rows)
    return BOM_UTF8 + out.getvalue().encode()


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
