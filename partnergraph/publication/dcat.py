"""What the dataset is, who publishes it and how to have it, for data portals: DCAT-AP 3.

https://semiceu.github.io/DCAT-AP/releases/3.0.0/
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from partnergraph.dataset.canonical import Dataset
from partnergraph.dataset.facts import Fact, Term, about, merged, rows, slug, texts, typed
from partnergraph.namespaces import TP, expand
from partnergraph.publication.downloads import Download, Downloads

DATA_LICENCE = NamedNode("https://creativecommons.org/publicdomain/zero/1.0/")

TITLE = {"lv": "Starptautiskās sadarbības grafs", "en": "Graph of international partnerships"}
ABOUT = {
    "lv": "Pašvaldību starptautiskā sadarbība: teritorijas, vienošanās, tīkli un sadarbības jomas; "
    "katram apgalvojumam norādīts avota fragments.",
    "en": "International partnerships of municipalities: territories, agreements, networks and "
    "fields of cooperation, each claim with its passage in the source.",
}
_CATALOG = {"lv": "Publicēto datu katalogs", "en": "Catalogue of the published data"}
_NO_PUBLISHER = {"lv": "Publicētājs nav norādīts", "en": "The publisher is not stated"}
_KEYWORDS = {
    "lv": ("sadraudzības pilsētas", "pašvaldības", "starptautiskā sadarbība"),
    "en": ("twin towns", "local government", "international cooperation"),
}

_EU = "http://publications.europa.eu/resource/authority/"
_IANA = "https://www.iana.org/assignments/media-types/"

_LANGUAGES = ("LAV", "ENG")
_THEMES = {
    "INTR": {"lv": "Starptautiski jautājumi", "en": "International issues"},
    "REGI": {"lv": "Reģioni un pilsētas", "en": "Regions and cities"},
}

_FILE_TYPES = {
    "ttl": "RDF_TURTLE",
    "jsonld": "JSON_LD",
    "nt": "RDF_N_TRIPLES",
    "rdf": "RDF_XML",
    "trig": "RDF_TRIG",
    "nq": "RDF_N_QUADS",
    "csv": "CSV",
    "json": "JSON",
}
"""The names that the EU's file-type authority table has for our files, by their extension."""


class Catalogue:
    """Writes the description of a dataset for data portals."""

    def __init__(self, dataset: Dataset, downloads: Downloads, publisher: str) -> None:
        """Args:
        dataset: what is described, without the description.
        downloads: the files it can be had in.
        publisher: who publishes it; empty where that is not stated.
        """
        self._dataset = dataset
        self._downloads = list(downloads)
        self._publisher_name = publisher
        self._base = dataset.base
        self._self = f"{dataset.base}id/dataset"
        self._publisher = f"{dataset.base}id/publisher"
        self._endpoint = f"{dataset.base}sparql"
        self._facts = merged(dataset, dataset.graph_names)

    def triples(self) -> Iterator[Triple]:
        """The description."""
        yield from self._catalog()
        yield from self._dataset_itself()
        for download in self._whole():
            yield from self._distribution(download)

    def _catalog(self) -> Iterator[Triple]:
        catalog = f"{self._base}id/catalog"
        yield from about(catalog, ("rdf:type", "dcat:Catalog"), *texts("dcterms:title", _CATALOG))
        yield from about(
            catalog,
            *texts("dcterms:description", ABOUT),
            ("dcterms:publisher", self._publisher),
            ("dcterms:license", DATA_LICENCE),
            *(("dcterms:language", f"{_EU}language/{one}") for one in _LANGUAGES),
            ("dcat:dataset", self._self),
            ("dcat:service", self._endpoint),
            ("foaf:homepage", self._base),
        )
        names = _literal_name(self._publisher_name) or texts("foaf:name", _NO_PUBLISHER)
        yield from about(self._publisher, ("rdf:type", "foaf:Agent"), *names)
        yield from about(str(DATA_LICENCE.value), ("rdf:type", "dcterms:LicenseDocument"))
        yield from about(self._base, ("rdf:type", "foaf:Document"))
        # DCAT-AP's shapes want the class that everything is in; they infer nothing.
        for one in ("sparql", "data/", ".well-known/void"):
            yield from about(f"{self._base}{one}", ("rdf:type", "rdfs:Resource"))
        for one in _LANGUAGES:
            yield from about(f"{_EU}language/{one}", ("rdf:type", "dcterms:LinguisticSystem"))

    def _dataset_itself(self) -> Iterator[Triple]:
        yield from about(
            self._self,
            ("rdf:type", "dcat:Dataset"),
            ("rdf:type", "void:Dataset"),
            *texts("dcterms:title", TITLE),
            *texts("dcterms:description", ABOUT),
            ("dcterms:publisher", self._publisher),
            ("dcterms:license", DATA_LICENCE),
            ("dcterms:identifier", Literal(self._self)),
            ("dcat:version", Literal(self._dataset.version)),
            ("dcat:landingPage", self._base),
            ("foaf:homepage", self._base),
            ("dcterms:conformsTo", TP.rstrip("#")),
            *(("dcterms:language", f"{_EU}language/{one}") for one in _LANGUAGES),
            *(("dcat:theme", f"{_EU}data-theme/{one}") for one in _THEMES),
            *(
                ("dcat:keyword", Literal(word, language=language))
                for language, words in _KEYWORDS.items()
                for word in words
            ),
            *(("prov:wasDerivedFrom", one) for one in self._column("?x a tp:SourceDocument")),
            *(("dcat:distribution", self._part(one)) for one in self._whole()),
        )
        for theme, names in _THEMES.items():
            iri = f"{_EU}data-theme/{theme}"
            yield from about(iri, ("rdf:type", "skos:Concept"), *texts("skos:prefLabel", names))
        yield from about(TP.rstrip("#"), ("rdf:type", "dcterms:Standard"))
        for country in self._column("?x a tp:Country"):
            yield from about(self._self, ("dcterms:spatial", country))
            assert isinstance(country, NamedNode)
            yield from about(country.value, ("rdf:type", "dcterms:Location"))
        yield from self._period()

    def _period(self) -> Iterator[Triple]:
        """From the first to the last year that anything is said to have begun or ended in."""
        years = self._column("?thing tp:beganYear|tp:endedYear|tp:signedYear|tp:foundedYear ?x")
        numbers = sorted(int(year.value) for year in years)
        if numbers:
            period = f"{self._self}#period"
            yield from about(self._self, ("dcterms:temporal", period))
            yield from about(
                period,
                ("rdf:type", "dcterms:PeriodOfTime"),
                ("dcat:startDate", typed(f"{numbers[0]:04}", "gYear")),
                ("dcat:endDate", typed(f"{numbers[-1]:04}", "gYear")),
            )

    def _distribution(self, download: Download) -> Iterator[Triple]:
        this = self._part(download)
        file = f"{self._base}data/{download.name}"
        media_type = f"{_IANA}{download.media_type.partition(';')[0]}"
        checksum = f"{this}-checksum"
        file_type = _FILE_TYPES.get(download.name.rpartition(".")[2])
        yield from about(
            this,
            ("rdf:type", "dcat:Distribution"),
            *texts("dcterms:title", dict.fromkeys(TITLE, download.name)),
            ("dcat:accessURL", f"{self._base}data/"),
            ("dcat:downloadURL", file),
            ("dcat:mediaType", media_type),
            ("dcat:byteSize", typed(str(download.size), "nonNegativeInteger")),
            ("dcterms:license", DATA_LICENCE),
            ("spdx:checksum", checksum),
        )
        yield from about(file, ("rdf:type", "rdfs:Resource"))
        yield from about(media_type, ("rdf:type", "dcterms:MediaType"))
        if file_type:
            yield from about(this, ("dcterms:format", f"{_EU}file-type/{file_type}"))
            yield from about(
                f"{_EU}file-type/{file_type}", ("rdf:type", "dcterms:MediaTypeOrExtent")
            )
        yield from about(
            checksum,
            ("rdf:type", "spdx:Checksum"),
            ("spdx:algorithm", expand("spdx:checksumAlgorithm_sha256")),
            ("spdx:checksumValue", typed(download.sha256, "hexBinary")),
        )
        yield from about(
            expand("spdx:checksumAlgorithm_sha256"), ("rdf:type", "spdx:ChecksumAlgorithm")
        )

    def _whole(self) -> list[Download]:
        """The files that hold the whole dataset, or tables of it."""
        return [one for one in self._downloads if "/" not in one.name and "schema" not in one.name]

    def _part(self, download: Download) -> str:
        return f"{self._self}#{slug(download.name)}"

    def _column(self, pattern: str, modifiers: str = "") -> list[Term]:
        return [row[0] for row in rows(self._facts, f"SELECT ?x {{ {pattern} }} {modifiers}")]


def _literal_name(name: str) -> list[Fact]:
    return [("foaf:name", Literal(name))] if name else []
