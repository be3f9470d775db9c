"""The gate notices small damage to the data; what it does not notice is named, with the reason."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from multiprocessing import get_context

import pytest
from pyoxigraph import Quad

from partnergraph.dataset.canonical import DERIVED, Dataset
from partnergraph.dataset.loading import derive, read_ontology
from partnergraph.gate.validation import shapes_graph, validate
from tests.gate.mutations import mutations
from tests.gate.mutations.damages import Mutation
from tests.gate.mutations.material import SETTINGS, derived, stated
from tests.gate.mutations.reasons import SURVIVORS
from tests.graphs import n_quads

Finding = tuple[str, str, str | None, str | None]
"""Shape, focus node, path and value of one result."""


@dataclass(frozen=True)
class Outcome:
    """What the gate found new in a mutated dataset; or with which error it broke."""

    findings: frozenset[Finding] = frozenset()
    error: str | None = None


class Gate:
    """The load from the data's quads on: rules, ontology, shapes; one in each process."""

    instance: Gate

    def __init__(self) -> None:
        self.ontology = list(read_ontology(SETTINGS.ontology))
        self.shapes = shapes_graph(self._dataset(set()))
        self.undamaged = self.findings(set(stated()) | set(derived()))

    def outcome(self, mutation: Mutation) -> Outcome:
        try:
            return Outcome(self.findings(mutated(mutation)) - self.undamaged)
        except Exception as error:
            return Outcome(error=f"{type(error).__name__}: {str(error).partition(chr(10))[0]}")

    def findings(self, quads: set[Quad]) -> frozenset[Finding]:
        report = validate(self._dataset(quads), self.shapes)
        return frozenset(
            (result.shape, result.focus_node, result.path, result.value)
            for result in report.results
        )

    def _dataset(self, quads: set[Quad]) -> Dataset:
        return Dataset(n_quads([*quads, *self.ontology]), version="mutated")


def mutated(mutation: Mutation) -> set[Quad]:
    """The data with the damage done, and what the rules make of it."""
    come = {quad for quad in mutation.come if quad.graph_name != DERIVED}
    quads = (set(stated()) - mutation.gone) | come
    quads |= derive(quads, SETTINGS.ontology / "rules")
    return (quads - mutation.gone) | mutation.come


def prepare() -> None:
    """Load what all mutations have in common, once in each process."""
    Gate.instance = Gate()
    gc.freeze()  # Collecting what stays anyway would take a fifth of the time.


def run(mutation: Mutation) -> Outcome:
    return Gate.instance.outcome(mutation)


def reason(name: str) -> str | None:
    """Why it is right that a mutation survives; ``None`` where nothing says so."""
    return next((why for pattern, why in SURVIVORS.items() if fnmatchcase(name, pattern)), None)


def test_each_mutation_has_a_name_of_its_own_and_changes_something() -> None:
    before = set(stated()) | set(derived())
    everything = mutations()
    assert len({mutation.name for mutation in everything}) == len(everything) >= 400
    assert [m.name for m in everything if (before - m.gone) | m.come == before] == []


@pytest.mark.alone  # It takes all processors.
def test_the_gate_notices_each_mutation_but_those_with_a_reason(
    record_property: Callable[[str, object], None],
) -> None:
    """And each reason is still needed: all that it is given for does survive."""
    everything = mutations()
    # Spawned, not forked: the tests of the server leave threads behind.
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), prepare) as pool:
        outcomes = dict(zip(everything, pool.map(run, everything, chunksize=8), strict=True))
    names = [mutation.name for mutation in everything]
    broken = {m.name: outcome.error for m, outcome in outcomes.items() if outcome.error}
    survivors = {m.name for m, outcome in outcomes.items() if not outcome.findings}
    record_property("mutations", summary(everything, survivors, broken))

    assert not broken
    assert survivors == {name for name in names if reason(name)}
    assert [p for p in SURVIVORS if not any(fnmatchcase(name, p) for name in names)] == []


def summary(everything: list[Mutation], survivors: set[str], broken: dict[str, str]) -> str:
    """For the end of the log: the counts, and every survivor by name."""
    noticed = len(everything) - len(survivors)
    lines = [f"{len(everything)} mutations, {noticed} noticed, {len(survivors)} survivors"]
    for name in sorted(survivors):
        lines.append(f"  {name}: {broken.get(name) or reason(name) or 'NEW, explained by nothing'}")
    return "\n".join(lines)
