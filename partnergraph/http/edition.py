"""One version of the dataset, and all that answers from it."""

from __future__ import annotations

from dataclasses import dataclass

from partnergraph.embedded.pool import WorkerPool
from partnergraph.http.flask_bridge import FlaskBridge
from partnergraph.http.named_queries import NamedQueries
from partnergraph.http.picture_answers import SparqlPictures
from partnergraph.pages.problem_pages import ProblemPages
from partnergraph.protocol.cache import AnswerCache
from partnergraph.protocol.endpoint import SparqlEndpoint
from partnergraph.site.checks import CheckPages


@dataclass(frozen=True)
class Edition:
    """What is served until there is another one.

    Attributes:
        version: the dataset's version.
        engine: evaluates queries.
        answers: those that are kept.
        endpoint: speaks the SPARQL protocol.
        named_queries: answers stored queries.
        pictures: draws answers.
        check_pages: makes the page on which a graph is checked.
        pages: Flask, with everything else.
        problem_page: makes the page that says an error.
    """

    version: str
    engine: WorkerPool
    answers: AnswerCache
    endpoint: SparqlEndpoint
    named_queries: NamedQueries
    pictures: SparqlPictures
    check_pages: CheckPages
    pages: FlaskBridge
    problem_page: ProblemPages
