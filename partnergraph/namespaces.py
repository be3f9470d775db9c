"""The namespaces and the fixed IRIs of the model, and of the vocabularies it reuses."""

from __future__ import annotations

PUBLICATION = "https://partnergraph.example/"
"""What all IRIs of the files begin with; a publisher puts an address of its own in its place."""

SHARED = ("def", "concept", "shapes")
"""What stays under :data:`PUBLICATION` whoever publishes: vocabulary, concepts and shapes."""

TP = f"{PUBLICATION}def#"
TPC = f"{PUBLICATION}concept/"
TPS = f"{PUBLICATION}shapes#"
ID = f"{PUBLICATION}id/"
GRAPH = f"{PUBLICATION}graph/"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
DCAT = "http://www.w3.org/ns/dcat#"
VOID = "http://rdfs.org/ns/void#"
PROV = "http://www.w3.org/ns/prov#"
OA = "http://www.w3.org/ns/oa#"
ORG = "http://www.w3.org/ns/org#"
SCHEMA = "https://schema.org/"
WGS = "http://www.w3.org/2003/01/geo/wgs84_pos#"
WD = "http://www.wikidata.org/entity/"
FOAF = "http://xmlns.com/foaf/0.1/"
GEO = "http://www.opengis.net/ont/geosparql#"
SPEX = "https://purl.expasy.org/sparql-examples/ontology#"
SD = "http://www.w3.org/ns/sparql-service-description#"
SPDX = "http://spdx.org/rdf/terms#"
VOID_EXT = "http://ldf.fi/void-ext#"

PREFIXES = {
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "geo": GEO,
    "oa": OA,
    "org": ORG,
    "owl": OWL,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "sd": SD,
    "sh": SH,
    "skos": SKOS,
    "spdx": SPDX,
    "spex": SPEX,
    "tp": TP,
    "tpc": TPC,
    "tps": TPS,
    "void": VOID,
    "void-ext": VOID_EXT,
    "wd": WD,
    "wgs": WGS,
    "xsd": XSD,
}
"""The prefixes that answers in Turtle and reports are written with."""


def compact(iri: str) -> str:
    """Write an IRI with one of :data:`PREFIXES` where one fits, else in angle brackets."""
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and local and "/" not in local and "#" not in local:
            return f"{prefix}:{local}"
    return f"<{iri}>"


def expand(name: str) -> str:
    """The IRI that a name such as ``dcterms:title`` stands for."""
    prefix, _, local = name.partition(":")
    return f"{PREFIXES[prefix]}{local}"
