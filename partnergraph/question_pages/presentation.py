"""Pages of stored queries: what there is to ask; for each a form, its answer, and how to go on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from partnergraph.errors import UnfitParameter
from partnergraph.formats import GRAPH_FORMATS, LANGUAGES, RESULTS_FORMATS, XLSX, Format
from partnergraph.gate.reports import is_singular
from partnergraph.pages.rendering import Alternate, Renderer
from partnergraph.pages.rows import Reader, Value
from partnergraph.question_pages.answer_pictures import draw
from partnergraph.question_pages.answer_tables import AnswerTable, AnswerTables
from partnergraph.question_pages.forms import controls
from partnergraph.questions.asked import OPTIONS, Asked, Options
from partnergraph.questions.choices import Choices
from partnergraph.questions.files import FOLDER, StoredQueries
from partnergraph.questions.snippets import snippets
from partnergraph.questions.stored import StoredQuery
from partnergraph.things.labels import Text


def data_formats(query: StoredQuery) -> tuple[Format, ...]:
    """What the answer to a query can be had in, beside a page."""
    return (*RESULTS_FORMATS, XLSX) if query.has_solutions else GRAPH_FORMATS


MOST_DRAWN = 5000
"""Rows of an answer that a picture is drawn from."""

_ROWS = {"lv": ("rinda", "rindas", "rindu"), "en": ("row", "rows", "rows")}


def _rows(language: str, number: int) -> str:
    """A number of rows in words."""
    form = 0 if is_singular(number, language) else 1 if number else 2
    return f"{number} {_ROWS[language][form]}"


def _by_column(table: AnswerTable) -> list[dict[str, Value]]:
    names = [one.name for one in table.columns]
    return [
        {name: cell for name, cell in zip(names, row.cells, strict=True) if cell}
        for row in table.rows
    ]


class QueryPages:
    """Makes the pages of stored queries."""

    def __init__(
        self,
        queries: StoredQueries,
        choices: Choices,
        renderer: Renderer,
        reader: Callable[[str], Reader],
        address: str,
    ) -> None:
        """Args:
        queries: all of them.
        choices: which things their parameters may stand for.
        renderer: renders templates.
        reader: what names things in a language.
        address: what addresses of this server begin with.
        """
        self._queries = queries
        self._choices = choices
        self._renderer = renderer
        self._reader = reader
        self._address = address

    def index(self, language: str) -> dict[str, object]:
        """All stored queries, by what they are about."""
        by_tag: dict[str, list[StoredQuery]] = defaultdict(list)
        for query in self._queries.values():
            by_tag[self._queries.called("tags", query.tag, language)].append(query)
        groups = sorted(by_tag.items(), key=lambda group: Text(group[0]).place)
        return {"groups": groups, "static": not self._address}

    def page(
        self,
        asked: Asked,
        language: str,
        document: bytes | None = None,
        *,
        cited: str = "",
        explanation: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The page of a query: its form, and its answer where there is one.

        Args:
            asked: the query with its values.
            language: of the page.
            document: the answer; see :mod:`partnergraph.question_pages.answer_tables`.
            cited: a citation of an earlier answer.
            explanation: why there is no solution.
        """
        called = partial(self._queries.called, "columns", language=language)
        tables = AnswerTables(self._reader(language), called, self._renderer.version)
        table = None if document is None else tables.table(asked, document, cited)
        rows = [] if table is None else _by_column(table)
        return self._page(
            asked,
            language,
            table=table,
            picture=draw(asked.query.view, rows, called),
            explanation=explanation,
            sparql=asked.text.strip(),
            cited=self._cited(asked, str(table.citation)) if table else "",
        )

    def _cited(self, asked: Asked, citation: str) -> str:
        """The address of an answer with its citation."""
        fields = {
            name: value
            for name, value in asked.spelt_out.items()
            if name not in ("limit", "offset", "bom")
        }
        query = urlencode({**fields, "cited": citation})
        return f"{self._address}{FOLDER}{asked.query.name}?{query}"

    def picture(self, view: str, document: bytes, language: str) -> bytes:
        """The picture of an answer, a piece of a page.

        Args:
            view: its kind; see :func:`partnergraph.question_pages.answer_pictures.draw`.
            document: SPARQL results in JSON, or N-Triples.
            language: of its words.
        """
        called = partial(self._queries.called, "columns", language=language)
        tables = AnswerTables(self._reader(language), called, self._renderer.version)
        drawn = draw(view, tables.rows(document, MOST_DRAWN), called)
        return self._renderer.stray_page("picture.html", "sparql", language, picture=drawn)

    def unfit(
        self, query: StoredQuery, fields: Mapping[str, str], error: UnfitParameter, language: str
    ) -> bytes:
        """The page of a query, with what was filled in, and what is wrong with it."""
        options = {name: value for name, value in fields.items() if name in OPTIONS}
        asked = Asked(query, given=fields, options=Options(options))
        return self._page(asked, language, error=error, sparql=query.sparql)

    def _page(
        self,
        asked: Asked,
        language: str,
        *,
        error: UnfitParameter | None = None,
        **answer: object,
    ) -> bytes:
        query = asked.query
        called = partial(self._queries.called, "parameters", language=language)
        form = controls(asked, self._choices, self._reader(language), called, error)
        context: dict[str, object] = {
            "query": query,
            "tag": self._queries.called("tags", query.tag, language),
            "controls": form,
            "options": {name: asked.options.given.get(name, "") for name in OPTIONS},
            "error": error,
            "elsewhere": error and all(error.parameter != one.name for one in query.parameters),
            "asked": asked,
            "formats": data_formats(query),
            "snippets": snippets(self._address, asked),
            "rows": partial(_rows, language),
            "table": None,
            "explanation": None,
            "picture": None,
            **answer,
        }
        return self._renderer.answer_page(
            "query.html",
            f"{FOLDER}{query.name}",
            language,
            self._alternates(asked),
            asked.query_string(),
            **context,
        )

    def _alternates(self, asked: Asked) -> tuple[Alternate, ...]:
        """The other pages, and where there is an answer, the data."""
        path = f"{FOLDER}{asked.query.name}"
        pages = [
            Alternate(f"{path}.{language}.html", "text/html", language, "html")
            for language in LANGUAGES
        ]
        data = [
            Alternate(f"{path}.{one.name}", one.media_type.partition(";")[0], "", one.name)
            for one in data_formats(asked.query)
        ]
        return tuple(pages if asked.missing else [*data, *pages])
