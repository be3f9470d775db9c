"""Stored queries from their files: one ``.rq`` file each, with what is said of it at its head.

The head is YAML in lines that begin with ``#+``, as grlc reads it (https://grlc.io/), with the
words in Latvian under ``lv``; ``#defaultView:`` says how the answer is best shown, as the Wikidata
Query Service has it (https://query.wikidata.org/). Parameters are variables
(:mod:`partnergraph.questions.parameters`).
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import Store

from partnergraph.dataset.republishing import republish_query
from partnergraph.errors import UnreadableInput
from partnergraph.mends.answering import answered
from partnergraph.namespaces import PUBLICATION
from partnergraph.questions.parameters import Parameter, read_parameter
from partnergraph.questions.stored import StoredQuery, Words, occurrences
from partnergraph.slips.diagnosis import diagnose, diagnose_scope
from partnergraph.sparql.syntax_tree import Node, parse_query
from partnergraph.sparql.tokens import line_and_column, survey

VIEWS = ("Table", "Timeline", "BarChart", "Map", "Graph")
"""How an answer may be shown best."""

RESERVED = frozenset(
    {"labels", "evidence", "asOf", "bom", "limit", "offset", "format", "lang", "cited"}
)
"""What no parameter may be called, as every query has these."""

FOLDER = "queries/"
"""What the paths of stored queries begin with."""

NAMES = "names.toml"
"""The file with the names of columns, parameters and tags."""

_HEAD = re.compile(r"^#\+ ?(.*)$", re.MULTILINE)
_VIEW = re.compile(r"^#defaultView:(\w+)[ \t]*$", re.MULTILINE)
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class StoredQueries(Mapping[str, StoredQuery]):
    """The stored queries of a folder, by name.

    Attributes:
        names: what columns, parameters and tags are called: kind → name → language → words.
    """

    def __init__(self, folder: Path, base: str = PUBLICATION) -> None:
        """Args:
        folder: where the files are.
        base: what the IRIs of things begin with; the files have that of the data files.

        Raises:
            UnreadableInput: a file is no stored query.
        """
        paths = sorted(folder.glob("*.rq"), key=lambda path: path.stem)
        self._queries = {path.stem: read_stored_query(path, base) for path in paths}
        self.names = _read_names(folder / NAMES)

    def __getitem__(self, name: str) -> StoredQuery:
        return self._queries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._queries)

    def __len__(self) -> int:
        return len(self._queries)

    def called(self, kind: str, name: str, language: str) -> str:
        """What a column, a parameter or a tag is called; without a name, by itself in words."""
        words = self.names.get(kind, {}).get(name, {})
        return words.get(language) or words.get("en") or _in_words(name)


def read_stored_query(path: Path, base: str = PUBLICATION) -> StoredQuery:
    """A stored query from its file.

    Raises:
        UnreadableInput: it is not one; the message says what would be right.
    """
    try:
        content = path.read_bytes()
        text = content.decode("utf-8").replace("\r\n", "\n")
    except OSError as error:
        raise UnreadableInput(path, error.strerror or "it cannot be read") from None
    except UnicodeDecodeError as error:
        raise UnreadableInput(path, f"it is not UTF-8 (byte {error.start})") from None
    if not _NAME.fullmatch(path.stem):
        raise UnreadableInput(path, "name the file in small letters, digits and hyphens")
    head = _read_head(path, text)
    tree = _check(path, text)
    view = _VIEW.search(text)
    query = StoredQuery(
        path.stem,
        republish_query(text, base),
        hashlib.sha256(content).hexdigest()[:12],
        {"en": _in_words(path.stem), **_words(head, "summary")},
        _words(head, "description"),
        str((head.get("tags") or ["others"])[0]),
        view[1] if view else VIEWS[0],
        _parameters(path, text, tree, head, base),
    )
    if query.view not in VIEWS:
        raise UnreadableInput(path, f"#defaultView is one of {', '.join(VIEWS)}")
    if query.form == "SELECT" and not query.columns:
        raise UnreadableInput(path, "name the columns: a stored query selects no *")
    _check_bound(path, query)
    return query


def _check_bound(path: Path, query: StoredQuery) -> None:
    """See that values of their types may stand where the parameters do."""
    examples = (replace(one, default="") for one in query.parameters)
    values = {one.name: one.term(one.example) for one in examples}
    try:
        answered(query.bind(values), Store().query)
    except (SyntaxError, ValueError, RuntimeError):
        reason = "with values for its parameters it is no query: an IRI alone may be a predicate"
        raise UnreadableInput(path, reason) from None


def _read_head(path: Path, text: str) -> dict[str, Any]:
    lines = list(_HEAD.finditer(text))
    try:
        head = yaml.safe_load("\n".join(line[1] for line in lines)) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = lines[min(mark.line, len(lines) - 1)].start() if mark else 0
        line, _ = line_and_column(text, place)
        problem = getattr(error, "problem", None) or "it cannot be read"
        reason = f"the lines that begin with #+ are YAML; {problem}"
        raise UnreadableInput(path, reason, line=line) from None
    if not isinstance(head, dict):
        raise UnreadableInput(path, "the lines that begin with #+ are YAML; write 'name: value'")
    return head


def _check(path: Path, text: str) -> Node:
    """The syntax tree of a query that the engine takes, and that asks nobody else."""
    survey_of_it = survey(text)
    if survey_of_it.outbound:
        line, column = line_and_column(text, survey_of_it.outbound.start)
        raise UnreadableInput(path, "it asks another server", line=line, column=column)
    if survey_of_it.volatile:
        raise UnreadableInput(path, "its answer is another each time, and so cannot be cited")
    try:
        answered(text, Store().query)
    except (SyntaxError, ValueError, RuntimeError) as error:
        fault = diagnose(text) or diagnose_scope(text)
        if fault is None:
            raise UnreadableInput(path, f"no SPARQL 1.1 query: {error}") from None
        reason = " ".join(part for part in (fault.message, fault.hint) if part)
        raise UnreadableInput(path, reason, line=fault.line, column=fault.column) from None
    tree = parse_query(text)
    if tree is None:
        raise UnreadableInput(path, "it goes beyond the grammar of SPARQL 1.1")
    return tree


def _words(head: dict[str, Any], name: str) -> Words:
    latvian = head.get("lv") or {}
    words = {"en": head.get(name), "lv": latvian.get(name) if isinstance(latvian, dict) else None}
    return {tag: " ".join(str(text).split()) for tag, text in words.items() if text}


def _parameters(
    path: Path, text: str, tree: Node, head: dict[str, Any], base: str
) -> tuple[Parameter, ...]:
    replaceable = {node.start for node, _ in occurrences(tree)}
    found: dict[str, Parameter] = {}
    for node in tree.find("Var"):
        line, column = line_and_column(text, node.start)
        variable = text[node.start + 1 : node.end]
        try:
            parameter = read_parameter(variable)
        except ValueError as error:
            raise UnreadableInput(path, f"{error}", line=line, column=column) from None
        if parameter is None:
            continue
        problem = _problem(parameter, found, can_be_bound=node.start in replaceable)
        if problem:
            raise UnreadableInput(path, problem, line=line, column=column)
        found[parameter.name] = parameter
    defaults = _defaults(path, head, base)
    strange = sorted(set(defaults) - set(found))
    if strange:
        raise UnreadableInput(path, f"a default is given to {strange[0]!r}, which is no parameter")
    return tuple(replace(one, default=defaults.get(name, "")) for name, one in found.items())


def _problem(
    parameter: Parameter, found: Mapping[str, Parameter], *, can_be_bound: bool
) -> str | None:
    if parameter.name in RESERVED:
        return f"{parameter.name!r} is an option of every query; call the parameter otherwise"
    if found.get(parameter.name, parameter).variable != parameter.variable:
        return f"two parameters are called {parameter.name!r}"
    if not can_be_bound:
        return "a parameter stands only where an RDF term may stand, or in BOUND()"
    return None


def _defaults(path: Path, head: dict[str, Any], base: str) -> dict[str, str]:
    listed = head.get("defaults") or []
    if not (isinstance(listed, list) and all(isinstance(one, dict) for one in listed)):
        raise UnreadableInput(path, "defaults are a list: #+   - name: value")
    defaults = {str(name): str(value) for one in listed for name, value in one.items()}
    return {
        name: republish_query(f"<{value}>", base)[1:-1] if "://" in value else value
        for name, value in defaults.items()
    }


def _read_names(path: Path) -> dict[str, dict[str, Words]]:
    if not path.is_file():
        return {}
    try:
        names: dict[str, dict[str, Words]] = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnreadableInput(path, str(error)) from None
    return names


def _in_words(name: str) -> str:
    """``memberSince`` → ``Member since``; ``field-groups`` → ``Field groups``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("-", " ").capitalize()
