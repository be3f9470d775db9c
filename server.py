"""The server: files → one dataset → the gate → query processes → HTTP.

``python server.py [OPTIONS]`` is ``partnergraph serve``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from partnergraph.dataset import load_dataset
from partnergraph.errors import DoesNotConform
from partnergraph.http import Application
from partnergraph.pages import create_pages
from partnergraph.settings import Settings
from partnergraph.sparql_protocol import SparqlEndpoint
from partnergraph.validation import validate
from partnergraph.workers import WorkerPool


def create_app(settings: Settings, tell: Callable[[str], None] = lambda _: None) -> Application:
    """The application that serves what the settings say; it runs once it is started.

    Args:
        settings: what to serve, and within which bounds.
        tell: is told of each step before it begins, for a person who waits.

    Raises:
        UnreadableInput: a file cannot be read or is malformed.
        DoesNotConform: the graph has violations; nothing is served.
    """
    tell("Reading the data")
    dataset = load_dataset(settings)
    if not settings.no_validation:
        tell("Validating the graph")
        report = validate(dataset)
        if not report.conforms:
            raise DoesNotConform(report)
    tell("Starting the query processes")
    engine = WorkerPool(dataset.snapshot(settings.default_graph), settings)
    endpoint = SparqlEndpoint(engine, dataset.version, settings.max_query_bytes)
    return Application(engine, endpoint, create_pages(dataset))


if __name__ == "__main__":
    from partnergraph.cli import main

    main(["serve", *sys.argv[1:]])
