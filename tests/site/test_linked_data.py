"""Every IRI can be followed, to a description that agrees with the SPARQL endpoint."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag

import httpx
import pytest
from pyld import jsonld
from rdflib import RDF, Graph, URIRef
from rdflib.compare import isomorphic

from partnergraph.dataset.loading import load_dataset
from partnergraph.errors import UnreadableInput
from partnergraph.namespaces import TP
from partnergraph.settings import Settings
from tests.following import (
    base_of,
    constructed,
    follow,
    named_iris,
    read_page,
    without_blank_nodes,
)
from tests.serving import Server, running

HTML = "text/html"
TURTLE = "text/turtle"
JSON_LD = "application/ld+json"


def is_thing(iri: str, server: Server) -> bool:
    """Whether an IRI names a thing, which has a document of its own about it."""
    return iri.startswith(f"{base_of(server)}id/")


def test_every_iri_leads_to_turtle_and_json_ld_that_agree(published: Server) -> None:
    """What both say of a thing is what the endpoint says of it, with all links that come in."""
    for iri in named_iris(published):
        if "/data/" in iri:
            assert follow(published, iri, "*/*").content  # A file has one form.
            continue
        response = follow(published, iri, TURTLE)
        turtle = Graph().parse(data=response.text, format="turtle")
        assert response.headers["content-type"] == "text/turtle; charset=utf-8"
        other = follow(published, iri, JSON_LD)
        assert other.headers["content-type"] == JSON_LD
        n_quads = jsonld.to_rdf(json.loads(other.text), {"format": "application/n-quads"})
        assert isomorphic(turtle, Graph().parse(data=n_quads, format="nt")), iri
        said = without_blank_nodes(turtle)
        if is_thing(iri, published):
            own = constructed(published, f"<{iri}> ?p ?o")
            incoming = constructed(published, f"?s ?p <{iri}>")
            assert own | incoming <= said, iri
            about = {one for one in said if str(one[0]) == iri}
            assert about == {one for one in own if str(one[0]) == iri}, iri
        elif iri.startswith(f"{base_of(published)}graph/"):
            inside = constructed(published, "?s ?p ?o", f"GRAPH <{iri}> {{ ?s ?p ?o }}")
            assert said == inside, iri


@pytest.mark.parametrize("language", ["lv", "en"])
def test_every_iri_leads_to_a_page_that_agrees(language: str, published: Server) -> None:
    """In the language asked for, with every value that the endpoint gives for the thing."""
    for iri in named_iris(published):
        response = follow(published, iri, f"{HTML}, */*;q=0.1", language)
        if not response.headers["content-type"].startswith(HTML):
            assert "/data/" in iri or ".well-known" in iri, iri
            continue
        page = read_page(response)
        assert page.language == response.headers["content-language"] == language, iri
        if is_thing(iri, published):
            assert iri in page.text
            for _, _, value in constructed(published, f"<{iri}> ?p ?o"):
                shown = (
                    value[0] in page.text if isinstance(value, tuple) else shows(page.links, value)
                )
                assert shown, f"{iri}: {value!r}"


def shows(links: set[str], iri: object) -> bool:
    """Whether a page links to a thing, wherever its own page is."""
    name, _, fragment = str(iri).partition("#")
    if str(iri) in links or (not fragment and name in links):
        return True
    if fragment:
        return any(link.endswith(f"#{fragment}") or f"/{fragment}." in link for link in links)
    return any(f"/{name.rpartition('/')[2]}." in link for link in links)


def test_every_link_of_every_page_leads_somewhere(published: Server) -> None:
    """All pages that can be reached from the front page, in both languages."""
    base = base_of(published)
    seen: set[str] = set()
    waiting = [f"{base}index.lv.html", f"{base}index.en.html"]
    while waiting:
        address = urldefrag(waiting.pop()).url
        if address in seen:
            continue
        seen.add(address)
        response = published.client.get(address)
        assert response.status_code == 200, address
        if response.headers["content-type"].startswith(HTML):
            waiting += [link for link in read_page(response).links if link.startswith(base)]
    assert len(seen) > 1000


def test_rdflib_reads_every_thing_by_its_iri(published: Server) -> None:
    """Without being told of a format."""
    things = [iri for iri in named_iris(published) if is_thing(iri, published)]
    assert len(things) > 100
    for iri in things:
        assert (URIRef(iri), None, None) in Graph().parse(iri) or "/passage/" in iri, iri


def test_shared_terms_are_answered_for(published: Server) -> None:
    """The vocabulary stays where it is, whoever publishes; here it can be read."""
    vocabulary = Graph().parse(f"{base_of(published)}def", format="turtle")
    assert (URIRef(f"{TP}Agreement"), None, None) in vocabulary
    assert not any(str(s).startswith(base_of(published)) for s in vocabulary.subjects())
    for path in ("def", "shapes", "concept/culture", "doc/def/Agreement"):
        response = follow(published, f"{base_of(published)}{path}", HTML, "lv")
        assert read_page(response).language == "lv"
    context = published.client.get("/context.jsonld")
    assert context.headers["access-control-allow-origin"] == "*"
    assert context.json()["@context"]["began"] == "tp:began"


def test_the_base_is_in_everything_that_is_published(published: Server) -> None:
    """In answers to queries, in the downloads and in the descriptions; and the version is not."""
    query = 'SELECT ?x { ?x ?p ?o FILTER STRSTARTS(STR(?x), "https://partnergraph.example/id/") }'
    assert published.select(query).text.split() == ["x"]
    download = published.client.get("/data/dataset.nq").text
    assert "<https://partnergraph.example/id/" not in download
    assert "<https://partnergraph.example/def#" in download
    with running() as server:
        theirs = server.client.get("/").headers["partnergraph-version"]
    assert published.client.get("/").headers["partnergraph-version"] == theirs


@pytest.fixture
def mistaken(tmp_path: Path) -> Iterator[Server]:
    """Data with things that were withdrawn."""
    file = tmp_path / "town.ttl"
    file.write_text(
        """
        PREFIX id: <https://partnergraph.example/id/>
        PREFIX owl: <http://www.w3.org/2002/07/owl#>
        PREFIX dcterms: <http://purl.org/dc/terms/>
        id:old owl:deprecated true ; dcterms:isReplacedBy id:new .
        id:new dcterms:title "New" .
        """,
        "utf-8",
    )
    with running("--data", str(file), "--no-validation") as server:
        yield server


@pytest.mark.parametrize("path", ["id/old", "doc/old", "doc/old.ttl", "doc/old.lv.html"])
def test_what_was_withdrawn_says_so(path: str, mistaken: Server) -> None:
    """With what stands in its place."""
    response = mistaken.client.get(f"/{path}")
    assert response.status_code == response.json()["status"] == 410
    assert response.json()["type"].endswith("#gone")
    assert "https://partnergraph.example/id/new" in response.json()["detail"]
    page = mistaken.client.get(f"/{path}", headers={"accept": HTML})
    assert page.status_code == 410
    assert "https://partnergraph.example/id/new" in page.text
    assert mistaken.client.get("/id/new").status_code == 303


def test_what_is_not_there_says_what_is(server: Server) -> None:
    """As a problem document, and as a page with links."""
    response = server.client.get("/id/place/lv/valmeira")
    assert response.status_code == 404
    assert "/doc/place/lv/valmiera" in response.json()["detail"]
    by_name = server.client.get("/id/valmiera")
    assert "/doc/place/lv/valmiera" in by_name.json()["detail"]
    page = server.client.get("/id/valmiera", headers={"accept": HTML, "accept-language": "lv"})
    assert page.status_code == 404
    links = read_page(page).links
    assert f"{base_of(server)}doc/place/lv/valmiera.lv.html" in links


ODD = [
    "id/a%20b",
    "id/rīga",
    "id/x.ttl",
    "id/a,b;c=d",
    "id/%C4%93rgli",
    "id/deep/er/still",
    "id/q%3F",
]


def test_odd_iris_lead_to_their_documents(tmp_path: Path) -> None:
    """Whatever stands in an IRI, and in however many escapes; and it can be linked to."""
    base = "https://partnergraph.example/"
    file = tmp_path / "odd.nt"
    file.write_text("".join(f'<{base}{path}> <http://e/p> "{path}" .\n' for path in ODD), "utf-8")
    with running("--data", str(file), "--no-validation", own_base=True) as server:
        for path in ODD:
            iri = f"{base_of(server)}{path}"
            response = follow(server, iri, "application/n-triples")
            graph = Graph().parse(data=response.text, format="nt")
            assert (URIRef(iri), URIRef("http://e/p"), None) in graph, path
            page = read_page(follow(server, iri, HTML, "lv"))
            assert iri in page.text
            for link in page.links:
                if link.startswith(base_of(server)):
                    assert server.client.get(link).status_code == 200, link


def test_data_without_a_description_have_pages_too(mistaken: Server) -> None:
    """What is not there is not offered."""
    front = mistaken.client.get("/", headers={"accept": HTML})
    assert front.status_code == 200
    for link in read_page(front).links:
        if link.startswith(base_of(mistaken)) and not link.endswith(
            ("def.en.html", "shapes.en.html")
        ):
            assert mistaken.client.get(link).status_code == 200, link
    assert mistaken.client.get("/", headers={"accept": TURTLE}).status_code == 406
    assert mistaken.client.get("/.well-known/void").status_code == 404


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("//sparql?query=ASK%7B%7D", "/sparql?query=ASK%7B%7D"),
        ("/%2Fsparql?query=ASK%7B%7D", "/sparql?query=ASK%7B%7D"),
        ("///sparql?query=ASK%7B%7D", "/sparql?query=ASK%7B%7D"),
        ("/sparql/?query=ASK%7B%7D", "/sparql?query=ASK%7B%7D"),
        ("/data", "/data/"),
        ("/queries/", "/queries"),
        ("/validate/", "/validate"),
        ("/health/", "/health"),
        ("/def/", "/def"),
        ("/network/?lang=lv", "/network?lang=lv"),
        ("//id/place/lv/valmiera", "/id/place/lv/valmiera"),
        ("/doc/place/lv/valmiera/", "/doc/place/lv/valmiera"),
        ("//", "/"),
    ],
)
def test_an_address_with_a_slash_too_many_or_too_few_leads_to_the_right_one(
    address: str, meant: str, server: Server
) -> None:
    """And never to something else with 200; the method stays, as 308 has it."""
    url = httpx.URL(server.client.base_url, raw_path=address.encode())
    response = server.client.get(url)
    assert response.status_code == 308
    assert response.next_request
    assert response.next_request.url.raw_path.decode() == meant
    assert server.client.get(response.next_request.url).status_code in (200, 303)


@pytest.mark.parametrize("address", ["/network//", "/nowhere/", "/doc/place/lv/valmiera//"])
def test_what_means_nothing_is_not_found(address: str, server: Server) -> None:
    url = httpx.URL(server.client.base_url, raw_path=address.encode())
    assert server.client.get(url).status_code == 404


def test_a_query_by_post_follows_to_the_right_address(server: Server) -> None:
    response = server.client.post("/sparql/", data={"query": "ASK {}"}, follow_redirects=True)
    assert response.json()["boolean"] is True


@pytest.mark.parametrize(
    "spelling",
    [
        *("Halle_%28Westf%29", "Halle_(Westf)", "Halle%5F%28Westf%29", "O%27Hara", "O'Hara"),
        *("caf%c3%a9", "caf%C3%A9", "a%2Fb", "A%7eB", "A~B"),
    ],
)
def test_a_thing_answers_however_its_address_is_written(spelling: str, escaped: Server) -> None:
    """https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2."""
    url = httpx.URL(escaped.client.base_url, raw_path=f"/id/place/xa/{spelling}".encode())
    response = escaped.client.get(url, headers={"accept": "text/turtle"}, follow_redirects=True)
    assert response.status_code == 200
    things = {str(one) for one in Graph().parse(data=response.text).subjects(RDF.type)}
    name = unquote(spelling)
    assert any(unquote(one).endswith(f"/{name}") for one in things), things


@pytest.fixture(scope="module")
def escaped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of things whose IRIs have escapes that they do not need."""
    file = tmp_path_factory.mktemp("escaped") / "escaped.ttl"
    names = ("Halle_%28Westf%29", "O%27Hara", "caf%c3%a9", "a%2Fb", "A%7EB")
    file.write_text(HEAD + "".join(TERRITORY.replace("NAME", name) for name in names), "utf-8")
    with running("--data", str(file)) as server:
        yield server


HEAD = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX tp: <https://partnergraph.example/def#>
<https://partnergraph.example/id/country/xa> a tp:Country ; skos:prefLabel "A"@en , "A"@lv .
"""
TERRITORY = """
<https://partnergraph.example/id/place/xa/NAME> a tp:Territory ; skos:prefLabel "N"@en , "N"@lv ;
  tp:country <https://partnergraph.example/id/country/xa> .
"""


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("place/xa/caf%C3%A9", "place/xa/café"), "have one address"),
        (("place/xa/Halle_%28W%29", "place/xa/Halle_(W)"), "have one address"),
        (("place/xa/a%c3%a9", "place/xa/a%C3%A9"), "have one address"),
        (("place/xa/a%2Fb", "place/xa/a/b"), "have one address"),
        (("place/xa/%7Ea", "place/xa/~a"), "have one address"),
        (("graph/x",), "would be described where something else is"),
        (("concept/x",), "would be described where something else is"),
        (("def/x",), "would be described where something else is"),
        (("shapes/x",), "would be described where something else is"),
        (("graphs/x", "place/xa/a", "place/xa/b%20c"), ""),
    ],
)
def test_two_things_have_two_addresses(names: tuple[str, ...], words: str, tmp_path: Path) -> None:
    """Else one would silently shadow the other."""
    file = tmp_path / "names.ttl"
    said = "".join(TERRITORY.replace("place/xa/NAME", name) for name in names)
    file.write_text(HEAD + said, "utf-8")
    if not words:
        assert load_dataset(Settings(data=(file,)))
        return
    with pytest.raises(UnreadableInput, match=words):
        load_dataset(Settings(data=(file,)))
