"""Answers with more than the query asks for: names, evidence, what was in force, a part."""

from __future__ import annotations

from pyoxigraph import QueryBoolean, QueryResultsFormat, QueryTriples, Store, Triple

from partnergraph.dataset import Graphs
from partnergraph.engine import Enrichment
from partnergraph.enriched_graphs import graph
from partnergraph.enriched_tables import document
from partnergraph.found import Found


def enriched(store: Store, text: str, enrichment: Enrichment) -> bytes | list[Triple]:
    """The answer to a query with what it shall carry.

    Args:
        store: the dataset.
        text: the query.
        enrichment: what it shall carry.

    Returns:
        SPARQL results in JSON; or for CONSTRUCT and DESCRIBE, the triples.

    Raises:
        SyntaxError: the query is malformed.
    """
    found = Found(Graphs(store, enrichment.base), text, enrichment)
    if isinstance(found.certain, QueryTriples):
        return list(graph(found))
    if isinstance(found.certain, QueryBoolean) and not (enrichment.as_of or enrichment.evidence):
        return found.certain.serialize(format=QueryResultsFormat.JSON) or b""
    return document(found)
