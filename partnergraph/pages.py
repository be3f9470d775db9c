"""The pages: what Flask serves, and every error in the one shape."""

from __future__ import annotations

from flask import Flask, Response, render_template
from werkzeug.exceptions import HTTPException

from partnergraph.dataset import Dataset
from partnergraph.problems import MEDIA_TYPE, REQUEST_PROBLEMS, problem_body


def create_pages(dataset: Dataset) -> Flask:
    """The Flask application of everything but the SPARQL endpoint."""
    app = Flask(__name__)

    @app.get("/")
    def home() -> str:
        return render_template("home.html", version=dataset.version, graphs=dataset.graph_names)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        status = error.code if error.code in REQUEST_PROBLEMS else 500
        problem = REQUEST_PROBLEMS[status]
        detail = "There is /sparql and /health." if status == 404 else error.description
        response = Response(problem_body(problem, detail), status, mimetype=MEDIA_TYPE)
        for name, value in error.get_headers():
            if name.lower() == "allow":
                response.headers[name] = value
        return response

    return app
