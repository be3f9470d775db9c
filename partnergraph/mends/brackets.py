"""Pairs the brackets of a query: only where all have partners can it be told what stands in them.

https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

from __future__ import annotations

from collections.abc import Sequence

from partnergraph.sparql.tokens import Token

CLOSING = {"{": "}", "(": ")", "[": "]"}
"""The sign that closes what a sign opens."""


def is_opening(token: Token) -> bool:
    """Whether a token is a bracket that opens."""
    return token.text in CLOSING and token.kind == "sign"


def is_closing(token: Token) -> bool:
    """Whether a token is a bracket that closes."""
    return token.text in CLOSING.values() and token.kind == "sign"


def closing_brackets(query: Sequence[Token]) -> dict[int, int] | None:
    """The index of the token that closes a bracket, by the index of the one that opens it.

    Returns:
        ``None`` where a bracket has no partner.
    """
    partners: dict[int, int] = {}
    opened: list[int] = []
    for index, token in enumerate(query):
        if is_opening(token):
            opened.append(index)
        elif is_closing(token):
            if not opened or CLOSING[query[opened[-1]].text] != token.text:
                return None
            partners[opened.pop()] = index
    return None if opened else partners
