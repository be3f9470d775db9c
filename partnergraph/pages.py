"""The pages: what Flask serves, and every error in the one shape."""

from __future__ import annotations

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException, NotFound

from partnergraph.dataset import Dataset
from partnergraph.descriptions import ABOUT, TITLE
from partnergraph.namespaces import TP
from partnergraph.problems import MEDIA_TYPE, PROBLEMS, problem_body, problem_of_status

FIRST_QUERY = f"""\
PREFIX tp: <{TP}>

SELECT ?territory ?partner
WHERE {{ ?territory tp:twinnedWith ?partner }}
ORDER BY ?territory ?partner
"""


def create_pages(dataset: Dataset) -> Flask:
    """The Flask application of everything but the SPARQL endpoint."""
    app = Flask(__name__)

    @app.get("/")
    def home() -> Response:
        version = dataset.version
        return _page("home.html", titles=TITLE, about=ABOUT, version=version, query=FIRST_QUERY)

    @app.get("/problems")
    def problems() -> Response:
        return _page("problems.html", problems=PROBLEMS.values())

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        problem = problem_of_status(error.code or 500)
        detail = (
            "There is /, /sparql, /problems, /health and /metrics."
            if isinstance(error, NotFound)
            else error.description
        )
        response = Response(problem_body(problem, detail), problem.status, mimetype=MEDIA_TYPE)
        for name, value in error.get_headers():
            if name.lower() == "allow":
                response.headers[name] = value
        return response

    return app


def _page(template: str, **context: object) -> Response:
    """A page in the reader's language, Latvian or English."""
    language = request.accept_languages.best_match(("lv", "en"), default="en")
    response = Response(render_template(template, language=language, **context))
    response.vary.add("Accept-Language")
    response.content_language.add(language)
    return response
