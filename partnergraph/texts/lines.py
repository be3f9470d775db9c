"""Where in the text of a graph something is said: the line of a thing, a property and a value.

A SHACL report is about a graph, and a graph knows nothing of the text that it was read from. So the
names are looked for in the text, in one pass: in full, with a prefix, or as terms of a JSON-LD
context. This reads no RDF – that is done elsewhere, by a process that may be killed – and so it may
miss what is written in an unusual way; what it does not find has no line.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from partnergraph.texts.json_ld_words import read_json_ld
from partnergraph.texts.literals import read_literal
from partnergraph.texts.occurrences import Occurrences
from partnergraph.texts.rdf_xml_words import read_rdf_xml
from partnergraph.texts.turtle_words import read_turtle
from partnergraph.texts.words import Reader

_READERS: dict[str, Reader] = {"jsonld": read_json_ld, "rdf": read_rdf_xml}
"""By file extension; every other syntax is a part of TriG, and read as Turtle is."""


class GraphLines:
    """Finds lines in the text of one graph."""

    def __init__(self, text: str, syntax: str) -> None:
        """Args:
        text: the graph as it was written.
        syntax: file extension of its syntax, such as ``ttl``.
        """
        words = _READERS.get(syntax, read_turtle)(text)
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._offsets, self._written = words.offsets, words.written
        self._occurrences = Occurrences(words)

    def line(self, thing: str, path: str, value: str) -> int:
        """The number of the line, from 1, where something is said; 0 where it is not found.

        Args:
            thing: of which it is said, as a term of N-Triples.
            path: the IRI of a property, if it is about one.
            value: a term of N-Triples, if it is about one.
        """
        literal = read_literal(value)
        key = f'"{literal[0]}' if literal else value.strip("<>")
        if thing.startswith("<"):
            about = "" if value == thing else key
            found = self._occurrences.said_of(thing.strip("<>"), path, about)
            return self._line_of(found) if found is not None else 0
        # Of what has no name it can be told only if there is one place where that is said.
        lines = {self._line_of(one) for one in self._occurrences.said(path, key)}
        return lines.pop() if len(lines) == 1 else 0

    def closeness(self, thing: str, path: str, value: str) -> int:
        """How precisely :meth:`line` would be told: the property weighs more than the value."""
        literal = read_literal(value)
        key = f'"{literal[0]}' if literal else value.strip("<>")
        return self._occurrences.closeness(thing.strip("<>"), path, "" if value == thing else key)

    def written(self, iri: str) -> str:
        """An IRI as the text first writes it; empty where it does not."""
        found = self._occurrences.first(iri)
        return self._written[found] if found is not None else ""

    def _line_of(self, word: int) -> int:
        return bisect_left(self._starts, self._offsets[word] + 1)
