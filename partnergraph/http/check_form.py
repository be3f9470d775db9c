"""The form in which a browser posts a graph to be checked: a text that was typed, or a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO

from werkzeug.exceptions import HTTPException
from werkzeug.formparser import parse_form_data

from partnergraph.errors import RequestError
from partnergraph.formats import HTML, LANGUAGES, negotiate
from partnergraph.gate.posted_graphs import REPORT_FORMATS
from partnergraph.protocol.messages import Request
from partnergraph.protocol.query_request import LONGEST_PREFERENCES
from partnergraph.site.checks import SYNTAXES, USUAL_SYNTAX

_MEDIA_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
"""What browsers post."""


@dataclass(frozen=True)
class CheckForm:
    """What somebody has filled in.

    Attributes:
        graph: the text, with the ends of lines that a file has.
        syntax: its name among :data:`SYNTAXES`.
        language: of the page that answers.
    """

    graph: str
    syntax: str
    language: str

    def as_posted(self, request: Request) -> Request:
        """The graph as a program would post it, in place of the form."""
        return replace(
            request,
            query_string=f"format=json&lang={self.language}",
            headers={**request.headers, "content-type": SYNTAXES[self.syntax], "accept": "*/*"},
            body=self.graph.encode(),
        )


def is_form(request: Request) -> bool:
    """Whether a browser posts a form; a program that posts one is told what it may post instead."""
    posted = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    accept = request.headers.get("accept", "")
    if request.method != "POST" or posted not in _MEDIA_TYPES or len(accept) > LONGEST_PREFERENCES:
        return False
    return negotiate(accept, (*REPORT_FORMATS, HTML)) is HTML


def read_form(request: Request) -> CheckForm | None:
    """What the form says; ``None`` where it cannot be read or is another.

    Raises:
        RequestError: the file is no text, or the syntax is none of those that can be read.
    """
    fields = _fields(request)
    if "graph" not in fields:
        return None
    syntax, language = fields.get("syntax", USUAL_SYNTAX), fields.get("lang", "")
    if syntax not in SYNTAXES:
        raise RequestError(400, f"The syntax is one of {', '.join(SYNTAXES)}.")
    return CheckForm(fields["graph"], syntax, language if language in LANGUAGES else LANGUAGES[0])


def _fields(request: Request) -> dict[str, str]:
    """The fields of a form, as far as it can be read; a file counts as the graph."""
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": request.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.input": BytesIO(request.body),
    }
    try:
        size = len(request.body)  # Is bounded before it is read.
        _, form, files = parse_form_data(environ, max_form_memory_size=size, silent=False)
    except (HTTPException, ValueError):
        return {}
    # Browsers end the lines of what is typed as those of mail.
    fields = {name: value.replace("\r\n", "\n") for name, value in form.items()}
    file = files.get("file")
    if file and file.filename:
        try:
            fields["graph"] = file.stream.read().decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            raise RequestError(400, f"The file is not UTF-8 (byte {error.start}).") from None
        suffix = file.filename.rpartition(".")[2].lower()
        fields["syntax"] = suffix if suffix in SYNTAXES else fields.get("syntax", USUAL_SYNTAX)
    return fields
