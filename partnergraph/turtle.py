"""The one layout of Turtle files in the repository: sorted, one statement a line.

A change of one fact is a change of one line, whoever wrote the file with whatever tool.
"""

from __future__ import annotations

import re
from pathlib import Path

import rdflib

from partnergraph.errors import UnreadableInput
from partnergraph.parsing import read_quads

_LONG_STRING = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"""', re.DOTALL)


def canonical_turtle(graph: rdflib.Graph) -> str:
    """A graph in the canonical layout: rdflib's long Turtle with canonical blank nodes."""
    text = graph.serialize(format="longturtle", canon=True)
    # The serialiser leaves blanks at line ends and empty lines at the end of the file.
    return "\n".join(line.rstrip() for line in text.splitlines()).strip() + "\n"


def canonical_file(path: Path) -> str:
    """The text that a Turtle file has in the canonical layout; its prefixes are kept.

    Comments at the head of the file are kept, too; there is no place for others in a sorted file.

    Raises:
        UnreadableInput: the file is not Turtle, or has comments elsewhere, which would be lost.
    """
    for _ in read_quads(path):
        pass  # Faults are named with line and column by this parser, not by rdflib's.
    text = path.read_text("utf-8")
    lines = _LONG_STRING.sub(lambda string: "\n" * string[0].count("\n"), text).splitlines()
    head = [line for line in lines[: _first_statement(lines)] if line.startswith("#")]
    _refuse_other_comments(path, lines, len(head))
    graph = rdflib.Graph(bind_namespaces="none").parse(data=text, format="turtle")
    return "".join(f"{line}\n" for line in head) + canonical_turtle(graph)


def _first_statement(lines: list[str]) -> int:
    return next(
        (n for n, line in enumerate(lines) if line.strip() and not line.startswith("#")), len(lines)
    )


def _refuse_other_comments(path: Path, lines: list[str], head: int) -> None:
    for number, line in enumerate(lines[head:], head + 1):
        if line.lstrip().startswith("#"):
            raise UnreadableInput(
                path,
                "a comment inside the file would be lost in the canonical layout; "
                "move it to the head of the file or make it a statement",
                line=number,
            )
