"""Representations: their media types and names, and which one a client gets.

Content negotiation as in RFC 9110, section 12.5.1: https://www.rfc-editor.org/rfc/rfc9110#name-accept
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pyoxigraph import QueryResultsFormat, RdfFormat


@dataclass(frozen=True, eq=False)
class Format:
    """A representation; there is one object of each.

    Attributes:
        name: what ``?format=`` and ``--format`` call it; also its file extension.
        media_type: its registered media type, with the charset where the type has one.
        syntax: the engine's own name of it, where the engine writes it.
        generic: a media type that stands for it where a client accepts nothing more precise.
    """

    name: str
    media_type: str
    syntax: QueryResultsFormat | RdfFormat | None = None
    generic: str = ""


CSV = Format("csv", "text/csv; charset=utf-8", QueryResultsFormat.CSV)

RESULTS_FORMATS = (
    Format("json", "application/sparql-results+json", QueryResultsFormat.JSON, "application/json"),
    Format(
        "xml",
        "application/sparql-results+xml; charset=utf-8",
        QueryResultsFormat.XML,
        "application/xml",
    ),
    CSV,
    Format("tsv", "text/tab-separated-values; charset=utf-8", QueryResultsFormat.TSV, "text/plain"),
)
"""What SELECT and ASK are answered in, the first by default."""

GRAPH_FORMATS = (
    Format("ttl", "text/turtle; charset=utf-8", RdfFormat.TURTLE),
    Format("nt", "application/n-triples", RdfFormat.N_TRIPLES, "text/plain"),
    Format("rdf", "application/rdf+xml", RdfFormat.RDF_XML, "application/xml"),
    Format("trig", "application/trig", RdfFormat.TRIG),
    Format("nq", "application/n-quads", RdfFormat.N_QUADS),
    Format("jsonld", "application/ld+json", RdfFormat.JSON_LD, "application/json"),
)
"""What CONSTRUCT and DESCRIBE are answered in, the first by default.

JSON-LD is the last of those that are wanted as much, as clients name it that cannot read it.
"""

JSON = Format("json", "application/json")
"""What is neither results nor a graph, such as why there are no results."""

XLSX = Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
"""A workbook, made of solutions."""

HTML = Format("html", "text/html; charset=utf-8")

JSON_LD_PROFILE = "http://www.w3.org/ns/json-ld#"

_PROFILES = {
    f"{JSON_LD_PROFILE}{form}" for form in ("compacted", "expanded", "flattened", "framed")
}

JSON_LD_FORMS = tuple(
    Format(f"{form}.jsonld", f'application/ld+json;profile="{JSON_LD_PROFILE}{form}"')
    for form in ("compacted", "expanded", "flattened", "framed")
)
"""JSON-LD as a client may ask for it: https://www.w3.org/TR/json-ld11/#application-ld-json."""

TRIPLES_FORMATS = tuple(
    one
    for one in GRAPH_FORMATS
    if isinstance(one.syntax, RdfFormat)
    and (one.syntax == RdfFormat.JSON_LD or not one.syntax.supports_datasets)
)
"""The syntaxes of a single graph."""

DOCUMENT_FORMATS = (
    *TRIPLES_FORMATS,
    HTML,
    Format("csv", "text/csv; charset=utf-8; header=present"),
    *JSON_LD_FORMS,
)
"""What the description of a thing can be had in, the first by default.

Not in TriG and N-Quads: clients that prefer these would find its statements in named graphs, and
ask the default graph in vain.
"""
LANGUAGES = ("lv", "en")
"""What pages are written in."""

_THERE_IS = {"charset": {"utf-8", "utf8", "us-ascii"}, "header": {"present"}}
"""Parameters whose values matter; others, such as ``version``, change nothing of what is sent."""

_WEIGHT = re.compile(r"[0-9]+\.?[0-9]*|\.[0-9]+")

FORMATS = {one.name: one for one in (*RESULTS_FORMATS, *GRAPH_FORMATS)}


_ALSO_CALLED = {
    "turtle": "ttl",
    "json-ld": "jsonld",
    "ntriples": "nt",
    "n-triples": "nt",
    "rdf+xml": "rdf",
    "rdf/xml": "rdf",
    "rdfxml": "rdf",
    "n3": "ttl",
    "text/n3": "ttl",
    "text/rdf+n3": "ttl",
    "nquads": "nq",
    "n-quads": "nq",
}
"""What clients at hand (such as SPARQLWrapper) write for ``format`` beside our names."""

_GRAPH_COUNTERPARTS = {"json": "jsonld", "xml": "rdf"}
"""What a name of a results format means for a graph."""


def formats_named(name: str) -> tuple[Format | None, Format | None]:
    """The format of results and that of graphs that a name or a media type stands for."""
    name = name.lower()
    of_type = {one.media_type.partition(";")[0]: one for one in FORMATS.values()}
    name = _ALSO_CALLED.get(name, name)
    results = of_type.get(name) or FORMATS.get(name)
    graph = of_type.get(name) or FORMATS.get(_GRAPH_COUNTERPARTS.get(name, name))
    return (
        results if results in RESULTS_FORMATS else None,
        graph if graph in GRAPH_FORMATS else None,
    )


_NAMED = 3
"""How specific a range is that names a type and a subtype."""


@dataclass(frozen=True)
class MediaRange:
    """One element of an Accept header: what it matches and how much it is wanted.

    Attributes:
        main, sub: of the media type; ``*`` for any.
        profiles: of JSON-LD; those that nobody knows are passed over, as
            https://www.rfc-editor.org/rfc/rfc6906#section-3 has it.
        others: how many more parameters it has; they change nothing of what is sent.
        unknown: whether it is in another charset, or without a header line: there is none such.
        quality: how much it is wanted.
    """

    main: str
    sub: str
    profiles: frozenset[str]
    others: int
    unknown: bool
    quality: float

    def specificity(self, media_type: MediaRange) -> int:
        """How precisely this range names a media type; 0 where it does not match it."""
        if self.main == "*":
            return 1
        if self.main != media_type.main:
            return 0
        if self.sub == "*":
            return 2
        if self.sub != media_type.sub or self.unknown:
            return 0
        if not (self.profiles and media_type.profiles):
            return _NAMED + self.others
        return _NAMED + 1 + self.others if self.profiles & media_type.profiles else 0


def negotiate(accept: str | None, offered: Sequence[Format]) -> Format | None:
    """The offered format that an Accept header wants most; ``None`` where it wants none.

    Without a header, or among equals, the first one offered. A malformed element is passed over.
    Where nothing that is offered is accepted by its own media type, a generic one stands for it.
    """
    ranges = _parse_accept(accept) if accept else ()
    if not ranges:
        return offered[0]
    own = {one: _weight(one.media_type, ranges) for one in offered}
    best = max(own, key=lambda one: own[one][:2])
    if own[best].quality > 0:
        return best
    # What is excluded by its own name is not meant by a general one.
    generic = {
        one: _weight(one.generic, ranges) for one in offered if one.generic and not own[one].named
    }
    best = max(generic, key=lambda one: generic[one][:2], default=best)
    return best if best in generic and generic[best].quality > 0 else None


def negotiate_language(accept_language: str | None) -> str:
    """The language of pages that an Accept-Language header wants most; English where it wants none.

    A page in the other language is better than none, so nothing is refused:
    https://www.rfc-editor.org/rfc/rfc9110#name-accept-language
    """
    weights: dict[str, float] = {}
    for tag, quality in weighted(accept_language or ""):
        language = tag.lower().partition("-")[0]
        weights[language] = max(quality, weights.get(language, 0.0))
    others = weights.get("*", 0.0)
    return max(("en", "lv"), key=lambda language: weights.get(language, others))


def weighted(header: str) -> list[tuple[str, float]]:
    """The elements of a header such as Accept-Encoding with their weights, but malformed ones.

    https://www.rfc-editor.org/rfc/rfc9110#name-quality-values
    """
    elements: list[tuple[str, float]] = []
    for element in header.split(","):
        value, _, parameter = element.partition(";")
        name, _, weight = parameter.partition("=")
        weight = weight.strip() if name.strip().lower() == "q" else "1"
        if value.strip() and _WEIGHT.fullmatch(weight):
            elements.append((value.strip(), min(float(weight), 1.0)))
    return elements


@lru_cache(maxsize=256)
def _parse_accept(accept: str) -> tuple[MediaRange, ...]:
    ranges = (_parse_range(element) for element in _split(accept, ","))
    return tuple(one for one in ranges if one is not None)


def _parse_range(element: str) -> MediaRange | None:
    media_type, *parameters = [part.strip() for part in _split(element, ";")] or [""]
    main, slash, sub = media_type.lower().partition("/")
    if not (main and slash and sub) or (main == "*" and sub != "*"):
        return None
    quality, others, unknown = 1.0, 0, False
    profiles: set[str] = set()
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        name, value = name.strip().lower(), value.strip().strip('"')
        if name == "q":
            if not _WEIGHT.fullmatch(value):
                return None
            quality = min(float(value), 1.0)
        elif name == "profile":
            profiles.update(uri for uri in value.lower().split() if uri in _PROFILES)
        elif name:
            others += 1
            unknown |= value.lower() not in _THERE_IS.get(name, {value.lower()})
    return MediaRange(main, sub, frozenset(profiles), others, unknown, quality)


class _Weight(NamedTuple):
    """How much a media type is wanted.

    Attributes:
        quality: the weight of the most specific range that matches; 0 where none does.
        profile: whether that is for its profile; one without is the second best.
        named: whether a range names it, and not one of its kind.
    """

    quality: float
    profile: bool
    named: bool


def _weight(media_type: str, ranges: tuple[MediaRange, ...]) -> _Weight:
    (target,) = _parse_accept(media_type)
    best = max(ranges, key=lambda one: (one.specificity(target), one.quality))
    specificity = best.specificity(target)
    if not specificity:
        return _Weight(0.0, False, False)
    return _Weight(best.quality, bool(best.profiles & target.profiles), specificity >= _NAMED)


def _split(text: str, separator: str) -> list[str]:
    """Split at a separator that stands outside quotes."""
    parts, current, quoted, escaped = [], "", False, False
    for character in text:
        if character == '"' and not escaped:
            quoted = not quoted
        escaped = quoted and character == "\\" and not escaped
        if character == separator and not quoted:
            parts.append(current)
            current = ""
        else:
            current += character
    return [part for part in (*parts, current) if part.strip()]
