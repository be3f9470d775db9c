"""Texts and the datatypes of XML Schema 1.1: what is a value of which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnergraph.namespaces import XSD
from partnergraph.syntaxes.lexical_forms import BOUNDS, example_of, is_well_formed

WELL_FORMED = {
    "boolean": "true false 1 0",
    "decimal": "0 -0 +1 1. .5 -.5 00.10 123456789012345678901234567890.1",
    "integer": "0 -0 +0 007 -12 123456789012345678901234567890",
    "double": "0 1e3 -1E-3 +.5e+7 1. INF -INF +INF NaN",
    "float": "1.5 1e0 INF NaN",
    "date": "2022-07-22 2024-02-29 2000-02-29 -0004-02-29 0000-01-01 12022-07-22 2022-07-22Z "
    "2022-07-22+14:00 2022-07-22-13:59 2022-12-31",
    "time": "00:00:00 23:59:59.999 24:00:00 24:00:00.000 12:00:00Z 12:00:00-05:30",
    "dateTime": "2022-07-22T12:00:00 2022-07-22T24:00:00 2022-07-22T12:00:00.5+02:00",
    "dateTimeStamp": "2022-07-22T12:00:00Z",
    "gYear": "1992 0836 0000 -0044 12022 1992Z 1992+02:00",
    "gYearMonth": "2021-01 2021-12Z",
    "gMonth": "--01 --12Z",
    "gMonthDay": "--02-29 --12-31 --01-01Z",
    "gDay": "---01 ---31 ---31+01:00",
    "duration": "P1Y P1Y2M3DT4H5M6.7S -PT1S P0D PT0.5S P12M",
    "yearMonthDuration": "P1Y P2M -P1Y2M",
    "dayTimeDuration": "P1D PT1H -P1DT2H3M4.5S",
    "hexBinary": "0fB7 00",
    "base64Binary": "D7c= TQ== TWFu",
    "language": "lv en-GB sr-Latn-RS x-klingon",
    "NMTOKEN": "a 1a -a a:b",
    "Name": "a _a a:b :a é",
    "NCName": "a _a é1",
    "token": "a",
    "nonNegativeInteger": "0 -0 +7",
    "positiveInteger": "1 001",
    "nonPositiveInteger": "0 -1 +0",
    "negativeInteger": "-1",
    "byte": "127 -128 +0127",
    "unsignedByte": "255 0 -0",
    "short": "-32768",
    "unsignedShort": "65535",
    "int": "2147483647",
    "unsignedInt": "4294967295",
    "long": "-9223372036854775808",
    "unsignedLong": "18446744073709551615",
    "string": "x",
    "anyURI": "x:%",
}
"""Examples of the sections of https://www.w3.org/TR/xmlschema11-2/, separated by spaces."""

ILL_FORMED = {
    "boolean": "TRUE True yes on 2 -1 01 t",
    "decimal": "1e3 5.754108E1 NaN INF 1_0 1,5 ٥ . + - 1.2.3 0x1 ½ 1/2 --1 +-1",
    "integer": "1.0 1. 1_0 ٥ 1e3 0x1F + - 1,024 ² NaN",
    "double": "1e 1e1.5 inf Infinity nan -NaN 1d 1_0.0 0x1p3 ٥.0 e3 .",
    "float": "1f infinity 1e+ ,5",
    "date": "1991-05-17T00:00:00 1991-W20-5 1991-137 19910517 1991-5-17 1991-13-01 1991-00-01 "
    "1991-04-31 1991-02-29 1900-02-29 91-05-17 1991-05-17+99:99 1991-05-17+14:01 "
    "1991-05-17+1:00 1991-05-17z 01991-05-17 17.05.1991 1991-05-00 +1991-05-17 1991/05/17 "
    "١٩٩١-05-17 1991-05-17T 1991-05-17+",
    "time": "24:00:01 12:00 12:60:00 12:00:60 1:00:00 12:00:00. 25:00:00 24:00:00.1 12:00:00+15:00",
    "dateTime": "2022-07-22 2022-07-22t12:00:00 2022-02-30T12:00:00 2022-07-22T12:00 "
    "2022-07-22T25:00:00 2022-07-22T12:00:00.+02:00",
    "dateTimeStamp": "2022-07-22T12:00:00",
    "gYear": "92 199x 1992-01 836 +1992 01992 19.92 1992+15:00 MCMXCII ١٩٩٢ 199X 1990~",
    "gYearMonth": "2021-1 2021-00 2021-13 21-01 2021 2021-01-01 2021/01 202101",
    "gMonth": "01 -01 --1 --13 --01-- --00",
    "gMonthDay": "--02-30 --04-31 --13-01 -02-03 02-03 --2-3 --00-01",
    "gDay": "---32 --31 31 ---1 ---00",
    "duration": "P PT P1 1Y P1YT P1M2Y PT1.H P-1Y P1.5Y +P1Y PT5M4H P1S",
    "yearMonthDuration": "P P1D P1Y2M3D PT1H P1.5Y",
    "dayTimeDuration": "P P1Y P1M PT P1DT P1D2H",
    "hexBinary": "0 0g FFF 0x00",
    "base64Binary": "D7c D7c== TR== = ab!=",
    "language": "englishlanguage en--GB lv_LV 1a -lv lv- é",
    "NMTOKEN": "a,b a@b a/b",
    "Name": "1a -a a,b",
    "NCName": "1a a:b -a :a",
    "nonNegativeInteger": "-1 1.0",
    "positiveInteger": "0 -0 -1",
    "nonPositiveInteger": "1",
    "negativeInteger": "0 -0 1",
    "byte": "128 -129 1.0",
    "unsignedByte": "256 -1",
    "short": "32768",
    "unsignedShort": "65536 -1",
    "int": "2147483648",
    "unsignedInt": "4294967296 -1",
    "long": "9223372036854775808",
    "unsignedLong": "18446744073709551616 -1",
}
"""What libraries read all the same, what other standards have, and what is nearly right."""


def each(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(name, text) for name, texts in table.items() for text in texts.split(" ")]


@pytest.mark.parametrize(("name", "text"), each(WELL_FORMED))
def test_a_value_is_one(name: str, text: str) -> None:
    assert is_well_formed(text, XSD + name)


@pytest.mark.parametrize(("name", "text"), each(ILL_FORMED))
def test_what_is_no_value_is_none(name: str, text: str) -> None:
    assert not is_well_formed(text, XSD + name)


def test_there_are_two_hundred_of_them() -> None:
    assert len(each(ILL_FORMED)) >= 200


@pytest.mark.parametrize("name", [name for name in WELL_FORMED if name not in ("string", "anyURI")])
def test_space_around_a_value_is_no_part_of_one(name: str) -> None:
    """Whether a schema's processor would take it away or not: a literal has no schema."""
    for text in WELL_FORMED[name].split(" "):
        for wrong in (f" {text}", f"{text} ", f"{text}\n", f"\t{text}", ""):
            allowed = wrong == "" and name in ("token", "hexBinary", "base64Binary")
            assert is_well_formed(wrong, XSD + name) == allowed, repr(wrong)


def test_texts_of_lines_and_spaces() -> None:
    assert is_well_formed("a  b ", f"{XSD}normalizedString")
    assert not is_well_formed("a\tb", f"{XSD}normalizedString")
    assert is_well_formed("a b", f"{XSD}token")
    assert not is_well_formed("a  b", f"{XSD}token")
    assert is_well_formed("T W F u", f"{XSD}base64Binary")


@given(st.integers(), st.sampled_from(sorted(BOUNDS)))
def test_an_integer_is_of_the_kinds_that_hold_it(number: int, name: str) -> None:
    least, most = BOUNDS[name]
    held = (least is None or number >= least) and (most is None or number <= most)
    assert is_well_formed(str(number), XSD + name) == held


@given(st.dates())
def test_every_day_of_the_calendar_is_a_date(day: object) -> None:
    assert is_well_formed(str(day), f"{XSD}date")


@given(st.text())
def test_whatever_the_text_there_is_an_answer(text: str) -> None:
    for name in WELL_FORMED:
        assert is_well_formed(text, XSD + name) in (True, False)


def test_a_number_without_end_is_read_quickly() -> None:
    assert is_well_formed("9" * 1_000_000, f"{XSD}integer")
    assert not is_well_formed("9" * 1_000_000, f"{XSD}int")
    assert is_well_formed("-" + "9" * 1_000_000, f"{XSD}negativeInteger")


@pytest.mark.parametrize("name", [*WELL_FORMED, "QName"])
def test_the_example_that_a_person_is_given_is_a_value(name: str) -> None:
    assert is_well_formed(example_of(XSD + name), XSD + name)


def test_of_an_unknown_datatype_every_text_may_be_a_value() -> None:
    assert is_well_formed("x", "https://example.org/mine")
