"""What is asked of a server to see everything that it serves, found out from the server itself.

First links are followed from a few pages and from the sitemap, as a crawler does it; then what no
link says is asked for: negotiation, stored queries with their options, errors, graphs to check.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from http import HTTPStatus
from typing import Any
from urllib.parse import urldefrag, urlencode, urljoin

from benchmarks.running import ROOT

SEEDS = (
    *("/", "/sitemap.xml", "/robots.txt", "/health", "/openapi.json", "/completions.json"),
    *("/context.jsonld", "/def", "/shapes", "/network", "/queries", "/sparql", "/data/"),
    *("/problems", "/validate", "/.well-known/void", "/.well-known/sparql-examples"),
)

UNLINKED = ("html", *(f"{one}.jsonld" for one in ("compacted", "expanded", "flattened", "framed")))
"""Forms of documents that no link leads to."""

GRAPH_FORMATS = ("ttl", "jsonld", "nt", "rdf", "trig", "nq")

IN_LATVIAN = (("accept", "text/html"), ("accept-language", "lv"))
IN_ENGLISH = (("accept", "text/html"), ("accept-language", "en"))
AS_JSON = (("accept", "application/json"),)

PREFERENCES = (
    IN_LATVIAN,
    IN_ENGLISH,
    (("accept", "text/turtle"),),
    (("accept", 'application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"'),),
    (("accept", "application/sparql-results+xml, application/rdf+xml;q=0.9"),),
    (("accept", "text/csv;q=0.5, application/n-triples;q=0.4"),),
)
"""Of clients: a browser in each language, and programs."""

_TP = "PREFIX tp: <https://partnergraph.example/def#> "
QUESTIONS = {
    "select": _TP + "SELECT ?one ?other { ?one tp:twinnedWith ?other } ORDER BY ?one ?other",
    "any order": _TP + "SELECT * { GRAPH ?graph { ?claim a tp:Partnership ; tp:party ?party } }",
    "ask": _TP + "ASK { ?one tp:twinnedWith ?other }",
    "construct": _TP + "CONSTRUCT { ?a tp:party ?b } WHERE { ?a a tp:Agreement ; tp:party ?b }",
    "describe": _TP + "DESCRIBE ?network { ?network a tp:Network }",
    "count": "SELECT (COUNT(*) AS ?number) (MAX(STRLEN(STR(?o))) AS ?longest) { ?s ?p ?o }",
    "empty": _TP + "SELECT * { ?one tp:twinnedWith ?other . ?other tp:began '1066' }",
    "volatile": "SELECT (STR(NOW()) > '2000' AS ?late) {}",
}
MISTAKES = {
    "unfinished": "SELECT * WHERE {",
    "prefix": "SELECT * WHERE { ?s tpp:party ?o }",
    "keyword": "SELCT * WHERE { ?s ?p ?o }",
    "scope": "SELECT ?s (COUNT(?o) AS ?n) WHERE { ?s ?p ?o }",
    "quotes": "SELECT * WHERE { ?s ?p “Valmiera” }",
    "comma": "SELECT ?s, ?p WHERE { ?s ?p ?o }",
    "outbound": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "update": "INSERT DATA { <a:b> <a:b> <a:b> }",
}
VIEWS = ("Table", "Timeline", "BarChart", "Map", "Graph", "Sculpture")

_LINK = re.compile(r'(?:\b(?:href|src|action|data-completions)="|<loc>)([^"<]+)')
"""In pages and sitemaps. Ours write attributes in this one way; a parser would take minutes."""

FORM = "application/x-www-form-urlencoded"
_EXAMPLES = ROOT / "ontology" / "examples"
# Of this checkout, whichever builds are compared: both are sent the same.
GRAPHS = {
    "valid": (_EXAMPLES / "valid" / "one-activity-two-partnerships.ttl").read_bytes(),
    "invalid": (_EXAMPLES / "invalid" / "partnership-status.ttl").read_bytes(),
    "malformed": b"@prefix tp: <https://partnergraph.example/def#> .\n<a:b> tp:party <a:c>\n<a:d> ",
}


@dataclass(frozen=True)
class Asked:
    """A request.

    Attributes:
        path: with the query string.
        note: tells apart what differs in its content only.
    """

    path: str
    headers: tuple[tuple[str, str], ...] = ()
    method: str = "GET"
    body: bytes = b""
    note: str = ""

    def __str__(self) -> str:
        fields = [f"{name}: {value}" for name, value in self.headers]
        more = ", ".join(one for one in (self.note, *fields) if one)
        return f"{self.method} {self.path}" + (f" ({more})" if more else "")


@dataclass(frozen=True)
class Reply:
    """The response to a request: its body as it came over the wire, its fields in their order."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def values(self, name: str) -> list[str]:
        """The values of a header field."""
        return [value for field, value in self.headers if field == name]


Ask = Callable[[Asked], Reply | None]
"""Sends a request; ``None`` where it was sent before, or got no answer."""


def ask_everything(ask: Ask, base: str) -> None:
    """Ask a server, whose addresses begin with ``base``, for all that it has."""
    found = crawl(ask, base)
    described = ask(Asked("/openapi.json", AS_JSON))
    api = json.loads(described.body) if described and described.status == HTTPStatus.OK else {}
    # What has pages ends so in one of its forms.
    stems = sorted(one.removesuffix(".lv.html") for one in found if one.endswith(".lv.html"))
    discovered = (*_unlinked(stems), *_negotiated(stems), *_stored_queries(api))
    for asked in (*discovered, *_questions(), *_mistakes(), *_posted_graphs(), *_by_method()):
        ask(asked)


def crawl(ask: Ask, base: str) -> set[str]:
    """The addresses that links lead to; each is asked for as by a client without preferences."""
    found, waiting = set(SEEDS), deque(SEEDS)
    while waiting:
        path = waiting.popleft()
        reply = ask(Asked(path))
        # Forms lead to forms: what has a query string is read, and not followed any further.
        if reply is None or "?" in path:
            continue
        for link in sorted(_links(path, reply, base) - found):
            found.add(link)
            waiting.append(link)
    return found


def _links(path: str, reply: Reply, base: str) -> set[str]:
    """Where a reply leads to on the same server: paths with their query strings."""
    fields = ", ".join(reply.values("link"))
    links = [*reply.values("location"), *(one.partition(">")[0] for one in fields.split("<")[1:])]
    if reply.values("content-type")[:1] in (["text/html; charset=utf-8"], ["application/xml"]):
        links += (unescape(one) for one in _LINK.findall(reply.body.decode("utf-8")))
    targets = (urldefrag(urljoin(f"{base}{path}", one)).url for one in links)
    return {one.removeprefix(base) for one in targets if one.startswith(f"{base}/")}


def _unlinked(stems: Iterable[str]) -> Iterator[Asked]:
    """Forms of documents that a client has to know of, and the graphs that are downloads, too."""
    for stem in stems:
        if stem.startswith("/doc/"):
            yield from (Asked(f"{stem}.{one}") for one in UNLINKED)
        if stem.startswith("/graph/"):
            yield from (Asked(f"/data{stem}.{one}") for one in GRAPH_FORMATS)


def _negotiated(stems: Sequence[str]) -> Iterator[Asked]:
    """What has pages, and the things that documents are about, in the forms that clients prefer."""
    documents = [one for one in stems if one.startswith("/doc/")]
    # All documents are negotiated alike, so some will do; other pages have forms of their own.
    others = [one.removesuffix("index") for one in stems if one not in documents]
    wellknown = ("/.well-known/void", "/.well-known/sparql-examples")
    for path in (*_things(documents), *documents[::10], *others, *wellknown):
        yield Asked(path)
        yield from (Asked(path, one) for one in PREFERENCES)
    for path in ("/", "/def", "/data/", "/queries", "/sparql", "/graph/partners"):
        yield from (Asked(f"{path}?format={one}") for one in (*GRAPH_FORMATS, "html", "csv"))
        yield from (Asked(f"{path}?lang={one}", IN_ENGLISH) for one in ("lv", "en", "de"))


def _things(documents: Iterable[str]) -> Iterator[str]:
    for name in (one.removeprefix("/doc/") for one in documents):
        if not name.startswith(("def/", "shapes/", "graph/")):
            yield f"/{name}" if name.startswith("concept/") else f"/id/{name}"


def _stored_queries(api: dict[str, Any]) -> Iterator[Asked]:
    """The stored queries, by what the description of the API says of them."""
    for path, item in api.get("paths", {}).items():
        if "{" in path:
            continue
        described = {one.get("name", one.get("$ref")): one for one in item["get"]["parameters"]}
        formats = described.pop("format")["schema"]["enum"]
        own = {name: one for name, one in described.items() if one.get("in") and name != "lang"}
        given = {name: _choice(one) for name, one in own.items() if one["required"]}
        for fields in _variants(own):
            search = urlencode({**given, **fields})
            for ending in (*formats, "lv.html", "en.html"):
                yield Asked(f"{path}.{ending}" + (f"?{search}" if search else ""))
        if "csv" in formats:
            yield Asked(f"{path}.csv?{urlencode({**given, 'bom': '1', 'labels': 'en'})}")
        yield from (Asked(f"{path}?{urlencode(given)}", one) for one in PREFERENCES)


def _variants(own: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Fields that a stored query is asked with, beside those that it requires."""
    yield from ({}, {"labels": "lv,en"}, {"evidence": "1"}, {"asOf": "2000"})
    yield {"labels": "en", "evidence": "1", "asOf": "2015-06"}
    yield {"limit": "2", "offset": "1"}
    chosen = {name: choice for name, one in own.items() if (choice := _choice(one))}
    yield chosen
    # Each by itself: together, they may leave nothing.
    yield from ({name: choice} for name, choice in chosen.items() if len(chosen) > 1)
    yield from ({name: "no such thing"} for name in own)
    yield {"unheard-of": "1"}


def _choice(parameter: dict[str, Any]) -> str:
    """The first value that a parameter offers, or the one that it has anyway."""
    schema = parameter["schema"]
    offered = [value for one in (schema, *schema.get("anyOf", ())) for value in one.get("enum", ())]
    return str(next(iter((*offered, *schema.get("examples", ()), schema.get("default", "")))))


def _questions() -> Iterator[Asked]:
    """Questions to the endpoint, in every form and asked in every way."""
    formats = ("json", "xml", "csv", "tsv", *GRAPH_FORMATS, "turtle", "nonsense")
    for name, query in QUESTIONS.items():
        field = urlencode({"query": query})
        path = f"/sparql?{field}"
        yield Asked(path, note=name)
        yield from (Asked(f"{path}&format={one}", note=name) for one in formats)
        yield from (Asked(path, one, note=name) for one in (*PREFERENCES, AS_JSON))
        yield Asked("/sparql", (("content-type", FORM),), "POST", field.encode(), name)
        direct = (("content-type", "application/sparql-query"),)
        yield Asked("/sparql", direct, "POST", query.encode(), name)
        yield Asked(f"/sparql/why-empty?{field}", note=name)
        for language in ("lv", "en"):
            for view in VIEWS:
                yield Asked(f"/sparql/picture?{field}&view={view}&lang={language}", note=name)
    yield Asked(f"/sparql?{urlencode({'query': QUESTIONS['count'], 'default-graph-uri': 'a:b'})}")


def _mistakes() -> Iterator[Asked]:
    """What is not answered, as programs and as readers of each language are told."""
    for kind in ((), AS_JSON, IN_LATVIAN, IN_ENGLISH):
        for name, query in MISTAKES.items():
            field = urlencode({"query": query})
            for path in ("/sparql", "/sparql/why-empty", "/sparql/picture"):
                yield Asked(f"{path}?{field}", kind, note=name)
            yield Asked("/sparql", (("content-type", FORM), *kind), "POST", field.encode(), name)
        for path in (
            *("/nowhere", "/doc/place/lv/valmeira", "/id/nobody", "/concept/nothing", "/shape"),
            *("/doc/dataset.trig", "/data/nothing.ttl", "/data", "/static/", "/sitemap-9.xml"),
            *("/queries/partnes", "/queries/partners.doc", "/queries/partners?format=doc"),
            *("/sparql?query=", "/sparql?query=ASK{}&query=ASK{}", "/sparql?update=CLEAR+ALL"),
            *("/sparql?query=%FF", "/sparql/picture?query=ASK{}&view=Map&lang=de", "/%00"),
        ):
            yield Asked(path, kind)
        for path in ("/", "/doc/dataset", "/queries/partners", "/data/", "/health", "/metrics"):
            yield Asked(path, kind, "POST", b"x")
            yield Asked(path, kind, "DELETE")
        for media_type in ("text/plain", "application/sparql-update"):
            for path in ("/sparql", "/validate"):
                yield Asked(path, (("content-type", media_type), *kind), "POST", b"ASK {}")
        yield Asked("/sparql", kind, "PUT", b"ASK {}")
        direct = (("content-type", "application/sparql-query"), *kind)
        yield Asked("/sparql", direct, "POST", b"ASK {}" + b" " * 70_000, "too long")
    for path in ("/", "/def", "/id/dataset", "/queries/partners", "/sparql?query=ASK{}"):
        yield Asked(path, (("accept", "image/png"),))


def _posted_graphs() -> Iterator[Asked]:
    """Graphs to check: their reports in every form, and the page that shows them."""
    for name, graph in GRAPHS.items():
        turtle = (("content-type", "text/turtle"),)
        for search in ("format=turtle", "format=jsonld", "format=json", "format=odd", "lang=odd"):
            yield Asked(f"/validate?{search}", turtle, "POST", graph, name)
        for language in ("lv", "en"):
            search = f"format=text&lang={language}"
            yield Asked(f"/validate?{search}", turtle, "POST", graph, name)
            fields = {"graph": graph.decode(), "syntax": "ttl", "lang": language}
            form = (("content-type", FORM), *IN_ENGLISH)
            yield Asked("/validate", form, "POST", urlencode(fields).encode(), f"{name} {language}")
        field = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.ttl"\r\n\r\n'
        file = (("content-type", "multipart/form-data; boundary=x"), *IN_LATVIAN)
        yield Asked("/validate", file, "POST", field + graph + b"\r\n--x--\r\n", f"{name} file")
    empty = (("content-type", FORM), *IN_LATVIAN)
    yield Asked("/validate", empty, "POST", b"graph=&syntax=ttl&lang=lv", "empty")


def _by_method() -> Iterator[Asked]:
    """Other methods, content codings, and clients that have an earlier answer."""
    select = f"/sparql?{urlencode({'query': QUESTIONS['select']})}"
    pages = ("/", "/doc/place/lv/valmiera.lv.html", "/queries/partners.lv.html", "/static/page.css")
    data = ("/queries/partners.csv", "/data/dataset.nq", "/id/dataset", "/openapi.json", select)
    for path in (*pages, *data, "/sparql/picture", "/validate", "/health", "/nowhere"):
        yield from (Asked(path, method=one) for one in ("HEAD", "OPTIONS"))
        yield from (Asked(path, (("accept-encoding", one),)) for one in ("gzip", "br", "zstd"))
        yield Asked(path, (("if-none-match", "*"),))
        yield Asked(path, (("if-modified-since", "Fri, 31 Dec 2100 00:00:00 GMT"),))
