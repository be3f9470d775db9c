"""Something is left out."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal

from tests.gate.mutations.damages import Damage, label, name, without
from tests.gate.mutations.material import CLAIMS, about, find, instances, stated
from tests.gate.mutations.terms import TYPE

DROPPED = {
    "tp:party": 99,
    "tp:instrument": 99,
    "tp:status": 99,
    "tp:country": 6,
    "tp:modality": 6,
    "tp:signed": 99,
    "tp:signedUnknown": 99,
    "tp:began": 99,
    "tp:founded": 99,
    "tp:anniversary": 99,
    "tp:asOf": 99,
    "tp:years": 99,
    "tp:inFrameworkOf": 99,
    "tp:partnership": 2,
    "tp:position": 4,
    "tp:fieldGroup": 4,
    "tp:fieldList": 3,
    "tp:activity": 4,
    "tp:memberCountAbove": 1,
    "tp:kind": 1,
    "tp:listedAsPartnerOf": 1,
    "tp:heading": 1,
    "tp:digest": 3,
    "tp:sha256": 1,
    "tp:codePoints": 1,
    "tp:alpha2": 1,
    "tp:alpha3": 1,
    "tp:officialLanguage": 1,
    "tp:south": 1,
    "tp:east": 1,
    "tp:emailRedacted": 1,
    "oa:start": 3,
    "oa:end": 3,
    "oa:hasSource": 3,
    "oa:hasSelector": 3,
    "org:member": 2,
    "org:organization": 2,
    "org:postIn": 1,
    "org:heldBy": 1,
    "wgs:lat": 3,
    "wgs:long": 3,
}
"""How many statements with a property are dropped at most, one at a time."""


def drop() -> Iterator[Damage]:
    """A value of a property."""
    for predicate, most in DROPPED.items():
        yield from map(without, find(predicate, most=most))
    yield from map(without, find("dcterms:title", of="tp:SourceDocument"))


def drop_field_of_group() -> Iterator[Damage]:
    """The list of the group still has it."""
    yield from map(without, find("tp:field", of="tp:FieldGroup", most=4))


def drop_field_of_activity() -> Iterator[Damage]:
    yield from map(without, find("tp:field", of="tp:Activity", most=2))


def drop_activity_types() -> Iterator[Damage]:
    for quad in instances("tp:Activity", most=3):
        yield label(quad.subject), about(quad.subject, "tp:activityType"), []


def drop_class() -> Iterator[Damage]:
    classes = {label(quad.object) for quad in stated() if quad.predicate == TYPE}
    yield from map(without, instances(*sorted(classes), most=1))


def drop_passages() -> Iterator[Damage]:
    """All passages of a claim, or of a territory that is listed as a partner."""
    for quad in [*instances(*CLAIMS, most=3), *find("tp:listedAsPartnerOf", most=4)]:
        yield label(quad.subject), about(quad.subject, "prov:wasDerivedFrom"), []


def drop_one_of_several_passages() -> Iterator[Damage]:
    for quad in [*instances("tp:Partnership", most=2), *instances("tp:Network", most=1)]:
        first, _, *_ = about(quad.subject, "prov:wasDerivedFrom")
        yield without(first)


def _labels(language: str, classes: tuple[str, ...], most: int | None) -> Iterator[Damage]:
    for cls in classes:
        for quad in find("skos:prefLabel", of=cls, most=most):
            if isinstance(quad.object, Literal) and quad.object.language == language:
                yield without(quad)


LABELLED = ("tp:Territory", "tp:Country", "tp:Network", "org:Organization", "org:Post")


def drop_label_lv() -> Iterator[Damage]:
    yield from _labels("lv", LABELLED, None)


def drop_label_en() -> Iterator[Damage]:
    yield from _labels("en", LABELLED, 5)


def drop_label_of_unit() -> Iterator[Damage]:
    yield from _labels("lv", ("org:OrganizationalUnit",), None)
    yield from _labels("en", ("org:OrganizationalUnit",), None)


def drop_label_native() -> Iterator[Damage]:
    """The label of a territory in the language of its country."""
    for language in ("da", "de", "et", "hr", "it", "pl", "sv", "uk"):
        yield from _labels(language, ("tp:Territory",), None)


def drop_label_native_of_country() -> Iterator[Damage]:
    for language in ("da", "de"):
        yield from _labels(language, ("tp:Country",), None)


def drop_whole() -> Iterator[Damage]:
    """All that is said about a thing; what refers to it stays."""
    for cls, most in {
        **dict.fromkeys(CLAIMS, 2),
        "tp:FieldGroup": 2,
        "tp:Passage": 2,
        "tp:Territory": 2,
        "tp:Country": 1,
        "tp:SourceDocument": 1,
    }.items():
        for quad in instances(cls, most=most):
            yield label(quad.subject), about(quad.subject), []


def drop_title_of_reference() -> Iterator[Damage]:
    for quad in find("dcterms:title", of="dcterms:BibliographicResource", most=1):
        yield name(quad), about(quad.subject, "dcterms:title"), []


FAMILIES = (
    drop,
    drop_field_of_group,
    drop_field_of_activity,
    drop_activity_types,
    drop_class,
    drop_passages,
    drop_one_of_several_passages,
    drop_label_lv,
    drop_label_en,
    drop_label_of_unit,
    drop_label_native,
    drop_label_native_of_country,
    drop_whole,
    drop_title_of_reference,
)
