"""What the page of the data shows: files by what is in them, the model, how complete it all is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

from partnergraph.gate.reports import Language, counted
from partnergraph.publication.downloads import Download
from partnergraph.site.definitions import vocabulary_of
from partnergraph.site.published import Published
from partnergraph.site.vocabulary import ROW, totals

_UNITS = ("B", "kB", "MB", "GB")
_THOUSAND = 1000

_GROUPS = {
    "whole": {"lv": "Visa datu kopa", "en": "The whole dataset"},
    "graph": {"lv": "Katrs grafs atsevišķi", "en": "Each graph by itself"},
    "tables": {"lv": "Fakti tabulās", "en": "The facts as tables"},
}


@dataclass(frozen=True)
class Group:
    """Files of one kind."""

    title: str
    files: tuple[Download, ...]


def data_model(published: Published, language: str) -> dict[str, object]:
    """What the template of the page shows."""
    by_kind: dict[str, list[Download]] = {kind: [] for kind in _GROUPS}
    for one in published.publication.downloads:
        is_whole = one.name.startswith("dataset.")
        kind = "graph" if one.name.startswith("graph/") else "whole" if is_whole else "tables"
        by_kind[kind].append(one)
    vocabulary = vocabulary_of(published, language) if published.has_ontology else None
    report = published.report
    page_language: Language = "lv" if language == "lv" else "en"
    return {
        "groups": [
            Group(_GROUPS[kind][language], tuple(files)) for kind, files in by_kind.items() if files
        ],
        "size": partial(size, language=language),
        "diagrams": vocabulary.diagrams() if vocabulary else [],
        "row": ROW,
        "completeness": vocabulary.completeness() if vocabulary else [],
        "totals": totals(vocabulary.checks(report)) if vocabulary and report else None,
        "counted": partial(counted, language=page_language),
        "changes": published.changes(language),
        **published.citation(language),
    }


def size(number: int, language: str) -> str:
    """A number of bytes as people write it, about three digits of it."""
    value, unit = float(number), 0
    # What would be rounded to a thousand is one of the next unit.
    while round(value) >= _THOUSAND and unit < len(_UNITS) - 1:
        value, unit = value / _THOUSAND, unit + 1
    digits = 0 if not unit else max(0, 2 - int(math.log10(value)))
    text = f"{value:.{digits}f}"
    # A number and its unit stay on one line.
    return f"{text.replace('.', ',') if language == 'lv' else text}\N{NO-BREAK SPACE}{_UNITS[unit]}"
