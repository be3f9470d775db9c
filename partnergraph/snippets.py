"""How to ask a stored query from a program: a few lines to copy, in the languages analysts use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

_CURL = """\
curl --get {address} \\
{fields}"""

_PYTHON = """\
import pandas

address = {address}
table = pandas.read_csv(address)
print(table)
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
if (!response.ok) throw new Error(await response.text());
console.log(await response.text());
"""


@dataclass(frozen=True)
class Snippet:
    """A program: its language, how that is called in code, and its text."""

    language: str
    code: str
    text: str


def snippets(base: str, name: str, form: str, fields: Mapping[str, str]) -> list[Snippet]:
    """Programs that ask a stored query.

    Args:
        base: what addresses of the server begin with.
        name: that of the query.
        form: ``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``.
        fields: the values that it is asked with, by name.
    """
    graph, table = form in ("CONSTRUCT", "DESCRIBE"), form == "SELECT"
    data, lines, results = ("ttl", "nt", "jsonld") if graph else ("csv", "csv", "json")

    def address(extension: str) -> str:
        query = f"?{urlencode(fields)}" if fields else ""
        # A JSON string is a string in Python, R and JavaScript as well.
        return json.dumps(f"{base}queries/{name}.{extension}{query}")

    encoded = " \\\n".join(
        f"  --data-urlencode {_quoted(f'{field}={value}')}" for field, value in fields.items()
    )
    python, r = (_PYTHON_GRAPH, _R_GRAPH) if graph else (_PYTHON, _R)
    script = _JAVASCRIPT_GRAPH if graph else _JAVASCRIPT if table else _JAVASCRIPT_BOOLEAN
    curl = _CURL.format(address=_quoted(f"{base}queries/{name}.{data}"), fields=encoded)
    return [
        Snippet("curl", "sh", curl if fields else curl.partition(" \\\n")[0]),
        Snippet("Python", "py", python.format(address=address(data))),
        Snippet("R", "r", r.format(address=address(lines))),
        Snippet("JavaScript", "js", script.format(address=address(results))),
    ]


def _quoted(text: str) -> str:
    """A word for a POSIX shell, always in quotes."""
    return "'" + text.replace("'", "'\"'\"'") + "'"
