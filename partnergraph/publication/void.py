"""What is in the dataset, counted, for harvesters and editors: VoID with its partitions.

https://www.w3.org/TR/void/
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, Store, Triple

from partnergraph.dataset.canonical import Dataset
from partnergraph.dataset.facts import (
    FORMAT_NAMES,
    W3C_FORMATS,
    Fact,
    Term,
    about,
    integer,
    merged,
    rows,
    slug,
    texts,
)
from partnergraph.formats import GRAPH_FORMATS
from partnergraph.namespaces import PREFIXES
from partnergraph.publication.downloads import is_file_name

_GRAPH_TITLES = {
    "derived": {"lv": "Izvestie apgalvojumi", "en": "Derived statements"},
    "ontology": {"lv": "Vārdnīca un jēdzieni", "en": "Vocabulary and concepts"},
    "shapes": {"lv": "Pārbaužu nosacījumi", "en": "Shapes"},
    "dataset": {"lv": "Datu kopas apraksts", "en": "Description of the dataset"},
    "linkset": {"lv": "Saites uz citiem datiem", "en": "Links to other data"},
    "contact": {"lv": "Kontaktinformācija", "en": "Contact"},
}
"""The graphs that every publication has; another is called by the stem of its file."""


class Statistics:
    """Counts what is in a dataset."""

    def __init__(self, dataset: Dataset) -> None:
        """Args:
        dataset: what is counted, without the description.
        """
        self._dataset = dataset
        self._base = dataset.base
        self._self = f"{dataset.base}id/dataset"
        self._endpoint = f"{dataset.base}sparql"
        vocabulary = {dataset.graph_iri("ontology"), dataset.graph_iri("shapes")}
        self._all = merged(dataset, dataset.graph_names)
        self._facts = merged(dataset, [n for n in dataset.graph_names if n not in vocabulary])

    def triples(self) -> Iterator[Triple]:
        """The statistics of the whole and of each graph."""
        yield from self._contents(self._self, self._all)
        yield from self._entry_points()
        yield from self._partitions()
        for name in self._dataset.graph_names:
            if name.startswith(self._dataset.graph_iri("")):
                yield from self._graph(name)
                yield from self._contents(name, merged(self._dataset, [name]))
        # The graph of this description cannot count itself.
        yield from self._graph(self._dataset.graph_iri("dataset"))

    def _graph(self, name: str) -> Iterator[Triple]:
        yield from about(
            name,
            ("rdf:type", "void:Dataset"),
            *_graph_title(name.rpartition("/")[2]),
            *(
                ("void:dataDump", f"{self._base}data/{name.removeprefix(self._base)}.{one.name}")
                for one in GRAPH_FORMATS
                if is_file_name(name.removeprefix(self._dataset.graph_iri("")))
            ),
        )
        yield from about(self._self, ("void:subset", name))

    def _contents(self, subject: str, store: Store) -> Iterator[Triple]:
        """What is in the dataset, or in one of its graphs, counted."""

        def count(what: str) -> Literal:
            ((number,),) = rows(store, f"SELECT (COUNT({what}) AS ?x) {{ ?s ?p ?o }}")
            return integer(int(number.value))

        ((classes,),) = rows(store, "SELECT (COUNT(DISTINCT ?o) AS ?x) { ?s a ?o }")
        yield from about(
            subject,
            ("void:triples", count("*")),
            ("void:classes", integer(int(classes.value))),
            ("void:properties", count("DISTINCT ?p")),
            ("void:distinctSubjects", count("DISTINCT ?s")),
            ("void:distinctObjects", count("DISTINCT ?o")),
        )

    def _entry_points(self) -> Iterator[Triple]:
        """Where a machine begins: the endpoint, files, examples, and what all IRIs begin with."""
        space = f"{self._base}id/"
        ((entities,),) = rows(
            self._facts,
            "SELECT (COUNT(DISTINCT ?s) AS ?x) "
            f"{{ ?s ?p ?o FILTER (STRSTARTS(STR(?s), {Literal(space)})) }}",
        )
        yield from about(
            self._self,
            ("void:entities", integer(int(entities.value))),
            ("void:uriSpace", Literal(space)),
            ("void:sparqlEndpoint", self._endpoint),
            *(("void:dataDump", f"{self._base}data/dataset.{one.name}") for one in GRAPH_FORMATS),
            *(("void:vocabulary", namespace) for namespace in self._vocabularies()),
            *(("void:feature", f"{W3C_FORMATS}{FORMAT_NAMES[one.name]}") for one in GRAPH_FORMATS),
            *(("void:exampleResource", one) for one in self._examples()),
        )

    def _partitions(self) -> Iterator[Triple]:
        """Each class with its properties, each property with its datatypes: of the facts, counted.

        Vocabulary and shapes are left out, as editors complete from this what a query may ask for.
        """
        for kind, number in self._counted("?s a ?x", "DISTINCT ?s"):
            part = self._class_part(kind)
            yield from about(self._self, ("void:classPartition", part))
            yield from about(part, ("void:class", kind), ("void:entities", number))
        for predicate, number in self._counted("?s ?x ?o", "*"):
            part = self._property_part(predicate)
            yield from about(self._self, ("void:propertyPartition", part))
            yield from about(part, ("void:property", predicate), ("void:triples", number))
        for kind, predicate, number in self._counted("?s a ?x ; ?y ?o", "*", "?y"):
            part = f"{self._class_part(kind)}-{slug(predicate.value)}"
            yield from about(self._class_part(kind), ("void:propertyPartition", part))
            yield from about(part, ("void:property", predicate), ("void:triples", number))
        literals = "?s ?x ?o FILTER isLiteral(?o) BIND (DATATYPE(?o) AS ?y)"
        for predicate, datatype, number in self._counted(literals, "*", "?y"):
            part = f"{self._property_part(predicate)}-{slug(datatype.value)}"
            yield from about(self._property_part(predicate), ("void-ext:datatypePartition", part))
            yield from about(part, ("void-ext:datatype", datatype), ("void:triples", number))

    def _counted(self, pattern: str, what: str, second: str = "") -> list[tuple[Term, ...]]:
        return rows(
            self._facts,
            f"SELECT ?x {second} (COUNT({what}) AS ?n) {{ {pattern} }} GROUP BY ?x {second}",
        )

    def _class_part(self, kind: Term) -> str:
        return f"{self._self}#class-{slug(kind.value)}"

    def _property_part(self, predicate: Term) -> str:
        return f"{self._self}#property-{slug(predicate.value)}"

    def _vocabularies(self) -> list[str]:
        used = [iri.value for (iri,) in rows(self._facts, "SELECT DISTINCT ?x { ?s ?x ?o }")]
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
        return [row[0] for row in rows(self._facts, f"SELECT ?x {{ {pattern} }} {modifiers}")]


def _graph_title(stem: str) -> list[Fact]:
    titles = _GRAPH_TITLES.get(stem)
    return texts("dcterms:title", titles) if titles else [("dcterms:title", Literal(stem))]
