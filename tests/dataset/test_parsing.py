"""RDF files become quads, or an error that names the file, the line and what would be right."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, serialize
from rdflib import Graph
from rdflib.compare import isomorphic

from partnergraph.dataset.parsing import FORMATS, find_files, read_quads
from partnergraph.errors import UnreadableInput

TURTLE = """\
PREFIX ex: <http://example.org/>
ex:a ex:p ex:b, "Høje Tāstrupa"@lv, 12, "2021-01"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>;
  ex:q [ ex:r "a \\"quoted\\" line\\nand another" ] .
"""

SAME_GRAPH = {
    ".ttl": TURTLE,
    ".trig": TURTLE,
    ".nt": r"""
<http://example.org/a> <http://example.org/p> <http://example.org/b> .
<http://example.org/a> <http://example.org/p> "H\u00F8je Tāstrupa"@lv .
<http://example.org/a> <http://example.org/p> "12"^^<http://www.w3.org/2001/XMLSchema#integer> .
<http://example.org/a> <http://example.org/p> "2021-01"^^"""
    r"""<http://www.w3.org/2001/XMLSchema#gYearMonth> .
<http://example.org/a> <http://example.org/q> _:b .
_:b <http://example.org/r> "a \"quoted\" line\nand another" .
""",
    ".jsonld": r"""{
  "@context": { "@vocab": "http://example.org/" },
  "@id": "http://example.org/a",
  "p": [
    { "@id": "http://example.org/b" }, { "@value": "Høje Tāstrupa", "@language": "lv" }, 12,
    { "@value": "2021-01", "@type": "http://www.w3.org/2001/XMLSchema#gYearMonth" }
  ],
  "q": { "r": "a \"quoted\" line\nand another" }
}""",
    ".rdf": """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns="http://example.org/">
  <rdf:Description rdf:about="http://example.org/a">
    <p rdf:resource="http://example.org/b"/>
    <p xml:lang="lv">Høje Tāstrupa</p>
    <p rdf:datatype="http://www.w3.org/2001/XMLSchema#integer">12</p>
    <p rdf:datatype="http://www.w3.org/2001/XMLSchema#gYearMonth">2021-01</p>
    <q rdf:parseType="Resource"><r>a "quoted" line
and another</r></q>
  </rdf:Description>
</rdf:RDF>""",
}
SAME_GRAPH[".nq"] = SAME_GRAPH[".nt"]

FAULTS = {
    ".ttl": ("PREFIX ex: <http://example.org/>\nex:a ex:p ex:b .\nex:a ex:p 'open .\n", 3),
    ".trig": ("PREFIX ex: <http://example.org/>\nGRAPH ex:g {\n  ex:a ex:p nobody:b }\n", 3),
    ".nt": ("<http://e/a> <http://e/p> <http://e/b> .\n<http://e/a> <http://e/p> .\n", 2),
    ".nq": ("\n<http://e/a> <http://e/p> <http://e/b> <http://e/g> <http://e/h> .\n", 2),
    ".jsonld": ('{\n  "@id": "http://e/a",\n  "http://e/p": 1,\n}\n', 4),
    ".rdf": ("<rdf:RDF>\n  <a>\n</rdf:RDF>\n", 3),
}


def written(folder: Path, name: str, text: str | bytes) -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def graph_of(quads: list[Quad]) -> Graph:
    """The quads as one graph."""
    return Graph().parse(data=serialize({q.triple for q in quads}, format=RdfFormat.N_TRIPLES))


def failure(path: Path) -> UnreadableInput:
    """The error that reading a file raises."""
    with pytest.raises(UnreadableInput) as caught:
        list(read_quads(path))
    assert caught.value.path == path
    assert str(path) in str(caught.value)
    return caught.value


def test_each_known_syntax_has_an_example_of_a_graph_and_of_a_fault() -> None:
    assert set(SAME_GRAPH) == set(FAULTS) == set(FORMATS)


@pytest.mark.parametrize("extension", sorted(SAME_GRAPH))
def test_all_syntaxes_load_the_same_graph(extension: str, tmp_path: Path) -> None:
    quads = list(read_quads(written(tmp_path, f"a{extension}", SAME_GRAPH[extension])))
    assert len(quads) == 6
    assert isomorphic(graph_of(quads), Graph().parse(data=TURTLE))


@pytest.mark.parametrize("extension", sorted(FAULTS))
def test_error_names_file_and_line(extension: str, tmp_path: Path) -> None:
    text, line = FAULTS[extension]
    path = written(tmp_path, f"a{extension}", text)
    error = failure(path)
    assert error.line == line
    assert str(error).startswith(f"{path}:{line}:")


@pytest.mark.parametrize("extension", sorted(FORMATS))
def test_empty_file_is_an_empty_graph_or_an_error_that_names_it(
    extension: str, tmp_path: Path
) -> None:
    """JSON and XML have no empty documents; the other syntaxes have."""
    path = written(tmp_path, f"a{extension}", "")
    if extension in {".jsonld", ".rdf"}:
        failure(path)
    else:
        assert list(read_quads(path)) == []


@pytest.mark.parametrize("extension", sorted(FORMATS))
def test_file_that_is_not_utf_8_is_refused(extension: str, tmp_path: Path) -> None:
    """Latin-1 is refused; nothing of it is guessed."""
    text = SAME_GRAPH[extension].replace("ā", "a").replace(r"\u00F8", "ø")
    failure(written(tmp_path, f"a{extension}", text.encode("latin-1")))


@pytest.mark.alone
def test_billion_laughs_are_refused_at_once(tmp_path: Path) -> None:
    """Nested entities, which would expand to gigabytes, are refused where they are declared."""
    entities = ['<!ENTITY a0 "ha">'] + [
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
    ]
    document = "\n".join(["<?xml version='1.0'?>", "<!DOCTYPE r [", *entities, "]><r>&a11;</r>"])
    began = time.monotonic()
    error = failure(written(tmp_path, "a.rdf", document))
    assert time.monotonic() - began < 1
    assert error.line == 3
    assert "a0" in error.reason
    assert "write its value instead" in error.reason


@pytest.mark.parametrize(
    "declaration",
    ['<!ENTITY x SYSTEM "{}">', '<!ENTITY % x SYSTEM "{}"> %x;', '<!ENTITY x PUBLIC "x" "{}">'],
)
def test_external_entity_is_not_read(declaration: str, tmp_path: Path) -> None:
    """Neither the error nor anything else holds what stands in the file it points to."""
    secret = written(tmp_path, "secret.txt", "a secret text")
    document = f"<!DOCTYPE r [{declaration.format(secret.as_uri())}]><r>&x;</r>"
    assert "a secret text" not in str(failure(written(tmp_path, "a.rdf", document)))


def test_external_document_type_is_not_read(tmp_path: Path) -> None:
    """Entities of a DTD elsewhere are unknown, as the DTD is not fetched."""
    dtd = written(tmp_path, "a.dtd", '<!ENTITY x "a secret text">')
    document = f'<!DOCTYPE rdf:RDF SYSTEM "{dtd.as_uri()}">\n' + SAME_GRAPH[".rdf"].replace(
        "Høje", "&x;"
    )
    path = written(tmp_path, "a.rdf", document)
    assert "a secret text" not in str(failure(path))


@pytest.mark.parametrize("place", ["file", "http"])
def test_context_elsewhere_is_not_fetched(place: str, tmp_path: Path) -> None:
    """A JSON-LD context by reference is refused with a word on what would be right."""
    context = written(tmp_path, "context.jsonld", '{"@context": {"@vocab": "http://e/"}}')
    reference = context.as_uri() if place == "file" else "http://127.0.0.1:9/context.jsonld"
    error = failure(written(tmp_path, "a.jsonld", f'{{"@context": "{reference}", "p": 1}}'))
    assert "write the context itself into the file" in error.reason


def test_blank_nodes_of_two_files_never_meet(tmp_path: Path) -> None:
    paths = [written(tmp_path, name, "_:a <http://e/p> _:a .") for name in ("a.nt", "b.nt")]
    nodes = {str(quad.subject) for path in paths for quad in read_quads(path)}
    assert len(nodes) == 2


def test_folder_gives_its_rdf_files_in_order(tmp_path: Path) -> None:
    for name in ("b.ttl", "a.nq", "README.md", "c.jsonld"):
        written(tmp_path, name, "")
    assert [path.name for path in find_files((tmp_path,))] == ["a.nq", "b.ttl", "c.jsonld"]


@pytest.mark.parametrize("name", ["a.csv", "a.TTL", "ttl", "a.ttl.gz"])
def test_unknown_extension_is_refused_with_those_that_are_known(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"unknown file extension .*\.ttl .*\.jsonld"):
        find_files((written(tmp_path, name, ""),))


def test_missing_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"nowhere\.ttl: there is no such file or folder"):
        find_files((tmp_path / "nowhere.ttl",))


def test_folder_without_rdf_is_refused_with_what_it_could_hold(tmp_path: Path) -> None:
    written(tmp_path, "notes.txt", "")
    with pytest.raises(UnreadableInput, match=r"the folder holds no RDF file \(\.ttl "):
        find_files((tmp_path,))


def test_folder_named_like_a_file_is_refused_when_read(tmp_path: Path) -> None:
    (tmp_path / "inside.ttl").mkdir()
    (path,) = find_files((tmp_path,))
    failure(path)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    """Some editors put one before the first letter of a file."""
    path = tmp_path / "marked.ttl"
    path.write_bytes(b"\xef\xbb\xbf<s:s> <p:p> <o:o> .")
    assert len(list(read_quads(path))) == 1
