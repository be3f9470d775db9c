"""Where in the text of a graph something is said: the line of a thing, a property and a value.

A SHACL report is about a graph, and a graph knows nothing of the text that it was read from. So the
names are looked for in the text, in one pass: in full, with a prefix, or as terms of a JSON-LD
context. This reads no RDF – that is done elsewhere, by a process that may be killed – and so it may
miss what is written in an unusual way; what it does not find has no line.
"""

from __future__ import annotations

import html
import json
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from urllib.parse import urljoin

from partnergraph.namespaces import expand

# None of these backtracks, and what is not closed goes to the end: time grows with the text alone.
_TURTLE = re.compile(
    r"""(?P<comment>\#[^\n]*+)
    | (?P<text>\"{3}(?:[^"\\]|\\.|"(?!""))*+(?:\"{3}|\\?\Z)
             | '{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3}|\\?\Z)
             | "(?:[^"\\\n]|\\.)*+(?:"|\\?\Z|(?=\n)) | '(?:[^'\\\n]|\\.)*+(?:'|\\?\Z|(?=\n)))
    | (?P<iri><[^<>"\s]*+>)
    | (?P<name>(?:[^\s<>"'{}()\[\];,\#^\\.]|\\.|\.(?=[\w:%\\-]))++)
    | (?P<sign>[.{}()\[\]])""",
    re.VERBOSE | re.DOTALL,
)
_JSON = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*+(?:"|\\?\Z))(?P<colon>\s*+:)?
    | (?P<name>[^\s{}\[\]:,"]++)
    | (?P<sign>[{}\[\]])""",
    re.VERBOSE | re.DOTALL,
)
_XML = re.compile(
    r"""(?P<comment><!--.*?(?:-->|\Z)|<[?!][^>]*+(?:>|\Z))
    | (?<![\w.:-])xmlns(?::(?P<prefix>[\w.-]++))?\s*+=\s*+
      (?P<mark>["'])(?P<namespace>.*?)(?:(?P=mark)|\Z)
    | (?<![\w.:-])(?P<attribute>[\w.:-]++)\s*+=\s*+
      (?P<quote>["'])(?P<value>.*?)(?:(?P=quote)|\Z)
    | (?P<close></|/>) | <(?P<open>[\w.:-]++) | >(?P<text>[^<]*+)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}

_TYPE = expand("rdf:type")
_ABOUT = expand("rdf:about")
_NOWHERE = -1

_DEEPEST_TERM = 4
"""How often a term of a context may stand for another."""


def read_literal(term: str) -> tuple[str, str, str] | None:
    """Text, language and datatype of a literal in N-Triples; ``None`` for any other term."""
    end = term.rfind('"')  # Neither a language nor an IRI has a quotation mark.
    if end < 1 or not term.startswith('"'):
        return None
    text, kind = _unquoted(term[: end + 1]), term[end + 1 :]
    return (
        _unescaped(text),
        kind[1:] if kind[:1] == "@" else "",
        kind[3:-1] if kind[:1] == "^" else "",
    )


class GraphLines:
    """Finds lines in the text of one graph."""

    def __init__(self, text: str, syntax: str) -> None:
        """Args:
        text: the graph as it was written.
        syntax: file extension of its syntax, such as ``ttl``.
        """
        self._text = text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        # What follows belongs to tokens by their numbers, in the order of the text.
        self._offsets: list[int] = []
        self._written: list[str] = []
        self._by_key: dict[str, list[int]] = defaultdict(list)
        self._of_thing: dict[tuple[str, str], list[int]] = defaultdict(list)
        # A frame is what is said of one thing: a statement, an object or an element.
        self._parents: list[int] = []
        self._things: list[str] = []
        self._tokens: list[tuple[int, tuple[str, ...]]] = []
        readers: dict[str, Callable[[], None]] = {"jsonld": self._read_json, "rdf": self._read_xml}
        readers.get(syntax, self._read_turtle)()
        self._sort_tokens()

    def line(self, thing: str, path: str, value: str) -> int:
        """The number of the line, from 1, where something is said; 0 where it is not found.

        Args:
            thing: of which it is said, as a term of N-Triples.
            path: the IRI of a property, if it is about one.
            value: a term of N-Triples, if it is about one.
        """
        name = thing.strip("<>")
        literal = read_literal(value)
        key = f'"{literal[0]}' if literal else value.strip("<>")
        if thing.startswith("<"):
            found = self._token_of(name, path, "" if value == thing else key)
        else:
            found = self._only_token(path, key)
        return bisect_left(self._starts, self._offsets[found] + 1) if found != _NOWHERE else 0

    def written(self, iri: str) -> str:
        """An IRI as the text first writes it; empty where it does not."""
        tokens = self._by_key.get(iri)
        return self._written[tokens[0]] if tokens else ""

    def _token_of(self, thing: str, path: str, value: str) -> int:
        """Where a thing has the value of a property; else the property, else the thing."""
        paths = self._of_thing.get((thing, path), []) if path else []
        values = self._of_thing.get((thing, value), []) if value else []
        if paths and values:
            return min(_after(paths, values), default=(0, paths[0]))[1]
        subjects = self._of_thing.get((thing, thing), [])
        anywhere = self._by_key.get(thing, [])
        first = paths or ([] if path else values) or subjects or anywhere
        return first[0] if first else _NOWHERE

    def _only_token(self, path: str, value: str) -> int:
        """Where something without a name says so, if there is only one place where that is said."""
        paths, values = self._by_key.get(path, []), self._by_key.get(value, [])
        found = [token for gap, token in _after(paths, values) if gap == 1] if values else paths
        lines = {bisect_left(self._starts, self._offsets[one] + 1) for one in found}
        return found[0] if len(lines) == 1 else _NOWHERE

    # Reading

    def _frame(self, parent: int) -> int:
        self._parents.append(parent)
        self._things.append("")
        return len(self._parents) - 1

    def _add(self, offset: int, written: str, frame: int, *keys: str) -> None:
        self._offsets.append(offset)
        self._written.append(written)
        self._tokens.append((frame, keys))

    def _sort_tokens(self) -> None:
        for frame, parent in enumerate(self._parents):  # Parents come first.
            if not self._things[frame] and parent != _NOWHERE:
                self._things[frame] = self._things[parent]
        for number, (frame, keys) in enumerate(self._tokens):
            thing = self._things[frame] if frame != _NOWHERE else ""
            for key in dict.fromkeys(keys):
                self._by_key[key].append(number)
                if thing:
                    self._of_thing[thing, key].append(number)
        self._tokens.clear()

    def _read_turtle(self) -> None:
        names = _TurtleNames()
        depth, frame, begins = 0, _NOWHERE, True
        for found in _TURTLE.finditer(self._text):
            kind, written = str(found.lastgroup), found[0]
            if kind == "comment":
                continue
            if kind == "sign":
                depth += (written in "([") - (written in ")]")
                if begins and written in "([":  # A statement about something without a name.
                    frame, begins = self._frame(_NOWHERE), False
                begins = begins or (depth == 0 and written in ".{}")
                continue
            key = names.read(kind, written, begins=begins)
            if not key:
                begins = True  # A statement may follow a declaration without a full stop.
                continue
            if begins:
                frame, begins = self._frame(_NOWHERE), False
                self._things[frame] = key
            self._add(found.start(), written, frame, key)

    def _read_json(self) -> None:
        terms: dict[str, str] = {}
        seen: list[tuple[int, str, int, str]] = []
        frame, key = _NOWHERE, ""
        # Of each object that is open: the key that it is the value of, whether it is of a context.
        opened: list[tuple[str, bool]] = [("", False)]
        for found in _JSON.finditer(self._text):
            opener, in_context = opened[-1]
            text = _json_text(found["text"]) if found["text"] else found["name"]
            if found["sign"] == "{":
                frame = self._frame(frame)
                opened.append((key, in_context or key == "@context"))
            elif found["sign"] == "}" and len(opened) > 1:
                frame = self._parents[frame]
                key, _ = opened.pop()
            elif found["colon"]:
                key = text
                if not in_context:
                    seen.append((found.start(), text, frame, ""))
            elif in_context and text and (opener == "@context" or key == "@id"):
                terms[key if opener == "@context" else opener] = text
            elif text and not in_context:
                seen.append((found.start(), text, frame, key))
        # A context may stand after what is written with it.
        keys = Counter(frame for _, _, frame, key in seen if not key)
        for offset, text, frame, key in seen:
            expanded = _expanded(text, terms)
            self._add(offset, text, frame, expanded, f'"{text}')
            # Of an object with nothing else in it, the name is a value, and no thing is described.
            if key and frame != _NOWHERE and keys[frame] > 1 and _expanded(key, terms) == "@id":
                self._things[frame] = expanded

    def _read_xml(self) -> None:
        prefixes: dict[str, str] = {}
        frame = _NOWHERE
        for found in _XML.finditer(self._text):
            if found["namespace"] is not None:
                prefixes[found["prefix"] or "@vocab"] = found["namespace"]
            elif found["close"] and frame != _NOWHERE:
                frame = self._parents[frame]
            elif found["open"]:
                frame = self._frame(frame)
                self._add(found.start(), found["open"], frame, found["open"])
            elif found["attribute"] and found["value"] is not None:
                value = html.unescape(found["value"])
                if _expanded(found["attribute"], prefixes) == _ABOUT and frame != _NOWHERE:
                    self._things[frame] = value
                self._add(found.start(), value, frame, found["attribute"], value, f'"{value}')
            elif found["text"] and found["text"].strip():
                self._add(found.start("text"), "", frame, f'"{html.unescape(found["text"])}')
        # A namespace is declared after the name of the element that it is declared in.
        self._tokens = [
            (frame, tuple(one if one[:1] == '"' else _expanded(one, prefixes) for one in keys))
            for frame, keys in self._tokens
        ]


class _TurtleNames:
    """What the words of Turtle stand for; their prefixes are declared before they are used."""

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
            return f'"{_unescaped(_unquoted(written))}'
        head, colon, local = written.partition(":")
        if not colon:
            return _TYPE if written == "a" else f'"{written}'
        return f"{self._prefixes.get(head, f'{head}:')}{_unescaped(local)}"

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


def _after(paths: list[int], values: list[int]) -> Iterator[tuple[int, int]]:
    """How far each value is from the property before it, in tokens; and which token it is."""
    for value in values:
        place = bisect_left(paths, value)
        if place:
            yield value - paths[place - 1], value


def _expanded(name: str, terms: dict[str, str]) -> str:
    """The IRI that a name stands for, if any."""
    for _ in range(_DEEPEST_TERM):
        if name == "@type":
            return _TYPE
        if name in terms and terms[name] != name:
            name = terms[name]
            continue
        head, colon, local = name.partition(":")
        if not colon or local.startswith("//") or head not in terms:
            vocabulary = terms.get("@vocab", "")
            return name if colon or name.startswith("@") else f"{vocabulary}{name}"
        name = f"{terms[head]}{local}"
    return name


def _unquoted(written: str) -> str:
    quotes = 3 if written[:3] in ('"""', "'''") and len(written) > 5 else 1  # noqa: PLR2004
    return written[quotes:-quotes]


def _unescaped(text: str) -> str:
    def replace(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        if not code:
            return _CONTROLS.get(found[3], found[3])
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else ""  # noqa: PLR2004

    return _ESCAPE.sub(replace, text) if "\\" in text else text


def _json_text(written: str) -> str:
    try:
        return str(json.loads(written))
    except ValueError:
        return written[1:-1]
