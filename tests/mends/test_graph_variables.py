"""GRAPH with a variable is spelt out where the engine is wrong: random patterns."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from pyoxigraph import RdfFormat, Store

from tests.mends.small_dataset import GRAPHS, ask, mend, rows

OPENINGS = [
    *("{", "OPTIONAL {", "MINUS {", "FILTER EXISTS {", "FILTER NOT EXISTS {", "{} UNION {"),
    *("GRAPH ?g {", "GRAPH ?h {", "GRAPH <x:g1> {"),
]


class Patterns:
    """Random groups, written as they are and with each GRAPH replaced by its definition."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.names = 0

    def group(self, depth: int) -> tuple[str, str]:
        """A group in both ways of writing."""
        parts = [self.part(depth) for _ in range(self.random.randint(1, 3))]
        return "".join(plain for plain, _ in parts), "".join(spelt for _, spelt in parts)

    def part(self, depth: int) -> tuple[str, str]:
        """A part of a group in both ways of writing."""
        choose, self.names = self.random.choice, self.names + 1
        kinds = ["triple"] * 4 + ["values"] * 3 + ["nested"] * 4 * (depth > 0) + ["bind", "filter"]
        kind = choose(kinds)
        if kind == "filter":
            tests = ("BOUND(?g)", "!BOUND(?g)", "?g = <x:g1>", "?x != ?g", "COALESCE(?g, 1) = 1")
            return (f"FILTER ({choose(tests)}) ",) * 2
        if kind == "triple":
            ends = ("?x", "?y", "?z", "<x:a>", "<x:b>", "?g")
            return (f"{choose(ends)} <x:{choose('pq')}> {choose(ends)} . ",) * 2
        if kind == "values":
            return (f"VALUES {choose(('?x', '?y', '?g'))} {{ <x:a> <x:g1> UNDEF }} ",) * 2
        if kind == "bind":
            return (f"BIND(<x:a> AS ?n{self.names}) ",) * 2
        plain, spelt = self.group(depth - 1)
        opening = choose([*OPENINGS, f"{{ SELECT (COUNT(*) AS ?n{self.names}) {{"])
        closing = "} " * opening.count("{") if "UNION" not in opening else "} "
        if opening.startswith("GRAPH ?"):
            return f"{opening}{plain}}} ", self.definition(opening[6:8], spelt)
        return opening + plain + closing, opening + spelt + closing

    def definition(self, variable: str, pattern: str) -> str:
        """Graph(var, P), spelt out."""
        return " UNION ".join(
            f"{{ GRAPH <{iri}> {{ {pattern} }} VALUES {variable} {{ <{iri}> }} }}" for iri in GRAPHS
        )


@pytest.mark.parametrize("seed", range(8))
def test_random_patterns_have_the_answers_of_the_definition(seed: int) -> None:
    """Those that are left alone as well as those that are spelt out."""
    patterns = Patterns(seed)
    store = Store()
    for graph in ("", "<x:g1>", "<x:g2>"):
        for _ in range(4):
            ends = (patterns.random.choice(("a", "b", "g1")) for _ in range(2))
            link = f"> <x:{patterns.random.choice('pq')}> <x:"
            store.load(f"<x:{link.join(ends)}> {graph} .".encode(), RdfFormat.N_QUADS)
    left_alone = Counter[bool]()
    for _ in range(150):
        plain, spelt = patterns.group(2)
        query = f"SELECT * {{ GRAPH ?g {{ {plain} }} }}"
        definition = f"SELECT * {{ {patterns.definition('?g', spelt)} }}"
        left_alone[mend(query) is query] += 1
        assert ask(store, query) == rows(store.query(definition)), query
    assert min(left_alone.values()) > 20
