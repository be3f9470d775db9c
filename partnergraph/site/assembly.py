"""Everything that can be had here, put together: documents, pages, downloads, descriptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from pyoxigraph import NamedNode, RdfFormat, serialize

from partnergraph.formats import GRAPH_FORMATS, HTML, RESULTS_FORMATS, Format
from partnergraph.gate.reports import Language, counted
from partnergraph.namespaces import PREFIXES, TP, TPS, expand
from partnergraph.pages.rendering import Renderer
from partnergraph.pages.resources import Link, Representation, Resource, Site, file_resource
from partnergraph.pages.rows import Reader, Reference
from partnergraph.pages.static_files import static_files
from partnergraph.protocol.problems import PROBLEMS, Problem
from partnergraph.publication.dcat import ABOUT, DATA_LICENCE, TITLE
from partnergraph.publication.downloads import Download
from partnergraph.publication.release import Publication
from partnergraph.publication.schema_org import about_dataset, about_thing
from partnergraph.question_pages.openapi import OPENAPI, describe_api
from partnergraph.question_pages.presentation import QueryPages
from partnergraph.questions.choices import Choices
from partnergraph.questions.completions import completions
from partnergraph.questions.examples import describe_queries
from partnergraph.questions.files import FOLDER as QUERIES
from partnergraph.results import Report
from partnergraph.site.checks import CheckPages
from partnergraph.site.cooperation import CooperationReader, CooperationView
from partnergraph.site.data import data_model
from partnergraph.site.documents import FOLDER, Documents
from partnergraph.site.network import read_network
from partnergraph.site.sitemap import Sitemaps, robots
from partnergraph.site.vocabulary import ROW, Vocabulary, totals
from partnergraph.things.addresses import Addresses
from partnergraph.things.cooperation import main_territory
from partnergraph.things.json_ld import compact_graph, to_bytes
from partnergraph.things.labels import Labels, Text
from partnergraph.things.statements import Description, Things

FIRST_QUERY = f"""\
PREFIX tp: <{TP}>

SELECT ?territory ?partner
WHERE {{ ?territory tp:twinnedWith ?partner }}
ORDER BY ?territory ?partner
"""

_LISTED = 50
"""Things of a class that the front page lists."""

_ON_FRONT_PAGE = {
    f"{TP}Territory": {"lv": "Teritorijas", "en": "Territories"},
    f"{TP}Partnership": {"lv": "Sadarbības saites", "en": "Partnerships"},
    f"{TP}Agreement": {"lv": "Vienošanās", "en": "Agreements"},
    f"{TP}Network": {"lv": "Tīkli", "en": "Networks"},
    f"{TP}Country": {"lv": "Valstis", "en": "Countries"},
}
"""The classes whose things the front page lists, and what they are called together."""

_CHANGED = (
    {"lv": "Jauns", "en": "New"},
    {"lv": "Mainījies", "en": "Changed"},
    {"lv": "Vairs nav", "en": "Gone"},
)

_TYPE = NamedNode(expand("rdf:type"))
_TERRITORY = NamedNode(f"{TP}Territory")


@dataclass(frozen=True)
class _Things:
    """Things of a class, as the front page lists them."""

    title: str
    kind: Reference
    count: int
    things: tuple[Reference, ...]


class Fixed:
    """Resources that are known one by one; a :class:`~partnergraph.pages.resources.Collection`."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._by_path = {one.path: one for one in resources}

    def find(self, path: str) -> Resource | None:
        """The resource at a path."""
        return self._by_path.get(path)

    def paths(self) -> list[str]:
        """The paths of all of them."""
        return sorted(self._by_path)


class PartnergraphSite:
    """The site of a publication; :attr:`site` are its resources."""

    def __init__(
        self,
        publication: Publication,
        report: Report | None,
        address: str = "",
    ) -> None:
        """Args:
        publication: what is served.
        report: what the gate has found, if it has looked.
        address: of the server, for programs; empty where there will be files, and nobody answers.
        """
        self._static = not address
        self._address = address
        self._queries = publication.queries
        self._publication = publication
        self._dataset = publication.dataset
        self._report = report
        self._renderer = Renderer(self._dataset.version, self._has_page)
        self._addresses = Addresses(self._dataset.base)
        self._labels = Labels(self._dataset)
        self._things = Things(self._dataset, self._labels)
        self._documents = Documents(
            self._dataset,
            self._addresses,
            self._things,
            self._labels,
            publication.context,
            self._thing_page,
        )
        self.choices = Choices(self._dataset, self._labels)
        self.query_pages = QueryPages(
            self._queries, self.choices, self._renderer, self._reader, address
        )
        self.check_pages = CheckPages(self._renderer, self._reader)
        sitemaps = Sitemaps(self._dataset.base, self._documents.served)
        self.site = Site((Fixed(self._fixed()), sitemaps, self._documents))

    def problem_page(
        self,
        problem: Problem,
        detail: str | None,
        path: str,
        language: str,
        near: Sequence[str] = (),
        **more: str | None,
    ) -> bytes:
        """The page that says an error.

        Args:
            problem: its kind.
            detail: what exactly is wrong.
            path: what was asked for.
            language: of the page.
            near: addresses that may have been meant.
            more: of a query, the ``excerpt`` and the ``hint``.
        """
        reader = self._reader(language)

        def reference(address: str) -> Reference:
            iri = self._addresses.thing(address) if address.startswith(FOLDER) else None
            if iri:
                return reader.reference(NamedNode(iri))
            return Reference(Text(f"/{address}"), f"{self._dataset.base}{address}", address)

        return self._renderer.stray_page(
            "problem.html",
            path,
            language,
            problem=problem,
            detail=detail,
            near=[reference(one) for one in near],
            **more,
        )

    def _has_page(self, path: str) -> bool:
        # What a page refers to is in the dataset, and so has a document.
        if path.startswith(FOLDER) or (path.startswith(QUERIES) and not self._static):
            return True
        resource = self.site.find(path)
        return resource is not None and HTML in resource.formats

    def _fixed(self) -> Iterator[Resource]:
        described = self._publication.downloads.get("graph/dataset.ttl") is not None
        about = self._description_formats if described else None
        yield self._page("", "home.html", self._home, about)
        yield self._page("problems", "problems.html", lambda _: {"problems": PROBLEMS.values()})
        service = self._service if described else None
        names = [one.name for one in (*RESULTS_FORMATS, *GRAPH_FORMATS)]
        form = {"query": FIRST_QUERY, "static": self._static, "formats": names}
        yield self._page("sparql", "sparql.html", lambda _: form, service)
        yield self._page("network", "network.html", self._network)
        yield self._page("data/", "data.html", self._data)
        if described:
            yield Resource(".well-known/void", GRAPH_FORMATS, self._description_formats)
        yield self._page("validate", "validate.html", self._validate)
        yield self._page("queries", "queries.html", self.query_pages.index, self._examples)
        yield Resource(".well-known/sparql-examples", GRAPH_FORMATS, self._examples)
        if not self._static:
            yield file_resource("openapi.json", OPENAPI, self._openapi)
            yield file_resource("completions.json", "application/json", self._completions)
        yield from static_files()
        yield file_resource(
            "robots.txt", "text/plain; charset=utf-8", lambda: robots(self._dataset.base)
        )
        for download in self._downloads:
            path = f"data/{download.name}"
            yield file_resource(path, download.media_type, self._reading(download))
        yield from self._graphs()
        yield from self._ontology()

    def _ontology(self) -> Iterator[Resource]:
        names = self._dataset.graph_names
        if self._dataset.graph_iri("ontology") not in names:
            return
        yield self._page("def", "def.html", self._def, self._vocabulary_terms)
        yield self._page("shapes", "shapes.html", self._shapes, self._graph_content("shapes"))
        context = {"@context": self._publication.context.document}
        yield file_resource("context.jsonld", "application/ld+json", lambda: to_bytes(context))

    def _graphs(self) -> Iterator[Resource]:
        for name in self._dataset.graph_names:
            stem = name.removeprefix(self._dataset.graph_iri(""))
            if stem != name and self._publication.downloads.get(f"graph/{stem}.ttl"):
                yield Resource(
                    f"graph/{stem}",
                    (*GRAPH_FORMATS, HTML),
                    self._graph_resource(name, stem),
                    (
                        Link(DATA_LICENCE.value, "license"),
                        Link(f"doc/graph/{stem}.ttl", "describedby", "text/turtle"),
                    ),
                )

    def _graph_resource(self, name: str, stem: str) -> Callable[[Representation], bytes]:
        write = self._graph_content(stem)

        def content(representation: Representation) -> bytes:
            if representation.format is not HTML:
                return write(representation)
            description = self._documents.describe(name)
            assert description is not None
            return self._thing_page(description, f"graph/{stem}", representation.language)

        return content

    @property
    def _downloads(self) -> Iterator[Download]:
        return iter(self._publication.downloads)

    def _reading(self, download: Download) -> Callable[[], bytes]:
        return lambda: self._publication.downloads.content(download)

    def _graph_content(self, stem: str) -> Callable[[Representation], bytes]:
        """The statements of a graph, as they are downloaded."""

        def content(representation: Representation) -> bytes:
            name = f"graph/{stem}.{representation.format.name}"
            download = self._publication.downloads.get(name)
            assert download is not None, name
            return self._publication.downloads.content(download)

        return content

    def _page(
        self,
        path: str,
        template: str,
        model: Callable[[str], dict[str, object]],
        data: Callable[[Representation], bytes] | None = None,
    ) -> Resource:
        """A page, and where there are data in its stead, these for who asks for RDF."""
        formats: tuple[Format, ...] = (HTML,)
        if data and path in ("", "sparql", "queries"):
            formats = (HTML, *GRAPH_FORMATS)
        elif data:
            formats = (*GRAPH_FORMATS, HTML)

        def write(representation: Representation) -> bytes:
            if representation.format is not HTML:
                assert data is not None
                return data(representation)
            language = representation.language
            return self._renderer.page(template, resource, language, **model(language))

        resource = Resource(path, formats, write, self._links(path))
        return resource

    def _links(self, path: str) -> tuple[Link, ...]:
        """Signposting of the pages that stand for the dataset: https://signposting.org/FAIR/."""
        if path not in ("", "data/"):
            return ()
        whole = [one for one in self._downloads if "/" not in one.name]
        return (
            Link(f"{self._dataset.base}id/dataset", "cite-as"),
            Link(DATA_LICENCE.value, "license"),
            Link(expand("schema:Dataset"), "type"),
            Link(expand("schema:AboutPage"), "type"),
            Link(".well-known/void.ttl", "describedby", "text/turtle"),
            *(Link(f"data/{one.name}", "item", one.media_type.partition(";")[0]) for one in whole),
        )

    # Pages

    def _reader(self, language: str) -> Reader:
        return Reader(self._addresses, self._labels, self._things, language)

    def _thing_page(self, description: Description, path: str, language: str) -> bytes:
        resource = self.site.find(path)
        assert resource is not None
        reader = self._reader(language)
        thing = description.thing
        name = self._labels.of(thing, language)
        return self._renderer.page(
            "thing.html",
            resource,
            language,
            iri=thing.value,
            name=name,
            kinds=[reader.reference(one) for one in self._things.types(thing.value)],
            statements=reader.rows(description),
            fragments=reader.fragments(description),
            incoming=reader.incoming(description),
            cooperation=self._cooperation(thing, language),
            withdrawn=self._things.is_withdrawn(thing.value),
            schema_org=about_thing(self._dataset.store, self._labels, thing, language),
        )

    def _changes(self, language: str) -> list[tuple[str, list[Reference]]] | None:
        """What is new, by kind; ``None`` where this is not known."""
        changes, reader = self._publication.changes, self._reader(language)
        if changes is None:
            return None
        gone = [Reference(Text(one.value), one.value) for one in changes.gone]
        there = (list(map(reader.reference, things)) for things in (changes.new, changes.changed))
        kinds = zip(_CHANGED, (*there, gone), strict=True)
        return [(titles[language], things) for titles, things in kinds if things]

    def _citation(self, language: str) -> dict[str, object]:
        """How the dataset is cited; nothing where it has no description."""
        if self._publication.downloads.get("graph/dataset.ttl") is None:
            return {"cite_as": None}
        publisher = NamedNode(f"{self._dataset.base}id/publisher")
        return {
            "cite_as": f"{self._dataset.base}id/dataset",
            "licence": DATA_LICENCE.value,
            "publisher": self._reader(language).reference(publisher).name,
            "dataset_title": TITLE[language],
        }

    def _cooperation(self, thing: NamedNode, language: str) -> CooperationView | None:
        """What there is to show of a territory's cooperation."""
        if _TERRITORY not in self._things.types(thing.value):
            return None
        return CooperationReader(self._dataset.store, self._reader(language)).view(thing)

    def _home(self, language: str) -> dict[str, object]:
        territory = main_territory(self._dataset.store)
        reader = self._reader(language)
        groups = []
        for kind, names in _ON_FRONT_PAGE.items():
            quads = self._dataset.store.quads_for_pattern(None, _TYPE, NamedNode(kind), None)
            things = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
            if things:
                some = sorted(things, key=str)[:_LISTED]
                named = sorted(map(reader.reference, some), key=lambda one: one.name.place)
                groups.append(
                    _Things(
                        names[language],
                        reader.reference(NamedNode(kind)),
                        len(things),
                        tuple(named),
                    )
                )
        return {
            "titles": TITLE,
            "about": ABOUT,
            "query": FIRST_QUERY,
            "static": self._static,
            "groups": groups,
            "cooperation": self._cooperation(territory, language) if territory else None,
            "changes": self._changes(language),
            **self._citation(language),
            "schema_org": about_dataset(self._dataset, list(self._downloads), language),
        }

    def _data(self, language: str) -> dict[str, object]:
        has_ontology = self._dataset.graph_iri("ontology") in self._dataset.graph_names
        vocabulary = self._vocabulary(language) if has_ontology else None
        model = data_model(self._downloads, vocabulary, self._report, language)
        return {**model, "changes": self._changes(language), **self._citation(language)}

    def _validate(self, language: str) -> dict[str, object]:
        return {**self.check_pages.empty(language), "static": self._static}

    def _network(self, language: str) -> dict[str, object]:
        return {"network": read_network(self._dataset.store, self._reader(language))}

    def _vocabulary(self, language: str) -> Vocabulary:
        return Vocabulary(self._dataset.store, self._reader(language))

    def _def(self, language: str) -> dict[str, object]:
        vocabulary = self._vocabulary(language)
        reader = self._reader(language)
        ontology = NamedNode(TP.rstrip("#"))
        return {
            "iri": ontology.value,
            "title": self._labels.of(ontology, language),
            "about": vocabulary.text(ontology, expand("dcterms:description")),
            "classes": vocabulary.classes(),
            "properties": vocabulary.properties(),
            "others": vocabulary.individuals(),
            "diagrams": vocabulary.diagrams(),
            "schemes": [reader.reference(one) for one in vocabulary.schemes()],
            "row": ROW,
        }

    def _shapes(self, language: str) -> dict[str, object]:
        vocabulary = self._vocabulary(language)
        groups = vocabulary.checks(self._report)
        page_language: Language = "lv" if language == "lv" else "en"
        return {
            "iri": TPS.rstrip("#"),
            "groups": groups,
            "totals": totals(groups),
            "reported": self._report is not None,
            "completeness": vocabulary.completeness(),
            "counted": partial(counted, language=page_language),
        }

    # Data

    def _description_formats(self, representation: Representation) -> bytes:
        """The description of the dataset."""
        return self._graph_content("dataset")(representation)

    def _service(self, representation: Representation) -> bytes:
        """The service description."""
        endpoint = f"{self._dataset.base}sparql"
        graph = NamedNode(self._dataset.graph_iri("dataset"))
        quads = self._dataset.store.quads_for_pattern(None, None, None, graph)
        description = {quad.triple for quad in quads}
        own = {one for one in description if _is_about(one.subject, endpoint)}
        named = {one.object for one in own}
        more = {one for one in description if one.subject in named}
        return self._written(own | more, representation)

    def _examples(self, representation: Representation) -> bytes:
        """The stored queries as examples for editors."""
        return self._written(describe_queries(self._queries, self._dataset.base), representation)

    def _completions(self) -> bytes:
        return completions(self._dataset, self._labels, self._queries)

    def _openapi(self) -> bytes:
        return describe_api(self._queries, self.choices, self._address)

    def _vocabulary_terms(self, representation: Representation) -> bytes:
        """What the ontology graph says of the terms of the vocabulary."""
        name = NamedNode(self._dataset.graph_iri("ontology"))
        quads = self._dataset.store.quads_for_pattern(None, None, None, name)
        graph = {quad.triple for quad in quads}
        terms = {one for one in graph if str(one.subject).startswith(f"<{TP.rstrip('#')}")}
        inner = {one.object for one in terms}
        more = {one for one in graph if one.subject in inner and str(one.subject).startswith("_:")}
        return self._written(terms | more, representation)

    def _written(self, triples: Iterable[object], representation: Representation) -> bytes:
        ordered = sorted(triples, key=str)
        syntax = representation.format.syntax
        if syntax == RdfFormat.JSON_LD:
            return to_bytes(compact_graph(ordered, self._publication.context))  # type: ignore[arg-type]
        assert isinstance(syntax, RdfFormat)
        content = serialize(ordered, format=syntax, prefixes=PREFIXES)  # type: ignore[arg-type]
        assert content is not None
        return content


def _is_about(subject: object, iri: str) -> bool:
    return isinstance(subject, NamedNode) and subject.value.partition("#")[0] == iri
