"""Reads the words of RDF/XML: a frame is an element, and names have the prefixes of namespaces."""

from __future__ import annotations

import html
import re

from partnergraph.namespaces import expand
from partnergraph.texts.expansion import VOCABULARY, expanded
from partnergraph.texts.words import Frame, Words

# This does not backtrack, and what is not closed goes to the end: time grows with the text alone.
_TOKEN = re.compile(
    r"""(?P<comment><!--.*?(?:-->|\Z)|<[?!][^>]*+(?:>|\Z))
    | (?<![\w.:-])xmlns(?::(?P<prefix>[\w.-]++))?\s*+=\s*+
      (?P<mark>["'])(?P<namespace>.*?)(?:(?P=mark)|\Z)
    | (?<![\w.:-])(?P<attribute>[\w.:-]++)\s*+=\s*+
      (?P<quote>["'])(?P<value>.*?)(?:(?P=quote)|\Z)
    | (?P<close></|/>) | <(?P<open>[\w.:-]++) | >(?P<text>[^<]*+)""",
    re.VERBOSE | re.DOTALL,
)

_ABOUT = expand("rdf:about")


def read_rdf_xml(text: str) -> Words:
    """The words of a text in RDF/XML."""
    words = Words()
    prefixes: dict[str, str] = {}
    seen: list[tuple[int, str, Frame | None, tuple[str, ...]]] = []
    frame: Frame | None = None
    for found in _TOKEN.finditer(text):
        if found["namespace"] is not None:
            prefixes[found["prefix"] or VOCABULARY] = found["namespace"]
        elif found["close"] and frame:
            frame = frame.parent
        elif found["open"]:
            frame = words.frame(frame)
            seen.append((found.start(), found["open"], frame, (found["open"],)))
        elif found["attribute"] and found["value"] is not None:
            value = html.unescape(found["value"])
            if expanded(found["attribute"], prefixes) == _ABOUT and frame:
                frame.thing = value
            names = (found["attribute"], value, f'"{value}')
            seen.append((found.start(), value, frame, names))
        elif found["text"] and found["text"].strip():
            literal = f'"{html.unescape(found["text"])}'
            seen.append((found.start("text"), "", frame, (literal,)))
    # A namespace is declared after the name of the element that it is declared in.
    for offset, written, frame, keys in seen:
        meant = (one if one[:1] == '"' else expanded(one, prefixes) for one in keys)
        words.add(offset, written, frame, *meant)
    return words
