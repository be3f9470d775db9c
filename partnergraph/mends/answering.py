"""Answers a query: mended where the engine would get it wrong, and as it is where not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from partnergraph.mends.asking import Ask, Result, check_syntax
from partnergraph.mends.brackets import closing_brackets
from partnergraph.mends.graph_variables import may_be_wrong, wrong_patterns
from partnergraph.mends.group_concat import may_concatenate, put_into_str
from partnergraph.mends.named_graphs import named_graphs
from partnergraph.mends.spaces import with_spaces_inside
from partnergraph.mends.spelling_out import Marked, spelt_out
from partnergraph.mends.truths import with_small_truths
from partnergraph.mends.unknown_functions import with_unknown_functions
from partnergraph.sparql.tokens import tokens


def answered(text: str, ask: Ask) -> Result:
    """The result of a query, mended where that is needed.

    Raises:
        SyntaxError: the query is malformed; line and column are those of the text as given.
        ValueError: the engine would answer it wrongly, and it cannot be mended; for the user.
        RuntimeError: it calls more unknown functions than ``MOST_UNKNOWN_FUNCTIONS``.
    """
    text = with_small_truths(with_spaces_inside(text))

    def graphs() -> list[str]:
        check_syntax(text)
        return named_graphs(text, ask)

    better = mended(text, graphs)
    try:
        return with_unknown_functions(better, ask)
    except SyntaxError:
        if better is text:
            raise
    check_syntax(text)
    raise ValueError("the engine cannot answer this use of GRAPH or GROUP_CONCAT rightly")


def mended(text: str, graphs: Callable[[], Sequence[str]]) -> str:
    """A query that the engine answers rightly: the same object where there is nothing to mend.

    Args:
        text: SPARQL 1.1; what is malformed comes back as it is, or malformed.
        graphs: gives the IRIs of the dataset's named graphs; asked only where needed.

    Raises:
        ValueError: spelt out, it would be larger than ``LARGEST``; the message is for the user.
    """
    lower = text.lower()
    if not (may_concatenate(lower) or may_be_wrong(lower)):
        return text
    read = list(tokens(text))
    closings = closing_brackets(read)
    if closings is None:
        return text
    query = Marked(text, read, put_into_str(read, closings), wrong_patterns(read))
    if not (query.replacements or query.wrong_patterns):
        return text
    return spelt_out(query, [f"<{iri}>" for iri in graphs()] if query.wrong_patterns else [])
