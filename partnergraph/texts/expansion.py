"""Names expanded to IRIs by what a text declares: terms of a context, prefixes, a vocabulary.

This is a sketch of https://www.w3.org/TR/json-ld11-api/#iri-expansion, wide enough for the
namespaces of XML too.
"""

from __future__ import annotations

from partnergraph.namespaces import expand

VOCABULARY = "@vocab"
"""Under this name stands what is put before names without a prefix."""

_TYPE = expand("rdf:type")

_DEEPEST_TERM = 4
"""How often a term of a context may stand for another."""


def expanded(name: str, terms: dict[str, str]) -> str:
    """The IRI that a name stands for, if any."""
    for _ in range(_DEEPEST_TERM):
        if name == "@type":
            return _TYPE
        if name in terms and terms[name] != name:
            name = terms[name]
            continue
        head, colon, local = name.partition(":")
        if not colon or local.startswith("//") or head not in terms:
            vocabulary = terms.get(VOCABULARY, "")
            return name if colon or name.startswith("@") else f"{vocabulary}{name}"
        name = f"{terms[head]}{local}"
    return name
