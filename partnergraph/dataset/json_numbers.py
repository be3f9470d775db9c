"""Numbers of JSON under terms of decimals: the decimal that stands in the file.

JSON-LD makes a double of every number that is not whole, and writes it as one, also where the
context says that it is a decimal (https://www.w3.org/TR/json-ld11-api/#data-round-tripping):
57.54108 becomes ``"5.754108E1"^^xsd:decimal``, which is no decimal at all. So such a document is
expanded with its numbers as they were written, and each that is to be a decimal becomes a text.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn

from pyld import jsonld

from partnergraph.namespaces import XSD

_LONGEST_EXPONENT = 4
"""Characters, with the sign, of the exponent of a number: its decimal may have a kilobyte."""

_DECIMAL = f"{XSD}decimal"


class _Number(float):
    """A number that knows how it was written."""

    text: str

    def __new__(cls, text: str) -> _Number:
        number = super().__new__(cls, text)
        number.text = text
        return number


def with_decimals(content: bytes) -> bytes:
    """A document of JSON-LD, expanded, whose decimals are those of the numbers in it.

    Args:
        content: the document; its contexts stand in it.

    Raises:
        ValueError: it cannot be expanded.
    """
    document = json.loads(content, parse_float=_Number)
    try:
        expanded = jsonld.expand(document, {"documentLoader": _refuse})
    except jsonld.JsonLdError as error:
        raise ValueError(str(error)) from None
    return json.dumps(_as_texts(expanded), allow_nan=False).encode()


def _refuse(url: str, _: object) -> NoReturn:
    raise ValueError(f"{url} is not fetched")


def _plain(number: str) -> str:
    """A number without an exponent."""
    _, _, exponent = number.lower().partition("e")
    if len(exponent) > _LONGEST_EXPONENT:
        raise ValueError(f"the decimal {number} is too large or too small to be written out")
    return f"{Decimal(number):f}"


def _as_texts(part: Any) -> Any:
    if isinstance(part, list):
        return [_as_texts(one) for one in part]
    if not isinstance(part, dict):
        return part
    value = part.get("@value")
    if part.get("@type") == _DECIMAL:
        if isinstance(value, _Number):
            return {**part, "@value": _plain(value.text)}
        if isinstance(value, int) and not isinstance(value, bool):
            return {**part, "@value": str(value)}
    return {key: _as_texts(one) for key, one in part.items()}
