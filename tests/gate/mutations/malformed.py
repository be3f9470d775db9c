"""Something is written in a form that does not do."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from tests.gate.mutations.damages import Damage, full_name, joined, replaced
from tests.gate.mutations.material import DATES, about, find, instances, stated, text, year
from tests.gate.mutations.terms import TRUE, TYPE, g_year, integer, iri, typed

NUMBERS = (
    "tp:position",
    "oa:start",
    "oa:end",
    "tp:years",
    "tp:memberCountAbove",
    "tp:codePoints",
    "wgs:lat",
    "wgs:long",
)

OPEN = (
    "org:Organization",
    "org:OrganizationalUnit",
    "schema:Person",
    "dcterms:BibliographicResource",
)
"""The classes of things in the data that are not the model's own, and not closed."""


def date_form() -> Iterator[Damage]:
    """Not one of the three forms, or not what the datatype says; each date in one such way."""
    for n, quad in enumerate(find(*DATES)):
        value = str(year(quad))
        forms = [
            Literal(value),
            integer(int(value)),
            typed(f"{value[:3]}x", "gYear"),
            typed(f"{value}Z", "gYear"),
            typed(f"{value}-13", "gYearMonth"),
            typed(f"{value}-02-30", "date"),
            typed(f"{value}-05-17T00:00:00", "dateTime"),
        ]
        yield replaced(quad, forms[n % len(forms)])


def date_padded() -> Iterator[Damage]:
    """A year becomes its first of January."""
    for quad in find("tp:signed", most=3):
        if quad.object == g_year(year(quad)):
            yield replaced(quad, typed(f"{year(quad)}-01-01", "date"))


def number_as_string() -> Iterator[Damage]:
    for quad in find(*NUMBERS, most=1):
        yield replaced(quad, Literal(text(quad)))


def number_as_word() -> Iterator[Damage]:
    for quad in find(*NUMBERS, most=1):
        yield replaced(quad, typed("nought", "integer"))


def boolean_as_string() -> Iterator[Damage]:
    truths = {quad.predicate: quad for quad in stated() if quad.object == TRUE}
    for quad in truths.values():
        yield replaced(quad, Literal("true"))


def box_as_string() -> Iterator[Damage]:
    for quad in find("tp:south", "tp:west", most=1):
        yield replaced(quad, Literal(text(quad)))


def label_without_language() -> Iterator[Damage]:
    for quad in find("skos:prefLabel", most=4):
        yield joined(quad, Literal(text(quad)))


def code_form() -> Iterator[Damage]:
    for quad in find("tp:alpha2", most=1):
        yield replaced(quad, Literal("xx"))
        yield replaced(quad, Literal("XXX"))
    for quad in find("tp:alpha3", most=1):
        yield replaced(quad, Literal("XX"))


def digest_form() -> Iterator[Damage]:
    for quad in find("tp:digest", "tp:sha256", most=2):
        yield replaced(quad, Literal(text(quad)[:-1]))
        yield replaced(quad, Literal(text(quad).upper()))


def digest_of_another_text() -> Iterator[Damage]:
    for quad in find("tp:digest", most=2):
        yield replaced(quad, Literal(text(quad)[::-1]))


def heading_too_long() -> Iterator[Damage]:
    for quad in find("tp:heading", most=3):
        yield replaced(quad, Literal("Sadarbība " * 13, language="lv"))


def telephone_form() -> Iterator[Damage]:
    for quad in find("schema:telephone"):
        for number in ("2663 ext. 8", "264"):
            yield replaced(quad, Literal(number))


def _misspelt(quad: Quad) -> Damage:
    predicate = NamedNode(f"{quad.predicate.value}x")
    changed = Quad(quad.subject, predicate, quad.object, quad.graph_name)
    return full_name(quad), [quad], [changed]


def misspelt() -> Iterator[Damage]:
    """Each property name once, of a thing whose class is closed where there is one."""
    not_closed = {quad.subject for quad in instances(*OPEN)}
    seen = {TYPE}
    for quad in stated():
        if quad.predicate not in seen and quad.subject not in not_closed:
            seen.add(quad.predicate)
            yield _misspelt(quad)


def misspelt_of_open_class() -> Iterator[Damage]:
    for cls in OPEN:
        for quad in about(instances(cls)[0].subject):
            if quad.predicate not in (TYPE, iri("skos:prefLabel")):
                yield _misspelt(quad)
                break


FAMILIES = (
    date_form,
    date_padded,
    number_as_string,
    number_as_word,
    boolean_as_string,
    box_as_string,
    label_without_language,
    code_form,
    digest_form,
    digest_of_another_text,
    heading_too_long,
    telephone_form,
    misspelt,
    misspelt_of_open_class,
)
