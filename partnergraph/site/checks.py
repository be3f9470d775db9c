"""The page on which anyone has a graph checked: a form goes in, the report comes out in words.

It is validated as every graph that is posted (:mod:`partnergraph.gate.posted_graphs`); here the
findings are put beside the lines that they are about. Nothing is kept.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from io import BytesIO
from typing import Any

from pyoxigraph import NamedNode
from werkzeug.exceptions import HTTPException
from werkzeug.formparser import parse_form_data

from partnergraph.errors import RequestError, ResultTooLarge
from partnergraph.formats import GRAPH_FORMATS, HTML, LANGUAGES, negotiate
from partnergraph.gate.lines import GraphLines, read_literal
from partnergraph.gate.posted_graphs import COMMON, REPORT_FORMATS
from partnergraph.gate.reports import Language, counted
from partnergraph.namespaces import XSD, compact
from partnergraph.pages.rendering import Alternate, Renderer
from partnergraph.pages.rows import Reader, Reference
from partnergraph.protocol.messages import SAFE, Request, Response
from partnergraph.protocol.problems import PROBLEMS, Problem
from partnergraph.protocol.query_request import LONGEST_PREFERENCES
from partnergraph.results import Severity
from partnergraph.things.labels import Text, choose

PATH = "validate"

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
"""What browsers post."""

SYNTAXES = {one.name: one.media_type.partition(";")[0] for one in GRAPH_FORMATS}

MOST_FINDINGS = 200
"""Findings that are shown, the gravest; a program gets all of them."""

_MOST_BYTES = 8 * 1024 * 1024
"""Of a report that is read for the page."""

_ALTERNATES = tuple(Alternate(f"{PATH}.{one}.html", "text/html", one, "html") for one in LANGUAGES)

_AROUND = 2
"""Lines before and after a finding that are shown with it."""

Validate = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Finding:
    """Something that is wrong.

    Attributes:
        severity: how much it weighs; ``None`` where the graph cannot be read.
        message: what is wrong and what would be right.
        thing: what it is about, as the text writes it; empty for what has no name.
        property: of which property, if of one.
        value: the value that is wrong, as the text writes it, if there is one.
        suggestion: the property that was probably meant.
        line: the line that it is about; 0 where it cannot be told.
        column: where in the line, where that is known.
    """

    severity: Severity | None
    message: Text
    thing: str = ""
    property: Reference | None = None
    value: str = ""
    suggestion: str = ""
    line: int = 0
    column: int = 0


@dataclass(frozen=True)
class Line:
    """A line of the graph, and what is wrong with it; after a gap, some before it are not shown."""

    number: int
    text: str
    findings: tuple[Finding, ...]
    gap: bool = False


@dataclass(frozen=True)
class Checked:
    """What came of a graph.

    Attributes:
        conforms: whether it may be served; ``None`` where it was not validated.
        counts: how many findings there are, by severity.
        findings: the gravest of them, in this order.
        lines: those that findings are about, with the ones around them.
        problem: why it was not validated.
    """

    conforms: bool | None
    counts: dict[Severity, int]
    findings: tuple[Finding, ...]
    lines: tuple[Line, ...]
    problem: Problem | None = None

    @property
    def untold(self) -> int:
        """How many findings are not shown."""
        return max(0, sum(self.counts.values()) - len(self.findings))


def is_form(request: Request) -> bool:
    """Whether a browser posts a form; a program that posts one is told what it may post instead."""
    posted = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    accept = request.headers.get("accept", "")
    if request.method != "POST" or posted not in FORMS or len(accept) > LONGEST_PREFERENCES:
        return False
    return negotiate(accept, (*REPORT_FORMATS, HTML)) is HTML


class CheckPages:
    """Makes the pages, and answers their forms."""

    def __init__(self, renderer: Renderer, reader: Callable[[str], Reader]) -> None:
        """Args:
        renderer: renders templates.
        reader: what names properties in a language.
        """
        self._renderer = renderer
        self._reader = reader

    def empty(self, language: str) -> dict[str, object]:
        """What the page shows before anything was posted."""
        nothing = {"checked": None, "graph": "", "syntax": "ttl", "missing": False, "static": False}
        return nothing | _words(language)

    async def respond(self, request: Request, validate: Validate, threads: Executor) -> Response:
        """Answer a form.

        Args:
            request: posted by a browser.
            validate: answers a graph that is posted.
            threads: where forms are read and pages are made.

        Raises:
            RequestError: the form cannot be read.
            ResultTooLarge: the report is too long for a page.
        """
        loop = asyncio.get_running_loop()
        fields = await loop.run_in_executor(threads, _fields, request)
        if "graph" not in fields:
            return await validate(request)  # It is no form of ours; this says what may be posted.
        graph, syntax = fields["graph"], fields.get("syntax", "ttl")
        language = fields.get("lang", "")
        language = language if language in LANGUAGES else LANGUAGES[0]
        if syntax not in SYNTAXES:
            raise RequestError(400, f"The syntax is one of {', '.join(SYNTAXES)}.")
        if not graph.strip():
            body = self._page(language, graph="", syntax=syntax, missing=True)
            return _response(Response(HTTPStatus.BAD_REQUEST, COMMON), body, language)
        posted = replace(
            request,
            query_string=f"format=json&lang={language}",
            headers={**request.headers, "content-type": SYNTAXES[syntax], "accept": "*/*"},
            body=graph.encode(),
        )
        answer = await validate(posted)
        if len(answer.body) > _MOST_BYTES:
            raise ResultTooLarge("The report is too large for a page; post fewer things.")

        def made() -> bytes:
            reader = self._reader(language)
            checked = _checked(json.loads(answer.body), GraphText(graph, syntax), reader)
            return self._page(language, checked=checked, graph=graph, syntax=syntax)

        return _response(answer, await loop.run_in_executor(threads, made), language)

    def _page(self, language: str, **shown: object) -> bytes:
        context = self.empty(language) | shown
        return self._renderer.answer_page(
            "validate.html", PATH, language, _ALTERNATES, "", **context
        )


@dataclass(frozen=True)
class GraphText:
    """A graph as it was posted."""

    text: str
    syntax: str

    @property
    def lines(self) -> list[str]:
        """Its lines, as parsers count them."""
        return self.text.removesuffix("\n").split("\n")


def _words(language: str) -> dict[str, object]:
    page_language: Language = "lv" if language == "lv" else "en"
    return {
        "syntaxes": list(SYNTAXES),
        "counted": partial(counted, language=page_language),
        "most": MOST_FINDINGS,
    }


def _response(answer: Response, body: bytes, language: str) -> Response:
    """The page in the place of an answer for programs."""
    kept = [one for one in answer.headers if one[0] in ("retry-after", "vary", "cache-control")]
    fields = (("content-type", HTML.media_type), ("content-language", language))
    return Response(answer.status, (*fields, *SAFE.items(), *kept), body, answer.outcome)


def _fields(request: Request) -> dict[str, str]:
    """The fields of a form, as far as it can be read; a file counts as the graph.

    Raises:
        RequestError: the file is no text.
    """
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
        fields["syntax"] = suffix if suffix in SYNTAXES else fields.get("syntax", "ttl")
    return fields


def _checked(document: dict[str, Any], graph: GraphText, reader: Reader) -> Checked:
    """What a report, or a refusal, says of a graph."""
    if "conforms" not in document:
        problem = PROBLEMS[document["type"].partition("#")[2]]
        line, column = int(document.get("line") or 0), int(document.get("column") or 0)
        line = min(line, len(graph.lines))  # What is missing at the end is missing after it.
        # The words are those of a parser, which speaks English.
        words = Text(str(document.get("detail") or ""), "en")
        fault = Finding(None, words, line=line, column=column)
        return Checked(None, {}, (fault,), _listing(graph.lines, [fault]), problem)
    results = document["results"]
    counts = {severity: int(document[f"{severity.name.lower()}s"]) for severity in Severity}
    findings: tuple[Finding, ...] = ()
    if results:
        lines = GraphLines(graph.text, graph.syntax)
        findings = tuple(_finding(one, reader, lines) for one in results[:MOST_FINDINGS])
    return Checked(bool(document["conforms"]), counts, findings, _listing(graph.lines, findings))


def _finding(result: dict[str, Any], reader: Reader, lines: GraphLines) -> Finding:
    texts = [Text(message, tag) for tag, message in result["message"].items()]
    thing, path = result["focusNode"], result.get("path") or ""
    value, suggestion = result.get("value") or "", result.get("suggestion") or ""
    return Finding(
        Severity[result["severity"].upper()],
        choose(texts, (reader.language,)) or Text(""),
        _readable(thing, lines),
        reader.reference(NamedNode(path)) if path else None,
        _readable(value, lines) if value != thing else "",
        lines.written(suggestion) or compact(suggestion) if suggestion else "",
        lines.line(thing, path, value),
    )


def _readable(term: str, lines: GraphLines) -> str:
    """A term as the text has it; empty for what has no name there."""
    if not term or term.startswith("_:"):
        return ""
    literal = read_literal(term)
    if not literal:
        return lines.written(term.strip("<>")) or compact(term.strip("<>"))
    text, language, datatype = literal
    kind = compact(datatype) if datatype not in ("", f"{XSD}string") else language
    return f"“{text}” ({kind})" if kind else f"“{text}”"


def _listing(lines: Sequence[str], findings: Sequence[Finding]) -> tuple[Line, ...]:
    by_line: dict[int, list[Finding]] = defaultdict(list)
    for one in findings:
        if one.line:
            by_line[one.line].append(one)
    around = (range(line - _AROUND, line + _AROUND + 1) for line in by_line)
    shown = sorted({one for numbers in around for one in numbers if 1 <= one <= len(lines)})
    return tuple(_lines(lines, shown, by_line))


def _lines(
    lines: Sequence[str], shown: Sequence[int], by_line: dict[int, list[Finding]]
) -> Iterator[Line]:
    before = 0
    for number in shown:
        text = lines[number - 1]
        yield Line(number, text, tuple(by_line.get(number, ())), gap=number > before + 1)
        before = number
