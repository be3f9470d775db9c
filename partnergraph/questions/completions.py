"""The words of a graph for its editor: classes, properties and things with their names."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from partnergraph.dataset.canonical import Dataset
from partnergraph.namespaces import PREFIXES, expand
from partnergraph.questions.examples import with_defaults
from partnergraph.questions.stored import StoredQuery
from partnergraph.things.labels import Labels

MOST_THINGS = 5000
"""Things that can be completed by their names; there may be more."""

_TYPE = NamedNode(expand("rdf:type"))
_COMMENTS = tuple(
    NamedNode(expand(name)) for name in ("rdfs:comment", "skos:definition", "dcterms:description")
)
_LANGUAGES = ("lv", "en")


def completions(dataset: Dataset, labels: Labels, queries: Mapping[str, StoredQuery]) -> bytes:
    """All of them, in JSON.

    Args:
        dataset: what is queried.
        labels: what things are called.
        queries: the stored queries, which are examples.
    """
    store = dataset.store
    classes = _named(quad.object for quad in store.quads_for_pattern(None, _TYPE, None, None))
    properties = _named(quad.predicate for quad in store)
    known = {*classes, *properties}
    things = islice((one for one in _things(store, labels) if one not in known), MOST_THINGS)
    kinds = (("class", classes), ("property", properties), ("thing", things))
    document = {
        "base": dataset.base,
        "prefixes": PREFIXES,
        "terms": [_term(one, kind, store, labels) for kind, found in kinds for one in found],
        "queries": [
            {"name": one.name, "summary": one.summary, "sparql": _as_example(one)}
            for one in queries.values()
        ],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _as_example(query: StoredQuery) -> str:
    """The query, and how its answer is best shown."""
    return f"#defaultView:{query.view}\n{with_defaults(query)}\n"


def _named(nodes: Iterable[Any]) -> list[NamedNode]:
    return sorted({one for one in nodes if isinstance(one, NamedNode)}, key=str)


def _things(store: Store, labels: Labels) -> Iterator[NamedNode]:
    subjects = {quad.subject for quad in store.quads_for_pattern(None, _TYPE, None, None)}
    for one in sorted((one for one in subjects if not isinstance(one, BlankNode)), key=str):
        if isinstance(one, NamedNode) and any(True for _ in labels.triples(one)):
            yield one


def _term(one: NamedNode, kind: str, store: Store, labels: Labels) -> dict[str, Any]:
    named = {language: labels.of(one, language).text for language in _LANGUAGES}
    term: dict[str, Any] = {"iri": one.value, "kind": kind, "labels": named}
    comment = {} if kind == "thing" else _comment(one, store)
    return {**term, "comment": comment} if comment else term


def _comment(one: NamedNode, store: Store) -> dict[str, str]:
    return {
        quad.object.language: quad.object.value
        for predicate in reversed(_COMMENTS)
        for quad in store.quads_for_pattern(one, predicate, None, None)
        if isinstance(quad.object, Literal) and quad.object.language in _LANGUAGES
    }
