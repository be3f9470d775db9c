"""Puts ``GROUP_CONCAT`` into ``STR``, as the engine lets it keep a language tag.

https://github.com/oxigraph/oxigraph/pull/1717; it gives a simple literal:
https://www.w3.org/TR/sparql11-query/#defn_aggGroupConcat
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from partnergraph.sparql.tokens import Token


def may_concatenate(lower: str) -> bool:
    """Whether a query, given in lower case, may call it: quick, and never wrongly a no."""
    return "group_concat" in lower


def put_into_str(query: Sequence[Token], closings: Mapping[int, int]) -> dict[int, str]:
    """What has to stand in place of some tokens, by their index.

    Args:
        query: the tokens of a query.
        closings: the index of the token that closes a bracket, by that of the one that opens it.
    """
    replacements: dict[int, str] = {}
    for opening, closing in closings.items():
        if query[opening].text == "(" and opening and _is_group_concat(query[opening - 1]):
            replacements[opening - 1] = "STR"
            replacements[opening] = "(GROUP_CONCAT("
            replacements[closing] = "))"
    return replacements


def _is_group_concat(token: Token) -> bool:
    return token.kind == "word" and token.text.upper() == "GROUP_CONCAT"
