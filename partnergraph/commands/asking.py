"""One query from the command line: find its text, run it, write its answer."""

from __future__ import annotations

import asyncio
import difflib
import io
import json
import re
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from partnergraph.dataset.loading import load_dataset
from partnergraph.embedded.pool import WorkerPool
from partnergraph.engine import Answer, Enrichment, Query
from partnergraph.errors import (
    MalformedQuery,
    QueryError,
    UnfitParameter,
    UnreadableInput,
    UsageError,
)
from partnergraph.formats import FORMATS, GRAPH_FORMATS, RESULTS_FORMATS
from partnergraph.namespaces import compact
from partnergraph.publication.release import publish
from partnergraph.questions.asked import read_asked, read_options
from partnergraph.questions.choices import Choices
from partnergraph.settings import Settings
from partnergraph.things.labels import Labels


@dataclass(frozen=True)
class Asking:
    """What is asked on the command line.

    Attributes:
        argument: the name of a stored query, a file, a query itself, or ``-`` for standard input.
        fields: the parameters of a stored query, and the options of any query, by name.
        output: a name of :data:`~partnergraph.formats.FORMATS`, or ``table``; ``None`` for CSV or
            Turtle, whichever fits.
    """

    argument: str
    fields: tuple[tuple[str, str], ...] = ()
    output: str | None = None


def read_query(argument: str, folder: Path) -> str | None:
    """The text of a query that is given as itself, on standard input or by file.

    Returns:
        ``None`` where it is the name of a stored query.

    Raises:
        UsageError: there is neither a query nor a file of that name.
        UnreadableInput: the file cannot be read.
    """
    if argument == "-":
        return _decode(Path("standard input"), sys.stdin.buffer.read())
    if not argument or any(sign in argument for sign in "{<\n"):
        return argument
    try:
        if (folder / f"{argument}.rq").is_file():
            return None
        return _decode(Path(argument), Path(argument).read_bytes())
    except FileNotFoundError:
        raise UsageError(_no_such_query(argument, folder)) from None
    except OSError as error:
        raise UnreadableInput(Path(argument), error.strerror or "it cannot be read") from None


def _decode(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableInput(path, f"it is not UTF-8 (byte {error.start})") from None


def _no_such_query(name: str, folder: Path) -> str:
    known = sorted(path.stem for path in folder.glob("*.rq"))
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(close)}?" if close else f"Known are {', '.join(known)}."
    return f"there is no query and no file named {name!r}. {hint}"


def ask(asking: Asking, settings: Settings, language: str) -> tuple[bytes, str]:
    """The answer to a query, and where it is empty, the reason why.

    Args:
        asking: what is asked.
        settings: the data, and the bounds that the query runs in.
        language: of the reason.

    Raises:
        PartnergraphError: the data cannot be read, or the query gets no answer.
    """
    text = read_query(asking.argument, settings.queries)
    publication = publish(load_dataset(settings), settings)
    dataset = publication.dataset
    try:
        if text is None:
            query = publication.queries[asking.argument]
            asked = read_asked(query, asking.fields, Choices(dataset, Labels(dataset)))
            asked.require()
            text, options = asked.text, asked.options
        else:
            options = read_options(asking.fields)
    except UnfitParameter as error:
        reason = error.reasons[language]
        raise UsageError(f"--{_with_hyphens(error.parameter)}: {reason}") from None
    asks = _in_format(text, asking.output, options.enrichment(dataset.base))
    pool = WorkerPool(dataset.snapshot(settings.default_graph), settings)
    try:
        answer, reason = asyncio.run(_answer(pool, asks, language))
    except MalformedQuery as error:
        raise UsageError(_with_place(error)) from None
    if asking.output == "table" and answer.format in RESULTS_FORMATS:
        return _table(answer.body, dataset.base), reason
    return answer.body, reason


def _with_hyphens(name: str) -> str:
    return re.sub("(?=[A-Z])", "-", name).lower()


def _in_format(text: str, output: str | None, enrichment: Enrichment | None) -> Query:
    results_format, graph_format = FORMATS["csv"], GRAPH_FORMATS[0]
    if output == "table":
        results_format = RESULTS_FORMATS[0]
    query = Query(text, (), (), results_format, graph_format, enrichment=enrichment)
    if output not in FORMATS:
        return query
    chosen = FORMATS[output]
    return replace(
        query,
        results_format=chosen if chosen in RESULTS_FORMATS else None,
        graph_format=chosen if chosen in GRAPH_FORMATS else None,
    )


async def _answer(engine: WorkerPool, query: Query, language: str) -> tuple[Answer, str]:
    await engine.start()
    try:
        answer = await engine.answer(query)
        if not _is_empty(answer):
            return answer, ""
        with suppress(QueryError):  # Why there is nothing may take longer than that there is not.
            why = await engine.answer(replace(query, why_empty=True))
            return answer, _reason(json.loads(why.body), language)
        return answer, ""
    finally:
        await engine.stop()


def _is_empty(answer: Answer) -> bool:
    """Whether there is no solution."""
    match answer.format.name:
        case "json":
            return answer.body.rstrip().endswith(b'"bindings":[]}}')
        case "xml":
            return b"<head>" in answer.body and not re.search(b"<(?:result|boolean)>", answer.body)
        case "csv" | "tsv":
            return answer.body.count(b"\n") == 1 and answer.body.strip() not in (b"true", b"false")
    return False


def _reason(explanation: dict[str, Any], language: str) -> str:
    parts = (explanation["message"][language], explanation["excerpt"])
    hint = (explanation["hint"] or {}).get(language)
    return "\n".join(part for part in (*parts, hint) if part)


def _with_place(error: MalformedQuery) -> str:
    """The error with the line it is about, a mark under the place, and what to do."""
    if error.line is None or error.column is None:
        return str(error)
    parts = (f"line {error.line}, column {error.column}: {error}", error.excerpt, error.hint)
    return "\n".join(part for part in parts if part)


def _table(results: bytes, base: str) -> bytes:
    """SPARQL results in JSON as a table for a terminal."""
    document = json.loads(results)
    if "boolean" in document:
        return b"true\n" if document["boolean"] else b"false\n"
    table = Table(header_style="bold")
    names = document["head"]["vars"]
    for name in names:
        table.add_column(name, overflow="fold")
    solutions = document["results"]["bindings"]
    for solution in solutions:
        table.add_row(*(_cell(solution.get(name), base) for name in names))
    text = io.StringIO()
    console = Console(file=text, width=Console().width, markup=False, highlight=False)
    console.print(table)
    console.print(f"{len(solutions)} solution{'' if len(solutions) == 1 else 's'}")
    return text.getvalue().encode()


def _cell(term: dict[str, str] | None, base: str) -> str:
    if term is None:
        return ""
    if term["type"] == "uri":
        # Shorter than a Turtle name may be written: the slashes of its path stay as they are.
        instance = term["value"].removeprefix(f"{base}id/")
        return f"id:{instance}" if instance != term["value"] else compact(term["value"])
    return f"_:{term['value']}" if term["type"] == "bnode" else term["value"]
