"""The server: files → one dataset → the gate → query processes → HTTP.

``python server.py [OPTIONS]`` is ``partnergraph serve``.
"""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from hashlib import sha256
from typing import Any

import click

from partnergraph import __version__
from partnergraph.answers import AnswerCache
from partnergraph.budgets import Budgets
from partnergraph.dataset import load_dataset
from partnergraph.http import Application, Edition
from partnergraph.logs import log_to_standard_error
from partnergraph.metrics import Metrics
from partnergraph.named_queries import NamedQueries
from partnergraph.options import settings_options
from partnergraph.pages import create_pages
from partnergraph.publication import publish
from partnergraph.representations import Representations
from partnergraph.settings import Settings
from partnergraph.site import PartnergraphSite
from partnergraph.sparql_pictures import SparqlPictures
from partnergraph.sparql_protocol import Source, SparqlEndpoint
from partnergraph.terminal import COMMAND_LINE, failures, language_option, progress
from partnergraph.validation import require_conformance
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
    metrics = Metrics()
    budgets = Budgets(settings.budget, on_loopback=settings.budget_on_loopback)
    renew = partial(create_edition, settings, budgets, metrics)
    return Application(settings, renew(tell), renew, metrics, budgets)


def create_edition(
    settings: Settings,
    budgets: Budgets,
    metrics: Metrics,
    tell: Callable[[str], None] = lambda _: None,
) -> Edition:
    """What the files say now, ready to be served.

    Raises:
        UnreadableInput: a file cannot be read or is malformed.
        DoesNotConform: the graph has violations; nothing is served.
    """
    tell("Reading the data")
    dataset = load_dataset(settings)
    report = None
    if not settings.no_validation:
        tell("Validating the graph")
        report = require_conformance(dataset)
    tell("Writing the downloads")
    publication = publish(dataset, settings)
    tell("Starting")
    dataset = publication.dataset
    version = dataset.version
    changed = time.time()
    snapshot = dataset.snapshot(settings.default_graph)
    engine = WorkerPool(snapshot, settings, budgets.charge, metrics.process_ended)
    # Not the version: the description of the dataset and the stored queries can be asked for, too.
    source = f"{sha256(snapshot).hexdigest()} {dataset.base}"
    answers = AnswerCache(source, settings.cache_bytes)
    endpoint = SparqlEndpoint(
        engine, answers, budgets, Source(version, changed), settings.max_query_bytes
    )
    site = PartnergraphSite(publication, report, settings.address)
    named = NamedQueries(
        publication.queries, site.choices, site.query_pages, endpoint, dataset.base
    )
    kept = Representations(settings.cache_bytes)
    pages = create_pages(site.site, kept, changed, site.problem_page)
    pictures = SparqlPictures(endpoint, site.query_pages.picture)
    return Edition(
        version=version,
        engine=engine,
        answers=answers,
        endpoint=endpoint,
        named_queries=named,
        pictures=pictures,
        check_pages=site.check_pages,
        pages=pages,
        problem_page=site.problem_page,
    )


@click.command(context_settings=COMMAND_LINE)
@settings_options(*(item.name for item in fields(Settings)))
@language_option
def serve(language: str, **options: Any) -> None:
    """Validate the graph and answer SPARQL over HTTP."""
    del language  # failures() reads it from the context.
    settings = Settings(**options)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{settings.port}/"

    def ready() -> None:
        ending = f"Ctrl-C ends it, kill -HUP {os.getpid()} reads the files anew"
        click.echo(f"Partnergraph {__version__} answers at {address} ({ending})", err=True)

    with failures():
        with progress("Reading the data") as tell:
            application = create_app(settings, tell)
        log_to_standard_error()
        gc.collect()
        gc.freeze()  # What is loaded stays: no need to look through it for garbage ever again.
        asyncio.run(application.serve(ready))


if __name__ == "__main__":
    serve()
