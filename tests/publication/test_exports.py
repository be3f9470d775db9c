"""Exports are the dataset, whole and graph by graph, in every syntax, always the same bytes."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import warnings
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, DefaultGraph, Literal, NamedNode, Quad
from pyoxigraph import Dataset as QuadSet
from rdflib import Graph
from rdflib.compare import isomorphic

from partnergraph.dataset.canonical import DESCRIPTION, Dataset
from partnergraph.dataset.loading import load_dataset
from partnergraph.dataset.parsing import read_quads
from partnergraph.errors import UnreadableInput, UsageError
from partnergraph.formats import GRAPH_FORMATS
from partnergraph.gate.validation import validate
from partnergraph.namespaces import GRAPH
from partnergraph.publication.downloads import Downloads, whole_files
from partnergraph.publication.exports import write_downloads
from partnergraph.publication.release import Publication, publish
from partnergraph.questions.files import StoredQueries
from partnergraph.settings import ROOT, Settings
from partnergraph.things.json_ld_context import Context
from tests.graphs import n_quads, page

SYNTAXES = [one.name for one in GRAPH_FORMATS]
WITH_GRAPHS = ("graphs.jsonld", "nq", "trig")
WHOLE = [*SYNTAXES, "graphs.jsonld"]
STEMS = [iri.removeprefix(GRAPH) for iri in page().graph_names]
FACTS = [quad for quad in page().quads if quad.graph_name != DESCRIPTION]
"""What the files hold: they are described by the one graph that is in none of them."""


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page's graph, exported."""
    folder = tmp_path_factory.mktemp("exports")
    names = {str(path.relative_to(folder)) for path in write_downloads(published(), folder)}
    whole = {f"dataset.{syntax}" for syntax in WHOLE}
    assert names >= whole | {f"graph/{stem}.{syntax}" for stem in STEMS for syntax in SYNTAXES}
    return folder


@cache
def published() -> Publication:
    """The page's graph with its files."""
    return publish(load_dataset(Settings()), Settings())


def canonical(quads: list[Quad]) -> set[str]:
    """The statements with canonical blank nodes."""
    dataset = QuadSet(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def digests(folder: Path) -> dict[str, str]:
    """The digest of each file in a folder and below."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


@pytest.mark.parametrize("stem", STEMS)
@pytest.mark.parametrize("syntax", SYNTAXES)
def test_each_graph_comes_back_from_each_syntax(stem: str, syntax: str, exported: Path) -> None:
    again = list(read_quads(exported / "graph" / f"{stem}.{syntax}"))
    triples = page().graph(NamedNode(f"{GRAPH}{stem}"))
    assert canonical(again) == canonical([Quad(*triple) for triple in triples])


@pytest.mark.parametrize("syntax", WHOLE)
def test_the_whole_comes_back_from_each_syntax(syntax: str, exported: Path) -> None:
    """With its graphs where the syntax has them, else as their merge."""
    quads = FACTS
    if syntax not in WITH_GRAPHS:
        quads = [Quad(*quad.triple) for quad in quads]
    assert canonical(list(read_quads(exported / f"dataset.{syntax}"))) == canonical(quads)


@pytest.mark.parametrize("syntax", ["ttl", "nt", "rdf", "jsonld"])
def test_what_reads_one_graph_reads_all_of_the_whole(syntax: str, exported: Path) -> None:
    """A client that knows no named graphs finds everything, and not nothing, without an error."""
    guess = {"rdf": "xml", "jsonld": "json-ld"}.get(syntax, syntax)
    with warnings.catch_warnings():  # Of rdflib itself, as it reads JSON-LD.
        warnings.simplefilter("ignore", DeprecationWarning)
        graph = Graph().parse(exported / f"dataset.{syntax}", format=guess)
    assert len(graph) == len({quad.triple for quad in FACTS})


@pytest.mark.parametrize("syntax", ["ttl", "nt", "rdf"])
def test_another_library_reads_the_same_graph(syntax: str, exported: Path) -> None:
    """Rdflib shares no code with what wrote the files."""
    graphs = [
        Graph().parse(exported / "graph" / f"partners.{one}", format={"rdf": "xml"}.get(one, one))
        for one in (syntax, "nt")
    ]
    assert isomorphic(*graphs)


def test_the_bytes_are_the_same_in_another_process(exported: Path, tmp_path: Path) -> None:
    """Whatever its hash seed."""
    program = f"""
from pathlib import Path
from partnergraph.dataset.loading import load_dataset
from partnergraph.publication.exports import write_downloads
from partnergraph.publication.release import publish
from partnergraph.settings import Settings
list(write_downloads(publish(load_dataset(Settings()), Settings()), Path({str(tmp_path)!r})))
"""
    environment = {"PYTHONHASHSEED": "1", "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)
    assert digests(tmp_path) == digests(exported) != {}


@pytest.mark.parametrize("syntax", WITH_GRAPHS)
def test_serving_an_export_gives_the_same_version(syntax: str, exported: Path) -> None:
    """The rules are not run again, and the description of the old dataset gives way to the new."""
    again = load_dataset(Settings(data=(exported / f"dataset.{syntax}",)))
    assert again.version == page().version
    assert canonical(list(again.quads)) == canonical(FACTS)


def test_an_export_conforms(exported: Path) -> None:
    assert validate(load_dataset(Settings(data=(exported / "dataset.nq",)))).conforms


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
XML_TEXTS = st.text(
    st.sampled_from("\n\t <&>\"'")
    | st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]),
    max_size=12,
)


def round_trip(folder: Path, syntax: str, text: str) -> str:
    """A literal after a way through a file."""
    named, predicate = NamedNode("http://e/a"), NamedNode("http://e/p")
    quad = Quad(named, predicate, Literal(text), DefaultGraph())
    dataset = Dataset(n_quads([quad]), "")
    context = Context.read(ROOT / "ontology" / "context.jsonld")
    downloads = Downloads()
    for file in whole_files(dataset, context):
        downloads.add(file)
    publication = Publication(dataset, downloads, context, StoredQueries(folder))
    path, *_ = write_downloads(publication, folder, formats=[syntax])
    (quad,) = read_quads(path)
    assert isinstance(quad.object, Literal)
    return quad.object.value


@pytest.mark.parametrize("syntax", [syntax for syntax in SYNTAXES if syntax != "rdf"])
@given(text=TEXTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_literal_comes_back(syntax: str, tmp_path: Path, text: str) -> None:
    assert round_trip(tmp_path, syntax, text) == text


@given(text=XML_TEXTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_literal_that_xml_can_hold_comes_back_from_rdf_xml(tmp_path: Path, text: str) -> None:
    """XML 1.0 has no control characters but tab, line feed and carriage return."""
    assert round_trip(tmp_path, "rdf", text) == text


def test_single_graphs_and_syntaxes_can_be_chosen(tmp_path: Path) -> None:
    paths = list(write_downloads(published(), tmp_path, ["partners"], ["ttl", "nt"]))
    assert paths == [tmp_path / "graph" / "partners.ttl", tmp_path / "graph" / "partners.nt"]
    assert sorted(digests(tmp_path)) == ["graph/partners.nt", "graph/partners.ttl"]


def test_unknown_graph_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no graph 'partner'; there are contact, .* shapes"):
        list(write_downloads(published(), tmp_path, graphs=["partner"]))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["taken", "taken/below"])
def test_folder_that_cannot_be_written_is_named(name: str, tmp_path: Path) -> None:
    """Here, as a file has its place; root could write to any folder."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(UnreadableInput, match="taken"):
        list(write_downloads(published(), tmp_path / name))
