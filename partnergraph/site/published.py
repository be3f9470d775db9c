"""What every page is made from: the publication, what its things are called, where they are."""

from __future__ import annotations

from pyoxigraph import NamedNode

from partnergraph.dataset.canonical import Dataset
from partnergraph.pages.rows import Reader, Reference
from partnergraph.publication.dcat import DATA_LICENCE, TITLE
from partnergraph.publication.release import Publication
from partnergraph.results import Report
from partnergraph.things.addresses import Addresses
from partnergraph.things.labels import Labels, Text
from partnergraph.things.statements import Things

_CHANGED = (
    {"lv": "Jauns", "en": "New"},
    {"lv": "Mainījies", "en": "Changed"},
    {"lv": "Vairs nav", "en": "Gone"},
)


class Published:
    """A publication as a reader meets it.

    Attributes:
        publication: what is served.
        report: what the gate has found, if it has looked.
        addresses: which thing is described where.
        labels: what things are called.
        things: what is said of them.
    """

    def __init__(self, publication: Publication, report: Report | None) -> None:
        self.publication = publication
        self.report = report
        self.addresses = Addresses(publication.dataset.base)
        self.labels = Labels(publication.dataset)
        self.things = Things(publication.dataset, self.labels)

    @property
    def dataset(self) -> Dataset:
        """The dataset that is served."""
        return self.publication.dataset

    @property
    def is_described(self) -> bool:
        """Whether the dataset has a description, which data served without the gate have not."""
        return self.publication.downloads.get("graph/dataset.ttl") is not None

    @property
    def has_ontology(self) -> bool:
        """Whether the vocabulary is served beside the data."""
        return self.dataset.graph_iri("ontology") in self.dataset.graph_names

    def reader(self, language: str) -> Reader:
        """Reads descriptions for a reader of a language."""
        return Reader(self.addresses, self.labels, self.things, language)

    def changes(self, language: str) -> list[tuple[str, list[Reference]]] | None:
        """What is new, by kind; ``None`` where this is not known."""
        changes, reader = self.publication.changes, self.reader(language)
        if changes is None:
            return None
        gone = [Reference(Text(one.value), one.value) for one in changes.gone]
        there = (list(map(reader.reference, things)) for things in (changes.new, changes.changed))
        kinds = zip(_CHANGED, (*there, gone), strict=True)
        return [(titles[language], things) for titles, things in kinds if things]

    def citation(self, language: str) -> dict[str, object]:
        """How the dataset is cited, for a template; nothing where it has no description."""
        if not self.is_described:
            return {"cite_as": None}
        publisher = NamedNode(f"{self.dataset.base}id/publisher")
        return {
            "cite_as": f"{self.dataset.base}id/dataset",
            "licence": DATA_LICENCE.value,
            "publisher": self.reader(language).reference(publisher).name,
            "dataset_title": TITLE[language],
        }
