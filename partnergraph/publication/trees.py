"""Each partner as one tree of JSON, for a developer who knows no RDF, and still the same RDF.

https://www.w3.org/TR/json-ld11/, framed: what a partner takes part in hangs from it, by links that
the data have the other way round. ``tree_frames`` declares the shape; ``partners.schema.json``
describes it.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from partnergraph.dataset.canonical import Dataset
from partnergraph.namespaces import TP, expand
from partnergraph.publication.tree_frames import (
    PARTNER,
    PARTNERSHIP,
    WORDS,
    Frame,
    Key,
    frames,
    inline_context,
)
from partnergraph.things.json_ld_context import Context, Json

TREES = 'application/ld+json;profile="http://www.w3.org/ns/json-ld#framed"'
SCHEMA = Path(__file__).with_name("partners.schema.json")

_TYPE = expand("rdf:type")
_NATIVE = {
    "xsd:integer": re.compile(r"-?[1-9][0-9]{0,14}|0"),
    "xsd:boolean": re.compile(r"true|false"),
}
"""Literals that JSON has a value of its own for, where they are written in its way."""


def tree_files(dataset: Dataset, context: Context) -> Iterator[tuple[str, str, bytes]]:
    """The trees and the schema that they keep to: name, media type and content of each file."""
    trees = _Trees(dataset, context)
    head = json.dumps(trees.context, ensure_ascii=False, indent=1)
    # A tree a line: quick to write, and a change of one partner is a change of one line.
    lines = ",\n".join(json.dumps(tree, ensure_ascii=False) for tree in trees.partners())
    yield "partners.jsonld", TREES, f'{{"@context": {head},\n"@graph": [\n{lines}\n]}}\n'.encode()
    yield SCHEMA.name, "application/schema+json", SCHEMA.read_bytes()


class _Trees:
    """The trees of a dataset."""

    def __init__(self, dataset: Dataset, context: Context) -> None:
        self.context = inline_context(context)
        self._names = context
        self._iris = {term: iri for iri, terms in context.terms.items() for term in terms.values()}
        self._of: dict[str, dict[Any, list[Any]]] = {}
        self._to: dict[str, dict[Any, list[Any]]] = {}
        terms = {key.term for frame in frames(PARTNER) for key in frame.keys.values()}
        for iri in {_TYPE, *(self._iris[term] for term in terms)}:
            self._read(iri, dataset)
        self._written: dict[tuple[int, Any], dict[str, Json]] = {}

    def _read(self, iri: str, dataset: Dataset) -> None:
        """Take in the statements of a property, in both directions."""
        objects: dict[Any, list[Any]] = defaultdict(list)
        subjects: dict[Any, list[Any]] = defaultdict(list)
        triples = {quad.triple for quad in dataset.quads.quads_for_predicate(NamedNode(iri))}
        for triple in sorted(triples, key=str):
            objects[triple.subject].append(triple.object)
            subjects[triple.object].append(triple.subject)
        self._of[iri], self._to[iri] = objects, subjects

    def partners(self) -> Iterator[dict[str, Json]]:
        """The tree of each territory that has a partnership or is listed as a partner."""
        partnerships = self._to[self._iris["party"]].items()
        of = self._of[self._iris["listedAsPartnerOf"]]
        partners = {party for party, claims in partnerships if self._of_kind(claims, PARTNERSHIP)}
        for partner in sorted(self._of_kind({*partners, *of}, PARTNER), key=lambda one: one.value):
            tree = self._object(partner, PARTNER)
            # A partnership is written once, and stands in the tree of each of its parties.
            tree["partnerships"] = [
                {**one, "with": [other for other in one["with"] if other["id"] != tree["id"]]}
                for one in tree["partnerships"]
            ]
            own = {
                agreement["id"] for one in tree["partnerships"] for agreement in one["agreements"]
            }
            tree["otherAgreements"] = [
                one for one in tree["otherAgreements"] if one["id"] not in own
            ]
            yield tree

    def _of_kind(self, nodes: Any, frame: Frame) -> list[Any]:
        """Those of the nodes that are of a frame's class."""
        kind = NamedNode(self._iris[frame.kind]) if frame.kind else None
        types = self._of[_TYPE]
        return [node for node in nodes if kind is None or kind in types.get(node, ())]

    def _object(self, node: Any, frame: Frame) -> dict[str, Json]:
        """A node in the shape of a frame."""
        place = (id(frame), node)
        if place not in self._written:
            written: dict[str, Json] = {
                "id": node.value if isinstance(node, NamedNode) else str(node)
            }
            if frame.kind:
                written["type"] = frame.kind
            for name, key in frame.keys.items():
                written[name] = self._under(node, name, key)
            self._written[place] = written
        return self._written[place]

    def _under(self, node: Any, name: str, key: Key) -> Json:
        """What stands under a key of a node."""
        found = (self._to if key.reverse else self._of)[self._iris[key.term]].get(node, [])
        definition = self.context[name]
        if key.frame:
            objects = [
                self._object(one, key.frame)
                for one in self._of_kind(found, key.frame)
                if not isinstance(one, Literal)
            ]
            objects.sort(key=_position)
        elif "@language" in (definition.get("@container") or ()):
            return _by_language(found, many=key.many)
        else:
            objects = [
                self._value(one, definition) for one in found if not isinstance(one, BlankNode)
            ]
        return objects if key.many else next(iter(objects), None)

    def _value(self, term: NamedNode | Literal, definition: dict[str, Json]) -> Json:
        """An IRI or a literal, as short as its term's definition lets it be."""
        coerced = definition.get("@type", "xsd:string")
        if isinstance(term, NamedNode):
            word = term.value.removeprefix(TP)
            return word if coerced == "@vocab" and word in WORDS else term.value
        datatype = self._names.compact(term.datatype.value)
        if datatype != coerced:
            return {"value": term.value, "type": datatype}
        native = datatype in _NATIVE and _NATIVE[datatype].fullmatch(term.value)
        return json.loads(term.value) if native else term.value


def _position(written: dict[str, Json]) -> int:
    """Where an object stands among its like; those without a position keep their order."""
    position = written.get("position")
    return position if isinstance(position, int) else 0


def _by_language(texts: list[Any], *, many: bool) -> dict[str, Json]:
    """Texts under their language tags; of several in one language the first, unless many."""
    found: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        if isinstance(text, Literal) and (many or text.language):
            found[text.language or "@none"].append(text.value)
    return {tag: found[tag] if many else found[tag][0] for tag in sorted(found)}
