"""That there is too much of a query: in words, and between processes."""

from __future__ import annotations

import json

from partnergraph.errors import QueryTooComplex
from partnergraph.slips.diagnosis import mark
from partnergraph.sparql.extent import Excess
from partnergraph.sparql.tokens import line_and_column

WORDS = {
    "depth": "groups, brackets and signs are nested more than {} deep (--max-depth)",
    "path": "a path has more than {} steps (--max-path)",
    "patterns": "there are more than {} triple patterns and clauses (--max-patterns)",
    "operators": "there are more than {} operators, alternatives and UNIONs (--max-operators)",
    "values": "there are more than {} values in VALUES, IN and arguments (--max-values)",
}
"""What there is too much of, and the option that says how much there may be."""


def explain_excess(excess: Excess) -> bytes:
    """What a query has too much of; for :func:`read_excess`, which may be in another process."""
    line, column = line_and_column(excess.text, excess.start)
    words = WORDS[excess.kind].format(excess.most)
    return json.dumps([words, line, column, mark(excess.text, line, column)]).encode()


def read_excess(explanation: bytes) -> QueryTooComplex:
    """The error that the query gets."""
    words, line, column, excerpt = json.loads(explanation)
    return QueryTooComplex(
        f"The query is too large: {words}. Split it.", line=line, column=column, excerpt=excerpt
    )
