"""What is amiss with a part of a query that has no solution: what the data have in its place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Store

from partnergraph.namespaces import PREFIXES, XSD, compact, expand
from partnergraph.sparql.graph_patterns import TriplePattern

MOST_COMPARED = 50_000
"""Names that a mistaken one is compared with."""

MOST_SOLUTIONS = 50
"""Solutions that are looked at to see why a filter lets none of them through."""

MOST_NAMED = 4
"""Names that are offered, or values that are shown."""

_TYPE = NamedNode(expand("rdf:type"))
_DATES = {f"{XSD}{name}": f"xsd:{name}" for name in ("gYear", "gYearMonth", "date", "dateTime")}
_VARIABLE = re.compile(r"[?$](\w+)")
_BRACES = re.compile(r"\{.*\}", re.DOTALL)
_ORDER = re.compile(r"[<>]=?")
_PREFIXED = re.compile(r"([a-z][a-z-]*):([^/].*)")
_DATATYPE = re.compile(r"\^\^<([^>]*)>$")

Select = Callable[[str, str, int], list[Any]]
"""Variables, a graph pattern and a limit → solutions."""


@dataclass(frozen=True)
class Slip:
    """What is amiss: a key of ``empty.toml``, and what is put into its words."""

    kind: str
    details: dict[str, str | list[str]]


class ValueSlips:
    """Compares what a query asks for with what the data have."""

    def __init__(self, store: Store, select: Select) -> None:
        self._store = store
        self._select = select

    def of_pattern(self, pattern: TriplePattern) -> list[Slip]:
        """What is amiss with a triple pattern that matches nothing."""
        predicate = self._term(pattern.predicate)
        if pattern.is_path or not isinstance(predicate, NamedNode):
            return []
        if not self._occurs(None, predicate, None):
            return self._strange("property", predicate, self._predicates)
        value = self._term(pattern.object)
        if value is not None and not self._occurs(None, predicate, value):
            return self._of_value(predicate, value)
        subject = self._term(pattern.subject)
        if isinstance(subject, NamedNode):
            return self._of_subject(subject, predicate)
        return []

    def of_filter(self, text: str, before: str) -> list[Slip]:
        """What is amiss with a filter that lets no solution of a graph pattern through."""
        # What stands in EXISTS alone is not looked for outside of it.
        names = sorted({match[1] for match in _VARIABLE.finditer(_BRACES.sub("", text))})
        if not names:
            return []
        variables = " ".join(f"?{name}" for name in names)
        solutions = self._select(variables, before, MOST_SOLUTIONS)
        slips = (
            self._of_values(name, [one[name] for one in solutions if one[name] is not None], text)
            for name in names
        )
        return [slip for slip in slips if slip][:1]

    def _of_values(self, name: str, values: list[Any], text: str) -> Slip | None:
        if not values:
            return Slip("unbound", {"name": name})
        literals = [value for value in values if isinstance(value, Literal)]
        dates = sorted({_DATES.get(one.datatype.value, "") for one in literals} - {""})
        if dates and _ORDER.search(text):
            return Slip("unordered", {"name": name, "kinds": ", ".join(dates)})
        lowered = text.lower()
        if any(one.language for one in literals) and not ("lang" in lowered or "str(" in lowered):
            example = _written(min(map(str, literals)))
            return Slip("tagged", {"name": name, "value": example})
        return None

    def _of_value(self, predicate: NamedNode, value: Any) -> list[Slip]:
        if isinstance(value, Literal):
            return self._of_literal(predicate, value)
        if not isinstance(value, NamedNode):
            return []
        what = "class" if predicate == _TYPE else "value"
        return self._strange(what, value, self._named({one.object for one in self._all(predicate)}))

    def _of_subject(self, subject: NamedNode, predicate: NamedNode) -> list[Slip]:
        statements = list(self._quads(subject, None, None))
        if not statements:
            known = self._named({one.subject for one in self._all(predicate)})
            return self._strange("subject", subject, known)
        others = ", ".join(sorted({compact(one.predicate.value) for one in statements}))
        name = compact(predicate.value)
        return [
            Slip("lacking", {"subject": compact(subject.value), "name": name, "others": others})
        ]

    def _strange(self, what: str, name: NamedNode, known: Iterable[str]) -> list[Slip]:
        """An IRI that does not occur in its place, and the nearest that do."""
        shown = compact(name.value)
        if what in ("property", "class") and self._occurs(name, None, None):
            return [Slip("unused", {"name": shown})]
        found = [Slip(f"no-{what}", {"name": shown})]
        mistaken = _PREFIXED.fullmatch(name.value)
        if mistaken and mistaken[1] in PREFIXES:
            return [*found, Slip("prefix", {"iri": name.value})]
        near = _nearest(name.value, known)
        if near:
            # Where the mistaken IRI has no prefix, it may differ in as little as http and https.
            names = [f"<{one}>" if shown.startswith("<") else compact(one) for one in near]
            found.append(Slip("near", {"names": names}))
        return found

    def _of_literal(self, predicate: NamedNode, value: Literal) -> list[Slip]:
        """The same text with another tag or datatype, or the nearest text."""
        name = compact(predicate.value)
        objects = {quad.object for quad in self._all(predicate)}
        literals = sorted((one for one in objects if isinstance(one, Literal)), key=str)
        alike = [str(one) for one in literals if one.value == value.value]
        if alike:
            others = ", ".join(map(_written, alike[:MOST_NAMED]))
            details: dict[str, str | list[str]] = {"others": others, "value": _written(str(value))}
            return [Slip("alike", {"name": name, **details})]
        dates = [one for one in literals if one.datatype.value in _DATES]
        if dates:
            kinds = ", ".join(sorted({_DATES[one.datatype.value] for one in dates}))
            near = [str(one) for one in dates if one.value[:4] == value.value[:4]]
            others = ", ".join(map(_written, (near or [str(dates[0])])[:MOST_NAMED]))
            return [Slip("precisions", {"name": name, "kinds": kinds, "others": others})]
        texts = {one.value: _written(str(one)) for one in literals[:MOST_COMPARED]}
        close = difflib.get_close_matches(value.value, texts, MOST_NAMED, 0.7)
        return [Slip("near", {"names": [texts[one] for one in close]})] if close else []

    def _term(self, part: str) -> Any:
        """The term that is written in the query; ``None`` for a variable or a path."""
        if part == "a":
            return _TYPE
        if part[0] in "?$":
            return None
        try:
            (solution,) = self._select("?term", f"VALUES ?term {{ {part} }}", 1)
        except (SyntaxError, ValueError):
            return None
        return solution["term"]

    def _quads(self, subject: Any, predicate: Any, value: Any) -> Iterable[Quad]:
        return self._store.quads_for_pattern(subject, predicate, value, None)

    def _all(self, predicate: NamedNode) -> Iterable[Quad]:
        return self._quads(None, predicate, None)

    def _occurs(self, subject: Any, predicate: Any, value: Any) -> bool:
        return any(True for _ in self._quads(subject, predicate, value))

    def _named(self, nodes: Iterable[Any]) -> list[str]:
        return sorted(one.value for one in nodes if isinstance(one, NamedNode))

    @cached_property
    def _predicates(self) -> list[str]:
        anywhere = "{ ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } }"
        found = self._store.query(f"SELECT DISTINCT ?p {{ {anywhere} }}")
        return sorted(solution["p"].value for solution in found)  # type: ignore[union-attr]


def _nearest(name: str, known: Iterable[str]) -> list[str]:
    """The IRIs that a mistaken one may have meant: first those of the same last name."""
    by_name: dict[str, list[str]] = {}
    for one in list(known)[:MOST_COMPARED]:
        by_name.setdefault(_last(one), []).append(one)
    near = difflib.get_close_matches(_last(name), by_name, 2, 0.6)
    same = by_name.get(_last(name))
    return (same or [one for last in near for one in by_name[last]])[:MOST_NAMED]


def _last(iri: str) -> str:
    return re.split(r"[#/:]", iri.rstrip("#/"))[-1].casefold()


def _written(literal: str) -> str:
    """A literal in SPARQL, its datatype with a prefix."""
    return _DATATYPE.sub(lambda found: f"^^{compact(found[1])}", literal)
