"""Hypothesis strategies for SPARQL queries that mostly have an answer.

A pattern is a walk over triples of the data in which some terms became variables, the same variable
for the same term. So the walk itself is a solution of the pattern, and of whatever OPTIONAL, UNION,
path, subquery or VALUES is built of further steps of it; only filters and MINUS can take it away.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from partnergraph.namespaces import PREFIXES, XSD, compact

T = TypeVar("T")
Term = NamedNode | BlankNode | Literal | Triple
"""As pyoxigraph has them; triples as terms do not occur in the data."""

SEPARATOR = " | "
"""Between the members of GROUP_CONCAT, whose order is open."""

COMPARISONS = ["=", "!=", "<", ">", "<=", ">="]
TESTS = ["comparison", "text test", "BOUND", "kind", "IN", "NOT IN", "&&", "||", "!", "value"]
PATTERNS = [
    "a",
    "^V",
    "i$",
    "[a-e]+",
    "[aā]",
    "l.*a",
    r"\\d+",
    r"\\s",
    "(a|i).",
    "^h?t",
    "^.{3,9}$",
]
KINDS = ["isIRI", "isLITERAL", "isBLANK", "isNUMERIC"]
TEXT_TESTS = ["CONTAINS", "STRSTARTS", "STRENDS", "REGEX", "LANGMATCHES"]
TEXTS = ["STR", "LANG", "UCASE", "LCASE", "SUBSTR", "CONCAT", "STRBEFORE", "STRAFTER", "REPLACE"]
TEXTS += ["ENCODE_FOR_URI"]
NUMBERS = ["STRLEN", "ABS", "CEIL", "FLOOR", "ROUND", "YEAR", "+", "-", "*", "/", "variable"]
VALUES = ["variable", "constant", "text", "number", "IF", "COALESCE", "DATATYPE", "IRI", "STRLANG"]
AGGREGATES = ["COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"]
NUMERIC = [f"{XSD}integer", f"{XSD}decimal"]
ELEMENTS = ["triples", "filter", "optional", "path", "union", "bind", "values", "minus"]
ELEMENTS += ["subselect", "graph", "exists"]
FLAT_ELEMENTS = ["triples", "filter", "path", "bind", "values"]


@dataclass(frozen=True)
class Node:
    """A piece of a query: what it is, and the pieces and words it is written with."""

    kind: str
    parts: tuple[Node | str, ...]

    def __str__(self) -> str:
        return "".join(map(str, self.parts))

    @property
    def children(self) -> list[Node]:
        """The pieces it consists of."""
        return [part for part in self.parts if isinstance(part, Node)]

    def find(self, *kinds: str) -> Iterator[Node]:
        """The pieces of some kinds in it, itself included."""
        if self.kind in kinds:
            yield self
        for child in self.children:
            yield from child.find(*kinds)

    def has(self, *kinds: str) -> bool:
        """Whether there is a piece of one of these kinds in it."""
        return any(self.find(*kinds))

    @property
    def variables(self) -> set[str]:
        """The variables that stand in it."""
        return {str(node) for node in self.find("variable")}


def join(kind: str, pieces: Iterable[Node], separator: str = " ") -> Node:
    """Pieces one after another."""
    parts: list[Node | str] = []
    for piece in pieces:
        parts += [piece, separator]
    return Node(kind, tuple(parts[:-1]))


@dataclass(frozen=True)
class Query:
    """A query, the dataset it is asked of, and how its answer is compared.

    Attributes:
        dataset: the name of its :class:`Material`.
        root: the whole text.
        ordered: whether the order of the solutions is total.
        concatenated: the variables that hold a GROUP_CONCAT.
    """

    dataset: str
    root: Node
    ordered: bool = False
    concatenated: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """The query as it is sent, with the prefixes it uses."""
        body = str(self.root)
        used = [name for name in PREFIXES if re.search(rf"\b{name}:", body)]
        return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in used) + body

    def __repr__(self) -> str:
        return f"# of {self.dataset}\n{self.text}"


@dataclass(frozen=True)
class Material:
    """The default graph and the named graphs that the terms of the queries are taken from.

    Attributes:
        depth: how deep groups are nested; less where there is more to join.
    """

    name: str
    default: Sequence[Triple]
    named: Collection[Quad] = ()
    depth: int = 2

    @cached_property
    def by_predicate(self) -> dict[NamedNode, list[Triple]]:
        """The triples of each predicate."""
        index = defaultdict(list)
        for triple in self.default:
            index[triple.predicate].append(triple)
        return dict(index)

    @cached_property
    def touching(self) -> dict[Term, list[Triple]]:
        """The triples to step from a node along: never to one that hundreds come from."""
        degrees = Counter((triple.predicate, triple.object) for triple in self.default)
        crowded = {predicate for (predicate, _), degree in degrees.items() if degree > 10}
        index: defaultdict[Term, list[Triple]] = defaultdict(list)
        for triple in self.default:
            index[triple.subject].append(triple)
            if triple.predicate not in crowded:
                index[triple.object].append(triple)
        return dict(index)

    @cached_property
    def graphs_of(self) -> dict[Triple, list[Term]]:
        """The named graphs that a triple stands in."""
        index: defaultdict[Triple, list[Term]] = defaultdict(list)
        for quad in self.named:
            if isinstance(quad.graph_name, NamedNode):
                index[quad.triple].append(quad.graph_name)
        return dict(index)

    @cached_property
    def literals(self) -> list[Literal]:
        """Literals of every datatype and language, a few of each, short ones first."""
        kinds = defaultdict(list)
        found = {triple.object for triple in self.default if isinstance(triple.object, Literal)}
        for literal in sorted(found, key=lambda term: (len(term.value), str(term))):
            kinds[literal.datatype, literal.language].append(literal)
        return [literal for _, some in sorted(kinds.items(), key=str) for literal in some[:8]]


def variable(name: str) -> Node:
    """A variable."""
    return Node("variable", (f"?{name}",))


def constant(term: Term | str) -> Node:
    """A term as it is written in a query."""
    if isinstance(term, NamedNode):
        return Node("iri", (compact(term.value),))
    plain = isinstance(term, Literal) and term.datatype.value.startswith(XSD)
    if isinstance(term, Literal) and plain and not term.datatype.value.endswith("string"):
        value = str(Literal(term.value))
        return Node("literal", (f"{value}^^{compact(term.datatype.value)}",))
    return Node("literal", (str(term),))


def call(name: str, *arguments: Node) -> Node:
    """A call of a function."""
    return Node(name, (f"{name}(", join("arguments", arguments, ", "), ")"))


def infix(left: Node, operator: str, right: Node) -> Node:
    """An operator between its operands."""
    return Node(operator, ("(", left, f" {operator} ", right, ")"))


@dataclass
class Writer:
    """Writes one query, its choices drawn by Hypothesis.

    Attributes:
        names: the variables of the walk so far, and the terms they stand for.
        seen: the nodes of the walk so far, in this group.
        computed: the variables that hold the value of an expression.
    """

    draw: st.DrawFn
    material: Material
    names: dict[Term, str] = field(default_factory=dict)
    seen: dict[Term, None] = field(default_factory=dict)
    computed: list[str] = field(default_factory=list)

    def among(self, options: Sequence[T]) -> T:
        """One of several; the first is the simplest."""
        return self.draw(st.sampled_from(options))

    def up_to(self, most: int, least: int = 0) -> int:
        """A number."""
        return self.draw(st.integers(least, most))

    def rarely(self) -> bool:
        """True once in eight times."""
        return self.up_to(7) == 7

    # Patterns.

    def fresh(self) -> Triple:
        """Any triple, each predicate being as likely."""
        return self.among(self.material.by_predicate[self.among([*self.material.by_predicate])])

    def step(self) -> Triple:
        """A triple that touches what this group has already, best a variable of it.

        So a group is no cross product, which rdflib would take minutes for.
        """
        known = [term for term in self.seen if term in self.material.touching]
        variables = [term for term in known if term in self.names]
        near = variables or known
        triple = self.among(self.material.touching[self.among(near)]) if near else self.fresh()
        self.seen |= {triple.subject: None, triple.object: None}
        return triple

    def slot(self, term: Term) -> Node:
        """A term, or the variable that stands for it."""
        if term in self.names or isinstance(term, BlankNode) or self.up_to(3):
            return variable(self.names.setdefault(term, f"v{len(self.names)}"))
        return constant(term)

    def triple(self, triple: Triple) -> Node:
        """A triple pattern."""
        subject = self.slot(triple.subject)
        predicate = self.slot(triple.predicate) if self.rarely() else constant(triple.predicate)
        return Node("triple", (subject, " ", predicate, " ", self.slot(triple.object), " ."))

    def triples(self) -> Node:
        """A basic graph pattern."""
        return join("triples", [self.triple(self.step()) for _ in range(self.up_to(3, least=1))])

    def foreign(self) -> Node:
        """A group that need not hold of the walk, though it shares a variable."""
        triple = self.fresh()
        subject = self.any_variable() if self.names else self.slot(triple.subject)
        value = self.slot(triple.object)
        pattern = Node("triple", (subject, " ", constant(triple.predicate), " ", value, " ."))
        return Node("group", ("{ ", pattern, " }"))

    def path(self) -> Node:
        """A triple pattern with a property path."""
        triple = self.step()
        path, end = self.steps(triple, 2)
        return Node("triple", (self.slot(triple.subject), " ", path, " ", self.slot(end), " ."))

    def steps(self, triple: Triple, depth: int, *, closed: bool = False) -> tuple[Node, Term]:
        """A path from the subject of a triple, and where it ends."""
        forward = constant(triple.predicate)
        options = ["forward", "|", "?", "/", *([] if closed else ["*", "+", "!", "^"])]
        kind = self.among(options if depth else options[:1])
        if kind == "!":
            other = constant(self.fresh().predicate)
            sign = "^" if self.rarely() else ""
            return Node("path!", (f"!({sign}", other, ")")), triple.object
        if kind == "forward":
            return forward, triple.object
        path, end = self.steps(triple, depth - 1, closed=closed or kind in "*+")
        if kind == "^":
            # There and back again: the path ends where it began.
            return Node(
                "path/", ("(", path, "/", Node("path^", ("^(", path, ")")), ")")
            ), triple.subject
        if kind == "|":
            other, _ = self.steps(self.fresh(), depth - 1, closed=closed)
            return Node("path|", ("(", path, "|", other, ")")), end
        if kind == "/":
            return self.then(path, end, depth, closed=closed)
        return Node(f"path{kind}", ("(", path, f"){kind}")), end

    def then(self, path: Node, end: Term, depth: int, *, closed: bool) -> tuple[Node, Term]:
        """A path, and one more step if there is one."""
        onward = [t for t in self.material.touching.get(end, []) if t.subject == end]
        if onward:
            more, last = self.steps(self.among(onward), depth - 1, closed=closed)
            return Node("path/", ("(", path, "/", more, ")")), last
        onward = [t for t in self.material.touching.get(end, []) if t.object == end]
        if onward and not closed:
            back = self.among(onward)
            inverse = Node("path^", ("^", constant(back.predicate)))
            return Node("path/", ("(", path, "/", inverse, ")")), back.subject
        return path, end

    def group(self, depth: int) -> Node:
        """A group graph pattern, which begins at a variable of those around it."""
        around = self.seen
        ends = [term for term in self.names if term in around and term in self.material.touching]
        self.seen = {self.among(ends): None} if ends else {}
        pieces = [self.element(depth) if self.rarely() else self.triples()]
        pieces += [self.element(depth) for _ in range(self.up_to(2 if depth else 1))]
        self.seen = around | self.seen
        return Node("group", ("{ ", join("pieces", pieces), " }"))

    def element(self, depth: int) -> Node:
        """What a group consists of."""
        kind = self.among(ELEMENTS if depth else FLAT_ELEMENTS)
        words = {
            "optional": ["OPTIONAL "],
            "minus": ["MINUS "],
            "exists": ["FILTER EXISTS ", "FILTER NOT EXISTS "],
        }
        if kind in words:
            foreign = kind != "optional" and self.up_to(1)
            inner = self.foreign() if foreign else self.group(depth - 1)
            return Node(kind, (self.among(words[kind]), inner))
        flat: dict[str, Callable[[], Node]] = {
            "triples": self.triples,
            "path": self.path,
            "values": self.values,
            "graph": self.graph,
            "filter": lambda: Node("filter", ("FILTER(", self.test(2), ")")),
            "bind": lambda: Node("bind", ("BIND", self.alias(self.value(2)))),
        }
        return flat[kind]() if kind in flat else self.braces(kind, depth - 1)

    def braces(self, kind: str, depth: int) -> Node:
        """A union, or a subquery."""
        if kind == "union":
            return Node(kind, (self.group(depth), " UNION ", self.group(depth)))
        return Node(kind, ("{ ", self.select(depth, top=False)[0], " }"))

    def graph(self) -> Node:
        """A triple in a named graph."""
        triple = self.step()
        names = self.material.graphs_of.get(triple)
        inner = Node("group", ("{ ", self.triple(triple), " }"))
        return (
            Node("graph", ("GRAPH ", self.slot(self.among(names)), " ", inner)) if names else inner
        )

    def values(self) -> Node:
        """Inline data, one row of which is of the walk."""
        if not self.names:
            return self.triples()
        terms = [self.among([*self.names]) for _ in range(self.up_to(2, least=1))]
        terms = [*dict.fromkeys(terms)]
        rows = [[self.datum(term) for term in terms]]
        for _ in range(self.up_to(2)):
            rows.append([self.datum(self.among([*self.names, *self.literals()])) for _ in terms])
        cells = [Node("row", ("(", join("cells", row), ")")) for row in rows]
        heading = join("heading", [variable(self.names[term]) for term in terms])
        return Node("values", ("VALUES (", heading, ") { ", join("rows", cells), " }"))

    def datum(self, term: Term) -> Node:
        """A term of inline data; a blank node cannot be one."""
        if isinstance(term, BlankNode) or self.rarely():
            return Node("UNDEF", ("UNDEF",))
        return constant(term)

    # Expressions.

    def alias(self, expression: Node) -> Node:
        """An expression and the new variable that holds its value."""
        self.computed.append(f"x{len(self.computed)}")
        return Node("alias", ("(", expression, " AS ", variable(self.computed[-1]), ")"))

    def in_scope(self) -> list[str]:
        """The variables there are so far; whether they are bound here is another question."""
        return [*self.names.values(), *self.computed] or ["nothing"]

    def literals(self) -> list[Literal]:
        """Literals of the walk, and others."""
        own = [term for term in self.seen if isinstance(term, Literal)]
        return [*own, *self.material.literals]

    def any_variable(self) -> Node:
        """One of the variables."""
        return variable(self.among(self.in_scope()))

    def value(self, depth: int) -> Node:
        """An expression of whatever type."""
        kind = self.among(VALUES if depth else VALUES[:2])
        less = depth - 1
        writers: dict[str, Callable[[], Node]] = {
            "variable": self.any_variable,
            "constant": lambda: constant(self.among(self.literals())),
            "text": lambda: self.text(less),
            "number": lambda: self.number(less),
            "IF": lambda: call(kind, self.test(less), self.value(less), self.value(less)),
            "COALESCE": lambda: call(kind, self.value(less), self.value(less)),
            "DATATYPE": lambda: call(kind, self.value(less)),
            "IRI": lambda: call(kind, call("STR", self.any_variable())),
            "STRLANG": lambda: call(kind, call("STR", self.value(less)), constant('"fr"')),
        }
        return writers[kind]()

    def text(self, depth: int) -> Node:
        """An expression that is a string, if all goes well."""
        kind = self.among(TEXTS)
        if kind in ("STR", "LANG") or not depth:
            return call(kind if kind in ("STR", "LANG") else "STR", self.value(0))
        inner = self.among([self.value, self.text])(depth - 1)
        if kind == "SUBSTR":
            numbers = [constant(str(self.up_to(5))) for _ in range(self.up_to(2, least=1))]
            return call(kind, inner, *numbers)
        if kind in ("CONCAT", "STRBEFORE", "STRAFTER"):
            return call(kind, inner, self.snippet())
        if kind == "REPLACE":
            new = self.among(['"-"', '""', '"[$0]"'])
            return call(kind, inner, self.pattern(), constant(new))
        return call(kind, inner)

    def snippet(self) -> Node:
        """A string that may well be part of another."""
        if self.up_to(1):
            return constant(self.among(['"a"', '"V"', '""', '"/"', '"e"@en', '"i"@lv', '"http"']))
        return self.value(0)

    def pattern(self) -> Node:
        """A regular expression."""
        return constant(f'"{self.among(PATTERNS)}"')

    def number(self, depth: int) -> Node:
        """An expression that is a number, if all goes well."""
        kind = self.among(NUMBERS)
        if not depth or kind == "variable":
            return self.among([constant(self.among(["1", "0", "2.5", "1e1", "-3"])), self.value(0)])
        if kind == "STRLEN":
            return call(kind, self.text(depth - 1))
        if kind in "+-*/":
            return infix(self.number(depth - 1), kind, self.number(depth - 1))
        return call(kind, self.number(depth - 1))

    def test(self, depth: int) -> Node:
        """An expression that is true or false, if all goes well."""
        kind = self.among(TESTS if depth else TESTS[:4])
        less = depth - 1
        writers: dict[str, Callable[[], Node]] = {
            "comparison": lambda: self.comparison(depth),
            "text test": self.text_test,
            "BOUND": lambda: call(kind, self.any_variable()),
            "kind": lambda: call(self.among(KINDS), self.any_variable()),
            "&&": lambda: infix(self.test(less), kind, self.test(less)),
            "||": lambda: infix(self.test(less), kind, self.test(less)),
            "!": lambda: Node("!()", ("(! ", self.test(less), ")")),
            "value": lambda: self.value(less),
        }
        return writers.get(kind, lambda: self.membership(kind))()

    def membership(self, operator: str) -> Node:
        """IN or NOT IN a list."""
        terms = [self.value(0) for _ in range(self.up_to(3, least=1))]
        return Node(
            operator, ("(", self.value(0), f" {operator} (", join("list", terms, ", "), "))")
        )

    def comparison(self, depth: int) -> Node:
        """A comparison: of a variable with what it stands for, or of anything."""
        operator = self.among(COMPARISONS)
        terms = [term for term in self.names if not isinstance(term, BlankNode)]
        if terms and self.up_to(1):
            term = self.among(terms)
            return infix(variable(self.names[term]), operator, constant(term))
        sides = self.among([self.value, self.number, self.text])
        return infix(sides(depth), operator, sides(depth - 1 if depth else 0))

    def text_test(self) -> Node:
        """A test of a string."""
        kind = self.among(TEXT_TESTS)
        if kind == "LANGMATCHES":
            language = constant(self.among(['"lv"', '"*"', '"EN"', '"de"', '""', '"lv-LV"']))
            return call(kind, call("LANG", self.any_variable()), language)
        subject = self.among([self.text, self.value])(1)
        if kind == "REGEX":
            flags = self.among([[], [constant('"i"')]])
            return call(kind, subject, self.pattern(), *flags)
        return call(kind, subject, self.snippet())

    # Query forms.

    def select(self, depth: int, *, top: bool = True) -> tuple[Node, frozenset[str]]:
        """A SELECT query or subquery, and its variables that hold a GROUP_CONCAT."""
        where = self.group(depth)
        if self.up_to(3) == 3:
            return self.aggregation(where, top=top)
        names = self.projected()
        columns = [variable(name) for name in names]
        if self.rarely():
            columns.append(self.alias(self.value(2)))
        words = self.among(["SELECT ", "SELECT DISTINCT "])
        return Node("select", (words, join("columns", columns), " WHERE ", where)), frozenset()

    def projected(self) -> list[str]:
        """Some of the variables."""
        scope = self.in_scope()
        return [name for name in scope if self.up_to(3)] or scope[:1]

    def aggregation(self, where: Node, *, top: bool) -> tuple[Node, frozenset[str]]:
        """A SELECT query with aggregates, and its variables that hold a GROUP_CONCAT."""
        keys = [variable(name) for name in self.projected()[: self.up_to(2)]]
        having: tuple[Node | str, ...] = ()
        if self.rarely():
            having = (" HAVING(", infix(self.aggregate(keys, 1)[0], ">", constant("1")), ")")
        choices = AGGREGATES if top else AGGREGATES[:-1]
        found = [self.aggregate(keys, len(choices)) for _ in range(self.up_to(2, least=1))]
        columns, concatenated = [*keys], set()
        for aggregate, is_concatenation in found:
            columns.append(self.alias(aggregate))
            if is_concatenation:
                concatenated.add(self.computed[-1])
        by = (" GROUP BY ", join("keys", keys)) if keys else ()
        head = join("columns", columns)
        return Node("aggregation", ("SELECT ", head, " WHERE ", where, *by, *having)), frozenset(
            concatenated
        )

    def aggregate(self, keys: list[Node], choices: int = len(AGGREGATES)) -> tuple[Node, bool]:
        """An aggregate, and whether it is GROUP_CONCAT."""
        kind = self.among(AGGREGATES[:choices])
        distinct = self.among(["", "DISTINCT "])
        if kind == "COUNT" and self.rarely():
            return Node(kind, ("COUNT(*)",)), False
        if kind == "SAMPLE" and keys:
            return call(kind, self.among(keys)), False
        if kind == "SAMPLE":
            kind = "COUNT"
        argument = self.any_variable()
        if kind in ("SUM", "AVG", "MIN", "MAX") and not self.rarely():
            argument = self.measure()
        if kind == "GROUP_CONCAT":
            argument = call("STR", argument)
            return Node(kind, (f"{kind}({distinct}", argument, f'; SEPARATOR="{SEPARATOR}")')), True
        return Node(kind, (f"{kind}({distinct}", argument, ")")), False

    def measure(self) -> Node:
        """A number: what a variable stands for, or the length of any."""
        numbers = [
            name
            for term, name in self.names.items()
            if isinstance(term, Literal) and term.datatype.value in NUMERIC
        ]
        if numbers:
            return variable(self.among(numbers))
        return call("STRLEN", call("STR", self.any_variable()))

    def page(self) -> Node:
        """A SELECT query whose solutions are in a total order, and some of them."""
        where = self.group(1)
        columns = [variable(name) for name in self.projected()]
        # Blank nodes have no order, and literals one only within their datatype.
        named = [Node("named", ("FILTER(COALESCE(! isBLANK(", v, "), true))")) for v in columns]
        keys = [
            Node("key", (self.among(["ASC", "DESC"]), f"(COALESCE(STR({name}(", v, ')), ""))'))
            for v in columns
            for name in ("STR", "LANG", "DATATYPE")
        ]
        (pieces,) = where.children
        inner = Node("group", ("{ ", join("pieces", [*pieces.children, *named]), " }"))
        head = ("SELECT ", join("columns", columns), " WHERE ", inner)
        order = (" ORDER BY ", join("keys", keys))
        limit = f" LIMIT {self.up_to(20, least=1)} OFFSET {self.up_to(3)}"
        return Node("page", (*head, *order, limit if self.up_to(1) else ""))

    def construct(self) -> Node:
        """A CONSTRUCT query."""
        where = self.group(self.material.depth)
        value = self.any_variable()
        nodes = [name for term, name in self.names.items() if not isinstance(term, Literal)]
        subject = variable(self.among(nodes if nodes and not self.rarely() else self.in_scope()))
        predicate = constant(self.fresh().predicate)
        template = Node("triple", (subject, " ", predicate, " ", value, " ."))
        return Node("construct", ("CONSTRUCT { ", template, " } WHERE ", where))


@st.composite
def queries(draw: st.DrawFn, materials: Sequence[Material]) -> Query:
    """Queries over one of several datasets."""
    material = draw(st.sampled_from(materials))
    writer = Writer(draw, material)
    form = writer.among(["SELECT", "SELECT", "SELECT", "page", "CONSTRUCT", "ASK"])
    if form == "SELECT":
        root, concatenated = writer.select(material.depth)
        return Query(material.name, root, concatenated=concatenated)
    if form == "page":
        return Query(material.name, writer.page(), ordered=True)
    if form == "CONSTRUCT":
        return Query(material.name, writer.construct())
    return Query(material.name, Node("ask", ("ASK ", writer.group(material.depth))))
