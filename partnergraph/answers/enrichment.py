"""Answers with more than the query asks for: names, evidence, what was in force, a part."""

from __future__ import annotations

from pyoxigraph import QueryBoolean, QueryResultsFormat, QueryTriples, Store, Triple

from partnergraph.answers.enriched_graphs import graph
from partnergraph.answers.enriched_tables import document
from partnergraph.answers.found import Found
from partnergraph.dataset.canonical import Graphs
from partnergraph.engine import Enrichment


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
