"""Where in which file that stands which a report speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from partnergraph.dataset.parsing import find_files
from partnergraph.results import Place, Report, Result
from partnergraph.texts.lines import GraphLines

Text = tuple[str, GraphLines]
"""The name of a file, and its lines."""


def placed_in_files(report: Report, paths: tuple[Path, ...]) -> Report:
    """The report, with file and line of each result that is found in the text of one of them.

    Args:
        report: on the graph that they are.
        paths: files and folders, as they were read.
    """
    return _placed(report, _texts(paths)) if report.results else report


def placed_in_text(report: Report, text: str, syntax: str) -> Report:
    """The report, with the line of each result that is found in a text.

    Args:
        report: on the graph that it is.
        text: what was posted.
        syntax: the file extension of its syntax, such as ``ttl``.
    """
    return _placed(report, [("", GraphLines(text, syntax))]) if report.results else report


def _texts(paths: tuple[Path, ...]) -> Iterator[Text]:
    for path in find_files(paths) if paths else ():
        yield str(path), GraphLines(path.read_text("utf-8", "replace"), path.suffix[1:])


def _placed(report: Report, texts: Iterable[Text]) -> Report:
    read = list(texts)
    if not read:
        return report
    return replace(report, results=tuple(_with_place(one, read) for one in report.results))


def _with_place(result: Result, texts: list[Text]) -> Result:
    what = result.focus_node, result.path or "", result.value or ""
    best = max(texts, key=lambda text: text[1].closeness(*what))
    for name, lines in (best, *texts):
        line = lines.line(*what)
        if line:
            return replace(result, place=Place(name, line))
    return result
