"""Reads the words of Turtle, and so of TriG, N-Triples and N-Quads: a frame is a statement."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from partnergraph.namespaces import expand
from partnergraph.texts.literals import unescaped, unquoted
from partnergraph.texts.words import Frame, Words

# This does not backtrack, and what is not closed goes to the end: time grows with the text alone.
_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*+)
    | (?P<text>\"{3}(?:[^"\\]|\\.|"(?!""))*+(?:\"{3}|\\?\Z)
             | '{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3}|\\?\Z)
             | "(?:[^"\\\n]|\\.)*+(?:"|\\?\Z|(?=\n)) | '(?:[^'\\\n]|\\.)*+(?:'|\\?\Z|(?=\n)))
    | (?P<iri><[^<>"\s]*+>)
    | (?P<name>(?:[^\s<>"'{}()\[\];,\#^\\.]|\\.|\.(?=[\w:%\\-]))++)
    | (?P<sign>[.{}()\[\]])""",
    re.VERBOSE | re.DOTALL,
)

_TYPE = expand("rdf:type")


def read_turtle(text: str) -> Words:
    """The words of a text in Turtle."""
    words, names = Words(), _Names()
    frame: Frame | None = None
    depth, begins = 0, True
    for found in _TOKEN.finditer(text):
        kind, written = str(found.lastgroup), found[0]
        if kind == "comment":
            continue
        if kind == "sign":
            depth += (written in "([") - (written in ")]")
            if begins and written in "([":  # A statement about something without a name.
                frame, begins = words.frame(), False
            begins = begins or (depth == 0 and written in ".{}")
            continue
        key = names.read(kind, written, begins=begins)
        if not key:
            begins = True  # A statement may follow a declaration without a full stop.
            continue
        if begins:
            frame, begins = words.frame(), False
            frame.thing = key
        words.add(found.start(), written, frame, key)
    return words


class _Names:
    """What the words stand for; their prefixes are declared before they are used."""

    def __init__(self) -> None:
        self._prefixes: dict[str, str] = {}
        self._base = ""
        self._declares = ""
        self._prefix = ""

    def read(self, kind: str, written: str, *, begins: bool) -> str:
        """The key of a word; empty where it is a part of a declaration."""
        word = written.lstrip("@").lower()
        if kind == "name" and begins and word in ("prefix", "base", "graph"):
            self._declares = "" if word == "graph" else word
            return ""
        if kind == "iri":
            iri = self._resolved(written[1:-1])
            return "" if self._declare(iri) else iri
        if self._declares:
            self._prefix = written.removesuffix(":")
            return ""
        if kind == "text":
            return f'"{unescaped(unquoted(written))}'
        head, colon, local = written.partition(":")
        if not colon:
            return _TYPE if written == "a" else f'"{written}'
        return f"{self._prefixes.get(head, f'{head}:')}{unescaped(local)}"

    def _resolved(self, iri: str) -> str:
        try:
            return urljoin(self._base, iri) if self._base else iri
        except ValueError:  # It looks like a host that is none.
            return iri

    def _declare(self, iri: str) -> bool:
        """Take an IRI for that of a prefix or of the base, where these words stood before it."""
        if self._declares == "prefix":
            self._prefixes[self._prefix] = iri
        elif self._declares == "base":
            self._base = iri
        declares, self._declares = self._declares, ""
        return bool(declares)
