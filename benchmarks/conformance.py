"""Runs the W3C's SPARQL 1.1 test suites through HTTP, and writes docs/conformance.md.

``python benchmarks/conformance.py SUITE [SUITE_OF_1.0]`` starts the real server on the data of each
test, asks the query, and compares the answer with the expected one.

Exit status: 0; 1 a failure has no reason, or a reason no failure; 2 the folder holds no suite.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
from pyoxigraph import Dataset, NamedNode, Quad, RdfFormat, parse, serialize

from benchmarks.w3c_comparison import Likeness, compare, describe, describe_both
from benchmarks.w3c_manifest import File, SuiteError, Test, read_suite
from benchmarks.w3c_report import (
    EVALUATION,
    SYNTAX,
    Outcome,
    Status,
    page,
    stale_reasons,
    unexplained,
)
from benchmarks.w3c_results import GRAPH_SYNTAX, Result, Solutions, read_result
from partnergraph.sparql.tokens import tokens

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


class ServerError(Exception):
    """The server did not start; the message is what it said."""


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
    if test.lax and isinstance(expected, Solutions) and isinstance(actual, Solutions):
        expected, actual = once_each(expected), once_each(actual)
    likeness = compare(expected, actual, ordered=ordered)
    if likeness is Likeness.DIFFERENT:
        return Outcome(test, Status.FAILED, *describe_both(expected, actual, ordered=ordered))
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


def once_each(solutions: Solutions) -> Solutions:
    """The solutions, each once."""
    return Solutions(solutions.variables, tuple(dict.fromkeys(solutions.rows)))


def ask(client: httpx.Client, query: File, accept: str) -> httpx.Response:
    """The response to a query, sent as the body of a POST.

    A query of the suite has the IRI of its file as its base; a server that gets only its text
    cannot know it, so it is said in a line before the query.
    """
    body = f"BASE <{query.iri}>\n".encode() + query.path.read_bytes()
    headers = {"content-type": "application/sparql-query", "accept": accept}
    return client.post("/sparql", content=body, headers=headers)


def is_ordered(query: str) -> bool:
    """Whether a query orders its solutions, and not only those of a subquery."""
    depth = 0
    for token in tokens(query):
        if depth == 0 and token.kind == "word" and token.text.upper() == "ORDER":
            return True
        if token.kind == "sign":
            depth += {"{": 1, "}": -1}.get(token.text, 0)
    return False


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


def main(arguments: list[str]) -> int:
    """Run the suite in the folder that is named, write the page, and print a summary."""
    if len(arguments) not in (1, 2):
        print("usage: python benchmarks/conformance.py SUITE [SUITE_OF_1.0]", file=sys.stderr)
        return 2
    try:
        outcomes, *older = [run_suite(Path(folder)) for folder in arguments]
    except (SuiteError, ServerError) as error:
        print(error, file=sys.stderr)
        return 2
    PAGE.write_text(page(outcomes, *older), "utf-8")
    for some in older:
        outcomes = outcomes + some
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
