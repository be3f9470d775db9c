"""Something points at what it cannot be about."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from tests.gate.mutations.damages import Damage, full_name, label, on, replaced, to
from tests.gate.mutations.material import find
from tests.gate.mutations.terms import VALMIERA, VODNJAN, WESTPHALIA, iri

WRONG = {
    "tp:party": "id:country/lv",
    "tp:country": "id:place/lv/valmiera",
    "tp:within": "id:country/de",
    "tp:listedAsPartnerOf": "id:country/lv",
    "tp:partnership": "id:agreement/partners/valmiera-solna",
    "tp:inFrameworkOf": "id:agreement/partners/valmiera-halle-westf",
    "tp:instrument": "tpc:culture",
    "tp:status": "tp:Planned",
    "tp:modality": "tp:Listed",
    "tp:activityType": "tpc:culture",
    "tp:field": "tpc:concert",
    "tp:practisedField": "tpc:concert",
    "tp:topic": "tpc:city",
    "tp:kind": "tpc:culture",
    "tp:designation": "tpc:culture",
    "tp:fieldGroup": "id:activity/partners/ubc-joint-projects",
    "tp:activity": "id:group/partners/valmiera-solna-1",
    "tp:aimConcerns": "id:place/lv/valmiera",
    "org:member": "id:country/lv",
    "org:organization": "id:organization/valmiera-city-municipality",
    "org:postIn": "id:person/liga-martinsone",
    "org:role": "tpc:culture",
    "org:heldBy": "id:place/lv/valmiera",
    "org:unitOf": "id:place/lv/valmiera",
    "org:hasUnit": "id:place/lv/valmiera",
    "schema:about": "id:place/lv/valmiera",
    "prov:wasDerivedFrom": "id:source/partners",
    "oa:hasSource": "id:passage/partners/p01",
}
"""For each property that leads to a thing, an instance of a class that it does not lead to."""

BLANK = ("oa:hasSelector", "tp:anniversary", "tp:fieldList")
"""The properties that lead to a blank node."""


def wrong_thing() -> Iterator[Damage]:
    for predicate, other in WRONG.items():
        for quad in find(predicate, most=1):
            yield replaced(quad, iri(other))


def unknown_thing() -> Iterator[Damage]:
    for predicate, other in WRONG.items():
        for quad in find(predicate, most=1):
            yield replaced(quad, NamedNode(f"{iri(other).value}-of-nowhere"))


def text_instead_of_thing() -> Iterator[Damage]:
    for quad in find(*WRONG, *BLANK, most=1):
        yield replaced(quad, Literal("Solna"))


def unknown_field_in_group_and_list() -> Iterator[Damage]:
    unknown = iri("tpc:stamp-collecting")
    for quad in find("tp:field", of="tp:FieldGroup", most=4):
        cell = next(cell for cell in find("rdf:first") if cell.object == quad.object)
        yield full_name(quad), [quad, cell], [to(quad, unknown), to(cell, unknown)]


def other_field_in_group_only() -> Iterator[Damage]:
    for quad in find("tp:field", of="tp:FieldGroup", most=4):
        yield replaced(quad, iri("tpc:art"))


def other_party() -> Iterator[Damage]:
    """A party that is a territory, but another one."""
    for quad in [*find("tp:party", of="tp:Agreement"), *find("tp:party", of="tp:Partnership")]:
        yield replaced(quad, WESTPHALIA)


def listed_without_partnership() -> Iterator[Damage]:
    for subject in (VALMIERA, VODNJAN, WESTPHALIA):
        yield label(subject), [], [on(subject, "tp:listedAsPartnerOf", VALMIERA)]


FAMILIES = (
    wrong_thing,
    unknown_thing,
    text_instead_of_thing,
    unknown_field_in_group_and_list,
    other_field_in_group_only,
    other_party,
    listed_without_partnership,
)
