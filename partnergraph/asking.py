"""One query from the command line: find its text, run it, write its answer."""

from __future__ import annotations

import asyncio
import difflib
import io
import json
import sys
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from partnergraph.dataset import load_dataset
from partnergraph.engine import Answer, Query
from partnergraph.errors import MalformedQuery, UnreadableInput, UsageError
from partnergraph.formats import FORMATS, GRAPH_FORMATS, RESULTS_FORMATS
from partnergraph.namespaces import PUBLICATION, compact
from partnergraph.publication import publish
from partnergraph.republishing import republish_query
from partnergraph.settings import Settings
from partnergraph.workers import WorkerPool


def find_query(argument: str, folder: Path, base: str = PUBLICATION) -> str:
    """The text of a query that is given by name, by file, as itself or on standard input (``-``).

    A named query asks of things under the publisher's base, whatever stands in its file.

    Raises:
        UsageError: there is no query of that name.
        UnreadableInput: the file cannot be read.
    """
    if argument == "-":
        return _decode(Path("standard input"), sys.stdin.buffer.read())
    if not argument or any(sign in argument for sign in "{<\n"):
        return argument
    try:
        named = folder / f"{argument}.rq"
        if named.is_file():
            return republish_query(_decode(named, named.read_bytes()), base)
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


def ask(text: str, settings: Settings, output: str | None) -> bytes:
    """The answer to a query, written as ``output`` says.

    Args:
        text: SPARQL 1.1.
        settings: the data, and the bounds that the query runs in.
        output: a name of :data:`~partnergraph.formats.FORMATS`, or ``table``; ``None`` for CSV or
            Turtle, whichever fits.

    Raises:
        PartnergraphError: the data cannot be read, or the query gets no answer.
    """
    results_format, graph_format = FORMATS["csv"], GRAPH_FORMATS[0]
    if output == "table":
        results_format = RESULTS_FORMATS[0]
    query = Query(text, results_format=results_format, graph_format=graph_format)
    if output in FORMATS:
        chosen = FORMATS[output]
        query = replace(
            query,
            results_format=chosen if chosen in RESULTS_FORMATS else None,
            graph_format=chosen if chosen in GRAPH_FORMATS else None,
        )
    dataset = publish(load_dataset(settings), settings).dataset
    try:
        answer = asyncio.run(
            _answer(WorkerPool(dataset.snapshot(settings.default_graph), settings), query)
        )
    except MalformedQuery as error:
        raise UsageError(_with_place(error)) from None
    return (
        _table(answer.body, dataset.base)
        if output == "table" and answer.format in RESULTS_FORMATS
        else answer.body
    )


async def _answer(engine: WorkerPool, query: Query) -> Answer:
    await engine.start()
    try:
        return await engine.answer(query)
    finally:
        await engine.stop()


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
