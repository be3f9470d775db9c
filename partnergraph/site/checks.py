"""The page on which anyone has a graph checked: a form, and the report in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from partnergraph.formats import GRAPH_FORMATS, LANGUAGES
from partnergraph.gate.reports import Language, counted
from partnergraph.pages.rendering import Alternate, Renderer
from partnergraph.pages.rows import Reader
from partnergraph.site.findings import MOST_FINDINGS, read_report

SYNTAXES = {one.name: one.media_type.partition(";")[0] for one in GRAPH_FORMATS}
"""The media types of the syntaxes, by the names that the form has for them."""

USUAL_SYNTAX = "ttl"

PATH = "validate"

_ALTERNATES = tuple(Alternate(f"{PATH}.{one}.html", "text/html", one, "html") for one in LANGUAGES)


class CheckPages:
    """Makes the pages."""

    def __init__(self, renderer: Renderer, reader: Callable[[str], Reader]) -> None:
        """Args:
        renderer: renders templates.
        reader: what names properties in a language.
        """
        self._renderer = renderer
        self._reader = reader

    def empty(self, language: str) -> dict[str, object]:
        """What the page shows before anything was posted."""
        nothing = {"checked": None, "graph": "", "missing": False, "static": False}
        return {**nothing, "syntax": USUAL_SYNTAX, **_words(language)}

    def unfilled(self, syntax: str, language: str) -> bytes:
        """The page that says that there was no graph."""
        return self._page(language, graph="", syntax=syntax, missing=True)

    def checked(self, graph: str, syntax: str, language: str, report: bytes) -> bytes:
        """The page with what was found.

        Args:
            graph: as it was written.
            syntax: its name among :data:`SYNTAXES`.
            language: of the page.
            report: in JSON; or the problem for which there is none.
        """
        checked = read_report(json.loads(report), graph, syntax, self._reader(language))
        return self._page(language, checked=checked, graph=graph, syntax=syntax)

    def _page(self, language: str, **shown: object) -> bytes:
        context = self.empty(language) | shown
        return self._renderer.answer_page(
            "validate.html", PATH, language, _ALTERNATES, "", **context
        )


def _words(language: str) -> dict[str, object]:
    page_language: Language = "lv" if language == "lv" else "en"
    return {
        "syntaxes": list(SYNTAXES),
        "counted": partial(counted, language=page_language),
        "most": MOST_FINDINGS,
    }
