"""Identifiers, coordinates, contact details, concepts and other sources go wrong."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, Quad

from tests.gate.mutations.damages import (
    Damage,
    beside,
    first_characters,
    full_name,
    label,
    name,
    on,
    replaced,
    said_of,
    to,
)
from tests.gate.mutations.material import about, find, instances, text, year
from tests.gate.mutations.terms import (
    FALSE,
    NO_DIGEST,
    SECOND_SOURCE,
    VALMIERA,
    VALMIERA_REGION,
    g_year,
    iri,
    typed,
)


def identifier_shared() -> Iterator[Damage]:
    """Another territory, or another country, has it, too."""
    for cls, other in (("tp:Territory", VALMIERA_REGION), ("tp:Country", iri("id:country/hr"))):
        for quad in find("owl:sameAs", "dcterms:identifier", of=cls, most=2):
            yield full_name(quad), [], [said_of(other, quad)]


def close_match_shared() -> Iterator[Damage]:
    for quad in find("skos:closeMatch"):
        yield full_name(quad), [], [on(VALMIERA_REGION, "owl:sameAs", quad.object)]


def same_as_namesake() -> Iterator[Damage]:
    for quad in find("owl:differentFrom", most=4):
        yield full_name(quad), [], [beside(quad, "owl:sameAs", quad.object)]


def coordinates_swapped() -> Iterator[Damage]:
    for lat in find("wgs:lat", most=5):
        (long,) = about(lat.subject, "wgs:long")
        yield label(lat.subject), [lat, long], [to(lat, long.object), to(long, lat.object)]


def coordinates_abroad() -> Iterator[Damage]:
    for lat in find("wgs:lat", most=2):
        yield replaced(lat, typed(f"{float(text(lat)) - 30:.5f}", "decimal"))
    for long in find("wgs:long", most=2):
        yield replaced(long, typed(f"{-float(text(long)):.5f}", "decimal"))


def coordinates_nearby() -> Iterator[Damage]:
    for lat in find("wgs:lat", most=2):
        yield replaced(lat, typed(f"{float(text(lat)) + 0.01:.5f}", "decimal"))


def email() -> Iterator[Damage]:
    """An address where the source hides it: on the post, or on who holds it."""
    address = Literal("post@valmiera.example")
    for post in find("tp:emailRedacted"):
        (holder,) = about(post.subject, "org:heldBy")
        yield "of the post", [], [beside(post, "schema:email", address)]
        yield "of the person", [], [on(holder.object, "schema:email", address)]
        yield "as the value", [post], [to(post, address)]
        yield "not redacted", [post], [to(post, FALSE)]


def broader_circle() -> Iterator[Damage]:
    for narrow, broad in (("culture", "art"), ("art", "art"), ("health", "health-care")):
        link = on(iri(f"tpc:{narrow}"), "skos:broader", iri(f"tpc:{broad}"))
        yield f"{narrow} under {broad}", [], [link]


PASSAGE = iri("id:passage/second/p01")
SELECTOR = BlankNode("selector")


def _second_source() -> list[Quad]:
    (document,) = instances("tp:SourceDocument")
    return [
        *(said_of(SECOND_SOURCE, quad) for quad in about(document.subject)),
        on(PASSAGE, "rdf:type", iri("tp:Passage")),
        on(PASSAGE, "tp:digest", NO_DIGEST),
        on(PASSAGE, "oa:hasSource", SECOND_SOURCE),
        on(PASSAGE, "oa:hasSelector", SELECTOR),
        *first_characters(SELECTOR),
    ]


def other_source() -> Iterator[Damage]:
    """A second source gives another date of the same thing."""
    own = (iri("prov:wasDerivedFrom"), iri("tp:fieldGroup"))
    for quad in [*find("tp:began"), *find("tp:signed", most=2)]:
        subject = iri("id:" + label(quad.subject).replace("/partners/", "/second/"))
        same = [
            said_of(subject, said)
            for said in about(quad.subject)
            if said.predicate not in (quad.predicate, *own)
        ]
        other = [
            said_of(subject, to(quad, g_year(year(quad) + 1))),
            on(subject, "prov:wasDerivedFrom", PASSAGE),
        ]
        yield name(quad), [], [*_second_source(), *same, *other]


def imported_link() -> Iterator[Damage]:
    for quad in find("tp:listedAsPartnerOf", most=3):
        yield label(quad.subject), [], [beside(quad, "wdt:P190", VALMIERA)]


FAMILIES = (
    identifier_shared,
    close_match_shared,
    same_as_namesake,
    coordinates_swapped,
    coordinates_abroad,
    coordinates_nearby,
    email,
    broader_circle,
    other_source,
    imported_link,
)
