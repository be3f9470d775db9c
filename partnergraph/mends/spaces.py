"""Moves the spaces between some functions and their brackets, which the engine does not take.

https://www.w3.org/TR/sparql11-query/#whitespace: they may stand between any tokens.
"""

from __future__ import annotations

import re
from itertools import pairwise

from partnergraph.sparql.tokens import tokens

_SPACELESS = frozenset({"BNODE", "COALESCE", "CONCAT"})
_SPACED_FUNCTION = re.compile(r"(?i:BNODE|COALESCE|CONCAT)[ \t\r\n#]")


def with_spaces_inside(text: str) -> str:
    """``COALESCE (?a)`` → ``COALESCE( ?a)``: as long, so that every place stays what it was."""
    if not _SPACED_FUNCTION.search(text):
        return text
    read = list(tokens(text))
    for word, bracket in pairwise(read):
        begin, end = word.start + len(word.text), bracket.start
        if word.text.upper() in _SPACELESS and bracket.text == "(" and begin < end:
            text = f"{text[:begin]}({text[begin:end]}{text[end + 1 :]}"
    return text
