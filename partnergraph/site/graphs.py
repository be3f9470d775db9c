"""Graphs and parts of them as data, in every syntax of RDF."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pyoxigraph import NamedNode, RdfFormat, Triple

from partnergraph.namespaces import TP
from partnergraph.pages.resources import Representation
from partnergraph.questions.examples import describe_queries
from partnergraph.site.published import Published
from partnergraph.syntaxes.graph_documents import write_graph
from partnergraph.things.json_ld import compact_graph, to_bytes

Write = Callable[[Representation], bytes]
"""Writes a representation."""


class Graphs:
    """Writes what is served as data and is neither a document nor a whole download."""

    def __init__(self, published: Published) -> None:
        self._published = published
        self._dataset = published.dataset

    def named(self, stem: str) -> Write:
        """Writes a named graph, as it is downloaded."""
        downloads = self._published.publication.downloads

        def write(representation: Representation) -> bytes:
            name = f"graph/{stem}.{representation.format.name}"
            download = downloads.get(name)
            assert download is not None, name
            return downloads.content(download)

        return write

    def service(self, representation: Representation) -> bytes:
        """The service description, which is a part of the dataset's own description."""
        endpoint = f"{self._dataset.base}sparql"
        description = self._triples("dataset")
        own = {one for one in description if _is_about(one.subject, endpoint)}
        named = {one.object for one in own}
        more = {one for one in description if one.subject in named}
        return self._written(own | more, representation)

    def vocabulary(self, representation: Representation) -> bytes:
        """What the ontology graph says of the terms of the vocabulary."""
        graph = self._triples("ontology")
        terms = {one for one in graph if str(one.subject).startswith(f"<{TP.rstrip('#')}")}
        inner = {one.object for one in terms}
        more = {one for one in graph if one.subject in inner and str(one.subject).startswith("_:")}
        return self._written(terms | more, representation)

    def examples(self, representation: Representation) -> bytes:
        """The stored queries as examples for editors."""
        queries = self._published.publication.queries
        return self._written(describe_queries(queries, self._dataset.base), representation)

    def _triples(self, stem: str) -> set[Triple]:
        graph = NamedNode(self._dataset.graph_iri(stem))
        quads = self._dataset.store.quads_for_pattern(None, None, None, graph)
        return {quad.triple for quad in quads}

    def _written(self, triples: Iterable[Triple], representation: Representation) -> bytes:
        ordered = sorted(triples, key=str)
        syntax = representation.format.syntax
        if syntax == RdfFormat.JSON_LD:
            return to_bytes(compact_graph(ordered, self._published.publication.context))
        assert isinstance(syntax, RdfFormat)
        return write_graph(ordered, syntax)


def _is_about(subject: object, iri: str) -> bool:
    return isinstance(subject, NamedNode) and subject.value.partition("#")[0] == iri
