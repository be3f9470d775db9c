"""Reads the words of JSON-LD: a frame is an object, and names are terms of the context."""

from __future__ import annotations

import json
import re
from collections import Counter

from partnergraph.texts.expansion import expanded
from partnergraph.texts.words import Frame, Words

# This does not backtrack, and what is not closed goes to the end: time grows with the text alone.
_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*+(?:"|\\?\Z))(?P<colon>\s*+:)?
    | (?P<name>[^\s{}\[\]:,"]++)
    | (?P<sign>[{}\[\]])""",
    re.VERBOSE | re.DOTALL,
)


def read_json_ld(text: str) -> Words:
    """The words of a text in JSON-LD; what is named elsewhere, as a remote context, is not read."""
    words = Words()
    terms: dict[str, str] = {}
    seen: list[tuple[int, str, Frame | None, str]] = []
    frame: Frame | None = None
    key = ""
    # Of each object that is open: the key that it is the value of, whether it is of a context.
    opened: list[tuple[str, bool]] = [("", False)]
    for found in _TOKEN.finditer(text):
        opener, in_context = opened[-1]
        word = _unquoted(found["text"]) if found["text"] else found["name"]
        if found["sign"] == "{":
            frame = words.frame(frame)
            opened.append((key, in_context or key == "@context"))
        elif found["sign"] == "}" and frame:
            frame = frame.parent
            key, _ = opened.pop()
        elif found["colon"]:
            key = word
            if not in_context:
                seen.append((found.start(), word, frame, ""))
        elif in_context and word and (opener == "@context" or key == "@id"):
            terms[key if opener == "@context" else opener] = word
        elif word and not in_context:
            seen.append((found.start(), word, frame, key))
    # A context may stand after what is written with it.
    keys = Counter(frame for _, _, frame, key in seen if not key)
    for offset, word, frame, key in seen:
        name = expanded(word, terms)
        words.add(offset, word, frame, name, f'"{word}')
        # Of an object with nothing else in it, the name is a value, and no thing is described.
        if key and frame and keys[frame] > 1 and expanded(key, terms) == "@id":
            frame.thing = name
    return words


def _unquoted(written: str) -> str:
    try:
        return str(json.loads(written))
    except ValueError:
        return written[1:-1]
