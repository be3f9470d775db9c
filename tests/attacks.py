"""The attacks that a public endpoint has to survive, as requests: for tests and for the storm.

They try the guards, with what harms nobody who has none: one more of everything than there may be,
ordinary joins that are heavy, texts that are larger than a small cap.

The numbers are those of the promise that each one tests the limits of; see docs/attacks.md.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from partnergraph.settings import Settings

DEFAULTS = Settings()

ANSWERED = frozenset({200})
REFUSED = frozenset({400})
BOUNDED = frozenset({200, 400, 503})
"""Answered in time, refused for its depth, memory or size, or ended at its deadline."""

EVERYTHING = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
GROWING = (
    'SELECT * { BIND ("growing " AS ?x0) '
    + " ".join(f"BIND (CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(24))
    + " }"
)
"""A text of 128 MiB, step by step."""

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "INSERT DATA { <s:attack> <p:attack> <o:attack> }"


@dataclass(frozen=True)
class Attack:
    """A request that means harm.

    Attributes:
        number: of the attack in the list.
        name: what it does.
        method, path, headers, body: the request.
        statuses: those that a response may have.
    """

    number: int
    name: str
    method: str = "POST"
    path: str = "/sparql"
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": DIRECT})
    body: bytes = b""
    statuses: frozenset[int] = BOUNDED


def query(number: int, name: str, text: str, statuses: frozenset[int] = BOUNDED) -> Attack:
    """An attack that is a query."""
    return Attack(number, name, body=text.encode(), statuses=statuses)


def nested(opening: str, closing: str, depth: int, inner: str = "") -> str:
    """A query with something nested to a depth."""
    return f"SELECT * {{ {opening * depth}{inner}{closing * depth} }}"


def all_attacks() -> list[Attack]:
    """Every attack that is a request of its own."""
    return [
        *_deep(),
        *_hard_to_plan(),
        *_endless(),
        *_growing(),
        *_malformed_requests(),
        *_outbound(),
        *_updates(),
        *_cross_site(),
        *_paths(),
    ]


def _deep() -> Iterator[Attack]:
    """One level more than there may be: no engine has trouble with so few."""
    deep = DEFAULTS.max_depth
    over = DEFAULTS.max_operators + 1
    yield query(1, "groups", nested("{", "}", deep), REFUSED)
    yield query(1, "parentheses", f"SELECT * {{ FILTER {'(' * deep}1{')' * deep} }}", REFUSED)
    yield query(1, "negations", f"SELECT * {{ FILTER ({'!' * deep}true) }}", REFUSED)
    yield query(1, "blank nodes", nested("[ <p:p> ", " ] ", deep, "[]"), REFUSED)
    yield query(1, "OPTIONAL", nested("OPTIONAL {", "}", deep), REFUSED)
    yield query(1, "UNION", f"SELECT * {{ {'{} UNION ' * over} {{}} }}", REFUSED)
    yield query(1, "sums", f"SELECT ({'1+' * over}1 AS ?sum) {{}}", REFUSED)
    yield query(1, "collections", nested("(", ")", deep, "1")[:-1] + "<p:p> 1 }", REFUSED)
    yield query(1, "subqueries", nested("{ SELECT * {", "} }", deep // 2 + 1), REFUSED)
    escaped = "\\u007B" * deep + "\\u007D" * deep
    yield query(1, "escaped groups", f"SELECT * {{ {escaped} }}", REFUSED)


def _hard_to_plan() -> Iterator[Attack]:
    """One more than there may be."""
    path = "/".join(["<p:p>"] * (DEFAULTS.max_path + 1))
    yield query(2, "long path", f"SELECT * {{ ?s {path} ?o }}", REFUSED)
    alternatives = "|".join(f"<p:{n}>" for n in range(DEFAULTS.max_path + 1))
    yield query(2, "many alternatives", f"SELECT * {{ ?s ({alternatives})* ?o }}", REFUSED)
    triples = " . ".join(f"?s{n} ?p{n} ?s{n + 1}" for n in range(DEFAULTS.max_patterns + 1))
    yield query(2, "many triples", f"SELECT * {{ {triples} }}", REFUSED)
    objects = ", ".join(f"?o{n}" for n in range(DEFAULTS.max_patterns + 1))
    yield query(2, "many objects", f"SELECT * {{ ?s ?p {objects} }}", REFUSED)
    items = " ".join("1" for _ in range(DEFAULTS.max_patterns))
    yield query(2, "a long list", f"SELECT * {{ ?s ?p ({items}) }}", REFUSED)


def _endless() -> Iterator[Attack]:
    yield query(3, "cross product", f"SELECT (COUNT(*) AS ?n) {{ {EVERYTHING} }}")
    yield query(3, "sorted", f"SELECT * {{ {EVERYTHING} }} ORDER BY ?l ?k LIMIT 1")
    yield query(3, "distinct", f"SELECT DISTINCT ?a ?d ?g {{ {EVERYTHING} }}")
    yield query(3, "grouped", f"SELECT ?a ?d (COUNT(*) AS ?n) {{ {EVERYTHING} }} GROUP BY ?a ?d")
    subqueries = " ".join(f"{{ SELECT ?s{n} {{ ?s{n} ?p{n} ?o{n} }} }}" for n in range(6))
    yield query(3, "subqueries", f"SELECT (COUNT(*) AS ?n) {{ {subqueries} }}")
    yield query(3, "not exists", f"ASK {{ {EVERYTHING} FILTER NOT EXISTS {{ ?l ?a ?d, ?g }} }}")
    yield query(4, "open path", f"SELECT (COUNT(*) AS ?n) {{ ?a <p:p>* ?m . {EVERYTHING} }}")
    yield query(7, "endless rows", f"SELECT * {{ {EVERYTHING} }}")
    yield query(7, "endless graph", f"CONSTRUCT {{ ?a ?b ?l }} WHERE {{ {EVERYTHING} }}")


def _growing() -> Iterator[Attack]:
    """More than a small cap of memory allows, and no more than any machine has."""
    yield query(5, "doubling", GROWING)
    replacing = " ".join(f'BIND (REPLACE(?x{n}, "x", "xxxx") AS ?x{n + 1})' for n in range(13))
    yield query(5, "replacing", f'SELECT * {{ BIND ("x" AS ?x0) {replacing} }}')
    yield query(5, "one long string", "SELECT (GROUP_CONCAT(?c) AS ?s) { ?a ?b ?c . ?d ?e ?f }")
    over = DEFAULTS.max_values + 1
    yield query(5, "many values", f"SELECT * {{ VALUES ?x {{ {'1 ' * over} }} ?s ?p ?x }}", REFUSED)
    numbers = ",".join(map(str, range(over)))
    yield query(5, "long IN", f"SELECT * {{ ?s ?p ?o FILTER (?o IN ({numbers})) }}", REFUSED)
    yield query(5, "far offset", f"SELECT * {{ {EVERYTHING} }} OFFSET 1000000000 LIMIT 1")
    for name, pattern in (
        ("repetitions", "a{1,20}b{1,20}"),
        ("alternation", "|".join("a" * (n % 10 + 1) for n in range(50))),
        ("classes", "\\\\\\\\p{L}{1,20}"),
    ):
        text = f'SELECT * {{ {EVERYTHING} FILTER REGEX(STR(?c), "{pattern}") }}'
        yield query(6, name, text)


def _malformed_requests() -> Iterator[Attack]:
    long_query = b"ASK { } # " + b"x" * 70_000
    yield Attack(8, "too long a body", body=long_query, statuses=frozenset({413}))
    bomb = gzip.compress(b"ASK {}" + b" " * 500_000, mtime=0)
    headers = {"content-type": DIRECT, "content-encoding": "gzip"}
    yield Attack(8, "gzip bomb", headers=headers, body=bomb[:60_000], statuses=frozenset({415}))
    yield Attack(8, "not UTF-8", body=b"ASK { \xff }", statuses=REFUSED)
    yield Attack(8, "not UTF-8 in the URL", "GET", "/sparql?query=%FF", {}, statuses=REFUSED)
    yield Attack(
        8,
        "many parameters",
        "GET",
        "/sparql?" + "&".join(f"p{n}=" for n in range(2000)),
        {},
        statuses=REFUSED,
    )
    yield Attack(
        8, "many headers", "GET", "/", {f"x-{n}": "y" * 900 for n in range(120)},
        statuses=frozenset({431}),
    )  # fmt: skip
    yield query(7, "failing flood", "SELECT * WHERE {", REFUSED)


def _outbound() -> Iterator[Attack]:
    for target in (
        "<http://127.0.0.1:9/>",
        "<http://169.254.169.254/latest/meta-data/>",
        "<http://[::1]:9/>",
        "<file:///etc/passwd>",
        "?anything",
    ):
        for form in ("SERVICE", "SERVICE SILENT", "service", "\\u0053ERVICE"):
            text = f"SELECT * {{ {form} {target} {{ ?s ?p ?o }} }}"
            yield query(9, f"{form} {target}", text, REFUSED)
        yield query(9, f"LOAD {target}", f"LOAD {target}", REFUSED)
    hidden = "ASK { FILTER ('\\u0027' != '') } # ' } SERVICE <http://127.0.0.1:9/> { { '"
    yield query(9, "in a comment", hidden, ANSWERED | REFUSED)
    yield query(
        9, "in a string", "ASK { FILTER ('SERVICE <http://127.0.0.1:9/> {}' != '') }", ANSWERED
    )
    yield query(9, "as a name", "ASK { <http://127.0.0.1:9/SERVICE> ?service 1 }", ANSWERED)
    for name in ("file:///etc/passwd", "http://127.0.0.1:9/data.ttl", "http://169.254.169.254/"):
        yield query(10, f"FROM {name}", f"SELECT * FROM <{name}> {{ ?s ?p ?o }}", ANSWERED)
        path = f"/sparql?query={quote('SELECT * { ?s ?p ?o }')}&default-graph-uri={quote(name)}"
        yield Attack(10, f"default-graph-uri={name}", "GET", path, {}, statuses=ANSWERED)


def _updates() -> Iterator[Attack]:
    ask, update = quote("ASK {}"), quote(UPDATE)
    yield Attack(12, "update by GET", "GET", f"/sparql?update={update}", {}, statuses=REFUSED)
    yield Attack(
        12, "query and update by GET", "GET", f"/sparql?query={ask}&update={update}", {},
        statuses=REFUSED,
    )  # fmt: skip
    form = {"content-type": FORM}
    yield Attack(
        12, "update by form", headers=form, body=f"update={update}".encode(), statuses=REFUSED
    )
    both = f"query={ask}&update={update}".encode()
    yield Attack(12, "query and update by form", headers=form, body=both, statuses=REFUSED)
    yield Attack(
        12, "doubled parameter", headers=form, body=f"query={ask}&query={update}".encode(),
        statuses=REFUSED,
    )  # fmt: skip
    yield query(12, "update as the query", UPDATE, REFUSED)
    yield query(12, "update after a query", f"ASK {{}} ; {UPDATE}", REFUSED)
    yield Attack(
        12, "update media type", headers={"content-type": "application/sparql-update"},
        body=UPDATE.encode(), statuses=frozenset({415}),
    )  # fmt: skip
    yield Attack(
        12, "method override", headers={**form, "x-http-method-override": "PUT"},
        body=f"update={update}".encode(), statuses=REFUSED,
    )  # fmt: skip
    for method in ("PUT", "PATCH", "DELETE"):
        yield Attack(12, method, method, body=UPDATE.encode(), statuses=frozenset({405}))


def _cross_site() -> Iterator[Attack]:
    plain = {"content-type": "text/plain", "origin": "https://evil.example", "cookie": "a=b"}
    yield Attack(13, "text/plain", headers=plain, body=b"ASK {}", statuses=frozenset({415}))
    yield Attack(
        13, "JSONP", "GET", f"/sparql?query={quote('ASK {}')}&callback=alert", {}, statuses=ANSWERED
    )


def _paths() -> Iterator[Attack]:
    for path in (
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/%00",
        "/static/../../server.py",
        "/.git/config",
        "/.env",
        "/admin",
        "/console?__debugger__=yes",
        "/sparql/../server.py",
        "//etc/passwd",
        "/data/../../../etc/passwd",
    ):
        yield Attack(18, path, "GET", path, {}, statuses=frozenset({404, 308}))


LOOKUP = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n"
FORM_HEAD = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: " + FORM.encode() + b"\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
UPGRADE = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"


@dataclass(frozen=True)
class ConnectionAttack:
    """What a client does with a connection.

    Attributes:
        name: what it does.
        content: what it sends.
        statuses: those that the responses may have; there may be none, where the client leaves.
        reads: whether it waits for a response.
    """

    name: str
    content: bytes
    statuses: frozenset[int]
    reads: bool = True


def connection_attacks() -> list[ConnectionAttack]:
    """Those that are none to a parser of queries: half requests, floods, what is no HTTP."""
    a400, busy = frozenset({400}), frozenset({503})
    return [
        ConnectionAttack("half a head, and gone", LOOKUP[:40], busy, reads=False),
        ConnectionAttack("a head without its end, and gone", LOOKUP[:-2], busy, reads=False),
        ConnectionAttack(
            "half a content, and gone",
            FORM_HEAD + b"Content-Length: 99\r\n\r\nquery=",
            busy,
            reads=False,
        ),
        ConnectionAttack("nothing, and gone", b"", busy, reads=False),
        ConnectionAttack("250 kB of requests at once", LOOKUP * 4600, ANSWERED | busy, reads=False),
        ConnectionAttack("forty requests at once", LOOKUP * 40, ANSWERED | busy),
        ConnectionAttack(
            "trailer fields, more than a head may have",
            FORM_HEAD
            + CHUNKED
            + b"f\r\nquery=ASK%7B%7D\r\n0\r\n"
            + b"X-Trailer: some words\r\n" * 4000,
            frozenset({200, 413, 431}) | busy,
        ),
        ConnectionAttack(
            "a head that is too long",
            LOOKUP[:-2] + b"X-Field: some words\r\n" * 2000 + b"\r\n",
            frozenset({431}) | busy,
        ),
        ConnectionAttack(
            "a tunnel", b"CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n", frozenset({405}) | busy
        ),
        ConnectionAttack(
            "a wish for HTTP/2, with a content in chunks",
            FORM_HEAD + UPGRADE + CHUNKED + b"f\r\nquery=ASK%7B%7D\r\n0\r\n\r\n",
            ANSWERED | busy,
        ),
        ConnectionAttack(
            "chunks that are none", FORM_HEAD + CHUNKED + b"zz\r\nquery\r\n", a400 | busy
        ),
        ConnectionAttack(
            "two lengths",
            FORM_HEAD + b"Content-Length: 3\r\nContent-Length: 15\r\n\r\nquery=ASK%7B%7D",
            a400 | busy,
        ),
        ConnectionAttack(
            "a length and chunks",
            FORM_HEAD + b"Content-Length: 3\r\n" + CHUNKED + b"0\r\n\r\n",
            a400 | busy,
        ),
        ConnectionAttack("no host", b"GET / HTTP/1.1\r\n\r\n", a400 | busy),
        ConnectionAttack("TLS", b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", a400 | busy),
        ConnectionAttack("another protocol", b"EHLO x\r\nMAIL FROM: x\r\n", a400 | busy),
        ConnectionAttack(
            "a picture that is new each time",
            b"GET /sparql/picture?query=SELECT+*+%7B+?s+?p+?o+%7D+LIMIT+9 HTTP/1.1\r\n"
            b"Host: x\r\nConnection: close\r\n\r\n",
            frozenset({200, 400, 429}) | busy,
        ),
    ]
