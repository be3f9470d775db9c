"""Which statements each solution of a query comes from, and which passages these rest on.

The query is asked once more with nothing hidden and nothing summed up, so that each of its triple
patterns has a triple in each solution; a solution of the query as it is comes from all those that
agree with it in the variables that both have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from partnergraph.dataset.canonical import Graphs
from partnergraph.mends.evaluation import evaluate
from partnergraph.namespaces import TP, expand
from partnergraph.sparql.graph_patterns import GraphPattern, TriplePattern
from partnergraph.sparql.syntax_tree import parse_query
from partnergraph.sparql.unnesting import unnest
from partnergraph.things.labels import LABEL_PROPERTIES, Labels
from partnergraph.things.statements import DERIVED_FROM, Things

_TYPE = NamedNode(expand("rdf:type"))
_PASSAGE = NamedNode(f"{TP}Passage")
_HEADING, _SOURCE = NamedNode(f"{TP}heading"), NamedNode(expand("oa:hasSource"))
_SELECTOR = NamedNode(expand("oa:hasSelector"))
_START, _END = NamedNode(expand("oa:start")), NamedNode(expand("oa:end"))

_WEIGHTS = {**dict.fromkeys(LABEL_PROPERTIES, 1), _TYPE: 0}
_FACT = 2
"""What is said by a property that neither names a thing nor says what it is."""

Row = Mapping[str, Any]
"""A solution: terms by the names of their variables."""


@dataclass(frozen=True)
class PassageCited:
    """A stretch of a source: which, under which heading, and its code points, end exclusive."""

    iri: str
    heading: str
    start: str
    end: str
    source: str


class Lineage:
    """Finds the passages of solutions."""

    def __init__(self, graphs: Graphs, text: str, columns: Iterable[str] = ()) -> None:
        """Args:
        graphs: the dataset that the query is asked of.
        text: the query.
        columns: the variables of its solutions.

        Raises:
            SyntaxError: it cannot be read.
        """
        self._store = graphs.store
        self._things = Things(graphs, Labels(graphs))
        self._evidence: dict[Quad, frozenset[NamedNode]] = {}
        solutions = _spelt_out(graphs.store, unnest(text))
        self._shared = [name for name in columns if name in solutions.names]
        self._triples: dict[Any, set[Any]] = defaultdict(set)
        for terms, triples in solutions.rows:
            self._triples[self._key(terms)].update(triples)

    def passages(self, row: Row) -> list[PassageCited]:
        """The passages that a solution rests on, in the order of the source.

        That things are of a class, and what they are called, counts only where nothing else is
        asked for: a link from elsewhere does not stand in the source that tells of the thing.
        """
        by_weight: dict[int, list[Quad]] = defaultdict(list)
        for one in self._statements(row):
            by_weight[_WEIGHTS.get(one.predicate, _FACT)].append(one)
        return self.described(self._cited(by_weight[max(by_weight)]) if by_weight else ())

    def passages_of(self, statements: Iterable[Quad]) -> list[PassageCited]:
        """The passages that some statements rest on, in the order of the source."""
        return self.described(self._cited(statements))

    def described(self, passages: Iterable[NamedNode]) -> list[PassageCited]:
        """What is said of passages, in the order of the source."""
        return sorted(map(self._described, passages), key=_place)

    def _statements(self, row: Row) -> set[Quad]:
        triples = self._triples.get(self._key(row), ())
        return {quad for triple in triples for quad in self._quads(triple)}

    def _key(self, row: Row) -> tuple[Any, ...]:
        """What a solution has in common with those of the query spelt out."""
        return tuple(row.get(name) for name in self._shared)

    def _quads(self, triple: tuple[Any, Any, Any]) -> list[Quad]:
        quads = self._store.quads_for_pattern(*triple, None)
        return [quad for quad in quads if isinstance(quad.graph_name, NamedNode)]

    def _cited(self, statements: Iterable[Quad]) -> set[NamedNode]:
        found: set[NamedNode] = set()
        for quad in statements:
            if quad not in self._evidence:
                self._evidence[quad] = frozenset(self._evidence_of(quad))
            found |= self._evidence[quad]
        return found

    def _evidence_of(self, quad: Quad) -> list[NamedNode]:
        passage = quad.object
        if (
            quad.predicate == DERIVED_FROM
            and isinstance(passage, NamedNode)
            and any(True for _ in self._store.quads_for_pattern(passage, _TYPE, _PASSAGE, None))
        ):
            return [passage]
        return self._things.evidence(quad)

    def _described(self, passage: NamedNode) -> PassageCited:
        selector = self._value(passage, _SELECTOR)
        return PassageCited(
            passage.value,
            _text(self._value(passage, _HEADING)),
            _text(self._value(selector, _START)) if selector else "",
            _text(self._value(selector, _END)) if selector else "",
            _text(self._value(passage, _SOURCE)),
        )

    def _value(self, node: Any, predicate: NamedNode) -> Any:
        quads = self._store.quads_for_pattern(node, predicate, None, None)
        return min((quad.object for quad in quads), key=str, default=None)


@dataclass(frozen=True)
class _Solutions:
    """All solutions of the query spelt out: their variables, and each with its triples."""

    names: frozenset[str]
    rows: list[tuple[dict[str, Any], frozenset[tuple[Any, Any, Any]]]]


def _spelt_out(store: Store, text: str) -> _Solutions:
    tree = parse_query(text)
    assert tree is not None
    (query,) = tree.parts("SelectQuery", "ConstructQuery", "DescribeQuery", "AskQuery")
    where = next(query.find("WhereClause"), None)
    if where is None:
        return _Solutions(frozenset(), [])
    pattern = GraphPattern(text)
    group = pattern.spell_out(where)
    prologue = text[: query.start]
    datasets = " ".join(text[one.start : one.end] for one in query.parts("DatasetClause"))
    result = evaluate(store, f"{prologue}SELECT * {datasets} {group}")
    assert isinstance(result, QuerySolutions)
    names = [variable.value for variable in result.variables]
    useful = [one for one in pattern.patterns if one.asserted and not one.is_path]
    constants = _constants(store, prologue, useful)
    rows = []
    for solution in result:
        terms = {name: solution[name] for name in names if solution[name] is not None}
        triples = (
            tuple(constants.get(part) or terms.get(part[1:]) for part in _parts(one))
            for one in useful
        )
        # What the solution leaves open (in OPTIONAL, UNION, or a subquery) is not its reason.
        rows.append((terms, frozenset(one for one in triples if None not in one)))
    return _Solutions(frozenset(names), rows)  # type: ignore[arg-type]


def _parts(pattern: TriplePattern) -> tuple[str, str, str]:
    return pattern.subject, pattern.predicate, pattern.object


def _constants(store: Store, prologue: str, patterns: Iterable[TriplePattern]) -> dict[str, Any]:
    """The terms that are written in patterns, read by the engine itself."""
    written = sorted({part for one in patterns for part in _parts(one)} - {"a"})
    written = [part for part in written if part[0] not in "?$"]
    found: dict[str, Any] = {"a": _TYPE}
    if written:
        names = " ".join(f"?c{number}" for number in range(len(written)))
        block = f"VALUES ({names}) {{ ({' '.join(written)}) }}"
        (solution,) = store.query(f"{prologue}SELECT * {{ {block} }}")  # type: ignore[misc]
        found |= {part: solution[f"c{number}"] for number, part in enumerate(written)}
    return found


def _text(term: Any) -> str:
    return term.value if isinstance(term, (Literal, NamedNode)) else ""


def _place(passage: PassageCited) -> tuple[str, int, str]:
    start = int(passage.start) if passage.start.isdigit() else 0
    return passage.source, start, passage.iri
