"""The global switches of rdflib, turned for as long as we need them otherwise."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import rdflib


@contextmanager
def literals_as_written() -> Iterator[None]:
    """Keep rdflib from rewriting literals (``"007"^^xsd:integer`` as 7, a date without its zone).

    And from logging a traceback for each that is ill-typed: the report names them better.
    """
    logger = logging.getLogger("rdflib.term")
    before = rdflib.NORMALIZE_LITERALS, logger.disabled
    rdflib.NORMALIZE_LITERALS, logger.disabled = False, True
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS, logger.disabled = before
