"""Lets Schemathesis read each pattern once: https://schemathesis.readthedocs.io/en/stable/guides/extending/.

Hypothesis 6.170 adds the characters of a range to a set one by one, and Schemathesis has it do so
for each case: with the 55,000 characters that an IRI may have, that was most of all its time.
What is generated stays the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis.strategies._internal import regex

_read: Callable[..., Any] = regex.regex_strategy
_known: dict[tuple[object, ...], Any] = {}


def _regex_strategy(pattern: Any, fullmatch: bool, **more: Any) -> Any:
    key = (pattern, fullmatch, repr(sorted(more.items())))
    if key not in _known:
        _known[key] = _read(pattern, fullmatch, **more)
    return _known[key]


regex.regex_strategy = _regex_strategy  # type: ignore[assignment]
