"""The dataset described in its own graph, for catalogues, harvesters and editors.

DCAT-AP 3 (what it is, who publishes it, how to have it), VoID (what is in it, counted) and the
SPARQL service description (what the endpoint can do). Nothing is typed in that can be counted, and
no blank nodes: every part has an IRI that leads to its description.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions, Store, Triple

from partnergraph.dataset import Dataset, in_graph
from partnergraph.downloads import Download, Downloads
from partnergraph.formats import GRAPH_FORMATS, RESULTS_FORMATS
from partnergraph.namespaces import PREFIXES, TP, XSD, compact, expand
from partnergraph.settings import Settings

DATA_LICENCE = NamedNode("https://creativecommons.org/publicdomain/zero/1.0/")

TITLE = {"lv": "Starptautiskās sadarbības grafs", "en": "Graph of international partnerships"}
ABOUT = {
    "lv": "Pašvaldību starptautiskā sadarbība: teritorijas, vienošanās, tīkli un sadarbības jomas; "
    "katram apgalvojumam norādīts avota fragments.",
    "en": "International partnerships of municipalities: territories, agreements, networks and "
    "fields of cooperation, each claim with its passage in the source.",
}
_CATALOG = {"lv": "Publicēto datu katalogs", "en": "Catalogue of the published data"}
_ENDPOINT = {"lv": "SPARQL galapunkts", "en": "SPARQL endpoint"}
_NO_PUBLISHER = {"lv": "Publicētājs nav norādīts", "en": "The publisher is not stated"}
_KEYWORDS = {
    "lv": ("sadraudzības pilsētas", "pašvaldības", "starptautiskā sadarbība"),
    "en": ("twin towns", "local government", "international cooperation"),
}

_GRAPH_TITLES = {
    "derived": {"lv": "Izvestie apgalvojumi", "en": "Derived statements"},
    "ontology": {"lv": "Vārdnīca un jēdzieni", "en": "Vocabulary and concepts"},
    "shapes": {"lv": "Pārbaužu nosacījumi", "en": "Shapes"},
    "dataset": {"lv": "Datu kopas apraksts", "en": "Description of the dataset"},
    "linkset": {"lv": "Saites uz citiem datiem", "en": "Links to other data"},
    "contact": {"lv": "Kontaktinformācija", "en": "Contact"},
}
"""The graphs that every publication has; another is called by the stem of its file."""

_EU = "http://publications.europa.eu/resource/authority/"
_IANA = "https://www.iana.org/assignments/media-types/"
_W3C_FORMATS = "http://www.w3.org/ns/formats/"

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

_SERVICE_FORMATS = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "ttl": "Turtle",
    "jsonld": "JSON-LD",
    "nt": "N-Triples",
    "rdf": "RDF_XML",
    "trig": "TriG",
    "nq": "N-Quads",
}
"""The W3C's names of formats: https://www.w3.org/ns/formats/."""

Term = NamedNode | Literal
Fact = tuple[str, str | Term]


def describe_dataset(
    dataset: Dataset, downloads: Downloads, settings: Settings
) -> Iterator[Triple]:
    """The triples of ``graph/dataset``.

    Args:
        dataset: what is described, without the description.
        downloads: the files it can be had in.
        settings: who publishes it, and what the endpoint answers from.
    """
    return _Describer(dataset, downloads, settings).triples()


class _Describer:
    def __init__(self, dataset: Dataset, downloads: Downloads, settings: Settings) -> None:
        self._dataset = dataset
        self._downloads = list(downloads)
        self._settings = settings
        self._base = dataset.base
        self._self = f"{dataset.base}id/dataset"
        self._publisher = f"{dataset.base}id/publisher"
        self._endpoint = f"{dataset.base}sparql"
        vocabulary = {dataset.graph_iri("ontology"), dataset.graph_iri("shapes")}
        self._all = _merged(dataset, dataset.graph_names)
        self._facts = _merged(dataset, [n for n in dataset.graph_names if n not in vocabulary])

    def triples(self) -> Iterator[Triple]:
        yield from self._catalog()
        yield from self._dataset_itself()
        for download in self._whole():
            yield from self._distribution(download)
        yield from self._service()
        yield from self._contents(self._self, self._all)
        yield from self._entry_points()
        yield from self._partitions()
        for name in self._dataset.graph_names:
            if name.startswith(self._dataset.graph_iri("")):
                yield from self._graph(name)
                yield from self._contents(name, _merged(self._dataset, [name]))
        # The graph of this description cannot count itself.
        yield from self._graph(self._dataset.graph_iri("dataset"))

    # DCAT-AP: https://semiceu.github.io/DCAT-AP/releases/3.0.0/

    def _catalog(self) -> Iterator[Triple]:
        catalog = f"{self._base}id/catalog"
        yield from _about(catalog, ("rdf:type", "dcat:Catalog"), *_texts("dcterms:title", _CATALOG))
        yield from _about(
            catalog,
            *_texts("dcterms:description", ABOUT),
            ("dcterms:publisher", self._publisher),
            ("dcterms:license", DATA_LICENCE),
            *(("dcterms:language", f"{_EU}language/{one}") for one in _LANGUAGES),
            ("dcat:dataset", self._self),
            ("dcat:service", self._endpoint),
            ("foaf:homepage", self._base),
        )
        names = _literal_name(self._settings.publisher) or _texts("foaf:name", _NO_PUBLISHER)
        yield from _about(self._publisher, ("rdf:type", "foaf:Agent"), *names)
        yield from _about(str(DATA_LICENCE.value), ("rdf:type", "dcterms:LicenseDocument"))
        yield from _about(self._base, ("rdf:type", "foaf:Document"))
        # DCAT-AP's shapes want the class that everything is in; they infer nothing.
        for one in ("sparql", "data/", ".well-known/void"):
            yield from _about(f"{self._base}{one}", ("rdf:type", "rdfs:Resource"))
        for one in _LANGUAGES:
            yield from _about(f"{_EU}language/{one}", ("rdf:type", "dcterms:LinguisticSystem"))

    def _dataset_itself(self) -> Iterator[Triple]:
        yield from _about(
            self._self,
            ("rdf:type", "dcat:Dataset"),
            ("rdf:type", "void:Dataset"),
            *_texts("dcterms:title", TITLE),
            *_texts("dcterms:description", ABOUT),
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
            yield from _about(iri, ("rdf:type", "skos:Concept"), *_texts("skos:prefLabel", names))
        yield from _about(TP.rstrip("#"), ("rdf:type", "dcterms:Standard"))
        for country in self._column("?x a tp:Country"):
            yield from _about(self._self, ("dcterms:spatial", country))
            assert isinstance(country, NamedNode)
            yield from _about(country.value, ("rdf:type", "dcterms:Location"))
        yield from self._period()

    def _period(self) -> Iterator[Triple]:
        """From the first to the last year that anything is said to have begun or ended in."""
        years = self._column("?thing tp:beganYear|tp:endedYear|tp:signedYear|tp:foundedYear ?x")
        numbers = sorted(int(year.value) for year in years)
        if numbers:
            period = f"{self._self}#period"
            yield from _about(self._self, ("dcterms:temporal", period))
            yield from _about(
                period,
                ("rdf:type", "dcterms:PeriodOfTime"),
                ("dcat:startDate", _typed(f"{numbers[0]:04}", "gYear")),
                ("dcat:endDate", _typed(f"{numbers[-1]:04}", "gYear")),
            )

    def _distribution(self, download: Download) -> Iterator[Triple]:
        this = self._part(download)
        file = f"{self._base}data/{download.name}"
        media_type = f"{_IANA}{download.media_type.partition(';')[0]}"
        checksum = f"{this}-checksum"
        file_type = _FILE_TYPES.get(download.name.rpartition(".")[2])
        yield from _about(
            this,
            ("rdf:type", "dcat:Distribution"),
            *_texts("dcterms:title", dict.fromkeys(TITLE, download.name)),
            ("dcat:accessURL", f"{self._base}data/"),
            ("dcat:downloadURL", file),
            ("dcat:mediaType", media_type),
            ("dcat:byteSize", _typed(str(download.size), "nonNegativeInteger")),
            ("dcterms:license", DATA_LICENCE),
            ("spdx:checksum", checksum),
        )
        yield from _about(file, ("rdf:type", "rdfs:Resource"))
        yield from _about(media_type, ("rdf:type", "dcterms:MediaType"))
        if file_type:
            yield from _about(this, ("dcterms:format", f"{_EU}file-type/{file_type}"))
            yield from _about(
                f"{_EU}file-type/{file_type}", ("rdf:type", "dcterms:MediaTypeOrExtent")
            )
        yield from _about(
            checksum,
            ("rdf:type", "spdx:Checksum"),
            ("spdx:algorithm", expand("spdx:checksumAlgorithm_sha256")),
            ("spdx:checksumValue", _typed(download.sha256, "hexBinary")),
        )
        yield from _about(
            expand("spdx:checksumAlgorithm_sha256"), ("rdf:type", "spdx:ChecksumAlgorithm")
        )

    # The service: https://www.w3.org/TR/sparql11-service-description/

    def _service(self) -> Iterator[Triple]:
        formats = [*RESULTS_FORMATS, *GRAPH_FORMATS]
        default = f"{self._endpoint}#default-graph"
        available = f"{self._endpoint}#dataset"
        graphs = sorted({*self._dataset.graph_names, self._dataset.graph_iri("dataset")})
        union = self._settings.default_graph == "union"
        yield from _about(
            self._endpoint,
            ("rdf:type", "dcat:DataService"),
            ("rdf:type", "sd:Service"),
            *_texts("dcterms:title", _ENDPOINT),
            ("dcterms:license", DATA_LICENCE),
            ("dcterms:publisher", self._publisher),
            ("dcat:endpointURL", self._endpoint),
            ("dcat:endpointDescription", f"{self._base}.well-known/void"),
            ("dcat:servesDataset", self._self),
            ("dcterms:conformsTo", "http://www.w3.org/TR/sparql11-protocol/"),
            ("sd:endpoint", self._endpoint),
            ("sd:supportedLanguage", expand("sd:SPARQL11Query")),
            *(
                ("sd:resultFormat", f"{_W3C_FORMATS}{_SERVICE_FORMATS[one.name]}")
                for one in formats
            ),
            *([("sd:feature", expand("sd:UnionDefaultGraph"))] if union else []),
            ("sd:defaultDataset", available),
        )
        yield from _about(
            "http://www.w3.org/TR/sparql11-protocol/", ("rdf:type", "dcterms:Standard")
        )
        yield from _about(
            available,
            ("rdf:type", "sd:Dataset"),
            ("sd:defaultGraph", default),
            *(("sd:namedGraph", _named(name)) for name in graphs),
        )
        yield from _about(default, ("rdf:type", "sd:Graph"))
        for name in graphs:
            yield from _about(
                _named(name), ("rdf:type", "sd:NamedGraph"), ("sd:name", name), ("sd:graph", name)
            )
            yield from _about(name, ("rdf:type", "sd:Graph"))

    # VoID: https://www.w3.org/TR/void/

    def _graph(self, name: str) -> Iterator[Triple]:
        yield from _about(
            name,
            ("rdf:type", "void:Dataset"),
            *_graph_title(name.rpartition("/")[2]),
            *(
                ("void:dataDump", f"{self._base}data/{name.removeprefix(self._base)}.{one.name}")
                for one in GRAPH_FORMATS
            ),
        )
        yield from _about(self._self, ("void:subset", name))

    def _contents(self, subject: str, store: Store) -> Iterator[Triple]:
        """What is in the dataset, or in one of its graphs, counted."""

        def count(what: str) -> Literal:
            ((number,),) = _rows(store, f"SELECT (COUNT({what}) AS ?x) {{ ?s ?p ?o }}")
            return _integer(int(number.value))

        ((classes,),) = _rows(store, "SELECT (COUNT(DISTINCT ?o) AS ?x) { ?s a ?o }")
        yield from _about(
            subject,
            ("void:triples", count("*")),
            ("void:classes", _integer(int(classes.value))),
            ("void:properties", count("DISTINCT ?p")),
            ("void:distinctSubjects", count("DISTINCT ?s")),
            ("void:distinctObjects", count("DISTINCT ?o")),
        )

    def _entry_points(self) -> Iterator[Triple]:
        """Where a machine begins: the endpoint, files, examples, and what all IRIs begin with."""
        space = f"{self._base}id/"
        ((entities,),) = _rows(
            self._facts,
            "SELECT (COUNT(DISTINCT ?s) AS ?x) "
            f"{{ ?s ?p ?o FILTER (STRSTARTS(STR(?s), '{space}')) }}",
        )
        yield from _about(
            self._self,
            ("void:entities", _integer(int(entities.value))),
            ("void:uriSpace", Literal(space)),
            ("void:sparqlEndpoint", self._endpoint),
            *(("void:dataDump", f"{self._base}data/{one.name}") for one in self._rdf()),
            *(("void:vocabulary", namespace) for namespace in self._vocabularies()),
            *(
                ("void:feature", f"{_W3C_FORMATS}{_SERVICE_FORMATS[one.name]}")
                for one in GRAPH_FORMATS
            ),
            *(("void:exampleResource", one) for one in self._examples()),
        )

    def _partitions(self) -> Iterator[Triple]:
        """Each class with its properties, each property with its datatypes: of the facts, counted.

        Vocabulary and shapes are left out, as editors complete from this what a query may ask for.
        """
        for kind, number in self._counted("?s a ?x", "DISTINCT ?s"):
            part = self._class_part(kind)
            yield from _about(self._self, ("void:classPartition", part))
            yield from _about(part, ("void:class", kind), ("void:entities", number))
        for predicate, number in self._counted("?s ?x ?o", "*"):
            part = self._property_part(predicate)
            yield from _about(self._self, ("void:propertyPartition", part))
            yield from _about(part, ("void:property", predicate), ("void:triples", number))
        for kind, predicate, number in self._counted("?s a ?x ; ?y ?o", "*", "?y"):
            part = f"{self._class_part(kind)}-{_slug(predicate.value)}"
            yield from _about(self._class_part(kind), ("void:propertyPartition", part))
            yield from _about(part, ("void:property", predicate), ("void:triples", number))
        literals = "?s ?x ?o FILTER isLiteral(?o) BIND (DATATYPE(?o) AS ?y)"
        for predicate, datatype, number in self._counted(literals, "*", "?y"):
            part = f"{self._property_part(predicate)}-{_slug(datatype.value)}"
            yield from _about(self._property_part(predicate), ("void-ext:datatypePartition", part))
            yield from _about(part, ("void-ext:datatype", datatype), ("void:triples", number))

    def _counted(self, pattern: str, what: str, second: str = "") -> list[tuple[Term, ...]]:
        return _rows(
            self._facts,
            f"SELECT ?x {second} (COUNT({what}) AS ?n) {{ {pattern} }} GROUP BY ?x {second}",
        )

    def _class_part(self, kind: Term) -> str:
        return f"{self._self}#class-{_slug(kind.value)}"

    def _property_part(self, predicate: Term) -> str:
        return f"{self._self}#property-{_slug(predicate.value)}"

    def _whole(self) -> list[Download]:
        """The files that hold the whole dataset, or tables of it."""
        return [one for one in self._downloads if "/" not in one.name and "schema" not in one.name]

    def _rdf(self) -> list[Download]:
        names = {f"dataset.{one.name}" for one in GRAPH_FORMATS}
        return [one for one in self._downloads if one.name in names]

    def _part(self, download: Download) -> str:
        return f"{self._self}#{_slug(download.name)}"

    def _vocabularies(self) -> list[str]:
        used = [iri.value for (iri,) in _rows(self._facts, "SELECT DISTINCT ?x { ?s ?x ?o }")]
        return sorted(one for one in PREFIXES.values() if any(iri.startswith(one) for iri in used))

    def _examples(self) -> list[Term]:
        """The territory with most partners, and one of its partnerships."""
        return [
            *self._column(
                "?x tp:twinnedWith ?y", "GROUP BY ?x ORDER BY DESC(COUNT(?y)) ?x LIMIT 1"
            ),
            *self._column("?x a tp:Partnership", "ORDER BY ?x LIMIT 1"),
        ]

    def _column(self, pattern: str, modifiers: str = "") -> list[Term]:
        return [row[0] for row in _rows(self._facts, f"SELECT ?x {{ {pattern} }} {modifiers}")]


def _merged(dataset: Dataset, graphs: Sequence[str]) -> Store:
    """The RDF merge of some graphs: a triple that stands in two of them counts once."""
    store = Store()
    for name in graphs:
        quads = dataset.quads.quads_for_graph_name(NamedNode(name))
        store.extend(in_graph(quad.triple, DefaultGraph()) for quad in quads)
    return store


def _rows(store: Store, query: str) -> list[tuple[Term, ...]]:
    solutions = store.query(f"PREFIX tp: <{TP}> {query}")
    assert isinstance(solutions, QuerySolutions)
    width = len(solutions.variables)
    return sorted((tuple(row[n] for n in range(width)) for row in solutions), key=str)


def _about(subject: str, *facts: Fact) -> Iterator[Triple]:
    for name, value in facts:
        yield Triple(NamedNode(subject), NamedNode(expand(name)), _term(value))


def _term(value: str | Term) -> Term:
    if not isinstance(value, str):
        return value
    is_name = value.partition(":")[0] in PREFIXES
    return NamedNode(expand(value) if is_name else value)


def _texts(name: str, texts: dict[str, str]) -> list[Fact]:
    return [(name, Literal(text, language=language)) for language, text in texts.items()]


def _graph_title(stem: str) -> list[Fact]:
    titles = _GRAPH_TITLES.get(stem)
    return _texts("dcterms:title", titles) if titles else [("dcterms:title", Literal(stem))]


def _literal_name(name: str) -> list[Fact]:
    return [("foaf:name", Literal(name))] if name else []


def _named(graph: str) -> str:
    return f"{graph}#named-graph"


def _slug(iri: str) -> str:
    """What of an IRI can stand in a fragment: its name with a prefix, without the colon."""
    name = compact(iri).strip("<>").replace(":", "-", 1)
    return re.sub(r"[^A-Za-z0-9_-]", "-", name)


def _integer(number: int) -> Literal:
    return _typed(str(number), "integer")


def _typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(f"{XSD}{datatype}"))
