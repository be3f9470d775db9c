"""The documents about things, in every format: ``/doc/…``."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat

from partnergraph.dataset.canonical import Dataset
from partnergraph.formats import DOCUMENT_FORMATS, HTML, JSON_LD_FORMS
from partnergraph.namespaces import expand
from partnergraph.pages.resources import Link, Representation, Resource
from partnergraph.publication.dcat import DATA_LICENCE
from partnergraph.syntaxes.graph_documents import write_graph
from partnergraph.things.addresses import DOCUMENTS, Addresses
from partnergraph.things.json_ld import compact_graph, to_bytes
from partnergraph.things.json_ld_context import Context
from partnergraph.things.json_ld_forms import in_form
from partnergraph.things.labels import Labels
from partnergraph.things.statements import Description, Things

PageWriter = Callable[[Description, str, str], bytes]
"""Writes the page of a description: for a path, in a language."""

_DATASET = "dataset"

_COLUMNS = (
    "subject",
    "property",
    "property_label",
    "value",
    "value_label",
    "language",
    "datatype",
    "graph",
    "derived",
    "passages",
)
"""Of the table of a thing's statements."""


@dataclass
class Documents:
    """The documents about everything that the dataset says anything of.

    A :class:`~partnergraph.pages.resources.Collection`.
    """

    dataset: Dataset
    addresses: Addresses
    things: Things
    labels: Labels
    context: Context
    write_page: PageWriter

    def find(self, path: str) -> Resource | None:
        """The document at a path."""
        iri = self._known(path)
        if iri is None:
            return None
        path = self.addresses.path(iri) or path
        return Resource(
            path,
            DOCUMENT_FORMATS,
            lambda representation: self._write(path, iri, representation),
            self._links(iri),
            self._gone(iri),
        )

    def _known(self, path: str) -> str | None:
        """The thing that the document at a path is about, if anything is said of it."""
        if not path.startswith(DOCUMENTS):
            return None
        iri = self.addresses.thing(path)
        if iri and _is_iri(iri) and self._is_told(iri):
            return iri
        # A path comes decoded, however its client has written it; the IRI may have escapes.
        return self._spelled.get(path)

    def _is_told(self, iri: str) -> bool:
        """Whether anything is said of a thing, or of those that are described along with it."""
        return iri in self.things or iri in self._fragments

    def served(self) -> list[str]:
        """The paths of the documents that can be had, sorted; not those of what was withdrawn."""
        found = ((path, self.find(path)) for path in self._paths)
        return [path for path, resource in found if resource and not resource.gone]

    def paths(self) -> list[str]:
        """The documents about all things that are named here, sorted."""
        return self._paths

    @cached_property
    def _fragments(self) -> dict[str, list[str]]:
        return fragments(self.dataset)

    @cached_property
    def _spelled(self) -> dict[str, str]:
        """The IRIs with percent-encoded characters, by the decoded paths of their documents."""
        found = ((path, self.addresses.thing(path)) for path in self._paths if "%" in path)
        return {unquote(path): iri for path, iri in found if iri}

    @cached_property
    def _paths(self) -> list[str]:
        named = {
            term.value
            for quad in self.dataset
            for term in (quad.subject, quad.object)
            if isinstance(term, NamedNode)
        }
        # What has a fragment of its own is described along with the thing before it.
        paths = {(self.addresses.path(iri) or "").partition("#")[0] for iri in named}
        return sorted(path for path in paths if path.startswith(DOCUMENTS))

    def describe(self, iri: str) -> Description | None:
        """What the document about a thing says."""
        return self.things.describe(iri, self._fragments.get(iri, ()))

    def _links(self, iri: str) -> tuple[Link, ...]:
        types = [one.value for one in self.things.types(iri)]
        return (
            Link(iri, "cite-as"),
            Link(DATA_LICENCE.value, "license"),
            *(Link(one, "type") for one in (expand("schema:AboutPage"), *types[:1])),
        )

    def _gone(self, iri: str) -> str:
        if not self.things.is_withdrawn(iri):
            return ""
        instead = ", ".join(one.value for one in self.things.replacements(iri))
        return f"{iri} was withdrawn." + (f" In its place there is {instead}." if instead else "")

    def _write(self, path: str, iri: str, representation: Representation) -> bytes:
        description = self.describe(iri)
        assert description is not None
        form = representation.format
        if form is HTML:
            return self.write_page(description, path, representation.language)
        if form.name == "csv":
            return self._table(description)
        quads = [*description.quads, *self._about(description, path)]
        if form.syntax == RdfFormat.JSON_LD or form in JSON_LD_FORMS:
            return self._json_ld(description, quads, form.name)
        assert isinstance(form.syntax, RdfFormat)
        triples = dict.fromkeys(quad.triple for quad in quads)
        return write_graph(triples, form.syntax)

    def _about(self, description: Description, path: str) -> Iterator[Quad]:
        """What the document says of itself."""
        document = NamedNode(f"{self.addresses.base}{path}")
        facts: list[tuple[str, NamedNode | Literal]] = [
            ("rdf:type", NamedNode(expand("foaf:Document"))),
            ("foaf:primaryTopic", description.thing),
            ("void:inDataset", NamedNode(f"{self.addresses.base}id/{_DATASET}")),
            ("dcterms:license", DATA_LICENCE),
        ]
        for predicate, number in sorted(description.untold.items(), key=str):
            text = f"{number} more things have this one as their <{predicate.value}>."
            facts.append(("rdfs:comment", Literal(text, language="en")))
        for name, value in facts:
            yield Quad(document, NamedNode(expand(name)), value, DefaultGraph())

    def _json_ld(self, description: Description, quads: list[Quad], name: str) -> bytes:
        document = compact_graph(dict.fromkeys(quad.triple for quad in quads), self.context)
        return to_bytes(in_form(document, name.partition(".")[0], description.thing.value))

    def _table(self, description: Description) -> bytes:
        """A row a statement, for who works with tables."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(_COLUMNS)
        for quad in (*description.own, *description.incoming):
            value = quad.object
            literal = value if isinstance(value, Literal) else None
            label = self.labels.of(value, "en").text if isinstance(value, NamedNode) else ""
            writer.writerow(
                (
                    _plain(quad.subject),
                    quad.predicate.value,
                    self.labels.of(quad.predicate, "en").text,
                    _plain(value),
                    label,
                    literal.language if literal else "",
                    literal.datatype.value if literal else "",
                    _plain(quad.graph_name),
                    str(self.things.is_derived(quad)).lower(),
                    " ".join(passage.value for passage in self.things.evidence(quad)),
                )
            )
        return text.getvalue().encode()


def fragments(dataset: Dataset) -> dict[str, list[str]]:
    """The things that are described along with another, by its IRI: those with a fragment of it."""
    found: dict[str, set[str]] = defaultdict(set)
    for quad in dataset.store:
        if isinstance(quad.subject, NamedNode):
            thing, sharp, _ = quad.subject.value.partition("#")
            if sharp and thing.startswith(dataset.base):
                found[thing].add(quad.subject.value)
    return {thing: sorted(inner) for thing, inner in found.items()}


def _plain(term: Any) -> str:
    return str(getattr(term, "value", term))


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True
