"""The datatypes of XML Schema: which texts are values of each.

The lexical spaces of https://www.w3.org/TR/xmlschema11-2/, for the datatypes that RDF takes from
there: https://www.w3.org/TR/rdf11-concepts/#xsd-datatypes. Libraries read numbers as their
programming language does (``1_0``, ``٥``, ``1e3``), and a day by its first characters.
"""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Callable

from partnergraph.namespaces import XSD
from partnergraph.syntaxes.xml_names import NAME_CHAR, NAME_START, NC_NAME

_YEAR = r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12][0-9]|3[01])"
_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_TIME = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_DATE_TIME = rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}"
_DECIMAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_INTEGER = r"[+-]?[0-9]+"
_DOUBLE = rf"(?:{_DECIMAL}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN)"
_CLOCK = r"T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?"
_BASE64 = "[A-Za-z0-9+/] ?"
_FORMS = {
    "boolean": "true|false|0|1",
    "decimal": _DECIMAL,
    "integer": _INTEGER,
    "double": _DOUBLE,
    "float": _DOUBLE,
    "date": rf"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}?",
    "time": rf"{_TIME}{_ZONE}?",
    "dateTime": rf"{_DATE_TIME}{_ZONE}?",
    "dateTimeStamp": rf"{_DATE_TIME}{_ZONE}",
    "gYear": rf"{_YEAR}{_ZONE}?",
    "gYearMonth": rf"{_YEAR}-{_MONTH}{_ZONE}?",
    "gMonth": rf"--{_MONTH}{_ZONE}?",
    "gMonthDay": rf"--{_MONTH}-{_DAY}{_ZONE}?",
    "gDay": rf"---{_DAY}{_ZONE}?",
    "duration": rf"-?P(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:{_CLOCK})?",
    "yearMonthDuration": r"-?P(?=[0-9])(?:[0-9]+Y)?(?:[0-9]+M)?",
    "dayTimeDuration": rf"-?P(?=[0-9T])(?:[0-9]+D)?(?:{_CLOCK})?",
    "hexBinary": "(?:[0-9A-Fa-f]{2})*",
    "base64Binary": rf"(?:(?:{_BASE64}){{4}})*(?:(?:{_BASE64}){{3}}[A-Za-z0-9+/]"
    rf"|(?:{_BASE64}){{2}}[AEIMQUYcgkosw048] ?=|{_BASE64}[AQgw] ?= ?=)|",
    "language": "[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*",
    "normalizedString": r"[^\t\n\r]*",
    "token": r"(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?",
    "NMTOKEN": f"[:{NAME_CHAR}]+",
    "Name": f"[:{NAME_START}][:{NAME_CHAR}]*",
    "NCName": NC_NAME,
}

_BITS = {"long": 63, "int": 31, "short": 15, "byte": 7}
_UNSIGNED_BITS = {"unsignedLong": 64, "unsignedInt": 32, "unsignedShort": 16, "unsignedByte": 8}

BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    **{name: (-(2**bits), 2**bits - 1) for name, bits in _BITS.items()},
    **{name: (0, 2**bits - 1) for name, bits in _UNSIGNED_BITS.items()},
}
"""The integers, and from where to where each kind of them goes."""

_EXAMPLES = {
    "boolean": "true",
    "decimal": "57.54",
    "double": "5.754E1",
    "float": "5.754E1",
    "date": "2022-07-22",
    "time": "12:00:00",
    "dateTime": "2022-07-22T12:00:00",
    "dateTimeStamp": "2022-07-22T12:00:00Z",
    "gYear": "1992",
    "gYearMonth": "2021-01",
    "gMonth": "--01",
    "gMonthDay": "--07-22",
    "gDay": "---22",
    "duration": "P1Y2M3DT4H",
    "yearMonthDuration": "P1Y2M",
    "dayTimeDuration": "P3DT4H",
    "hexBinary": "0FB7",
    "base64Binary": "D7c=",
    "language": "lv",
    "negativeInteger": "-1",
    "nonPositiveInteger": "0",
}

_LONGEST_NUMBER = 4000
"""Digits of an integer that is read as a number; Python refuses more."""

_DAYS = re.compile(r"(?P<year>-?[0-9]{4,})?-?-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")


def _checks() -> dict[str, Callable[[str], bool]]:
    def whole(form: str) -> Callable[[str], bool]:
        return lambda text: re.fullmatch(form, text) is not None

    checks = {name: whole(form) for name, form in _FORMS.items()}
    for name in ("date", "dateTime", "dateTimeStamp", "gMonthDay"):
        checks[name] = _both(checks[name], _is_day)
    for name, (least, most) in BOUNDS.items():
        checks[name] = _both(whole(_INTEGER), _between(least, most))
    return {f"{XSD}{name}": check for name, check in checks.items()}


def _both(first: Callable[[str], bool], second: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: first(text) and second(text)


def _is_day(text: str) -> bool:
    """Whether the month has this day; in any year, where none is said."""
    found = _DAYS.match(text)
    if found is None:
        return False
    month, day = int(found["month"]), int(found["day"])
    leap = found["year"] is None or isleap(int(found["year"][-4:]))  # 400 divides 10,000.
    return day <= (0, 31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month]


def _between(least: int | None, most: int | None) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        digits = text.lstrip("+-").lstrip("0") or "0"
        negative = text.startswith("-") and digits != "0"
        if len(digits) > _LONGEST_NUMBER:
            return least is None if negative else most is None
        number = -int(digits) if negative else int(digits)
        return (least is None or number >= least) and (most is None or number <= most)

    return check


_CHECKS = _checks()


def is_well_formed(text: str, datatype: str) -> bool:
    """Whether a text is a value of a datatype, given by IRI; of an unknown one, it may be."""
    check = _CHECKS.get(datatype)
    return check is None or check(text)


def example_of(datatype: str) -> str:
    """A value of a datatype, given by IRI, as it is written."""
    name = datatype.removeprefix(XSD)
    return _EXAMPLES.get(name) or ("1" if name in BOUNDS else "x")
