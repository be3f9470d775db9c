"""The pages: what Flask serves, and every error in the one shape."""

from __future__ import annotations

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException, NotFound

from partnergraph.dataset import Dataset
from partnergraph.descriptions import ABOUT, TITLE
from partnergraph.namespaces import TP
from partnergraph.problems import MEDIA_TYPE, REQUEST_PROBLEMS, problem_body

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
        language = request.accept_languages.best_match(("lv", "en"), default="en")
        page = render_template(
            "home.html",
            language=language,
            titles=TITLE,
            about=ABOUT,
            version=dataset.version,
            query=FIRST_QUERY,
        )
        response = Response(page)
        response.vary.add("Accept-Language")
        response.content_language.add(language)
        return response

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        status = error.code if error.code in REQUEST_PROBLEMS else 500
        problem = REQUEST_PROBLEMS[status]
        detail = (
            "There is /sparql and /health." if isinstance(error, NotFound) else error.description
        )
        response = Response(problem_body(problem, detail), status, mimetype=MEDIA_TYPE)
        for name, value in error.get_headers():
            if name.lower() == "allow":
                response.headers[name] = value
        return response

    return app
