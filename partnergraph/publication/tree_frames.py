"""The shape of the trees: which keys each kind of object has, and the JSON-LD context of these.

https://www.w3.org/TR/json-ld11-framing/. A key is there in each object of its kind, null or empty
where the data say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from partnergraph.things.json_ld_context import Context, Json

_STATUSES = ("Listed", "Ended", "Suspended", "StatusUnknown")
_MODALITIES = ("Planned", "Agreed", "Practised", "Realised")
WORDS = (*_STATUSES, *_MODALITIES)
"""The terms of the vocabulary that are written by their local names."""


@dataclass(frozen=True)
class Key:
    """A key of an object: what stands under it.

    Attributes:
        term: the property, by its term in the JSON-LD context.
        frame: what the objects under it look like; ``None`` where values stand under it.
        many: whether it is an array (or, of texts, one for each language).
        reverse: whether the link is followed against its direction.
        word: whether its values are terms of the vocabulary, written by their local names.
    """

    term: str
    frame: Frame | None = None
    many: bool = False
    reverse: bool = False
    word: bool = False


@dataclass(frozen=True)
class Frame:
    """The shape of a kind of object: its keys and, where the tree tells it, its class."""

    keys: dict[str, Key] = field(default_factory=dict)
    kind: str = ""


def _many(term: str, frame: Frame | None = None) -> Key:
    return Key(term, frame, many=True)


def _incoming(term: str, frame: Frame) -> Key:
    return Key(term, frame, many=True, reverse=True)


_LABEL = {"prefLabel": Key("prefLabel")}
_BEGAN = {"began": Key("began"), "beganYear": Key("beganYear")}
_ENDED = {"ended": Key("ended"), "endedYear": Key("endedYear")}
_STATUS = {"status": Key("status", word=True)}

NAMED = Frame(_LABEL)
PASSAGE = Frame(
    {
        "heading": Key("heading"),
        "source": Key("hasSource", Frame({"title": Key("title")})),
        "selector": Key("hasSelector", Frame({"start": Key("start"), "end": Key("end")})),
    }
)
_PASSAGES = {"passages": _many("wasDerivedFrom", PASSAGE)}
ACTIVITY = Frame(
    {
        "activityTypes": _many("activityType", NAMED),
        "modality": Key("modality", word=True),
        "fields": _many("field", NAMED),
        "openEnded": Key("openEnded"),
        **_PASSAGES,
    }
)
_ACTIVITIES = {"activities": _many("activity", ACTIVITY)}
AGREEMENT = Frame(
    {
        "parties": _many("party", NAMED),
        "instrument": Key("instrument", NAMED),
        "signed": Key("signed"),
        "signedYear": Key("signedYear"),
        "signedUnknown": Key("signedUnknown"),
        **_ENDED,
        **_STATUS,
        "aim": Key("aim"),
        "agreedFields": _many("agreedField", NAMED),
        "fieldGroups": _many(
            "fieldGroup", Frame({"position": Key("position"), "fields": _many("field", NAMED)})
        ),
        **_ACTIVITIES,
        **_PASSAGES,
    },
    kind="Agreement",
)
PARTNERSHIP = Frame(
    {
        "with": _many("party", NAMED),
        **_STATUS,
        **_BEGAN,
        **_ENDED,
        "endedUnknown": Key("endedUnknown"),
        "suspended": Key("suspended"),
        "periods": _many("period", Frame({**_BEGAN, **_ENDED})),
        "inFrameworkOf": _many("inFrameworkOf"),
        "practisedFields": _many("practisedField", NAMED),
        "fieldsOpen": Key("fieldsOpen"),
        "practisedAttributionUncertain": Key("practisedAttributionUncertain"),
        "agreements": _incoming("partnership", AGREEMENT),
        **_ACTIVITIES,
        **_PASSAGES,
    },
    kind="Partnership",
)
MEMBERSHIP = Frame(
    {"network": Key("organization", NAMED), **_BEGAN, **_PASSAGES}, kind="Membership"
)
PARTNER = Frame(
    {
        **_LABEL,
        "altLabel": _many("altLabel"),
        "kinds": _many("kind", NAMED),
        "country": Key("country", Frame({**_LABEL, "alpha2": Key("alpha2")})),
        "lat": Key("lat"),
        "long": Key("long"),
        "sameAs": _many("sameAs"),
        "listedAsPartnerOf": _many("listedAsPartnerOf", NAMED),
        "twinnedWith": _many("twinnedWith", NAMED),
        "coSignatoryWith": _many("coSignatoryWith", NAMED),
        "partnerships": _incoming("party", PARTNERSHIP),
        "otherAgreements": _incoming("party", AGREEMENT),
        "memberships": _incoming("member", MEMBERSHIP),
    },
    kind="Territory",
)


def inline_context(context: Context) -> dict[str, Json]:
    """The context of the trees: that of the dataset, with links both ways and steady arrays."""
    terms: dict[str, Json] = dict(_definitions(PARTNER, context))
    terms |= {word: f"tp:{word}" for word in WORDS} | {"value": "@value"}
    kinds = {frame.kind: context.document[frame.kind] for frame in frames(PARTNER) if frame.kind}
    used = [text for one in terms.values() if isinstance(one, dict) for text in one.values()]
    prefixes = context.part(
        text for text in (*kinds.values(), *used, "xsd:") if isinstance(text, str)
    )
    return {**prefixes, **kinds, **dict(sorted(terms.items()))}


def _definitions(frame: Frame, context: Context) -> Iterator[tuple[str, dict[str, Json]]]:
    for one in frames(frame):
        for name, key in one.keys.items():
            given = context.document[key.term]
            definition = dict(given) if isinstance(given, dict) else {"@id": given}
            if key.many:
                container = definition.get("@container")
                definition["@container"] = [container, "@set"] if container else "@set"
            if key.word:
                definition["@type"] = "@vocab"
            if key.reverse:
                definition = {"@reverse": definition["@id"], "@container": "@set"}
            yield name, definition


def frames(frame: Frame) -> Iterator[Frame]:
    """A frame and those of all objects below it."""
    yield frame
    for key in frame.keys.values():
        if key.frame:
            yield from frames(key.frame)
