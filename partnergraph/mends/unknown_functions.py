"""Lets a call of a function that is not known be an error of evaluation, as the standard has it.

https://www.w3.org/TR/sparql11-query/#extensionFunctions; the engine refuses the whole query.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pyoxigraph import NamedNode

from partnergraph.mends.asking import Ask, Result

MOST_UNKNOWN_FUNCTIONS = 16

_UNKNOWN_FUNCTION = re.compile(r"The custom function <(.+)> is not supported")


def with_unknown_functions(text: str, ask: Ask) -> Result:
    """The result of a query, in which a call of a function that is not known is an error.

    Raises:
        RuntimeError: it calls more of them than :data:`MOST_UNKNOWN_FUNCTIONS`.
    """
    unknown: dict[NamedNode, Callable[..., None]] = {}
    while True:
        try:
            return ask(text, custom_functions=unknown) if unknown else ask(text)
        except RuntimeError as error:
            found = _UNKNOWN_FUNCTION.fullmatch(str(error))
            if found is None or len(unknown) == MOST_UNKNOWN_FUNCTIONS:
                raise
            unknown[NamedNode(found[1])] = _fail


def _fail(*_: object) -> None:
    """A function without a value, which is an error of evaluation."""
