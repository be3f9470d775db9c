"""Asks the engine: what that takes and gives, and asking it for nothing but the syntax."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store

Result = QuerySolutions | QueryBoolean | QueryTriples

Ask = Callable[..., Result]
"""Asks a query over a dataset, with the keyword ``custom_functions`` of ``Store.query``."""


def check_syntax(text: str) -> None:
    """Do nothing where a query is well-formed.

    Raises:
        SyntaxError: the query is malformed.
    """
    with suppress(RuntimeError, ValueError, OSError):
        # It parses before it evaluates; without data there is next to nothing to evaluate.
        Store().query(text)
