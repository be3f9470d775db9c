"""Reads the manifests of a W3C test suite: which tests there are, and of which files each is made.

https://www.w3.org/2001/sw/DataAccess/tests/test-manifest
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import rdflib
from rdflib.term import Node

SUITE_IRI = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"
"""Where the suite stands on the Web, and what relative IRIs in its files are relative to."""

_FROM = re.compile(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE)

MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")


class SuiteError(Exception):
    """The folder is no test suite, or a file of it is missing or malformed; the message says it."""


@dataclass(frozen=True)
class File:
    """A file of the suite: where it lies here and the IRI that it has on the Web."""

    path: Path
    iri: str


@dataclass(frozen=True)
class Test:
    """One test.

    Attributes:
        group: the folder of its manifest, such as ``property-path``.
        name: the fragment of its IRI, such as ``pp01``.
        kind: the local name of its type, such as ``QueryEvaluationTest``.
        query: the query that is asked; ``None`` where the action names none, as of an update.
        data: the files whose merge is the default graph.
        graph_data: the files of the named graphs, each named by its own IRI.
        result: what is expected; ``None`` for a test of syntax.
        lax: whether equal solutions may come as often as they like, as with ``REDUCED``.
    """

    __test__ = False  # Not a class of tests to pytest.

    group: str
    name: str
    kind: str
    query: File | None
    data: tuple[File, ...]
    graph_data: tuple[File, ...]
    result: File | None
    lax: bool = False

    @property
    def key(self) -> str:
        """What names the test in the whole suite."""
        return f"{self.group}/{self.name}"


def read_suite(folder: Path) -> list[Test]:
    """All tests of the manifests in a folder and its subfolders, sorted by group and name.

    Raises:
        SuiteError: there is no manifest, or one of them is malformed or names a missing file.
    """
    if not folder.is_dir():
        raise SuiteError(f"{folder}: there is no such folder")
    waiting = sorted([*folder.glob("manifest.ttl"), *folder.glob("*/manifest.ttl")])
    if not waiting:
        raise SuiteError(f"{folder}: neither it nor its subfolders hold a manifest.ttl")
    tests: dict[str, Test] = {}
    done: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in done:
            done.add(path)
            manifest = _Manifest(folder, path)
            waiting += manifest.included()
            for test in manifest.tests():
                if test.key in tests:
                    raise SuiteError(f"{path}: there is another test {test.key}")
                tests[test.key] = test
    return [tests[key] for key in sorted(tests)]


class _Manifest:
    """One manifest file."""

    def __init__(self, folder: Path, path: Path) -> None:
        self._folder = folder
        self._path = path
        self._group = path.parent.relative_to(folder).as_posix()
        self._graph = rdflib.Graph()
        base = SUITE_IRI + path.relative_to(folder).as_posix()
        try:
            self._graph.parse(path, format="turtle", publicID=base)
        except (OSError, UnicodeDecodeError, SyntaxError) as error:
            reason = " ".join(str(error).split())
            raise SuiteError(f"{path}: it cannot be read: {reason}") from None

    def included(self) -> list[Path]:
        """The manifests that this one includes."""
        return [self._file(item).path for item in self._members(MF.include)]

    def tests(self) -> Iterator[Test]:
        """The tests among the entries."""
        for entry in self._members(MF.entries):
            yield self._test(entry)

    def _members(self, predicate: rdflib.URIRef) -> Iterator[Node]:
        for head in self._graph.objects(None, predicate):
            yield from self._graph.items(head)

    def _test(self, entry: Node) -> Test:
        action = self._graph.value(entry, MF.action)
        kind = self._graph.value(entry, rdflib.RDF.type)
        query = self._graph.value(action, QT.query) if isinstance(action, rdflib.BNode) else action
        result = self._graph.value(entry, MF.result)
        data = self._files(action, QT.data)
        graph_data = self._files(action, QT.graphData)
        file = self._file(query) if isinstance(query, rdflib.URIRef) else None
        if file and result and not (data or graph_data):
            graph_data = self._named_by(file)
        return Test(
            group=self._group,
            name=_local_name(entry),
            kind=_local_name(kind),
            query=file,
            data=data,
            graph_data=graph_data,
            result=self._file(result) if isinstance(result, rdflib.URIRef) else None,
            lax=self._graph.value(entry, MF.resultCardinality) == MF.LaxCardinality,
        )

    def _named_by(self, query: File) -> tuple[File, ...]:
        """The graphs that a query itself names after FROM."""
        names = _FROM.findall(query.path.read_text("utf-8"))
        files = {self._file(rdflib.URIRef(urljoin(query.iri, name))) for name in names}
        return tuple(sorted(files, key=lambda file: file.iri))

    def _files(self, action: Node | None, predicate: rdflib.URIRef) -> tuple[File, ...]:
        files = (self._file(node) for node in self._graph.objects(action, predicate))
        return tuple(sorted(files, key=lambda file: file.iri))

    def _file(self, node: Node) -> File:
        """The file of an IRI.

        A named graph with a name of its own, ``[ qt:graph FILE ; rdfs:label NAME ]``, was dropped
        from the suite in SPARQL 1.1; it is refused rather than misread.
        """
        iri = str(node)
        if not isinstance(node, rdflib.URIRef) or not iri.startswith(SUITE_IRI):
            raise SuiteError(f"{self._path}: {iri} is no file of the suite")
        path = self._folder / iri.removeprefix(SUITE_IRI)
        if not path.is_file():
            raise SuiteError(f"{path}: the manifest {self._path} names it, but it is not there")
        return File(path, iri)


def _local_name(node: Node | None) -> str:
    return str(node).rpartition("#")[2]
