"""Evaluates a query, put right where the engine is wrong about the graphs of a dataset."""

from __future__ import annotations

from functools import partial

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
)

from partnergraph.mends.answering import answered
from partnergraph.sparql.dataset_clause import several_default_graphs


def evaluate(
    store: Store,
    text: str,
    default_graphs: tuple[str, ...] = (),
    named_graphs: tuple[str, ...] = (),
) -> QuerySolutions | QueryBoolean | QueryTriples:
    """The result of a query.

    Args:
        store: the dataset.
        text: SPARQL 1.1.
        default_graphs: IRIs whose merge is the default graph, instead of what FROM says.
        named_graphs: IRIs of the named graphs, instead of what FROM NAMED says.

    Raises:
        SyntaxError: the query is malformed.
    """
    if not (default_graphs or named_graphs):
        clause = several_default_graphs(text)
        if clause is None:
            return answered(text, store.query)
        default_graphs, named_graphs = clause.default_graphs, clause.named_graphs
    defaults: list[NamedNode | BlankNode | DefaultGraph] = [
        NamedNode(iri) for iri in default_graphs
    ]
    names: list[NamedNode | BlankNode] = [NamedNode(iri) for iri in named_graphs]
    if len(defaults) <= 1:
        return answered(text, partial(store.query, default_graph=defaults, named_graphs=names))
    # The engine's own merge of several graphs counts a triple that stands in two of them twice.
    merged = Store()
    for name in defaults:
        merged.extend(
            Quad(*quad.triple) for quad in store.quads_for_pattern(None, None, None, name)
        )
    for name in names:
        merged.extend(store.quads_for_pattern(None, None, None, name))
    # Named here as well, so that a FROM in the query does not override the request's dataset.
    ask = partial(merged.query, default_graph=DefaultGraph(), named_graphs=names)
    return answered(text, ask)
