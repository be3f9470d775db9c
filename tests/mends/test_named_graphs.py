"""The graphs that GRAPH with a variable goes through, where a query cannot name one of them."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, Store

from tests.mends.small_dataset import COUNT, ask


def test_a_graph_without_an_iri_is_refused() -> None:
    """A blank node can name a graph, but cannot be written in a query."""
    store = Store()
    store.load(b"<x:a> <x:p> 1 <x:g> .".replace(b" 1 ", b" _:o _:g . #"), RdfFormat.N_QUADS)
    with pytest.raises(ValueError, match="write GRAPH with an IRI"):
        ask(store, f"SELECT * {{ GRAPH ?g {{ {COUNT} }} }}")
