"""Whatever names the graphs of a dataset, a query is mended for these."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from partnergraph.embedded.wire import Outcome
from partnergraph.embedded.worker import reply
from tests.mends.small_dataset import COUNT, Rows, message


@pytest.mark.parametrize(
    ("default_graphs", "named_graphs", "expected"),
    [
        ((), (), ["x:g1,2", "x:g2,1"]),
        ((), ("x:g2",), ["x:g2,1"]),
        (("x:g1",), (), []),
        (("x:g1", "x:g2"), ("x:g1", "x:no"), ["x:g1,2", "x:no,0"]),
    ],
)
def test_the_named_graphs_are_those_of_the_request(
    default_graphs: tuple[str, ...],
    named_graphs: tuple[str, ...],
    expected: Rows,
    store: Store,
) -> None:
    """What the protocol names overrides FROM NAMED in the query."""
    clause = "FROM NAMED <x:other>" if default_graphs or named_graphs else ""
    query = f"SELECT ?g ?n {clause} {{ GRAPH ?g {{ {COUNT} }} }} ORDER BY ?g"
    outcome, body = reply(store, message(query, default_graphs, named_graphs))
    assert outcome is Outcome.RESULTS
    assert body.decode().splitlines() == ["g,n", *expected]


def test_several_graphs_after_from_are_merged_and_mended(store: Store) -> None:
    """Both faults of the engine at once."""
    query = f"SELECT ?g ?n FROM <x:g1> FROM <x:g2> FROM NAMED <x:g2> {{ GRAPH ?g {{ {COUNT} }} }}"
    assert reply(store, message(query))[1].decode().splitlines() == ["g,n", "x:g2,1"]
