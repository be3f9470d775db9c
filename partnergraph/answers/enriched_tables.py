"""Tables with more than the query asks for, in columns of their own: names, evidence, in force."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, Store

from partnergraph.answers.citations import digests
from partnergraph.answers.found import Found
from partnergraph.answers.lineage import PassageCited, Row
from partnergraph.answers.results_json import json_term, json_text
from partnergraph.namespaces import XSD
from partnergraph.things.labels import Labels

LABEL_SUFFIX = "Label"

IN_FORCE = "inForce"
YES, PERHAPS, UNDATED = "yes", "perhaps", "undated"
"""What the column :data:`IN_FORCE` says: by known dates, by unknown ones, and of no claim."""

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
    named = _named(columns, solutions) if enrichment.labels else []
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
        digest, marks = digests(_key(one, columns, found) for one in solutions)
        document |= {"total": len(solutions), "digest": digest, "marks": marks}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _key(solution: _Solution, columns: Iterable[str], found: Found) -> str:
    """All that is said in a row, as one text."""
    terms = (f"{name} {solution.terms.get(name, '')}" for name in columns)
    passages = (
        found.lineage(solution.view).passages(solution.terms) if found.enrichment.evidence else ()
    )
    return "\0".join((*terms, solution.in_force, *map(str, passages)))


def _named(columns: Iterable[str], solutions: Sequence[_Solution]) -> list[str]:
    """The columns in which there are things, which have names; in their order."""
    return [
        name
        for name in columns
        if any(isinstance(one.terms.get(name), NamedNode) for one in solutions)
    ]


def _solutions(found: Found) -> tuple[list[str], list[_Solution]]:
    """The columns and the solutions: those of the certain answer, then what only the other has.

    What only one of them has holds perhaps: a query may ask for what is absent, too.
    """
    first, second, dateless = found.certain, found.possible, found.dateless
    if isinstance(first, QueryBoolean):
        perhaps = isinstance(second, QueryBoolean) and bool(second) != bool(first)
        undated = isinstance(dateless, QueryBoolean) and bool(dateless) and bool(first)
        view = found.view if first or not perhaps else found.wider_view
        terms = {BOOLEAN: Literal(bool(first) or perhaps)}
        return [BOOLEAN], [
            _Solution(terms, view, PERHAPS if perhaps else UNDATED if undated else YES)
        ]
    assert isinstance(first, QuerySolutions)
    columns = found.columns
    solutions = [_Solution(_terms(one, columns), found.view) for one in first]
    if isinstance(second, QuerySolutions):
        wider = [_Solution(_terms(one, columns), found.wider_view, PERHAPS) for one in second]
        for solution in _without(solutions, wider):
            solution.in_force = PERHAPS
        solutions += _without(wider, solutions)
    if isinstance(dateless, QuerySolutions):
        held = [_Solution(_terms(one, columns), found.view) for one in dateless]
        dated = {id(one) for one in _without(solutions, held)}
        for solution in solutions:
            if id(solution) not in dated and solution.in_force == YES:
                solution.in_force = UNDATED
    return columns, solutions


def _without(solutions: Iterable[_Solution], others: Iterable[_Solution]) -> list[_Solution]:
    """The solutions that are not among others; one that is there once is so once."""
    left = Counter(frozenset(one.terms.items()) for one in others)
    found = []
    for one in solutions:
        key = frozenset(one.terms.items())
        if left[key]:
            left[key] -= 1
        else:
            found.append(one)
    return found


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
