"""The flow, top to bottom: files → one dataset → the gate → query processes → HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from hashlib import sha256

from partnergraph.dataset.loading import load_dataset
from partnergraph.embedded.pool import WorkerPool
from partnergraph.engine import Bounds
from partnergraph.gate.validation import require_conformance
from partnergraph.http.asgi import Application
from partnergraph.http.edition import Edition
from partnergraph.http.flask_bridge import FlaskBridge
from partnergraph.http.flask_pages import create_pages
from partnergraph.http.metrics import Metrics
from partnergraph.http.named_queries import NamedQueries
from partnergraph.http.picture_answers import SparqlPictures
from partnergraph.http.representations import Representations
from partnergraph.protocol.budgets import Budgets
from partnergraph.protocol.cache import AnswerCache
from partnergraph.protocol.endpoint import Source, SparqlEndpoint
from partnergraph.protocol.query_request import QueryLimits
from partnergraph.publication.release import publish
from partnergraph.settings import Settings
from partnergraph.site.assembly import PartnergraphSite


def create_app(settings: Settings, tell: Callable[[str], None] = lambda _: None) -> Application:
    """The ASGI application that serves what the settings say, for any server of such.

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
        report = require_conformance(dataset, settings.data)
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
        engine,
        answers,
        budgets,
        Source(version, changed),
        QueryLimits(settings.max_query_bytes, _bounds(settings)),
    )
    site = PartnergraphSite(publication, report, settings.address)
    named = NamedQueries(
        publication.queries, site.choices, site.query_pages, endpoint, dataset.base
    )
    kept = Representations(settings.cache_bytes)
    flask = create_pages(site.site, kept, changed, site.problem_page)
    pages = FlaskBridge(flask, settings.cache_bytes)
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


def _bounds(settings: Settings) -> Bounds:
    """How much there may be of a stranger's query."""
    return Bounds(
        settings.max_depth,
        settings.max_path,
        settings.max_patterns,
        settings.max_operators,
        settings.max_values,
    )
