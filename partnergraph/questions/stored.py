"""A stored query: a question with a name, and how it gets values for its parameters.

Values come as RDF terms into the syntax tree, never by pasting text. See docs/decisions/0014.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from partnergraph.questions.parameters import Parameter
from partnergraph.sparql.syntax_tree import Node, parse_query

_FORMS = {
    "SelectQuery": "SELECT",
    "AskQuery": "ASK",
    "ConstructQuery": "CONSTRUCT",
    "DescribeQuery": "DESCRIBE",
}
_PLACES = ("VarOrTerm", "VarOrIri", "VerbPath", "PrimaryExpression")
"""The rules by which a variable stands where an RDF term may stand as well."""

Term = NamedNode | Literal
Words = Mapping[str, str]
"""A text by language."""


@dataclass(frozen=True)
class StoredQuery:
    """A query with a name.

    Attributes:
        name: that of its file.
        text: SPARQL 1.1, with its parameters as variables.
        version: of the file, 12 hexadecimal digits.
        summary: what it answers, in a few words.
        description: what a solution is.
        tag: what it is about.
        view: one of :data:`VIEWS`.
        parameters: in the order in which the query has them.
    """

    name: str
    text: str = field(repr=False)
    version: str
    summary: Words
    description: Words
    tag: str
    view: str
    parameters: tuple[Parameter, ...]

    def called(self, language: str) -> str:
        """What it answers, in a language where that is there."""
        return self.summary.get(language) or self.summary["en"]

    @cached_property
    def tree(self) -> Node:
        """Its syntax tree."""
        tree = parse_query(self.text)
        assert tree is not None
        return tree

    @cached_property
    def form(self) -> str:
        """SELECT, ASK, CONSTRUCT or DESCRIBE."""
        return _FORMS[self._query.rule]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The variables of its solutions; none where it has no solutions."""
        clause = self._query.part("SelectClause")
        projections = clause.parts("Projection") if clause else []
        return tuple(
            self.text[one.start : one.end][1:]
            for projection in projections
            for one in [projection.parts("Var")[-1]]
        )

    @cached_property
    def is_ordered(self) -> bool:
        """Whether its solutions have an order, so that a part of them has a meaning."""
        modifier = self._query.part("SolutionModifier")
        return modifier is not None and modifier.part("OrderClause") is not None

    @property
    def has_solutions(self) -> bool:
        """Whether it is answered with a table or a truth value; else with a graph."""
        return self.form in ("SELECT", "ASK")

    @cached_property
    def prologue(self) -> str:
        """Its prefixes."""
        node = self.tree.part("Prologue")
        return self.text[node.start : node.end] if node else ""

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """What its prefixes stand for."""
        found = {}
        for declaration in self.tree.find("PrefixDecl"):
            _, prefix, iri = (token.text for token in declaration.tokens())
            found[prefix.removesuffix(":")] = iri[1:-1]
        return found

    @property
    def sparql(self) -> str:
        """The query without what is said of it."""
        return self.text[self.tree.start : self.tree.parts(*_FORMS)[0].end].rstrip()

    @property
    def _query(self) -> Node:
        return self.tree.parts(*_FORMS)[0]

    def bind(self, values: Mapping[str, Term]) -> str:
        """The query with RDF terms in the place of parameters; those without stay variables.

        Args:
            values: terms by the names of parameters.
        """
        terms = {one.variable: values[one.name] for one in self.parameters if one.name in values}
        parts: list[str] = []
        end = self.tree.start
        for node, tested in occurrences(self.tree):
            term = terms.get(self.text[node.start + 1 : node.end])
            if term is None:
                continue
            # BOUND takes a variable only: https://www.w3.org/TR/sparql11-query/#func-bound
            start, written = (tested.start, "true") if tested else (node.start, str(term))
            if self.text[start - 1] == "<":
                written = f" {written}"  # With an IRI after it, it would be another token.
            parts += (self.text[end:start], written)
            end = tested.end if tested else node.end
        return "".join((*parts, self.text[end:]))


def occurrences(tree: Node) -> Iterator[tuple[Node, Node | None]]:
    """Each place of a variable, as it is read, with the call of BOUND that it is tested by."""
    for place in tree.find(*_PLACES, "BuiltInCall"):
        inner = place.part("Var")
        if place.rule == "BuiltInCall":
            if inner:
                yield inner, place
            else:
                yield from occurrences(place)
        elif inner:
            yield inner, None
        else:
            yield from occurrences(place)
