"""The vocabulary and the shapes as a reader sees them: terms, diagrams, checks, completeness."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, Store

from partnergraph.namespaces import SH, TP, XSD, expand
from partnergraph.pages.rows import Reader, Reference
from partnergraph.results import Report, Severity
from partnergraph.things.labels import Text, choose

_TYPE = NamedNode(expand("rdf:type"))
_TRUE = "true"

ROW = 36
"""Height of a row of a diagram, in pixels."""


@dataclass(frozen=True)
class Term:
    """A class or a property, with its definition and its use.

    Attributes:
        reference: which term; the fragment of its IRI is its anchor on the page.
        definition: what it means.
        domains: the classes whose things have the property.
        ranges: the classes or datatypes of its values.
        broader: the classes that the class is a kind of.
        derived: whether rules build it.
        uses: things of the class, or statements with the property.
        example: one of them.
    """

    reference: Reference
    definition: Text
    domains: tuple[Reference, ...] = ()
    ranges: tuple[Reference, ...] = ()
    broader: tuple[Reference, ...] = ()
    derived: bool = False
    uses: int = 0
    example: Reference | None = None

    @property
    def anchor(self) -> str:
        """The fragment of its IRI."""
        return self.reference.iri.partition("#")[2]


@dataclass(frozen=True)
class Diagram:
    """A class, the properties of its things, and what these lead to."""

    kind: Term
    attributes: tuple[Term, ...]
    relations: tuple[Term, ...]

    @property
    def height(self) -> int:
        """In pixels."""
        return ROW * max(len(self.attributes) + 2, len(self.relations), 2) + 8


@dataclass(frozen=True)
class Check:
    """A shape: what it checks in words, how much it weighs, and how often it was not met."""

    reference: Reference
    message: Text
    severity: Severity
    results: int

    @property
    def anchor(self) -> str:
        """The fragment of its IRI."""
        return self.reference.iri.partition("#")[2]


@dataclass(frozen=True)
class CheckGroup:
    """A constraint of the model and the shapes that carry it out."""

    number: int
    name: Text
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Completeness:
    """How many of the things of a class have a property."""

    kind: Reference
    property: Reference
    having: int
    of: int


class Vocabulary:
    """What the ontology and the shapes graphs say, in one language."""

    def __init__(self, store: Store, reader: Reader) -> None:
        self._store = store
        self._reader = reader

    def classes(self) -> list[Term]:
        """The classes of the vocabulary, by name."""
        return self._terms("owl:Class")

    def properties(self) -> list[Term]:
        """The properties of the vocabulary, by name."""
        kinds = ("owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty")
        return sorted((term for kind in kinds for term in self._terms(kind)), key=_by_name)

    def individuals(self) -> list[Term]:
        """The terms that are neither classes nor properties, such as statuses."""
        others = {quad.subject for quad in self._store.quads_for_pattern(None, _TYPE, None, None)}
        known = {term.reference.iri for term in (*self.classes(), *self.properties())}
        iris = {one.value for one in others if isinstance(one, NamedNode)}
        found = [self._term(NamedNode(iri)) for iri in iris - known if iri.startswith(TP)]
        return sorted(found, key=_by_name)

    def schemes(self) -> list[NamedNode]:
        """The concept schemes."""
        return [NamedNode(iri) for iri in sorted(self._subjects(expand("skos:ConceptScheme")))]

    def diagrams(self) -> list[Diagram]:
        """A diagram for each class that has properties."""
        properties = self.properties()
        drawn = []
        for kind in self.classes():
            own = [term for term in properties if kind.reference in term.domains]
            attributes = tuple(term for term in own if not _leads_on(term))
            relations = tuple(term for term in own if _leads_on(term))
            if own:
                drawn.append(Diagram(kind, attributes, relations))
        return drawn

    def checks(self, report: Report | None) -> list[CheckGroup]:
        """The shapes by constraint, each with how many results it had in a report."""
        found = Counter(result.shape for result in report.results) if report else Counter()
        groups: dict[NamedNode, list[Check]] = defaultdict(list)
        for quad in self._store.quads_for_pattern(None, NamedNode(f"{SH}group"), None, None):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                shape = quad.subject
                severity = self._values(shape, f"{SH}severity")
                name = severity[0].removeprefix(SH).upper() if severity else "VIOLATION"
                check = Check(
                    self._reader.reference(shape),
                    self.text(shape, f"{SH}message"),
                    Severity[name],
                    found[shape.value],
                )
                groups[quad.object].append(check)
        return sorted(
            (
                CheckGroup(
                    int((self._values(group, f"{SH}order") or ["0"])[0]),
                    self._reader.reference(group).name,
                    tuple(sorted(set(checks), key=lambda one: one.reference.iri)),
                )
                for group, checks in groups.items()
            ),
            key=lambda group: group.number,
        )

    def completeness(self) -> list[Completeness]:
        """For each class and each property said of its things: how many of them have it."""
        rows = []
        known = [term for term in self.properties() if not term.derived]
        for kind in self.classes():
            things = self._subjects(kind.reference.iri)
            if not things:
                continue
            for term in known:
                if kind.reference in term.domains:
                    having = len(things & self._having(term.reference.iri))
                    if having:
                        rows.append(
                            Completeness(kind.reference, term.reference, having, len(things))
                        )
        return rows

    def _terms(self, kind: str) -> list[Term]:
        found = self._subjects(expand(kind))
        return sorted(
            (self._term(NamedNode(iri)) for iri in found if iri.startswith(TP)), key=_by_name
        )

    def _term(self, term: NamedNode) -> Term:
        iri = term.value
        instances = sorted(self._subjects(iri)) or sorted(self._having(iri))
        derived = self._values(term, f"{TP}derived") == [_TRUE]
        return Term(
            self._reader.reference(term),
            self.text(term, expand("skos:definition")),
            self._references(term, "schema:domainIncludes"),
            self._references(term, "rdfs:range") or self._references(term, "schema:rangeIncludes"),
            self._references(term, "rdfs:subClassOf"),
            derived,
            len(instances),
            self._reader.reference(NamedNode(instances[0])) if instances else None,
        )

    def _references(self, term: NamedNode, name: str) -> tuple[Reference, ...]:
        values = self._values(term, expand(name))
        return tuple(self._reader.reference(NamedNode(iri)) for iri in values)

    def text(self, term: NamedNode, predicate: str) -> Text:
        """What a property says of a term in words."""
        quads = self._store.quads_for_pattern(term, NamedNode(predicate), None, None)
        texts = [Text(quad.object.value, quad.object.language or "") for quad in quads]  # type: ignore[union-attr]
        return choose(texts, (self._reader.language,)) or Text("")

    def _values(self, node: NamedNode, predicate: str) -> list[str]:
        quads = self._store.quads_for_pattern(node, NamedNode(predicate), None, None)
        # Blank nodes are no terms; literals here are numbers and truth values.
        return sorted({one.object.value for one in quads if hasattr(one.object, "value")})

    def _subjects(self, kind: str) -> set[str]:
        quads = self._store.quads_for_pattern(None, _TYPE, NamedNode(kind), None)
        return {one.subject.value for one in quads if isinstance(one.subject, NamedNode)}

    def _having(self, predicate: str) -> set[str]:
        quads = self._store.quads_for_pattern(None, NamedNode(predicate), None, None)
        return {one.subject.value for one in quads if isinstance(one.subject, NamedNode)}


def _leads_on(term: Term) -> bool:
    """Whether the values are things; else they are text, numbers and dates."""
    literal = (XSD, expand("rdf:langString"), expand("rdfs:Literal"))
    return bool(term.ranges) and not any(one.iri.startswith(literal) for one in term.ranges)


def _by_name(term: Term) -> tuple[str, ...]:
    return *term.reference.name.place, term.reference.iri


def totals(groups: Sequence[CheckGroup]) -> dict[Severity, int]:
    """How many results there are of each severity."""
    found: Counter[Severity] = Counter()
    for group in groups:
        for check in group.checks:
            found[check.severity] += check.results
    return {severity: found[severity] for severity in Severity}
