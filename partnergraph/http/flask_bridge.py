"""From a request to what Flask answers, and back, without a socket between: PEP 3333."""

from __future__ import annotations

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from partnergraph.protocol.messages import Request, Response


def ask_flask(pages: Flask, request: Request) -> Response:
    """What Flask answers."""
    environ = EnvironBuilder(
        # The response to HEAD has the fields of that to GET; the connection leaves out the content.
        method="GET" if request.method == "HEAD" else request.method,
        query_string=request.query_string,
        headers=list(request.headers.items()),
        data=request.body,
        # Not as path=, which would read a question mark in it as the start of a query string.
        # https://peps.python.org/pep-3333/#unicode-issues
        environ_overrides={"PATH_INFO": request.path.encode().decode("latin-1")},
    ).get_environ()
    chunks, status, headers = run_wsgi_app(pages, environ, buffered=True)
    fields = ((name.lower(), value) for name, value in headers.items())
    return Response(
        int(status.split(maxsplit=1)[0]),
        tuple(one for one in fields if one[0] not in ("content-length", "date")),
        b"".join(chunks),
        "page",
        # Pages follow from the edition and the request alone.
        repeatable=status[:3] in ("200", "303", "304"),
    )
