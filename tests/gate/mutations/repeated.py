"""Something that is there once is there twice."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode

from tests.gate.mutations.damages import (
    Damage,
    beside,
    first_characters,
    joined,
    label,
    name,
    on,
    replaced,
    to,
)
from tests.gate.mutations.material import about, find, text
from tests.gate.mutations.terms import (
    FALSE,
    NO_DIGEST,
    SECOND_SOURCE,
    TRUE,
    g_year,
    integer,
    iri,
    typed,
)

SECOND: dict[str, NamedNode | Literal] = {
    "tp:instrument": iri("tpc:memorandum"),
    "tp:status": iri("tp:StatusUnknown"),
    "tp:modality": iri("tp:Planned"),
    "tp:country": iri("id:country/ua"),
    "tp:partnership": iri("id:partnership/partners/valmiera-region-guetersloh-district"),
    "tp:signed": g_year(1999),
    "tp:began": g_year(1990),
    "tp:founded": g_year(1975),
    "tp:asOf": g_year(2020),
    "tp:years": integer(30),
    "tp:position": integer(1000),
    "tp:memberCountAbove": integer(100),
    "tp:codePoints": integer(5000),
    "tp:sha256": NO_DIGEST,
    "tp:digest": NO_DIGEST,
    "tp:heading": Literal("Sadarbība", language="lv"),
    "tp:alpha2": Literal("ZZ"),
    "tp:alpha3": Literal("ZZZ"),
    "tp:kind": iri("tpc:region"),
    "tp:south": typed("40.0", "decimal"),
    "wgs:lat": typed("57.0", "decimal"),
    "wgs:long": typed("21.0", "decimal"),
    "oa:start": integer(1),
    "oa:end": integer(4000),
    "oa:hasSource": SECOND_SOURCE,
    "org:member": iri("id:place/ee/viljandi"),
    "org:organization": iri("id:network/ubc"),
}
NEW = BlankNode("second")


def second_value() -> Iterator[Damage]:
    """Of a property that a thing has once."""
    for predicate, value in SECOND.items():
        for quad in find(predicate, most=1):
            if quad.object != value:
                yield joined(quad, value)


def second_anniversary() -> Iterator[Damage]:
    for quad in find("tp:anniversary"):
        new = [to(quad, NEW), on(NEW, "tp:years", integer(30)), on(NEW, "tp:asOf", g_year(2021))]
        yield name(quad), [], new


def second_selector() -> Iterator[Damage]:
    for quad in find("oa:hasSelector", most=2):
        yield name(quad), [], [to(quad, NEW), *first_characters(NEW)]


def second_list() -> Iterator[Damage]:
    """One of the fields of a group stands in a list of its own."""
    for quad in find("tp:fieldList", most=2):
        field = about(quad.subject, "tp:field")[0].object
        cell = [on(NEW, "rdf:first", field), on(NEW, "rdf:rest", iri("rdf:nil"))]
        yield name(quad), [], [to(quad, NEW), *cell]


def second_label() -> Iterator[Damage]:
    for quad in find("skos:prefLabel", most=5):
        assert isinstance(quad.object, Literal)
        yield joined(quad, Literal("Cits", language=quad.object.language))


def second_aim() -> Iterator[Damage]:
    for quad in find("tp:aim"):
        assert isinstance(quad.object, Literal)
        yield joined(quad, Literal("Draudzība.", language=quad.object.language))


def group_of_two_agreements() -> Iterator[Damage]:
    other = iri("id:agreement/partners/valmiera-halle-westf")
    for quad in find("tp:fieldGroup", most=3):
        yield label(quad.object), [], [on(other, "tp:fieldGroup", quad.object)]


def signed_and_unknown() -> Iterator[Damage]:
    for quad in find("tp:signed"):
        yield label(quad.subject), [], [beside(quad, "tp:signedUnknown", TRUE)]
    for quad in find("tp:signedUnknown"):
        yield label(quad.subject), [], [beside(quad, "tp:signed", g_year(1991))]
        yield replaced(quad, FALSE)


def position() -> Iterator[Damage]:
    """A position that another group has; then one that leaves a gap, and one before the first."""
    for quad in find("tp:position", most=8):
        if int(text(quad)) > 1:
            yield replaced(quad, integer(int(text(quad)) - 1))
    for quad in find("tp:position", most=2):
        yield replaced(quad, integer(int(text(quad)) + 20))
        yield replaced(quad, integer(0))


FAMILIES = (
    second_value,
    second_anniversary,
    second_selector,
    second_list,
    second_label,
    second_aim,
    group_of_two_agreements,
    signed_and_unknown,
    position,
)
