"""Everything that can be had here, put together: documents, pages, downloads, descriptions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from partnergraph.formats import GRAPH_FORMATS, HTML, RESULTS_FORMATS, Format
from partnergraph.namespaces import expand
from partnergraph.pages.problem_pages import ProblemPages
from partnergraph.pages.rendering import Renderer
from partnergraph.pages.resources import Fixed, Link, Representation, Resource, Site, file_resource
from partnergraph.pages.static_files import static_files
from partnergraph.protocol.problems import PROBLEMS
from partnergraph.publication.dcat import DATA_LICENCE
from partnergraph.publication.release import Publication
from partnergraph.question_pages.openapi import OPENAPI, describe_api
from partnergraph.question_pages.presentation import QueryPages
from partnergraph.questions.choices import Choices
from partnergraph.questions.completions import completions
from partnergraph.questions.files import FOLDER as QUERIES
from partnergraph.results import Report
from partnergraph.site.checks import CheckPages
from partnergraph.site.data import data_model
from partnergraph.site.definitions import shapes_model, vocabulary_model
from partnergraph.site.documents import Documents
from partnergraph.site.graphs import Graphs, Write
from partnergraph.site.home import FIRST_QUERY, home_model
from partnergraph.site.network import read_network
from partnergraph.site.published import Published
from partnergraph.site.sitemap import Sitemaps, robots
from partnergraph.site.thing import thing_model
from partnergraph.things.addresses import DOCUMENTS
from partnergraph.things.json_ld import to_bytes
from partnergraph.things.statements import Description

Model = Callable[[str], dict[str, object]]
"""What a template shows, in a language."""


class PartnergraphSite:
    """The site of a publication.

    Attributes:
        site: its resources.
        choices: which things the parameters of stored queries may stand for.
        query_pages: makes the pages of stored queries.
        check_pages: makes the page on which a graph is checked.
        problem_page: makes the page that says an error.
    """

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
        self._publication = publication
        self._dataset = publication.dataset
        self._published = published = Published(publication, report)
        self._renderer = Renderer(self._dataset.version, self._has_page)
        self._graphs = Graphs(published)
        self._documents = Documents(
            self._dataset,
            published.addresses,
            published.things,
            published.labels,
            publication.context,
            self._thing_page,
        )
        self.choices = Choices(self._dataset, published.labels)
        self.query_pages = QueryPages(
            publication.queries, self.choices, self._renderer, published.reader, address
        )
        self.check_pages = CheckPages(self._renderer, published.reader)
        self.problem_page = ProblemPages(
            self._renderer, published.addresses, published.reader, self._dataset.base
        )
        sitemaps = Sitemaps(self._dataset.base, self._documents.served)
        self.site = Site((Fixed(self._fixed()), sitemaps, self._documents))

    def _has_page(self, path: str) -> bool:
        # What a page refers to is in the dataset, and so has a document.
        if path.startswith(DOCUMENTS) or (path.startswith(QUERIES) and not self._static):
            return True
        resource = self.site.find(path)
        return resource is not None and HTML in resource.formats

    def _fixed(self) -> Iterator[Resource]:
        """All resources but documents and the pages of stored queries."""
        yield from self._pages()
        yield from self._files()
        yield from self._named_graphs()
        if self._published.has_ontology:
            yield from self._ontology()

    def _pages(self) -> Iterator[Resource]:
        published, static, graphs = self._published, self._static, self._graphs
        about = graphs.named("dataset") if published.is_described else None
        service = graphs.service if published.is_described else None
        names = [one.name for one in (*RESULTS_FORMATS, *GRAPH_FORMATS)]
        form = {"query": FIRST_QUERY, "static": static, "formats": names}
        home = partial(home_model, published, static=static)
        yield self._page("", "home.html", home, about, page_first=True)
        yield self._page("problems", "problems.html", lambda _: {"problems": PROBLEMS.values()})
        yield self._page("sparql", "sparql.html", lambda _: form, service)
        yield self._page("network", "network.html", self._network)
        yield self._page("data/", "data.html", partial(data_model, published))
        if about:
            yield Resource(".well-known/void", GRAPH_FORMATS, about)
        yield self._page("validate", "validate.html", self._validate)
        index, examples = self.query_pages.index, graphs.examples
        yield self._page("queries", "queries.html", index, examples, page_first=True)
        yield Resource(".well-known/sparql-examples", GRAPH_FORMATS, examples)

    def _files(self) -> Iterator[Resource]:
        publication = self._publication
        if not self._static:
            api = partial(describe_api, publication.queries, self.choices, self._address)
            yield file_resource("openapi.json", OPENAPI, api)
            words = partial(completions, self._dataset, self._published.labels, publication.queries)
            yield file_resource("completions.json", "application/json", words)
        yield from static_files()
        text = "text/plain; charset=utf-8"
        yield file_resource("robots.txt", text, partial(robots, self._dataset.base))
        for one in publication.downloads:
            read = partial(publication.downloads.content, one)
            yield file_resource(f"data/{one.name}", one.media_type, read)

    def _named_graphs(self) -> Iterator[Resource]:
        for name in self._dataset.graph_names:
            stem = name.removeprefix(self._dataset.graph_iri(""))
            if stem != name and self._publication.downloads.get(f"graph/{stem}.ttl"):
                yield Resource(
                    f"graph/{stem}",
                    (*GRAPH_FORMATS, HTML),
                    self._graph(name, stem),
                    (
                        Link(DATA_LICENCE.value, "license"),
                        Link(f"doc/graph/{stem}.ttl", "describedby", "text/turtle"),
                    ),
                )

    def _ontology(self) -> Iterator[Resource]:
        published, graphs = self._published, self._graphs
        vocabulary, shapes = partial(vocabulary_model, published), partial(shapes_model, published)
        yield self._page("def", "def.html", vocabulary, graphs.vocabulary)
        yield self._page("shapes", "shapes.html", shapes, graphs.named("shapes"))
        context = {"@context": self._publication.context.document}
        yield file_resource("context.jsonld", "application/ld+json", lambda: to_bytes(context))

    # Pages

    def _page(
        self,
        path: str,
        template: str,
        model: Model,
        data: Write | None = None,
        *,
        page_first: bool = False,
    ) -> Resource:
        """A page, and where there are data in its stead, these for who asks for RDF.

        Args:
            path: its address.
            template: its file.
            model: what that shows.
            data: writes the data.
            page_first: whether the page is what who asks for anything gets.
        """
        formats: tuple[Format, ...] = (HTML,)
        if data:
            formats = (HTML, *GRAPH_FORMATS) if page_first else (*GRAPH_FORMATS, HTML)

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
        whole = [one for one in self._publication.downloads if "/" not in one.name]
        return (
            Link(f"{self._dataset.base}id/dataset", "cite-as"),
            Link(DATA_LICENCE.value, "license"),
            Link(expand("schema:Dataset"), "type"),
            Link(expand("schema:AboutPage"), "type"),
            Link(".well-known/void.ttl", "describedby", "text/turtle"),
            *(Link(f"data/{one.name}", "item", one.media_type.partition(";")[0]) for one in whole),
        )

    def _thing_page(self, description: Description, path: str, language: str) -> bytes:
        resource = self.site.find(path)
        assert resource is not None
        model = thing_model(description, self._published, language)
        return self._renderer.page("thing.html", resource, language, **model)

    def _graph(self, name: str, stem: str) -> Write:
        """Writes a named graph, or the page about it."""
        write = self._graphs.named(stem)

        def content(representation: Representation) -> bytes:
            if representation.format is not HTML:
                return write(representation)
            description = self._documents.describe(name)
            assert description is not None
            return self._thing_page(description, f"graph/{stem}", representation.language)

        return content

    def _validate(self, language: str) -> dict[str, object]:
        return {**self.check_pages.empty(language), "static": self._static}

    def _network(self, language: str) -> dict[str, object]:
        return {"network": read_network(self._dataset.store, self._published.reader(language))}
