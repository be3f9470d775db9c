"""The canonical layout: one text for one graph, one line for one fact."""

from __future__ import annotations

import difflib
import random
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic

from partnergraph.dataset.turtle import canonical_file, canonical_turtle
from partnergraph.errors import UnreadableInput
from tests.graphs import repository_files

FILE = """\
# A head comment.
#
# And another, with "quotes".
PREFIX ex: <http://example.org/>
PREFIX other: <http://example.org/other/>

ex:b ex:p ex:c, ex:a ; ex:q ( 1 2 ), [ ex:p "x" ; ex:q [ ex:p "y" ] ] .
ex:a a ex:Thing ; other:p 1 ; ex:p "a # that is no comment", <http://example.org/c#d>,
  '''# nor
# this''' ; ex:p "b"@lv .
"""
FILES = repository_files(
    "data/*.ttl",
    "ontology/*.ttl",
    "ontology/examples/*/*.ttl",
    "ontology/examples/valid/publishers/*.ttl",
)


def laid_out(folder: Path, text: str) -> str:
    """The canonical text of a file with this content."""
    path = folder / "a.ttl"
    path.write_text(text, "utf-8")
    return canonical_file(path)


def changed_lines(before: str, after: str) -> list[str]:
    """The lines that a diff without context shows."""
    diff = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in diff if not line.startswith(("---", "+++", "@@"))]


def test_layout_is_idempotent(tmp_path: Path) -> None:
    once = laid_out(tmp_path, FILE)
    assert laid_out(tmp_path, once) == once


def test_layout_keeps_the_graph(tmp_path: Path) -> None:
    assert isomorphic(Graph().parse(data=laid_out(tmp_path, FILE)), Graph().parse(data=FILE))


def test_layout_keeps_the_comments_of_the_head_and_prefixes(tmp_path: Path) -> None:
    text = laid_out(tmp_path, FILE)
    assert text.startswith('# A head comment.\n#\n# And another, with "quotes".\nPREFIX ')
    assert "PREFIX other: <http://example.org/other/>\n" in text
    assert "    other:p " in text


def test_layout_ends_in_one_line_end_and_no_line_in_a_blank(tmp_path: Path) -> None:
    text = laid_out(tmp_path, FILE.replace("'''# nor\n# this'''", '"x"'))
    assert text.endswith(".\n")
    assert [line for line in text.splitlines() if line != line.rstrip()] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_repositorys_files_are_in_the_layout(path: Path) -> None:
    assert canonical_file(path) == path.read_text("utf-8")


TRIPLES = st.lists(
    st.builds(
        "{} {} {} .".format,
        st.sampled_from(["_:a", "_:b", "<http://e/a>", "<http://e/b>"]),
        st.sampled_from(["<http://e/p>", "<http://e/q>"]),
        st.sampled_from(["_:a", "_:c", "<http://e/c>", '"x"', '"x"@lv', '"1992"']),
    ),
    min_size=1,
    max_size=8,
    unique=True,
)


@given(TRIPLES, st.randoms(use_true_random=False))
def test_layout_is_independent_of_the_order(lines: list[str], chance: random.Random) -> None:
    shuffled = list(lines)
    chance.shuffle(shuffled)
    one, other = (Graph().parse(data="\n".join(text)) for text in (lines, shuffled))
    assert canonical_turtle(one) == canonical_turtle(other)


@given(st.text())
@example("a blank at the end of a line \nand\x0ca\x85separator\u2028of lines\r\n")
def test_layout_keeps_every_literal(text: str) -> None:
    """Blanks at line ends, line ends and quotes inside a text included."""
    graph = Graph()
    graph.add((URIRef("http://e/a"), URIRef("http://e/p"), Literal(text)))
    (again,) = Graph().parse(data=canonical_turtle(graph)).objects()
    assert str(again) == text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tp:amongOldest true", "tp:amongOldest false"),
        ('tp:signed "2011"^^xsd:gYear', 'tp:signed "2012"^^xsd:gYear'),
        ("tp:years 29", "tp:years 30"),
        ('"Solna"@en', '"Solna municipality"@en'),
        ("oa:end 44 ;", "oa:end 45 ;"),
    ],
)
def test_a_changed_fact_is_a_changed_line(old: str, new: str, tmp_path: Path) -> None:
    """In a file of the repository, with all its blank nodes."""
    text = next(path for path in FILES if path.name == "partners.ttl").read_text("utf-8")
    assert old in text
    changed = changed_lines(text, laid_out(tmp_path, text.replace(old, new, 1)))
    assert [line.strip("+- ").rstrip(" ;,") for line in changed] == [
        old.rstrip(" ;"),
        new.rstrip(" ;"),
    ]


def test_an_added_fact_is_an_added_line(tmp_path: Path) -> None:
    before = laid_out(tmp_path, FILE)
    after = laid_out(tmp_path, FILE + "ex:a ex:new 5 .\n")
    assert changed_lines(before, after) == ["+    ex:new 5 ;"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("PREFIX ex: <http://e/>\n# lost\nex:a ex:p 1 .\n", 2),
        ("PREFIX ex: <http://e/>\nex:a\n  # lost\n  ex:p 1 .\n", 3),
        ('PREFIX ex: <http://e/>\nex:a ex:p """\n# kept\n""" .\n# lost\n', 5),
        ("PREFIX ex: <http://e/>\nex:a ex:p '''\n# kept\n''' .\n# lost\n", 5),
        ("PREFIX ex: <http://e/>\nex:a ex:p 1 . # lost\n", 2),
        ('PREFIX ex: <http://e/>\nex:a ex:p "1" ; # lost\n  ex:q <http://e/#b> .\n', 2),
        ("# kept\n\nPREFIX ex: <http://e/>\n\n# lost\n", 5),
    ],
)
def test_comment_elsewhere_is_refused_with_its_line(text: str, line: int, tmp_path: Path) -> None:
    """It would be lost; better to hear of it."""
    with pytest.raises(UnreadableInput, match="would be lost") as caught:
        laid_out(tmp_path, text)
    assert caught.value.line == line


def test_file_that_is_not_turtle_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput) as caught:
        laid_out(tmp_path, "PREFIX ex: <http://e/>\nex:a ex:p .\n")
    assert caught.value.line == 2


@pytest.mark.parametrize("name", ["a.trig", "a.nt", "a.rq", "a"])
def test_other_syntaxes_have_no_layout(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("")
    with pytest.raises(UnreadableInput, match=r"only Turtle files \(\.ttl\)"):
        canonical_file(tmp_path / name)
