"""The one layout of Turtle files in the repository: sorted, one statement a line.

A change of one fact is a change of one line, whoever wrote the file with whatever tool.
"""

from __future__ import annotations

import re
from pathlib import Path

import rdflib
from pyoxigraph import CanonicalizationAlgorithm, RdfFormat, parse
from pyoxigraph import Dataset as QuadSet

from partnergraph.dataset.parsing import read_quads
from partnergraph.dataset.rdflib_switches import literals_as_written
from partnergraph.errors import UnreadableInput

_STRING = "|".join(rf"{q}(?:[^{q[0]}\\]|\\.|{q[0]}(?!{q[1:]}))*{q}" for q in ('"""', "'''"))
_STRING += r"""|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'"""
"""A string, in any of Turtle's four kinds of quotes."""

_BLANKS = re.compile(rf"({_STRING})|[ \t]+(?=\n)", re.DOTALL)
_COMMENT = re.compile(rf"(?:{_STRING})|<[^>]*>|\\.|(#[^\n]*)", re.DOTALL)


def canonical_turtle(graph: rdflib.Graph) -> str:
    """A graph in the canonical layout: rdflib's long Turtle with canonical blank nodes."""
    text = graph.serialize(format="longturtle", canon=True)
    # The serialiser leaves blanks at line ends and empty lines at the end of the file.
    return _BLANKS.sub(lambda found: found[1] or "", text).strip() + "\n"


def canonical_file(path: Path) -> str:
    """The text that a Turtle file has in the canonical layout; its prefixes are kept.

    Comments at the head of the file are kept, too; there is no place for others in a sorted file.

    Raises:
        UnreadableInput: the file is not Turtle, or has comments elsewhere, which would be lost.
    """
    if path.suffix != ".ttl":
        raise UnreadableInput(path, "only Turtle files (.ttl) have a canonical layout")
    for _ in read_quads(path):
        pass  # Faults are named with line and column by this parser, not by rdflib's.
    text = path.read_bytes().decode("utf-8")
    head = _head_comments(path, text)
    with literals_as_written():
        graph = rdflib.Graph(bind_namespaces="none").parse(data=text, format="turtle")
        laid_out = "".join(f"{line}\n" for line in head) + canonical_turtle(graph)
    if _canonical(laid_out) != _canonical(text):
        raise UnreadableInput(
            path, "the layout would change what the file says; it is left as it is"
        )
    return laid_out


def _canonical(text: str) -> QuadSet:
    quads = QuadSet(parse(text, RdfFormat.TURTLE))
    quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return quads


def write_canonical(path: Path, text: str) -> None:
    """Replace the text of a file, with the line ends that the layout has.

    Raises:
        UnreadableInput: the file cannot be written to.
    """
    try:
        path.write_bytes(text.encode("utf-8"))
    except OSError as error:
        raise UnreadableInput(path, error.strerror or "it cannot be written to") from None


def _head_comments(path: Path, text: str) -> list[str]:
    """The comments above the first statement; one anywhere else is refused."""
    head: list[str] = []
    end = 0
    for comment in _COMMENT.finditer(text):
        if not comment[1]:
            continue
        if text[end : comment.start()].strip():
            raise UnreadableInput(
                path,
                "a comment inside the file would be lost in the canonical layout; "
                "move it to the head of the file or make it a statement",
                line=text.count("\n", 0, comment.start()) + 1,
            )
        head.append(comment[0].rstrip())
        end = comment.end()
    return head
