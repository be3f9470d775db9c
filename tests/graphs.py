"""The page's graph, and questions to it, for tests."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pyoxigraph import Quad, QuerySolutions, RdfFormat, serialize

from partnergraph.dataset.canonical import Dataset
from partnergraph.dataset.loading import load_dataset
from partnergraph.namespaces import ID, PREFIXES
from partnergraph.publication.release import publish
from partnergraph.settings import ROOT, Settings

SEED = ROOT.parent / "shared" / "seed" / "000_85713ef219460ac7.txt"
"""The page's text, which is no part of the repository."""

NO_SEED = f"the text of the page is not at ../{SEED.relative_to(ROOT.parent)}"


@cache
def page() -> Dataset:
    """The page's graph, as it is served."""
    return publish(load_dataset(Settings()), Settings()).dataset


def n_quads(quads: Iterable[Quad]) -> bytes:
    """Quads as a dataset holds them."""
    text = serialize(quads, format=RdfFormat.N_QUADS)
    assert text is not None
    return text


def ask(pattern: str) -> list[list[str]]:
    """The page's distinct solutions of a pattern, sorted; values in the order of its variables.

    IRIs of instances are cut to what follows ``id/``.
    """
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    variables = " ".join(dict.fromkeys(re.findall(r"\?\w+", pattern)))
    solutions = page().store.query(
        f"{prefixes} SELECT DISTINCT {variables} WHERE {{ {pattern} }}",
        base_iri=ID,
        use_default_graph_as_union=True,
    )
    assert isinstance(solutions, QuerySolutions)
    return sorted([term.value.removeprefix(ID) for term in row] for row in solutions)


def column(pattern: str) -> list[str]:
    """The page's solutions of a pattern with one variable."""
    return [value for (value,) in ask(pattern)]


def repository_files(*patterns: str) -> list[Path]:
    """The files of the repository that match; it is a fault if there is none."""
    found = sorted(path for pattern in patterns for path in ROOT.glob(pattern))
    assert found, patterns
    return found
