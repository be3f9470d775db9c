"""Tables with more than the query asks for, in columns of their own: names, evidence, in force."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, Store

from partnergraph.citations import digests
from partnergraph.found import Found
from partnergraph.labels import Labels
from partnergraph.lineage import PassageCited, Row
from partnergraph.namespaces import XSD
from partnergraph.results_json import json_term, json_text

LABEL_SUFFIX = "Label"

IN_FORCE = "inForce"
YES, PERHAPS = "yes", "perhaps"
"""What the column :data:`IN_FORCE` says: of known dates, and of claims without such."""

EVIDENCE = ("passages", "passage", "passageHeading", "passagePosition", "passageSource")
"""The columns of evidence: how many passages there are, and what is said of each."""

SEPARATOR = " | "
"""What stands between the passages of one solution."""

BOOLEAN = "answer"
"""The column that the answer to ASK stands in, where there are others."""


@dataclass
class _Solution:
    """A solution, and the dataset that it is one of."""

    terms: Row
    view: Store
    in_force: str = YES


def document(found: Found) -> bytes:
    """SPARQL results in JSON: https://www.w3.org/TR/sparql11-results-json/."""
    enrichment = found.enrichment
    columns, solutions = _solutions(found)
    end = None if enrichment.limit is None else enrichment.offset + enrichment.limit
    part = solutions[enrichment.offset : end]
    # In all of them, so that every part of an answer has the same columns.
    named = _named(columns, solutions) if enrichment.labels else set()
    variables: list[str] = []
    for name in columns:
        variables += [name, f"{name}{LABEL_SUFFIX}"] if name in named else [name]
    variables += [IN_FORCE] if enrichment.as_of else []
    variables += EVIDENCE if enrichment.evidence else []
    variables = list(dict.fromkeys(variables))
    # A thing stands in many rows.
    label = cache(partial(_label, Labels(found.graphs), enrichment.labels))
    bindings = [_binding(one, named, label, found) for one in part]
    document: dict[str, Any] = {"head": {"vars": variables}, "results": {"bindings": bindings}}
    if enrichment.counted:
        digest, marks = digests(_key(one, columns) for one in solutions)
        document |= {"total": len(solutions), "digest": digest, "marks": marks}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _key(solution: _Solution, columns: Iterable[str]) -> str:
    terms = (str(solution.terms.get(name, "")) for name in columns)
    return "\0".join((*terms, solution.in_force))


def _named(columns: Iterable[str], solutions: Sequence[_Solution]) -> set[str]:
    """The columns in which there are things, which have names."""
    return {
        name
        for name in columns
        if any(isinstance(one.terms.get(name), NamedNode) for one in solutions)
    }


def _solutions(found: Found) -> tuple[list[str], list[_Solution]]:
    """The columns and the solutions: the certain ones, then those that are so perhaps."""
    first, second = found.certain, found.possible
    if isinstance(first, QueryBoolean):
        perhaps = isinstance(second, QueryBoolean) and bool(second) != bool(first)
        terms = {BOOLEAN: Literal(bool(first) != perhaps)}
        view = found.wider_view if perhaps else found.view
        return [BOOLEAN], [_Solution(terms, view, PERHAPS if perhaps else YES)]
    assert isinstance(first, QuerySolutions)
    columns = found.columns
    solutions = [_Solution(_terms(one, columns), found.view) for one in first]
    if isinstance(second, QuerySolutions):
        known = Counter(tuple(one.terms.get(name) for name in columns) for one in solutions)
        for one in second:
            terms = _terms(one, columns)
            key = tuple(terms.get(name) for name in columns)
            if known[key]:
                known[key] -= 1
            else:
                solutions.append(_Solution(terms, found.wider_view, PERHAPS))
    return columns, solutions


def _terms(solution: Any, columns: Sequence[str]) -> dict[str, Any]:
    return {name: solution[name] for name in columns if solution[name] is not None}


def _binding(
    solution: _Solution,
    named: Iterable[str],
    label: Callable[[NamedNode], dict[str, str]],
    found: Found,
) -> dict[str, Any]:
    binding: dict[str, Any] = {}
    for name in named:
        term = solution.terms.get(name)
        if isinstance(term, NamedNode):
            binding[f"{name}{LABEL_SUFFIX}"] = label(term)
    if found.enrichment.as_of:
        binding[IN_FORCE] = json_text(solution.in_force)
    if found.enrichment.evidence:
        binding |= _evidence(found.lineage(solution.view).passages(solution.terms))
    # What the query itself calls so is its own.
    return binding | {name: json_term(term) for name, term in solution.terms.items()}


def _label(labels: Labels, languages: Sequence[str], thing: NamedNode) -> dict[str, str]:
    label = labels.of(thing, *languages)
    return json_text(label.text, label.language)


def _evidence(passages: list[PassageCited]) -> dict[str, dict[str, str]]:
    count = {"type": "literal", "value": str(len(passages)), "datatype": f"{XSD}integer"}
    said = {
        "passage": (one.iri for one in passages),
        "passageHeading": (one.heading for one in passages),
        "passagePosition": (f"{one.start}–{one.end}" for one in passages),
        "passageSource": (one.source for one in passages),
    }
    texts = {name: json_text(SEPARATOR.join(values)) for name, values in said.items() if passages}
    return {"passages": count, **texts}
