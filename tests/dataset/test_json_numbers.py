"""A number in JSON-LD is the decimal that stands in the file, where a term says that it is one."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal

from partnergraph.dataset.parsing import parse_quads
from partnergraph.errors import UnreadableInput
from partnergraph.namespaces import XSD
from tests.serving import ROOT

CONTEXT = json.loads((ROOT / "ontology" / "context.jsonld").read_text("utf-8"))["@context"]
TYPED = {"lat": {"@id": "http://x/lat", "@type": f"{XSD}decimal"}, "any": "http://x/any"}


def literals(document: str) -> list[Literal]:
    """The literals that a document becomes, by property."""
    quads = list(parse_quads(document.encode(), ".jsonld", Path("x.jsonld")))
    return [
        quad.object
        for quad in sorted(quads, key=lambda one: one.predicate.value)
        if isinstance(quad.object, Literal)
    ]


def decimals(document: str) -> list[str]:
    return [one.value for one in literals(document) if one.datatype.value == f"{XSD}decimal"]


@pytest.mark.parametrize(
    ("number", "decimal"),
    [
        ("57.54108", "57.54108"),
        ("-0.5", "-0.5"),
        ("1.5e3", "1500"),
        ("2.5E-3", "0.0025"),
        ("57.540", "57.540"),
        ("25.000000000000000000000001", "25.000000000000000000000001"),
        ("0.1", "0.1"),
        ("123456789012345678901234.5", "123456789012345678901234.5"),
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        '{{"@context": {context}, "@id": "x:a", "lat": {number}}}',
        '{{"@context": {context}, "@id": "x:a", "lat": [{number}]}}',
        '{{"@id": "x:a", "http://x/lat": {{"@value": {number}, "@type": "' + XSD + 'decimal"}}}}',
        '{{"@context": {context}, "@id": "x:g", "@graph": [{{"@id": "x:a", "lat": {number}}}]}}',
        '{{"@context": {context}, "@id": "x:b", "any": {{"@id": "x:a", "lat": {number}}}}}',
        '[{{"@context": [{context}, {{"b": "http://x/b"}}], "@id": "x:a", "lat": {number}}}]',
    ],
)
def test_the_decimal_is_that_of_the_file(form: str, number: str, decimal: str) -> None:
    assert decimals(form.format(context=json.dumps(TYPED), number=number)) == [decimal]


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9))
def test_every_decimal_is_read_as_it_is(number: Decimal) -> None:
    document = f'{{"@context": {json.dumps(TYPED)}, "@id": "x:a", "lat": {number:f}}}'
    (found,) = decimals(document)
    assert Decimal(found) == number


def test_our_own_context_reads_coordinates() -> None:
    terms = [term for term, of in CONTEXT.items() if "wgs" in str(of) and isinstance(of, dict)]
    assert terms
    for term in terms:
        found = decimals(json.dumps({"@context": CONTEXT, "@id": "x:a", term: 57.54108}))
        assert found == ["57.54108"], term


def test_a_number_that_nobody_calls_a_decimal_stays_what_json_ld_makes_of_it() -> None:
    document = {"@context": TYPED, "@id": "x:a", "lat": 1.5, "any": [2.5, 3, 4.0, "5.5"]}
    found = {str(one) for one in literals(json.dumps(document))}
    assert found == {
        f'"1.5"^^<{XSD}decimal>',
        f'"2.5E0"^^<{XSD}double>',
        f'"3"^^<{XSD}integer>',
        f'"4"^^<{XSD}integer>',
        '"5.5"',
    }


def test_a_whole_number_beside_it_is_a_decimal_too() -> None:
    """However many digits it has: JSON-LD would make a double of it."""
    document = f'{{"@context": {json.dumps(TYPED)}, "@id": "x:a", "lat": [1.5, 1{"0" * 24}, 7]}}'
    assert sorted(decimals(document), key=Decimal) == ["1.5", "7", "1" + "0" * 24]


@pytest.mark.parametrize("number", ["1e-1000", "1e10000", "1E-9999", "1.5e+1000"])
def test_a_number_that_nobody_can_write_out_is_refused(number: str) -> None:
    document = f'{{"@context": {json.dumps(TYPED)}, "@id": "x:a", "lat": [1.5, {number}]}}'
    with pytest.raises(UnreadableInput, match="too large or too small to be written out"):
        decimals(document)


def test_nothing_is_fetched() -> None:
    """Also where the document is read in the other way."""
    document = {"@context": [TYPED, "https://example.org/context"], "@id": "x:a", "lat": 1.5}
    with pytest.raises(UnreadableInput, match="write the context itself into the file"):
        decimals(json.dumps(document))
