"""What a thing is called, in the language of who reads.

One chain of fallbacks holds everywhere: the languages asked for, then the language of the page,
then English, then the languages of the thing's own country, then whichever there is, and last the
IRI itself. A thing without any label (a partnership, say) gets its name from the things that it
connects.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from partnergraph.dataset.canonical import Dataset, Graphs
from partnergraph.namespaces import TP, compact, expand

Node = NamedNode | BlankNode

LABEL_PROPERTIES = tuple(
    NamedNode(expand(name))
    for name in ("skos:prefLabel", "rdfs:label", "dcterms:title", "schema:name", "foaf:name")
)
"""What a label is, the first of them that a thing has."""

_TYPE = NamedNode(expand("rdf:type"))
_COUNTRY = NamedNode(f"{TP}country")
_OFFICIAL = NamedNode(f"{TP}officialLanguage")
_INSTRUMENT, _SIGNED = NamedNode(f"{TP}instrument"), NamedNode(f"{TP}signed")
_START, _END = NamedNode(expand("oa:start")), NamedNode(expand("oa:end"))
_SELECTOR, _HEADING = NamedNode(expand("oa:hasSelector")), NamedNode(f"{TP}heading")

COMPOSED: dict[str, tuple[str, ...]] = {
    f"{TP}Partnership": ("tp:party",),
    f"{TP}Agreement": ("tp:party",),
    f"{TP}FieldGroup": ("tp:field",),
    f"{TP}Activity": ("tp:activityType",),
    expand("org:Membership"): ("org:member", "org:organization"),
}
"""The classes whose things have no label of their own, and the properties whose values name them.

What stands in several places of one name is told apart by its IRI, which every page shows.
"""


def _read_reused() -> dict[str, dict[str, str]]:
    text = Path(__file__).with_name("reused_terms.toml").read_text("utf-8")
    return {expand(name): names for name, names in tomllib.loads(text).items()}


REUSED = _read_reused()
"""What terms of other vocabularies are called, which do not come with their labels, by language."""


@dataclass(frozen=True)
class Text:
    """A text and its language tag; empty where it has none."""

    text: str
    language: str = ""

    def __str__(self) -> str:
        return self.text

    @property
    def place(self) -> tuple[str, str]:
        """Where the text stands in a list: accents count only where all else is equal."""
        # Numbers by their value: [46–54] before [4304–4649].
        text = re.sub(r"[0-9]+", lambda number: number[0].zfill(9), self.text.casefold())
        letters = unicodedata.normalize("NFD", text)
        return "".join(one for one in letters if not unicodedata.combining(one)), self.text


def choose(texts: Iterable[Text], asked: Sequence[str], native: Sequence[str] = ()) -> Text | None:
    """The text in the first of these languages that has one.

    Args:
        texts: the same said in several languages.
        asked: language tags, the most wanted first; that of the page is the last of them.
        native: those of the thing's own country.
    """
    by_language: dict[str, Text] = {}
    for text in sorted(texts, key=lambda one: (one.language, one.text)):
        by_language.setdefault(text.language.lower(), text)
    for tag in (*asked, "en", *native):
        for language in _less_and_less_specific(tag.lower()):
            if language in by_language:
                return by_language[language]
    return next(iter(by_language.values()), None)


def _less_and_less_specific(tag: str) -> Iterable[str]:
    """Lookup as in https://www.rfc-editor.org/rfc/rfc4647#section-3.4."""
    while tag:
        yield tag
        tag = tag.rpartition("-")[0]


class Labels:
    """The names of the things in a dataset."""

    def __init__(self, dataset: Dataset | Graphs) -> None:
        self._dataset = dataset

    def triples(self, thing: Node) -> list[Quad]:
        """The statements that say what a thing is called."""
        for label in LABEL_PROPERTIES:
            found = self._quads(thing, label)
            if found:
                return sorted(found, key=str)
        return []

    def of(self, thing: Node, *asked: str) -> Text:
        """What a thing is called, by the chain of fallbacks."""
        return self._own(thing, asked) or self._composed(thing, asked)

    def _own(self, thing: Node, asked: Sequence[str]) -> Text | None:
        return choose(self._texts(self.triples(thing)), asked, self._native(thing))

    def _texts(self, statements: Iterable[Quad]) -> list[Text]:
        return [
            Text(one.object.value, one.object.language or "")
            for one in statements
            if isinstance(one.object, Literal)
        ]

    def _native(self, thing: Node) -> list[str]:
        countries = [*self._objects(thing, _COUNTRY), thing]
        return sorted(
            language.value
            for country in countries
            if isinstance(country, NamedNode)
            for language in self._objects(country, _OFFICIAL)
            if isinstance(language, Literal)
        )

    def _composed(self, thing: Node, asked: Sequence[str]) -> Text:
        types = {one.value for one in self._objects(thing, _TYPE) if isinstance(one, NamedNode)}
        page = asked[-1] if asked else "en"
        for kind, properties in COMPOSED.items():
            if kind not in types:
                continue
            names = [
                _sorted(
                    # Not by what that is composed of in its turn: it might be this thing.
                    (self._own(value, asked) or _last_resort(value))
                    for value in self._objects(thing, NamedNode(expand(name)))
                    if isinstance(value, NamedNode)
                )
                for name in properties
            ]
            if all(names):
                separator = ", " if kind in _LISTED else " – "
                name = separator.join(name for part in names for name in part)
                return Text(name + self._particulars(thing, asked), page)
        if f"{TP}Passage" in types:
            return self._passage(thing)
        if isinstance(thing, NamedNode) and thing.value in REUSED:
            texts = [Text(text, tag) for tag, text in REUSED[thing.value].items()]
            return choose(texts, asked) or texts[0]
        return _last_resort(thing)

    def _particulars(self, thing: Node, asked: Sequence[str]) -> str:
        """What tells an agreement from the partnership of the same parties: its kind and date."""
        kinds = self._objects(thing, _INSTRUMENT)
        said = [(self._own(one, asked) or _last_resort(one)).text for one in kinds]
        said += [one.value for one in self._objects(thing, _SIGNED) if isinstance(one, Literal)]
        return f" ({', '.join(said)})" if kinds else ""

    def _passage(self, passage: Node) -> Text:
        """A passage is called by its heading and its position."""
        heading = choose(self._texts(self._quads(passage, _HEADING)), ())
        for selector in self._objects(passage, _SELECTOR):
            ends = [
                value.value
                for bound in (_START, _END)
                for value in self._objects(selector, bound)
                if isinstance(value, Literal)
            ]
            position = f"[{'–'.join(ends)}]"
            return Text(f"{heading} {position}" if heading else position, _language(heading))
        return heading or Text("")

    def _quads(self, thing: Any, predicate: NamedNode) -> list[Quad]:
        return list(self._dataset.store.quads_for_pattern(thing, predicate, None, None))

    def _objects(self, thing: Any, predicate: NamedNode) -> list[Any]:
        # A set: the same statement may stand in several graphs.
        return sorted({quad.object for quad in self._quads(thing, predicate)}, key=str)


_LISTED = (f"{TP}FieldGroup", f"{TP}Activity")


def _sorted(names: Iterable[Text]) -> list[str]:
    return [name.text for name in sorted(names, key=lambda one: one.place)]


def _last_resort(thing: Node) -> Text:
    return Text(compact(thing.value).strip("<>") if isinstance(thing, NamedNode) else "")


def _language(text: Text | None) -> str:
    return text.language if text else ""
