"""Literals as Turtle and N-Triples write them: in quotation marks, with escapes.

See https://www.w3.org/TR/turtle/#turtle-literals and https://www.w3.org/TR/turtle/#sec-escapes.
"""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def read_literal(term: str) -> tuple[str, str, str] | None:
    """Text, language and datatype of a literal in N-Triples; ``None`` for any other term."""
    end = term.rfind('"')  # Neither a language nor an IRI has a quotation mark.
    if end < 1 or not term.startswith('"'):
        return None
    text, kind = unquoted(term[: end + 1]), term[end + 1 :]
    return (
        unescaped(text),
        kind[1:] if kind[:1] == "@" else "",
        kind[3:-1] if kind[:1] == "^" else "",
    )


def unquoted(written: str) -> str:
    """What stands between quotation marks, one or three of either kind."""
    quotes = 3 if written[:3] in ('"""', "'''") and len(written) > 5 else 1  # noqa: PLR2004
    return written[quotes:-quotes]


def unescaped(text: str) -> str:
    """What is meant by a text with escapes, those of numbers, controls and local names."""

    def replace(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        if not code:
            return _CONTROLS.get(found[3], found[3])
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else ""  # noqa: PLR2004

    return _ESCAPE.sub(replace, text) if "\\" in text else text
