"""Runs the W3C's SPARQL 1.1 test suites through HTTP, and writes docs/conformance.md.

``python benchmarks/conformance.py SUITE_FOLDER`` starts the real server on the data of each test,
asks the query, and compares the answer with the expected one.

Exit status: 0; 1 a failure has no reason, or a reason no failure; 2 the folder holds no suite.
"""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import httpx
from pyoxigraph import Dataset, NamedNode, Quad, RdfFormat, parse, serialize

from benchmarks.w3c_manifest import SUITE_IRI, File, SuiteError, Test, read_suite
from benchmarks.w3c_results import GRAPH_SYNTAX, Likeness, Result, compare, describe, read_result

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "conformance.md"
SERVERS_AT_ONCE = 2
PATIENCE = 30.0

MEDIA_TYPES = {
    "srx": "application/sparql-results+xml",
    "srj": "application/sparql-results+json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "rdf": "application/rdf+xml",
}
"""What a test asks for, by the extension of its expected result."""

EVALUATION = {"QueryEvaluationTest", "CSVResultFormatTest"}
SYNTAX = {"PositiveSyntaxTest11": True, "NegativeSyntaxTest11": False}
"""The kinds of test about syntax, and whether the query is well formed."""


class ServerError(Exception):
    """The server did not start; the message is what it said."""


class Status(Enum):
    """How a test ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not run"


@dataclass(frozen=True)
class Outcome:
    """A test, how it ended and, where it failed, what was expected and what was answered."""

    test: Test
    status: Status
    expected: str = ""
    answered: str = ""
    by_value: bool = False


# --- Running ---------------------------------------------------------------------------------


def run_suite(folder: Path, groups: Collection[str] | None = None) -> list[Outcome]:
    """The outcome of every test of a suite, or of some groups of it, sorted by group and name.

    Tests of the same data share a server.

    Raises:
        SuiteError: the folder holds no suite, or a file of it cannot be read.
    """
    sharing: dict[tuple[tuple[File, ...], tuple[File, ...]], list[Test]] = {}
    for test in read_suite(folder):
        if groups is None or test.group in groups:
            sharing.setdefault((test.data, test.graph_data), []).append(test)
    pool = ThreadPoolExecutor(SERVERS_AT_ONCE)
    try:
        outcomes = [one for some in pool.map(run_tests, sharing.values()) for one in some]
    finally:
        pool.shutdown(cancel_futures=True)
    return sorted(outcomes, key=lambda one: one.test.key)


def run_tests(tests: list[Test]) -> list[Outcome]:
    """The outcomes of tests that have their data in common."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data.nq"
        quads = serialize(read_data(tests[0]), format=RdfFormat.N_QUADS)
        assert quads is not None
        data.write_bytes(quads)
        with running(data) as client:
            return [run_test(test, client) for test in tests]


def read_data(test: Test) -> Iterator[Quad]:
    """The dataset of a test; the blank nodes of each file are its own."""
    for file in test.data:
        yield from _quads(file)
    for file in test.graph_data:
        for quad in _quads(file):
            yield Quad(quad.subject, quad.predicate, quad.object, NamedNode(file.iri))


def _quads(file: File) -> list[Quad]:
    try:
        return list(parse(path=file.path, base_iri=file.iri, rename_blank_nodes=True))
    except (SyntaxError, ValueError) as error:
        raise SuiteError(f"{file.path}: it cannot be read: {error}") from None


@contextmanager
def running(data: Path) -> Iterator[httpx.Client]:
    """A client of a server of the data alone; the server ends with the block."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["--no-validation", "--default-graph", "plain", "--workers", "1"]
    command = [sys.executable, "server.py", "--data", str(data), "--port", str(port), *options]
    log = data.with_suffix(".log")
    with log.open("wb") as errors:
        server = subprocess.Popen(command, cwd=ROOT, stderr=errors)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
            _wait_until_it_answers(server, client, log)
            yield client
    finally:
        server.terminate()
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_until_it_answers(
    server: subprocess.Popen[bytes], client: httpx.Client, log: Path
) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            # Not /health, which also asks for data; some tests have none.
            if client.get("/sparql", params={"query": "ASK {}"}).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.02)
    reason = log.read_text("utf-8").strip() or f"no answer within {PATIENCE:g} s"
    raise ServerError(f"the server did not start: {reason}")


def run_test(test: Test, client: httpx.Client) -> Outcome:
    """The outcome of one test, asked of a server that has its data.

    Raises:
        SuiteError: the manifest names no result, or a malformed one.
        ServerError: the server does not answer.
    """
    if test.query is None or test.kind not in {*EVALUATION, *SYNTAX}:
        return Outcome(test, Status.NOT_RUN)
    try:
        if test.kind in SYNTAX:
            return _run_syntax_test(test, client, test.query)
        return _run_evaluation_test(test, client, test.query)
    except httpx.HTTPError as error:
        raise ServerError(f"{test.key}: the server does not answer: {error}") from None


def _run_syntax_test(test: Test, client: httpx.Client, query: File) -> Outcome:
    response = ask(client, query, "*/*")
    well_formed = SYNTAX[test.kind]
    if response.is_success if well_formed else problem_of(response) == "malformed-query":
        return Outcome(test, Status.PASSED)
    expected = "an answer" if well_formed else "the problem `malformed-query`"
    return Outcome(test, Status.FAILED, expected, describe_response(response))


def _run_evaluation_test(test: Test, client: httpx.Client, query: File) -> Outcome:
    extension, expected = read_expected(test)
    ordered = is_ordered(query.path.read_text("utf-8"))
    wanted = describe(expected, ordered=ordered)
    response = ask(client, query, MEDIA_TYPES[extension])
    if not response.is_success:
        return Outcome(test, Status.FAILED, wanted, describe_response(response))
    try:
        actual = read_result(response.content, extension, query.iri)
    except (SyntaxError, ValueError) as error:
        return Outcome(test, Status.FAILED, wanted, f"no {MEDIA_TYPES[extension]}: {error}")
    likeness = compare(expected, actual, ordered=ordered)
    if likeness is Likeness.DIFFERENT:
        return Outcome(test, Status.FAILED, wanted, describe(actual, ordered=ordered))
    return Outcome(test, Status.PASSED, by_value=likeness is Likeness.SAME_BY_VALUE)


def read_expected(test: Test) -> tuple[str, Result]:
    """The expected result, and the extension of the format in which to ask for the answer.

    Solutions that are written as a graph, as they were before SPARQL 1.1, are asked for in XML.
    """
    if test.result is None:
        raise SuiteError(f"{test.key}: the manifest names no result")
    extension = test.result.path.suffix.removeprefix(".")
    try:
        expected = read_result(test.result.path.read_bytes(), extension, test.result.iri)
    except (SyntaxError, ValueError) as error:
        raise SuiteError(f"{test.result.path}: it cannot be read: {error}") from None
    as_graph = extension in GRAPH_SYNTAX and not isinstance(expected, Dataset)
    return "srx" if as_graph else extension, expected


def ask(client: httpx.Client, query: File, accept: str) -> httpx.Response:
    """The response to a query, sent as the body of a POST.

    A query of the suite has the IRI of its file as its base; a server that gets only its text
    cannot know it, so it is said in a line before the query.
    """
    body = f"BASE <{query.iri}>\n".encode() + query.path.read_bytes()
    headers = {"content-type": "application/sparql-query", "accept": accept}
    return client.post("/sparql", content=body, headers=headers)


_OPAQUE = re.compile(
    r"""("{3}|'{3})(?:\\.|.)*?\1|"(?:\\.|[^"\n])*"|'(?:\\.|[^'\n])*'|<[^<>"{}|^`\\\s]*>|\#[^\n]*""",
    re.DOTALL,
)
"""What of a query may hold any words: strings, IRIs and comments."""


def is_ordered(query: str) -> bool:
    """Whether a query orders its solutions, and not only those of a subquery."""
    words = _OPAQUE.sub(" ", query)
    while "{" in words and (outer := re.sub(r"\{[^{}]*\}", " ", words)) != words:
        words = outer
    return re.search(r"\border\s+by\b", words, re.IGNORECASE) is not None


def problem_of(response: httpx.Response) -> str:
    """The name of the problem that a response tells of; empty where it tells of none."""
    if response.headers.get("content-type") != "application/problem+json":
        return ""
    return str(response.json()["type"]).rpartition("#")[2]


def describe_response(response: httpx.Response) -> str:
    """A response in which there is no result, in a line of Markdown."""
    if problem := problem_of(response):
        return f"the problem `{problem}`: `{response.json().get('detail')}`"
    return "an answer" if response.is_success else f"status {response.status_code}"


# --- Why tests fail --------------------------------------------------------------------------


@dataclass(frozen=True)
class Reason:
    """Why a test fails: what it wants, in a sentence, and what stands in its way."""

    wants: str
    because: str


_ZERO_LENGTH = (
    "The engine lets a path of length zero match only terms that stand in the graph. SPARQL 1.1 "
    "wants that of variables, but a constant always matches itself (section 18.4, ZeroLengthPath). "
    "The tests are of 2025 (https://github.com/w3c/rdf-tests/pull/264); the engine has followed "
    "them (https://github.com/oxigraph/oxigraph/pull/1815), but not in 0.5.13."
)
_GROUP_CONCAT = (
    "The engine keeps the language tag where all strings, or the only one, have the same, so `?g` "
    "is tagged `@en` and is not equal to a plain string. The suite, too, wanted the tag until "
    "2026; then it was found that the separator, a plain string, takes the tag away "
    "(https://github.com/w3c/rdf-tests/issues/280). The engine has followed "
    "(https://github.com/oxigraph/oxigraph/pull/1717), but not in 0.5.13."
)
_GRAPH = (
    "The engine gives each triple pattern inside `GRAPH ?g` its graph, and then drops the `GRAPH`; "
    "what is no triple pattern loses `?g` (https://github.com/oxigraph/oxigraph/issues/1905). "
)

REASONS = {
    "aggregates/agg-empty-group-count-graph": Reason(
        "A subquery inside `GRAPH ?g` is evaluated once for each named graph, and `?g` is bound.",
        f"{_GRAPH}A subquery has a scope of its own, so it counts over all named graphs together.",
    ),
    "aggregates/agg-groupconcat-04": Reason(
        "`GROUP_CONCAT` of two strings in English is a plain string.", _GROUP_CONCAT
    ),
    "aggregates/agg-groupconcat-06": Reason(
        "`GROUP_CONCAT` of a single string in English is a plain string.", _GROUP_CONCAT
    ),
    "bindings/graph": Reason(
        "`VALUES` inside `GRAPH ?g` is joined with each named graph, and `?g` is bound.",
        f"{_GRAPH}`VALUES` alone is left, so a row that leaves `?g` open stays open.",
    ),
    "csv-tsv-res/tsv03": Reason(
        "Literals come out in TSV as they stand in the data, also those of unusual datatypes.",
        "The engine stores the literals of all integer types as values of `xsd:integer`, so "
        "`xsd:negativeInteger` is lost on loading, before there is any question of format.",
    ),
    "functions/bnode01": Reason(
        "`BNODE(string)` makes one blank node for a string within a solution, and another one in "
        "every other solution.",
        "The engine makes the string the label of the blank node, so all solutions share it.",
    ),
    "negation/graph-minus": Reason(
        "The variable of a `GRAPH` around `MINUS` is not one that the two sides share, so they are "
        "disjoint and nothing is taken away.",
        f"{_GRAPH}Here the pattern on either side of `MINUS` gets `?g`, so they share it.",
    ),
    "property-path/zero_or_more_set_end": Reason(
        "`:s :p* ?o` matches the constant `:s` itself, even in an empty graph.", _ZERO_LENGTH
    ),
    "property-path/zero_or_more_set_start": Reason(
        "`?s :p* :o` matches the constant `:o` itself, even in an empty graph.", _ZERO_LENGTH
    ),
    "property-path/zero_or_one_set_end": Reason(
        "`:s :p? ?o` matches the constant `:s` itself, even in an empty graph.", _ZERO_LENGTH
    ),
    "property-path/zero_or_one_set_start": Reason(
        "`?s :p? :o` matches the constant `:o` itself, even in an empty graph.", _ZERO_LENGTH
    ),
    "syntax-query/test_4": Reason(
        "A query that calls a function which the server does not know is well formed; the call is "
        "an error of evaluation, which leaves its variable unbound.",
        "The engine refuses such a query when it evaluates it, and the server passes that on as a "
        "query that is malformed.",
    ),
}
"""Why a test fails, by the key of the test."""


# --- Reporting -------------------------------------------------------------------------------

HEAD = """\
# Conformance to SPARQL 1.1

The W3C's tests of the query language and of the formats of results
([w3c/rdf-tests](https://github.com/w3c/rdf-tests/tree/main/sparql/sparql11)), asked of the real
server through HTTP. This page is written by

```sh
make conformance SUITE=FOLDER
```

For each test it starts `server.py --no-validation --default-graph plain` on the test's data, POSTs
the query, with a `BASE` line before it (the IRI of its file on the Web), asks for the media type of
the expected result, and compares the two: solutions as a multiset, or as a sequence where the query
has `ORDER BY`; blank nodes up to isomorphism; terms as terms. *Thereof by value* counts the passed
tests in which a number or a boolean is written in another lexical form (`2.0` for `2.00`), which
the suite allows. The query of a syntax test is well formed where the server answers it, and
malformed where it says `#malformed-query`. The details stand in
[`benchmarks/w3c_results.py`](../benchmarks/w3c_results.py).
"""

COMPARED = """\
Through its own server, Oxigraph 0.5.13, the engine, passes 224 of 235 tests of evaluation (queries
and formats together) and 102 of 103 tests of syntax.
"""

COLUMNS = "passed | thereof by value | failed | not run | total |\n|---|---:|---:|---:|---:|---:|"


def page(outcomes: list[Outcome]) -> str:
    """The page about a whole run, in Markdown."""
    failures = [one for one in outcomes if one.status is Status.FAILED]
    parts = [
        HEAD,
        f"## Totals\n\n| kind | {COLUMNS}\n" + "\n".join(total_rows(outcomes)) + f"\n\n{COMPARED}",
        f"## Groups\n\n| group | {COLUMNS}\n" + "\n".join(group_rows(outcomes)) + "\n",
        *not_run_section(outcomes),
        f"## Failures\n\nThere are {len(failures)}.\n",
        *map(failure_section, failures),
        *stale_section(outcomes),
    ]
    return "\n".join(parts)


def total_rows(outcomes: list[Outcome]) -> list[str]:
    """The rows of the table of totals."""
    kinds: dict[str, list[Outcome]] = {
        kind: [] for kind in ("query evaluation", "formats of results", "syntax", "other")
    }
    for one in outcomes:
        kinds[subject(one.test)].append(one)
    both = kinds["query evaluation"] + kinds["formats of results"]
    named = {**kinds, "**evaluation and formats**": both, "**syntax**": kinds["syntax"]}
    return [row(name, some) for name, some in named.items() if some]


def subject(test: Test) -> str:
    """What a test is about: a key of the table of totals."""
    if test.kind in SYNTAX:
        return "syntax"
    if test.kind not in EVALUATION:
        return "other"
    formats = test.kind == "CSVResultFormatTest" or test.group in ("csv-tsv-res", "json-res")
    return "formats of results" if formats else "query evaluation"


def group_rows(outcomes: list[Outcome]) -> list[str]:
    """The rows of the table of groups."""
    groups = sorted({one.test.group for one in outcomes})
    return [row(group, [one for one in outcomes if one.test.group == group]) for group in groups]


def row(name: str, outcomes: list[Outcome]) -> str:
    """A row of a table: how many tests ended in which way."""
    count = Counter(one.status for one in outcomes)
    by_value = sum(one.by_value for one in outcomes)
    numbers = (
        count[Status.PASSED],
        by_value,
        count[Status.FAILED],
        count[Status.NOT_RUN],
        len(outcomes),
    )
    return f"| {name} | " + " | ".join(map(str, numbers)) + " |"


def not_run_section(outcomes: list[Outcome]) -> list[str]:
    """The tests that were not run, by their type, if there are any."""
    kinds: dict[str, list[str]] = {}
    for one in outcomes:
        if one.status is Status.NOT_RUN:
            kinds.setdefault(one.test.kind, []).append(one.test.key)
    lines = [f"- `mf:{kind}`: {', '.join(keys)}" for kind, keys in sorted(kinds.items())]
    return ["## Not run\n\n" + "\n".join(lines) + "\n"] if lines else []


def failure_section(outcome: Outcome) -> str:
    """What there is to say about one failure."""
    reason = REASONS.get(outcome.test.key, Reason("Not yet explained.", "Not yet explained."))
    return (
        f"### {outcome.test.key}\n\n{reason.wants}\n\n"
        f"- expected: {_short(outcome.expected, outcome.test)}\n"
        f"- answered: {_short(outcome.answered, outcome.test)}\n\n{reason.because}\n"
    )


def _short(text: str, test: Test) -> str:
    """A description with its usual IRIs abbreviated."""
    text = text.replace(f"<{SUITE_IRI}{test.group}/", "<")
    return re.sub(r"\^\^<http://www\.w3\.org/2001/XMLSchema#(\w+)>", r"^^xsd:\1", text)


def unexplained(outcomes: list[Outcome]) -> list[str]:
    """The tests that fail for no known reason."""
    failed = [one.test.key for one in outcomes if one.status is Status.FAILED]
    return [key for key in failed if key not in REASONS]


def stale_reasons(outcomes: list[Outcome]) -> list[str]:
    """The tests with a reason to fail, which do not."""
    failed = {one.test.key for one in outcomes if one.status is Status.FAILED}
    return sorted(REASONS.keys() - failed)


def stale_section(outcomes: list[Outcome]) -> list[str]:
    """The reasons that are no longer needed, if there are any."""
    lines = [f"- {key}" for key in stale_reasons(outcomes)]
    return ["## Reasons no longer needed\n\n" + "\n".join(lines) + "\n"] if lines else []


def main(arguments: list[str]) -> int:
    """Run the suite in the folder that is named, write the page, and print a summary."""
    if len(arguments) != 1:
        print("usage: python benchmarks/conformance.py SUITE_FOLDER", file=sys.stderr)
        return 2
    try:
        outcomes = run_suite(Path(arguments[0]))
    except (SuiteError, ServerError) as error:
        print(error, file=sys.stderr)
        return 2
    PAGE.write_text(page(outcomes), "utf-8")
    for group in sorted({one.test.group for one in outcomes}):
        some = [one for one in outcomes if one.test.group == group]
        passed = sum(one.status is Status.PASSED for one in some)
        print(f"{group:20} {passed:3} / {len(some)}")
    for key in unexplained(outcomes):
        print(f"{key}: fails, not yet explained")
    for key in stale_reasons(outcomes):
        print(f"{key}: its reason is no longer needed")
    return 1 if unexplained(outcomes) or stale_reasons(outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
