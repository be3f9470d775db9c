"""Stored queries as examples for editors, in the form of the SIB.

https://github.com/sib-swiss/sparql-examples
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, Triple

from partnergraph.dataset.facts import about, texts, typed
from partnergraph.questions.parameters import UnfitValue
from partnergraph.questions.stored import StoredQuery, Term

_KINDS = {
    "SELECT": ("sh:SPARQLSelectExecutable", "sh:select"),
    "ASK": ("sh:SPARQLAskExecutable", "sh:ask"),
    "CONSTRUCT": ("sh:SPARQLConstructExecutable", "sh:construct"),
    "DESCRIBE": ("spex:SPARQLDescribeExecutable", "spex:describe"),
}


_PREFIXES = {"en": "Prefixes of the example queries", "lv": "Vaicājumu piemēru prefiksi"}


def describe_queries(queries: Mapping[str, StoredQuery], base: str) -> Iterator[Triple]:
    """Each query as an example, with the values that its parameters have by default.

    Args:
        queries: the stored queries.
        base: what the IRIs of things begin with.
    """
    prefixes: dict[str, str] = {}
    for query in queries.values():
        prefixes |= query.prefixes
        yield from _example(query, base)
    declared = f"{base}id/query-prefixes"
    yield from about(declared, *texts("rdfs:label", _PREFIXES))
    for prefix, namespace in sorted(prefixes.items()):
        part = f"{declared}#{prefix}"
        yield from about(
            part,
            ("rdf:type", "sh:PrefixDeclaration"),
            ("sh:prefix", Literal(prefix)),
            ("sh:namespace", typed(namespace, "anyURI")),
        )
        yield from about(declared, ("sh:declare", part))


def _example(query: StoredQuery, base: str) -> Iterator[Triple]:
    kind, text = _KINDS[query.form]
    yield from about(
        f"{base}id/query/{query.name}",
        ("rdf:type", "sh:SPARQLExecutable"),
        ("rdf:type", kind),
        ("sh:prefixes", f"{base}id/query-prefixes"),
        ("schema:target", f"{base}sparql"),
        ("schema:keywords", Literal(query.tag)),
        ("schema:version", Literal(query.version)),
        # No IRI: what is there is the answer to the query, and says nothing of the query.
        ("schema:url", typed(f"{base}queries/{query.name}", "anyURI")),
        (text, Literal(with_defaults(query))),
    )
    for language, summary in sorted(query.summary.items()):
        label = Literal(summary, language=language)
        described = ". ".join(filter(None, (summary, query.description.get(language, ""))))
        comment = Literal(described, language=language)
        name = f"{base}id/query/{query.name}"
        yield from about(name, ("rdfs:label", label), ("rdfs:comment", comment))


def with_defaults(query: StoredQuery) -> str:
    """The query in SPARQL, with the values that its parameters have by default."""
    return query.bind(_defaults(query)).strip()


def _defaults(query: StoredQuery) -> dict[str, Term]:
    """The values that parameters have by default; those that only a dataset can tell stay open."""
    values: dict[str, Term] = {}
    for one in query.parameters:
        try:
            if one.default:
                values[one.name] = one.term(one.default)
        except UnfitValue:
            continue
    return values
