"""Subqueries spelt out: what their solutions come from, beside what they pass on.

``{ SELECT ?field (COUNT(?agreement) AS ?n) { … } GROUP BY ?field }`` says nothing of the agreements
that it counts. Joined with its own pattern, each of its solutions does; the variables that it keeps
to itself (https://www.w3.org/TR/sparql11-query/#subqueries) get names that nothing else has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from partnergraph.sparql.recogniser import Lexeme
from partnergraph.sparql.syntax_tree import Node, parse_query


def unnest(text: str) -> str:
    """A query whose subqueries stand beside their own patterns.

    Raises:
        SyntaxError: it cannot be read.
    """
    tree = parse_query(text)
    if tree is None:
        raise SyntaxError("the query cannot be spelt out")
    if not any(True for _ in tree.find("SubSelect")):
        return text
    return "".join(_Unnesting(text).written(tree, {}))


class _Unnesting:
    def __init__(self, text: str) -> None:
        self._text = text
        self._copies = 0

    def written(self, node: Node | Lexeme, names: Mapping[str, str]) -> Iterator[str]:
        """The tokens of a part of the query.

        Args:
            node: the part.
            names: what variables and blank nodes are called instead.
        """
        if isinstance(node, Lexeme):
            yield self._token(node, names)
        elif node.rule == "SubSelect":
            yield from self._beside_its_pattern(node, names)
        else:
            for child in node.children:
                yield from self.written(child, names)

    def _beside_its_pattern(self, query: Node, names: Mapping[str, str]) -> Iterator[str]:
        where = query.part("WhereClause")
        group = where.part("GroupGraphPattern") if where else None
        assert group is not None
        self._copies += 1
        own = {**names, **self._renamed(query, group)}
        yield " {"
        yield from (self._token(token, names) for token in query.tokens())
        yield " } "
        yield from self.written(group, own)

    def _token(self, token: Lexeme, names: Mapping[str, str]) -> str:
        # The engine does not take a space everywhere: it knows no "COALESCE (".
        space = " " if self._text[: token.start][-1:].isspace() else ""
        return space + names.get(token.text, token.text)

    def _renamed(self, query: Node, group: Node) -> dict[str, str]:
        """New names for what a subquery does not pass on."""
        select = query.part("SelectClause")
        assert select is not None
        tokens = [token.text for token in select.tokens()]
        depth, passed_on = 0, set()
        for text in tokens:
            depth += (text == "(") - (text == ")")
            if depth == 0:
                passed_on.add(text)
        kept = {
            token.text
            for token in group.tokens()
            if token.terminal == "BLANK_NODE_LABEL"
            or (token.terminal == "VAR" and "*" not in passed_on and token.text not in passed_on)
        }
        return {name: self._fresh(name) for name in sorted(kept)}

    def _fresh(self, name: str) -> str:
        new = f"{name}_{self._copies}"
        while new in self._text:
            new += "_"
        return new
