"""Prefixes that a query uses and does not declare."""

from __future__ import annotations

import re

from partnergraph.namespaces import PREFIXES
from partnergraph.recogniser import Lexeme

WELL_KNOWN = PREFIXES | {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dct": PREFIXES["dcterms"],
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "geof": "http://www.opengis.net/def/function/geosparql/",
    "dbo": "http://dbpedia.org/ontology/",
    "dbr": "http://dbpedia.org/resource/",
    "fn": "http://www.w3.org/2005/xpath-functions#",
    "p": "http://www.wikidata.org/prop/",
    "pq": "http://www.wikidata.org/prop/qualifier/",
    "ps": "http://www.wikidata.org/prop/statement/",
    "qb": "http://purl.org/linked-data/cube#",
    "vann": "http://purl.org/vocab/vann/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "wdt": "http://www.wikidata.org/prop/direct/",
}
"""The prefixes of the model, and others that people write without looking."""

SCHEMES = frozenset({"http", "https", "urn", "mailto", "ftp", "tag"})
MOST_NAMED = 8

_BARE_IRI = re.compile(r"""[^\s<>"'{}|^`\\]+""")
