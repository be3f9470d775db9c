"""Faults that single tokens show, whatever the grammar says: prefixes, escapes, relative IRIs."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

from partnergraph.namespaces import PREFIXES
from partnergraph.sparql.recogniser import Advice, Lexeme

WELL_KNOWN = PREFIXES | {
    "dbo": "http://dbpedia.org/ontology/",
    "dbr": "http://dbpedia.org/resource/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dct": PREFIXES["dcterms"],
    "fn": "http://www.w3.org/2005/xpath-functions#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "geof": "http://www.opengis.net/def/function/geosparql/",
    "p": "http://www.wikidata.org/prop/",
    "pq": "http://www.wikidata.org/prop/qualifier/",
    "ps": "http://www.wikidata.org/prop/statement/",
    "qb": "http://purl.org/linked-data/cube#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "wdt": "http://www.wikidata.org/prop/direct/",
}
"""The prefixes of the model, and others that people write without looking."""

MOST_NAMED = 6

_BARE_IRI = re.compile(r"""(?:https?://|ftp://|urn:|mailto:)[^\s<>"'{}|^`\\]+""")
_WRONG_ESCAPE = re.compile(
    r"""\\(?:[tbnrf\\"']|u(?![dD][89a-fA-F])[0-9A-Fa-f]{4}|U00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4}|(?P<wrong>))"""
)
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:")


LONGEST_GUESSED = 40
"""Characters of a word that is compared with others; the comparison takes the square of it."""


def nearest(word: str, names: Iterable[str], alike: float, most: int = 1) -> list[str]:
    """The names that a misspelt word may stand for."""
    if len(word) > LONGEST_GUESSED:
        return []
    fitting = sorted(name for name in names if len(name) <= LONGEST_GUESSED)
    return difflib.get_close_matches(word, fitting, n=most, cutoff=alike)


def token_slip(text: str, lexemes: list[Lexeme]) -> Advice | None:
    """The first fault of those that single tokens show."""
    found = [*_undeclared(text, lexemes), *_wrong_escapes(lexemes)]
    return min(found, key=lambda advice: advice.start or 0, default=None)


def bare_iri(text: str, start: int) -> Advice | None:
    """What to do where an IRI begins that is not in angle brackets."""
    match = _BARE_IRI.match(text, start)
    if not match:
        return None
    iri = match[0].rstrip(".,;)]")
    return Advice(f"Write <{iri}>", "An IRI has to stand between '<' and '>'.", start)


def engine_limit(lexemes: list[Lexeme]) -> Advice | None:
    """The first token that is right by the grammar and that the engine still refuses."""
    based = any(lexeme.terminal == "BASE" for lexeme in lexemes)
    for lexeme in lexemes:
        if lexeme.terminal == "IRIREF" and not based and not is_absolute(lexeme.text):
            return Advice(
                "Write the whole IRI, or declare before the query: BASE <http://…/>",
                f"The IRI {lexeme.text} is relative, and the query has no BASE.",
                lexeme.start,
            )
        if lexeme.terminal in ("TRUE", "FALSE") and not lexeme.text.islower():
            small = lexeme.text.lower()
            message = f"{lexeme.text} is not understood here; expected {small} in small letters."
            return Advice(f"Write {small}", message, lexeme.start)
    return None


def is_absolute(iri: str) -> bool:
    """Whether an IRI in angle brackets begins with a scheme."""
    return _ABSOLUTE.match(iri) is not None


def _undeclared(text: str, lexemes: list[Lexeme]) -> Iterator[Advice]:
    declared: set[str] = set()
    used: dict[str, Lexeme] = {}
    before = Lexeme("END", "", 0, 0)
    for lexeme in lexemes:
        if lexeme.terminal in ("PNAME_NS", "PNAME_LN"):
            prefix = lexeme.text.partition(":")[0]
            if before.text.upper() in ("PREFIX", "@PREFIX"):
                declared.add(prefix)
            elif before.terminal == "VAR" and before.end == lexeme.start:
                yield _variable_prefix(before, lexeme)
            elif advice := None if prefix in declared else bare_iri(text, lexeme.start):
                yield advice
            else:
                used.setdefault(prefix, lexeme)
        before = lexeme
    missing = [prefix for prefix in used if prefix not in declared]
    if missing:
        yield _declare(missing, declared, used[missing[0]].start)


def _variable_prefix(variable: Lexeme, name: Lexeme) -> Advice:
    return Advice(
        f"Write {variable.text[1:]}{name.text} for an IRI, or {variable.text} for a variable.",
        f"The variable {variable.text} cannot be a prefix.",
        variable.start,
    )


def _declare(missing: list[str], declared: set[str], start: int) -> Advice:
    named = [f"'{prefix}:'" for prefix in missing[:MOST_NAMED]]
    if len(missing) > MOST_NAMED:
        named.append(f"{len(missing) - MOST_NAMED} more")
    message = f"The prefix {named[0]} is not declared."
    if len(named) > 1:
        message = f"The prefixes {', '.join(named[:-1])} and {named[-1]} are not declared."
    close = nearest(missing[0], declared, 0.7)
    if close and missing[0] not in WELL_KNOWN:
        return Advice(f"Did you mean {close[0]}: here?", message, start)
    lines = [
        f"PREFIX {prefix}: <{WELL_KNOWN.get(prefix, 'http://…')}>"
        for prefix in missing[:MOST_NAMED]
    ]
    return Advice("\n".join(["Put before the query:", *lines]), message, start)


def _wrong_escapes(lexemes: list[Lexeme]) -> Iterator[Advice]:
    for lexeme in lexemes:
        if lexeme.terminal != "STRING" or "\\" not in lexeme.text:
            continue
        for match in _WRONG_ESCAPE.finditer(lexeme.text):
            if match["wrong"] is not None:
                escape = lexeme.text[match.start() : match.start() + 2]
                yield Advice(
                    rf"Write \{escape} for a backslash that stays in the string.",
                    rf"{escape} is no escape in a string; there are \t \b \n \r \f \\ \" \' \u \U.",
                    lexeme.start + match.start(),
                )
                return
