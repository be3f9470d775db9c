"""The query operation of the SPARQL 1.1 Protocol, by the names of the W3C's own tests.

https://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/
"""

from __future__ import annotations

import json
from urllib.parse import urlencode
from xml.etree import ElementTree

import httpx
import pytest
from rdflib import RDF, Graph, Namespace

from tests.serving import Server

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")

ASK = "ASK {}"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
GRAPH = "https://partnergraph.example/graph/"
COUNT_LABELS = """
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    SELECT (COUNT(*) AS ?n) WHERE { ?s skos:prefLabel ?label }"""
NAMED = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"


def boolean(response: httpx.Response) -> bool:
    """The answer to an ASK query in JSON."""
    assert response.status_code == 200, response.text
    return bool(response.json()["boolean"])


def problem(response: httpx.Response, status: int) -> str:
    """The detail of the problem that a response is."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document = response.json()
    assert document["status"] == status
    assert document["type"].startswith("https://")
    assert document["title"]
    return str(document.get("detail"))


def test_query_get(server: Server) -> None:
    """A query by GET is answered."""
    assert boolean(server.client.get("/sparql", params={"query": ASK}))


def test_query_post_form(server: Server) -> None:
    """A query in a form is answered."""
    assert boolean(server.client.post("/sparql", data={"query": ASK}))


def test_query_post_direct(server: Server) -> None:
    """A query that is the body is answered."""
    headers = {"content-type": DIRECT}
    assert boolean(server.client.post("/sparql", content=ASK, headers=headers))


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("SELECT (1 AS ?one) {}", "application/sparql-results+json"),
        (ASK, "application/sparql-results+json"),
        ("CONSTRUCT { <s:s> <p:p> 1 } {}", "text/turtle"),
        ("DESCRIBE <https://partnergraph.example/id/network/hanse>", "text/turtle"),
    ],
    ids=["select", "ask", "construct", "describe"],
)
def test_query_content_type(query: str, kind: str, server: Server) -> None:
    """Each form of query is answered with a media type of its kind."""
    response = server.client.get("/sparql", params={"query": query})
    assert response.headers["content-type"].partition(";")[0] == kind


def test_query_dataset_default_graph(server: Server) -> None:
    """The default graph may be named in the request."""
    everything = int(server.select(COUNT_LABELS).text.split()[1])
    contact = server.select(COUNT_LABELS, **{"default-graph-uri": f"{GRAPH}contact"})
    assert 0 < int(contact.text.split()[1]) < everything


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_query_dataset_default_graphs(method: str, server: Server) -> None:
    """Several default graphs are merged as a set: what stands in two of them counts once."""
    fields = [("query", COUNT_LABELS), ("format", "csv")]
    names = ["partners", "linkset", "partners"]
    fields += [("default-graph-uri", f"{GRAPH}{name}") for name in names]
    encoded = urlencode(fields)
    response = (
        server.client.get(f"/sparql?{encoded}")
        if method == "GET"
        else server.client.post("/sparql", content=encoded, headers={"content-type": FORM})
    )
    both = int(response.text.split()[1])
    singly = [
        int(server.select(COUNT_LABELS, **{"default-graph-uri": f"{GRAPH}{name}"}).text.split()[1])
        for name in names[:2]
    ]
    assert both == sum(singly)


def test_query_dataset_named_graphs(server: Server) -> None:
    """Only the graphs named in the request can be named in the query."""
    response = server.select(NAMED, **{"named-graph-uri": f"{GRAPH}contact"})
    assert response.text.split() == ["g", f"{GRAPH}contact"]


def test_query_dataset_full(server: Server) -> None:
    """Default and named graphs together."""
    query = "SELECT * { GRAPH ?g { ?s ?p ?o } FILTER NOT EXISTS { ?s ?p ?o } } LIMIT 1"
    graphs = {"default-graph-uri": f"{GRAPH}contact", "named-graph-uri": f"{GRAPH}contact"}
    assert len(server.select(query, **graphs).text.splitlines()) == 1


def test_query_multiple_dataset(server: Server) -> None:
    """The dataset of the request overrides that of the query."""
    query = COUNT_LABELS.replace("WHERE", f"FROM <{GRAPH}ontology> WHERE")
    of_request = server.select(query, **{"default-graph-uri": f"{GRAPH}contact"})
    of_contact = server.select(COUNT_LABELS, **{"default-graph-uri": f"{GRAPH}contact"})
    assert of_request.text == of_contact.text


def test_default_graphs_of_the_request_override_from(server: Server) -> None:
    """Also where they are several."""
    query = COUNT_LABELS.replace("WHERE", f"FROM <{GRAPH}ontology> WHERE")
    graphs = [("default-graph-uri", f"{GRAPH}{name}") for name in ("partners", "linkset")]
    counts = [
        server.client.get("/sparql?" + urlencode([("query", text), ("format", "csv"), *graphs]))
        for text in (query, COUNT_LABELS)
    ]
    assert counts[0].text == counts[1].text != "n\r\n0\r\n"


def test_malformed_graph_iri_is_named(server: Server) -> None:
    """A parameter that is no IRI is refused by its name."""
    response = server.select(ASK, **{"default-graph-uri": "not an IRI"})
    assert "default-graph-uri" in problem(response, 400)


def test_unknown_graph_is_empty(server: Server) -> None:
    """A graph that is not served is empty; it is not fetched."""
    response = server.select(COUNT_LABELS, **{"default-graph-uri": "http://127.0.0.1:9/data.ttl"})
    assert response.text.split() == ["n", "0"]


def test_bad_query_syntax(server: Server) -> None:
    """What is not SPARQL is refused, with the place."""
    response = server.client.get("/sparql", params={"query": "SELECT *\nWHERE { ?s ?p }"})
    problem(response, 400)
    assert response.json()["line"] == 2
    assert response.json()["column"]


def test_undeclared_prefix_is_named_as_such(server: Server) -> None:
    """The commonest slip gets the line to paste, and sees where it is."""
    response = server.client.get("/sparql", params={"query": "ASK { ?s foaf:name ?o }"})
    assert "foaf:" in problem(response, 400)
    document = response.json()
    assert "PREFIX foaf: <http://xmlns.com/foaf/0.1/>" in document["hint"]
    assert document["excerpt"] == "ASK { ?s foaf:name ?o }\n         ^"


def test_bad_query_method(server: Server) -> None:
    """Other methods are told which there are."""
    response = server.client.put("/sparql", params={"query": ASK})
    problem(response, 405)
    assert response.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_bad_multiple_queries(server: Server) -> None:
    """Two queries in one request are refused."""
    assert "2 times" in problem(server.client.get("/sparql?query=ASK%7B%7D&query=ASK%7B%7D"), 400)


def test_query_in_body_and_address(server: Server) -> None:
    """A body that is the query and another query in the address are refused."""
    response = server.client.post(
        "/sparql?query=ASK%7B%7D", content=ASK, headers={"content-type": DIRECT}
    )
    problem(response, 400)


def test_bad_query_missing(server: Server) -> None:
    """A request without a query is told how to ask one, where it is not about the endpoint."""
    assert "query=" in problem(server.client.get("/sparql?default-graph-uri=http://e/g"), 400)
    assert "query=" in problem(server.client.post("/sparql", data={"format": "csv"}), 400)


def test_service_description(server: Server) -> None:
    """A bare address tells a program what the endpoint is, and a person how to ask."""
    description = server.client.get("/sparql", headers={"accept": "text/turtle"})
    graph = Graph().parse(data=description.text)
    (service,) = graph.subjects(RDF.type, SD.Service)
    assert (service, SD.supportedLanguage, SD.SPARQL11Query) in graph
    assert len(set(graph.objects(service, SD.resultFormat))) == 10
    (dataset,) = graph.objects(service, SD.defaultDataset)
    names = {
        str(name)
        for entry in graph.objects(dataset, SD.namedGraph)
        for name in graph.objects(entry, SD.name)
    }
    assert names == set(server.select(NAMED).text.split()[1:])
    page = server.client.get("/sparql", headers={"accept": "text/html", "accept-language": "lv"})
    assert page.headers["content-language"] == "lv"
    assert "SPARQL vaicājums" in page.text


@pytest.mark.parametrize("content_type", ["text/plain", ""], ids=["wrong", "missing"])
def test_bad_query_wrong_media_type(content_type: str, server: Server) -> None:
    """Other media types are told which there are."""
    headers = {"content-type": content_type} if content_type else {}
    response = server.client.post("/sparql", content=ASK, headers=headers)
    assert DIRECT in problem(response, 415)


@pytest.mark.parametrize(
    ("content_type", "body"), [(DIRECT, b"ASK { \xff }"), (FORM, b"query=ASK%7B%FF%7D")]
)
def test_bad_query_non_utf8(content_type: str, body: bytes, server: Server) -> None:
    """What is not UTF-8 is refused."""
    headers = {"content-type": content_type}
    assert "UTF-8" in problem(server.client.post("/sparql", content=body, headers=headers), 400)


@pytest.mark.parametrize("where", ["get", "form", "direct", "as the query"])
def test_update_is_refused(where: str, server: Server) -> None:
    """No form of update is taken, and the data stays as it is."""
    update = "INSERT DATA { <s:s> <p:p> <o:o> }"
    before = server.client.get("/sparql", params={"query": ASK}).headers["partnergraph-version"]
    response = {
        "get": lambda: server.client.get("/sparql", params={"update": update}),
        "form": lambda: server.client.post("/sparql", data={"query": ASK, "update": update}),
        "direct": lambda: server.client.post(
            "/sparql", content=update, headers={"content-type": "application/sparql-update"}
        ),
        "as the query": lambda: server.client.get("/sparql", params={"query": update}),
    }[where]()
    problem(response, 415 if where == "direct" else 400)
    after = server.client.get("/sparql", params={"query": "ASK { <s:s> ?p ?o }"})
    assert after.headers["partnergraph-version"] == before
    assert not boolean(after)


def test_not_acceptable(server: Server) -> None:
    """An Accept header that nothing satisfies is told what there is."""
    response = server.client.get("/sparql", params={"query": ASK}, headers={"accept": "image/png"})
    assert "application/sparql-results+json" in problem(response, 406)


def test_graph_formats_do_not_fit_solutions(server: Server) -> None:
    """Solutions in Turtle are not to be had."""
    problem(
        server.client.get("/sparql", params={"query": ASK}, headers={"accept": "text/turtle"}), 406
    )


def test_unknown_format(server: Server) -> None:
    """An unknown format is told the known ones."""
    response = server.client.get("/sparql", params={"query": ASK, "format": "pdf"})
    assert "csv" in problem(response, 400)


@pytest.mark.parametrize(
    ("name", "graph"),
    [
        ("turtle", "ttl"),
        ("ttl", "ttl"),
        ("n3", "ttl"),
        ("text/turtle", "ttl"),
        ("json-ld", "jsonld"),
        ("application/ld+json", "jsonld"),
        ("rdf/xml", "rdf"),
        ("rdf+xml", "rdf"),
        ("xml", "rdf"),
        ("json", "jsonld"),
        ("ntriples", "nt"),
        ("n-quads", "nq"),
    ],
)
def test_a_format_has_many_names(name: str, graph: str, server: Server) -> None:
    query = {"query": "CONSTRUCT { <s:s> <p:p> 'o' } WHERE {}"}
    response = server.client.get("/sparql", params={**query, "format": name})
    assert (
        response.content == server.client.get("/sparql", params={**query, "format": graph}).content
    )


def test_accept_decides_where_the_format_is_unknown(server: Server) -> None:
    """And the client is told."""
    asked = {"query": ASK, "format": "pdf"}
    response = server.client.get("/sparql", params=asked, headers={"accept": "text/csv"})
    assert response.text == "true\r\n"
    assert "format" in response.headers["partnergraph-notice"]
    assert "Partnergraph-Notice" in response.headers["access-control-expose-headers"]
    for accept in ("*/*", "image/png"):
        refused = server.client.get("/sparql", params=asked, headers={"accept": accept})
        assert "csv" in problem(refused, 400)
    known = server.client.get("/sparql", params={"query": ASK, "format": "csv"})
    assert "partnergraph-notice" not in known.headers


def test_the_line_of_an_ask_has_an_end(server: Server) -> None:
    """https://www.rfc-editor.org/rfc/rfc4180#section-2, and that of TSV."""
    for query, said in (("ASK {}", "true"), ("ASK { FILTER (false) }", "false")):
        for name, end in (("csv", "\r\n"), ("tsv", "\n")):
            response = server.client.get("/sparql", params={"query": query, "format": name})
            assert response.text == said + end


@pytest.mark.parametrize(
    "predicate", ["http://example.com/123", "urn:oid:1.2", "http://example.com/a)"]
)
def test_a_predicate_that_xml_has_no_name_for(predicate: str, server: Server) -> None:
    query = f"CONSTRUCT {{ <s:s> <{predicate}> <o:o> }} WHERE {{}}"
    refused = server.client.get("/sparql", params={"query": query, "format": "rdf"})
    assert f"<{predicate}>" in problem(refused, 406)
    assert "Turtle" in problem(refused, 406)
    assert server.client.get("/sparql", params={"query": query, "format": "nt"}).is_success


def test_a_class_that_xml_has_no_name_for(server: Server) -> None:
    query = "CONSTRUCT { <s:s> a <http://example.com/123> } WHERE {}"
    response = server.client.get("/sparql", params={"query": query, "format": "rdf"})
    graph = Graph().parse(data=response.content, format="xml")
    assert [str(one) for one in graph.objects(None, RDF.type)] == ["http://example.com/123"]


def test_what_xml_cannot_carry_is_refused(server: Server) -> None:
    query = 'SELECT ("a\\u0001" AS ?x) {}'
    refused = server.client.get("/sparql", params={"query": query, "format": "xml"})
    assert "U+0001" in problem(refused, 406)
    assert server.client.get("/sparql", params={"query": query, "format": "json"}).is_success


def test_the_end_of_a_line_in_a_text_is_the_same_in_xml(server: Server) -> None:
    query = 'SELECT ("a\\r\\nb" AS ?x) {}'
    response = server.client.get("/sparql", params={"query": query, "format": "xml"})
    assert response.headers["content-type"] == "application/sparql-results+xml; charset=utf-8"
    (text,) = ElementTree.fromstring(response.content).itertext()
    assert text == "a\r\nb"


def test_a_graph_store_is_told_where_the_graphs_are(server: Server) -> None:
    graph = "https://partnergraph.example/graph/partners"
    refused = server.client.get("/sparql", params={"graph": graph})
    assert "/graph/partners" in problem(refused, 400)
    assert server.client.get("/graph/partners").is_success


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("json", "application/sparql-results+json"),
        ("xml", "application/sparql-results+xml"),
        ("csv", "text/csv"),
        ("tsv", "text/tab-separated-values"),
    ],
)
def test_results_formats(name: str, media_type: str, server: Server) -> None:
    """Each format of results is got by its name and by its media type."""
    query = {"query": "SELECT (1 AS ?one) {}"}
    by_name = server.client.get("/sparql", params={**query, "format": name})
    by_type = server.client.get("/sparql", params=query, headers={"accept": media_type})
    assert by_name.headers["content-type"].partition(";")[0] == media_type
    assert by_name.content == by_type.content
    assert by_name.headers["vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize("name", ["ttl", "jsonld", "nt", "rdf", "trig", "nq"])
def test_graph_formats(name: str, server: Server) -> None:
    """Each format of graphs holds the same statement, once."""
    query = "CONSTRUCT { <s:s> <p:p> 'a single literal' } WHERE { VALUES ?twice { 1 2 } }"
    response = server.client.get("/sparql", params={"query": query, "format": name})
    assert response.status_code == 200
    assert response.text.count("a single literal") == 1


def test_head_is_get_without_a_body(server: Server) -> None:
    """HEAD has the headers of GET."""
    got = server.client.get("/sparql", params={"query": ASK})
    head = server.client.head("/sparql", params={"query": ASK})
    assert head.content == b""
    assert head.headers["content-length"] == str(len(got.content))
    assert head.headers["content-type"] == got.headers["content-type"]


def test_options_allows_cross_origin_reading(server: Server) -> None:
    """Any page may read, without credentials."""
    response = server.client.options("/sparql", headers={"origin": "https://example.org"})
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in response.headers


def test_too_long_a_request(server: Server) -> None:
    """A query over the cap is refused before it is read."""
    query = f"ASK {{}} # {'x' * 70_000}"
    headers = {"content-type": DIRECT}
    problem(server.client.post("/sparql", content=query, headers=headers), 413)
    problem(server.client.post("/sparql", content=iter([query.encode()]), headers=headers), 413)


def test_results_are_valid_json_with_latvian_letters(server: Server) -> None:
    """Text goes out in UTF-8."""
    query = 'SELECT ("Rīga" AS ?name) {}'
    response = server.client.get("/sparql", params={"query": query})
    document = json.loads(response.content)
    assert document["results"]["bindings"][0]["name"]["value"] == "Rīga"


@pytest.mark.parametrize("query", [ASK, NAMED], ids=["ASK", "SELECT"])
def test_by_its_date_an_answer_is_not_sent_again(query: str, server: Server) -> None:
    """But a tag counts for more; a date that is none, or an earlier one, for nothing."""
    first = server.client.get("/sparql", params={"query": query})
    date = first.headers["last-modified"]

    def again(**fields: str) -> int:
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        return server.client.get("/sparql", params={"query": query}, headers=headers).status_code

    assert again(if_modified_since=date) == 304
    assert again(if_modified_since=date, if_none_match='"other"') == 200
    assert again(if_modified_since="Sat, 01 Jan 2000 00:00:00 GMT") == 200
    assert again(if_modified_since="yesterday") == 200


def test_what_depends_on_the_moment_has_no_date(server: Server) -> None:
    """Not even where the client has something of later."""
    headers = {"if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    query = {"query": "SELECT (RAND() AS ?x) {}"}
    for _ in range(2):
        response = server.client.get("/sparql", params=query, headers=headers)
        assert response.status_code == 200
        assert "last-modified" not in response.headers
