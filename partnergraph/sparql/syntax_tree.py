"""The syntax tree of a query: the rules of the standard's grammar, with its tokens as leaves.

https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from partnergraph.sparql.grammar import START
from partnergraph.sparql.grammar_tables import NULLABLE, TABLE
from partnergraph.sparql.recogniser import Lexeme, lexemes


@dataclass(slots=True)
class Node:
    """A rule of the grammar and what it stands for; one that stands for nothing is left out.

    Attributes:
        rule: its name in :data:`partnergraph.sparql.grammar.GRAMMAR`.
        children: rules and tokens, in order.
    """

    rule: str
    children: list[Node | Lexeme] = field(default_factory=list)

    @property
    def start(self) -> int:
        """Where its text begins."""
        node: Node | Lexeme = self
        while isinstance(node, Node):
            node = node.children[0]
        return node.start

    @property
    def end(self) -> int:
        """Where its text ends."""
        node: Node | Lexeme = self
        while isinstance(node, Node):
            node = node.children[-1]
        return node.end

    def parts(self, *rules: str) -> list[Node]:
        """Its children of these rules."""
        return [one for one in self.children if isinstance(one, Node) and one.rule in rules]

    def part(self, rule: str) -> Node | None:
        """Its first child of a rule."""
        return next(iter(self.parts(rule)), None)

    def find(self, *rules: str) -> Iterator[Node]:
        """Every node of these rules in it, as they are read; not those within one another."""
        to_do: list[Node | Lexeme] = [self]
        while to_do:
            node = to_do.pop()
            if isinstance(node, Lexeme):
                continue
            if node.rule in rules and node is not self:
                yield node
            else:
                to_do += reversed(node.children)

    def tokens(self) -> Iterator[Lexeme]:
        """Its tokens."""
        to_do: list[Node | Lexeme] = [self]
        while to_do:
            node = to_do.pop()
            if isinstance(node, Lexeme):
                yield node
            else:
                to_do += reversed(node.children)


def parse_query(text: str) -> Node | None:
    """The syntax tree of a query; ``None`` where it is none by the grammar.

    No query makes this deep: the stack is a list.
    """
    root = Node(START)
    stack: list[tuple[str, Node]] = [(symbol, root) for symbol in TABLE[START]["SELECT"]]
    for lexeme in lexemes(text):
        while True:
            if not stack:
                return None
            symbol, parent = stack.pop()
            if symbol == lexeme.terminal:
                parent.children.append(lexeme)
                break
            production = TABLE.get(symbol, {}).get(lexeme.terminal)
            if production is None:
                if symbol not in NULLABLE:
                    return None
                continue
            node = parent
            if not symbol.startswith("#"):  # The grammar tables name what is in parentheses so.
                node = Node(symbol)
                parent.children.append(node)
            stack += [(part, node) for part in production]
    return root if not stack else None
