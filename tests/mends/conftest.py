"""The dataset that every mend is tried over."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, Store

from tests.mends.small_dataset import DATA


@pytest.fixture(scope="module")
def store() -> Store:
    """A default graph of one triple and two named graphs of two."""
    store = Store()
    store.load(DATA.encode(), RdfFormat.N_QUADS)
    return store
