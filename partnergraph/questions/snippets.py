"""How to ask a stored query from a program: a few lines to copy, in the languages analysts use."""

from __future__ import annotations

import json
from dataclasses import dataclass

from partnergraph.questions.asked import Asked
from partnergraph.questions.files import FOLDER

_PYTHON = """\
import pandas

address = {address}
table = pandas.read_csv(address)
print(table)
"""

_PYTHON_BOOLEAN = """\
import json
import urllib.request

address = {address}
with urllib.request.urlopen(address) as response:
    print(json.load(response)["boolean"])
"""

_PYTHON_GRAPH = """\
import rdflib

address = {address}
graph = rdflib.Graph().parse(address, format="turtle")
print(len(graph))
"""

_R = """\
address <- {address}
table <- read.csv(url(address, encoding = "UTF-8"))
print(table)
"""

_R_BOOLEAN = """\
address <- {address}
print(readLines(url(address, encoding = "UTF-8"))[1] == "true")
"""

_R_GRAPH = """\
address <- {address}
triples <- readLines(url(address, encoding = "UTF-8"))
print(length(triples))
"""

_JAVASCRIPT = """\
const address = {address};
const response = await fetch(address);
if (!response.ok) throw new Error(await response.text());
const {{ results }} = await response.json();
console.table(results.bindings.map((row) =>
  Object.fromEntries(Object.entries(row).map(([name, term]) => [name, term.value]))));
"""

_JAVASCRIPT_BOOLEAN = """\
const address = {address};
const response = await fetch(address);
if (!response.ok) throw new Error(await response.text());
console.log((await response.json()).boolean);
"""

_JAVASCRIPT_GRAPH = """\
const address = {address};
const response = await fetch(address);
const text = await response.text();
if (!response.ok) throw new Error(text);
console.log(text);
"""


@dataclass(frozen=True)
class Snippet:
    """A program: its language, how that is called in code, and its text."""

    language: str
    code: str
    text: str


@dataclass(frozen=True)
class _Program:
    language: str
    code: str
    template: str
    extension: str


_PROGRAMS = {
    "table": (
        _Program("Python", "py", _PYTHON, "csv"),
        _Program("R", "r", _R, "csv"),
        _Program("JavaScript", "js", _JAVASCRIPT, "json"),
    ),
    "boolean": (
        _Program("Python", "py", _PYTHON_BOOLEAN, "json"),
        _Program("R", "r", _R_BOOLEAN, "csv"),
        _Program("JavaScript", "js", _JAVASCRIPT_BOOLEAN, "json"),
    ),
    "graph": (
        _Program("Python", "py", _PYTHON_GRAPH, "ttl"),
        _Program("R", "r", _R_GRAPH, "nt"),
        _Program("JavaScript", "js", _JAVASCRIPT_GRAPH, "jsonld"),
    ),
}


def snippets(base: str, asked: Asked) -> list[Snippet]:
    """Programs that ask a stored query.

    Args:
        base: what addresses of the server begin with.
        asked: the query with its values.
    """
    address, fields = f"{base}{FOLDER}{asked.query.name}", asked.fields
    kind = "table" if asked.has_rows else "boolean" if asked.query.has_solutions else "graph"
    encoded = "".join(
        f" \\\n  --data-urlencode {_quoted(f'{field}={value}')}" for field, value in fields.items()
    )
    data = f"{address}.{'ttl' if kind == 'graph' else 'csv'}"
    programs = (
        # A JSON string is a string in Python, R and JavaScript as well.
        Snippet(one.language, one.code, one.template.format(address=json.dumps(where)))
        for one in _PROGRAMS[kind]
        for where in (f"{address}.{one.extension}{asked.query_string()}",)
    )
    return [Snippet("curl", "sh", f"curl --get {_quoted(data)}{encoded}\n"), *programs]


def _quoted(text: str) -> str:
    """A word for a POSIX shell, always in quotes."""
    return "'" + text.replace("'", "'\"'\"'") + "'"
