"""The page on which anyone has a graph checked: a form goes in, the report comes out in words.

It is validated as every graph that is posted (:mod:`partnergraph.graph_validation`); here the
findings are put beside the lines that they are about. Nothing is kept.
"""

from __future__ import annotations

import asyncio
import json
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from typing import Any

from pyoxigraph import NamedNode
from werkzeug.exceptions import HTTPException
from werkzeug.formparser import parse_form_data

from partnergraph.errors import RequestError, ResultTooLarge
from partnergraph.formats import GRAPH_FORMATS, HTML, LANGUAGES
from partnergraph.messages import SAFE, Request, Response
from partnergraph.rendering import Alternate, Renderer
from partnergraph.reports import Language, counted
from partnergraph.results import Severity
from partnergraph.views import Reader, Reference

PATH = "validate"

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
"""What browsers post."""

SYNTAXES = {one.name: one.media_type.partition(";")[0] for one in GRAPH_FORMATS}

_ALTERNATES = tuple(Alternate(f"{PATH}.{one}.html", "text/html", one, "html") for one in LANGUAGES)

_AROUND = 2
"""Lines before and after a finding that are shown with it."""

_MOST_LINES = 2000
"""Lines that are shown at most."""

_PREFIX = re.compile(r"(?i)@?prefix\s+([^\s:]*):\s*<([^>]*)>")
_END_OF_STATEMENT = re.compile(r"\.[ \t]*(?:#[^\n]*)?$", re.MULTILINE)
_PART_OF_NAME = re.compile(r"[\w:/-]")

MOST_FINDINGS = 200
"""Findings that the page lists; it says how many more there are."""

_MOST_BYTES = 8 * 1024 * 1024
"""Of a report that is read for the page."""

_MOST_PREFIXES = 200
_MOST_TRIES = 1000
"""Places of a name as part of longer ones, that are passed over."""

Validate = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Finding:
    """Something that is wrong.

    Attributes:
        severity: how much it weighs; ``None`` where the graph cannot be read.
        message: what is wrong and what would be right.
        thing: what it is about; empty where it is about the syntax.
        property: of which property, if of one.
        value: the value that is wrong, if there is one.
        suggestion: the property that was probably meant.
        line: the line that it is about; 0 where it cannot be told.
    """

    severity: Severity | None
    message: str
    thing: str = ""
    property: Reference | None = None
    value: str = ""
    suggestion: str = ""
    line: int = 0


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
        findings: the gravest.
        untold: how many more there are.
        lines: those that findings are about, with the ones around them.
        problem: why it was not validated, in words.
    """

    conforms: bool | None
    counts: dict[Severity, int]
    findings: tuple[Finding, ...]
    lines: tuple[Line, ...]
    problem: str = ""
    untold: int = 0


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
        return {"checked": None, "graph": "", "syntax": "ttl", **self.model(language)}

    def model(self, language: str) -> dict[str, object]:
        """What the page shows at any time."""
        page_language: Language = "lv" if language == "lv" else "en"
        return {"syntaxes": list(SYNTAXES), "counted": partial(counted, language=page_language)}

    async def respond(self, request: Request, validate: Validate, threads: Executor) -> Response:
        """Answer a form.

        Args:
            request: posted by a browser.
            validate: answers a graph that is posted.
            threads: where forms are read and pages are made.

        Raises:
            RequestError: the form cannot be read.
        """
        loop = asyncio.get_running_loop()
        fields = await loop.run_in_executor(threads, _fields, request)
        if "graph" not in fields:
            return await validate(request)  # It is no form of ours; a program learns what is.
        graph, syntax = fields.get("graph", ""), fields.get("syntax", "ttl")
        language = fields.get("lang", "")
        language = language if language in LANGUAGES else LANGUAGES[0]
        if syntax not in SYNTAXES:
            raise RequestError(400, f"The syntax is one of {', '.join(SYNTAXES)}.")
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
            checked = self._checked(json.loads(answer.body), graph, language)
            shown = {"checked": checked, "graph": graph, "syntax": syntax}
            return self._renderer.answer_page(
                "validate.html", PATH, language, _ALTERNATES, "", **self.model(language), **shown
            )

        body = await loop.run_in_executor(threads, made)
        status = answer.status
        kept = [one for one in answer.headers if one[0] in ("retry-after", "vary", "cache-control")]
        headers = (
            ("content-type", HTML.media_type),
            ("content-language", language),
            *SAFE.items(),
            *kept,
        )
        return Response(status, headers, body, answer.outcome)

    def _checked(self, document: dict[str, Any], graph: str, language: str) -> Checked:
        lines = graph.split("\n")
        if "conforms" not in document:
            said = " ".join(
                str(document[name]) for name in ("title", "detail") if document.get(name)
            )
            line = int(document.get("line") or 0)
            fault = Finding(None, str(document.get("detail") or document["title"]), line=line)
            return Checked(None, {}, (fault,), _listing(lines, [fault]), said)
        reader, places, results = self._reader(language), _Places(graph), document["results"]
        findings = [_finding(one, reader, places) for one in results[:MOST_FINDINGS]]
        counts = {severity: int(document[f"{severity.name.lower()}s"]) for severity in Severity}
        return Checked(
            bool(document["conforms"]),
            counts,
            tuple(findings),
            _listing(lines, findings),
            untold=len(results) - len(findings),
        )


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
    fields = {name: value.replace("\r\n", "\n") for name, value in form.items()}
    file = files.get("file")
    if file and file.filename:
        try:
            fields["graph"] = file.stream.read().decode("utf-8").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            raise RequestError(400, f"The file is not UTF-8 (byte {error.start}).") from None
        suffix = file.filename.rpartition(".")[2].lower()
        fields["syntax"] = suffix if suffix in SYNTAXES else fields.get("syntax", "ttl")
    return fields


def _finding(result: dict[str, Any], reader: Reader, places: _Places) -> Finding:
    messages = result["message"]
    path = result.get("path") or ""
    return Finding(
        Severity[result["severity"].upper()],
        messages.get(reader.language) or next(iter(messages.values()), ""),
        result["focusNode"],
        reader.reference(NamedNode(path)) if path.startswith("http") else None,
        result.get("value") or "",
        result.get("suggestion") or "",
        places.line(result["focusNode"], path, result.get("value") or ""),
    )


class _Places:
    """Finds the lines of a text that speak of a thing.

    A report knows nothing of the text that a graph was read from. So its names are looked for
    there: in full or with a prefix, the property and its value after the thing. What stands there
    in another way has no line, and is listed without one.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._prefixes = _PREFIX.findall(text)[:_MOST_PREFIXES]

    def line(self, thing: str, path: str, value: str) -> int:
        """The number of the line, from 1; 0 where there is none."""
        start = self._first(self._names(thing), 0, len(self._text))
        if start < 0:
            return 0
        ending = _END_OF_STATEMENT.search(self._text, start)
        end = ending.end() if ending else len(self._text)
        place = start
        if path:
            place = max(self._first(self._names(path), start, end), place)
        text = value.partition("^^")[0].strip('"<>')
        if text:
            place = max(self._first([text, *self._names(text)], place, end), place)
        return bisect_right(self._starts, place)

    def _names(self, iri: str) -> list[str]:
        iri = iri.strip("<>")
        short = (
            f"{prefix}:{iri.removeprefix(namespace)}"
            for prefix, namespace in self._prefixes
            if namespace and iri.startswith(namespace) and iri != namespace
        )
        return [f"<{iri}>", f'"{iri}"', *short]

    def _first(self, names: Sequence[str], start: int, end: int) -> int:
        """Where one of some names stands first; -1 where none does."""
        found = (self._find(name, start, end) for name in names)
        return min((place for place in found if place >= 0), default=-1)

    def _find(self, name: str, start: int, end: int) -> int:
        place = self._text.find(name, start, end)
        for _ in range(_MOST_TRIES):
            before, after = self._text[place - 1 : place], self._text[place + len(name) :][:1]
            if place < 0 or not (_PART_OF_NAME.match(before) or _PART_OF_NAME.match(after)):
                return place
            place = self._text.find(name, place + 1, end)
        return -1


def _listing(lines: Sequence[str], findings: Sequence[Finding]) -> tuple[Line, ...]:
    by_line: dict[int, list[Finding]] = defaultdict(list)
    for one in findings:
        if one.line:
            by_line[min(one.line, max(len(lines), 1))].append(one)
    shown = sorted(
        {
            number
            for line in by_line
            for number in range(line - _AROUND, line + _AROUND + 1)
            if 1 <= number <= len(lines)
        }
    )[:_MOST_LINES]
    return tuple(_lines(lines, shown, by_line))


def _lines(
    lines: Sequence[str], shown: Sequence[int], by_line: dict[int, list[Finding]]
) -> Iterator[Line]:
    before = 0
    for number in shown:
        text = lines[number - 1]
        yield Line(number, text, tuple(by_line.get(number, ())), gap=number > before + 1)
        before = number
