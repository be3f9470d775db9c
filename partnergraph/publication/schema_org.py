"""What search engines understand of a page: schema.org, as JSON-LD in the page.

https://schema.org/docs/gs.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode, Store

from partnergraph.dataset.canonical import Dataset
from partnergraph.namespaces import OWL, TP, WGS, expand
from partnergraph.publication.dcat import ABOUT, DATA_LICENCE, TITLE
from partnergraph.publication.downloads import Download
from partnergraph.things.labels import Labels

CLASSES = {
    f"{TP}Territory": "AdministrativeArea",
    f"{TP}Country": "Country",
    f"{TP}Network": "Organization",
    f"{TP}SourceDocument": "WebPage",
    expand("org:Organization"): "GovernmentOrganization",
    expand("org:OrganizationalUnit"): "GovernmentOrganization",
    expand("schema:Person"): "Person",
    expand("skos:Concept"): "DefinedTerm",
    expand("skos:ConceptScheme"): "DefinedTermSet",
    expand("dcat:Dataset"): "Dataset",
    expand("dcat:Catalog"): "DataCatalog",
}
"""The class of schema.org that comes nearest; what has none is a ``Thing``."""

_TYPE = NamedNode(expand("rdf:type"))


def about_thing(store: Store, labels: Labels, thing: NamedNode, language: str) -> dict[str, Any]:
    """What a page about a thing says in schema.org's words."""

    def values(*names: str) -> list[Any]:
        found = {
            quad.object
            for name in names
            for quad in store.quads_for_pattern(thing, NamedNode(name), None, None)
        }
        return sorted(found, key=str)

    types = [one.value for one in values(_TYPE.value) if isinstance(one, NamedNode)]
    kind = next((CLASSES[one] for one in CLASSES if one in types), "Thing")
    same = [one.value for one in values(f"{OWL}sameAs") if isinstance(one, NamedNode)]
    others = values(expand("skos:prefLabel"), expand("skos:altLabel"))
    name = labels.of(thing, language).text
    entity: dict[str, Any] = {"@type": kind, "@id": thing.value, "name": name}
    alternate = sorted({one.value for one in others if isinstance(one, Literal)} - {name})
    if alternate:
        entity["alternateName"] = alternate
    if same:
        entity["sameAs"] = same
    latitude, longitude = values(f"{WGS}lat"), values(f"{WGS}long")
    if latitude and longitude:
        place = {"latitude": latitude[0].value, "longitude": longitude[0].value}
        entity["geo"] = {"@type": "GeoCoordinates", **place}
    countries = [one for one in values(f"{TP}country") if isinstance(one, NamedNode)]
    if countries:
        country = countries[0]
        entity["containedInPlace"] = {
            "@type": "Country",
            "@id": country.value,
            "name": labels.of(country, language).text,
        }
    return {"@context": "https://schema.org/", **entity}


def about_dataset(dataset: Dataset, downloads: Sequence[Download], language: str) -> dict[str, Any]:
    """What the front page says of the dataset in schema.org's words."""
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": f"{dataset.base}id/dataset",
        "name": TITLE[language],
        "description": ABOUT[language],
        "license": DATA_LICENCE.value,
        "version": dataset.version,
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": one.media_type.partition(";")[0],
                "contentUrl": f"{dataset.base}data/{one.name}",
            }
            for one in downloads
            if one.name.startswith("dataset.")
        ],
    }
