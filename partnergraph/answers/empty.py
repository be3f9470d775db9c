"""Why a query has no solution: which of its parts is the first without one, and what is amiss.

Its parts are asked one after another, each together with those before it. It is meant for a
process that may be killed, as each of these questions may take as long as the query.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import QueryBoolean, QuerySolutions, Store

from partnergraph.answers.value_slips import Slip, ValueSlips
from partnergraph.mends.evaluation import evaluate
from partnergraph.namespaces import XSD, compact
from partnergraph.slips.diagnosis import mark
from partnergraph.sparql.graph_patterns import Element, GraphPattern
from partnergraph.sparql.syntax_tree import Node, parse_query
from partnergraph.sparql.tokens import line_and_column

_NO_OP = re.compile(r"! ?true \|\| ")
_TYPED_NUMBER = re.compile(rf'"([0-9.+-]+)"\^\^<{XSD}(?:integer|decimal)>')
_GRAPH = re.compile(r"\s*GRAPH\s*[?$](\w+)", re.IGNORECASE)
_IRI = re.compile(r"<([^<>\s]*)>")

_WORDS: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text("utf-8")
)

Words = dict[str, str]
"""A text in Latvian and in English."""

Wrap = Callable[[str], str]
"""Puts what stands in an inner group into the groups around it."""


@dataclass(frozen=True)
class Explanation:
    """Why there is no solution.

    Attributes:
        message: what is found, in words.
        hint: what to do, where that can be told.
        part: the first part of the query without a solution, spelt out.
        line: where it stands, from 1.
        column: likewise, in characters.
        excerpt: the line, and a mark under the place.
    """

    message: Words
    hint: Words | None = None
    part: str | None = None
    line: int | None = None
    column: int | None = None
    excerpt: str | None = None


def explain_empty(store: Store, text: str) -> bytes:
    """Why a query has no solution, as a JSON object; see :class:`Explanation`.

    Raises:
        SyntaxError: it is malformed.
    """
    return json.dumps(asdict(_Search(store, text).explanation()), ensure_ascii=False).encode()


class _Search:
    def __init__(self, store: Store, text: str) -> None:
        self._store = store
        self._text = text
        tree = parse_query(text)
        if tree is None:
            evaluate(store, text)  # It says what is wrong.
            raise SyntaxError("the query cannot be read")
        (self._query,) = tree.parts("SelectQuery", "ConstructQuery", "DescribeQuery", "AskQuery")
        self._prologue = text[: self._query.start]
        datasets = self._query.parts("DatasetClause")
        self._datasets = " ".join(text[one.start : one.end] for one in datasets)
        self._slips = ValueSlips(store, self._select)

    def explanation(self) -> Explanation:
        """The first part without a solution."""
        where = next(self._query.find("WhereClause"), None)
        group = where.part("GroupGraphPattern") if where else None
        if group is None:
            return Explanation(_words("no-where"))
        if self._has_solution(self._text[group.start + 1 : group.end - 1]):
            return Explanation(_words("has-solutions"))
        return self._of_group(group, lambda body: body)

    def _of_group(self, group: Node, wrap: Wrap, graph: str = "") -> Explanation:
        elements = GraphPattern(self._text).elements(group)
        filters = [one for one in elements if one.kind == "FILTER"]
        before: list[str] = []
        # A filter looks at the solutions of its whole group, wherever it stands.
        for one in [*(one for one in elements if one.kind != "FILTER"), *filters]:
            if not self._has_solution(wrap(" ".join((*before, one.text)))):
                return self._of_element(one, " ".join(before), wrap, graph)
            before.append(one.text)
        return Explanation(_words("all-together"))

    def _of_element(self, one: Element, before: str, wrap: Wrap, graph: str) -> Explanation:
        alone = one.kind != "FILTER" and self._has_solution(wrap(one.text))
        if one.inner is not None and not alone:
            wrapping = one.wrapping
            named = _GRAPH.match(wrapping)
            wrapped: Wrap = lambda body: wrap(f"{wrapping} {{ {body} }}")  # noqa: E731
            return self._of_group(one.inner, wrapped, named[1] if named else "")
        if one.branches and not alone:
            each = [self._of_group(branch, wrap, graph) for branch in one.branches]
            # Something is amiss with the one that there is something to say of.
            return next((explanation for explanation in each if explanation.hint), each[0])
        shown = _readable(str(one.pattern or " ".join(self._text[one.start : one.end].split())))
        slips: list[Slip] = []
        if one.pattern and not alone:
            slips = self._slips.of_pattern(one.pattern)
        elif one.kind == "FILTER" and graph and re.search(rf"[?$]{graph}\b", one.text):
            slips = [Slip("graph-variable", {"name": graph})]
        elif one.kind == "FILTER" and before:
            slips = self._slips.of_filter(one.text, wrap(before))
        found = "filter" if one.kind == "FILTER" else "with-those-before" if alone else "first"
        line, column = line_and_column(self._text, one.start)
        excerpt = mark(self._text, line, column)
        message = _words(found, part=shown)
        return Explanation(message, _hint(slips), shown, line, column, excerpt)

    def _has_solution(self, body: str) -> bool:
        text = f"{self._prologue}ASK {self._datasets} {{ {body} }}"
        result = evaluate(self._store, text)
        return isinstance(result, QueryBoolean) and bool(result)

    def _select(self, variables: str, body: str, limit: int) -> list[Any]:
        """Some solutions of a graph pattern over the dataset of the query."""
        head = f"{self._prologue}SELECT DISTINCT {variables} {self._datasets}"
        result = evaluate(self._store, f"{head} {{ {body} }} LIMIT {limit}")
        assert isinstance(result, QuerySolutions)
        return list(result)


def _readable(part: str) -> str:
    """A part of a query as people write it, though values stand in the place of parameters."""
    part = _NO_OP.sub("", part)
    part = _TYPED_NUMBER.sub(r"\1", part)
    return _IRI.sub(lambda found: compact(found[1]), part)


def _hint(slips: list[Slip]) -> Words | None:
    """All slips in one text."""
    texts = [_words(slip.kind, **slip.details) for slip in slips]
    return {tag: " ".join(one[tag] for one in texts) for tag in ("lv", "en")} if texts else None


def _words(kind: str, **details: str | list[str]) -> Words:
    """A message in both languages; a list of names is joined as its language has it."""
    return {
        tag: template.format(
            **{
                name: value if isinstance(value, str) else _WORDS["or"][tag].join(value)
                for name, value in details.items()
            }
        )
        for tag, template in _WORDS[kind].items()
    }
