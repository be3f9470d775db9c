"""The datasets of which every form of publication is tested, and what is asked of every form."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from functools import cache

import pytest
from pyoxigraph import RdfFormat, parse

from partnergraph.dataset.canonical import Dataset
from partnergraph.dataset.loading import load_dataset
from partnergraph.dataset.republishing import republish
from partnergraph.namespaces import PREFIXES, PUBLICATION
from partnergraph.settings import ROOT, Settings
from tests.graphs import n_quads, repository_files

EXAMPLES = tuple(repository_files("ontology/examples/valid/*.ttl"))
PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())

PRINTING = """
import json
from tests.publication.datasets import digests
print(json.dumps(digests(files)))
"""

every = pytest.mark.parametrize("name", ["page", "another base", "examples"])


@cache
def dataset(name: str) -> Dataset:
    """The page; the page under another base; or it and the examples of what is valid."""
    if name == "examples":
        return load_dataset(Settings(data=(ROOT / "data", *EXAMPLES)))
    base = "https://data.example.org/pg/" if name == "another base" else PUBLICATION
    return republish(load_dataset(Settings()), base)


def small(turtle: str) -> Dataset:
    """A dataset of a few statements."""
    quads = parse(f"{PROLOGUE} BASE <{PUBLICATION}> {turtle}", format=RdfFormat.TURTLE)
    return Dataset(n_quads(quads), version="0" * 64)


def digests(files: Iterable[tuple[str, str, bytes]]) -> dict[str, str]:
    """The SHA-256 of files by their names; a file is its name, media type and content."""
    return {name: hashlib.sha256(content).hexdigest() for name, _, content in files}


def digests_in_another_process(program: str) -> dict[str, str]:
    """The same of the ``files`` of a program that runs with another hash seed."""
    ran = subprocess.run(
        [sys.executable, "-c", f"{program}{PRINTING}"],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    found: dict[str, str] = json.loads(ran.stdout)
    return found
