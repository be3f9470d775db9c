"""A validation report for people, in Latvian or English, and for machines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Literal

import rdflib
from rdflib.compare import to_canonical_graph

from partnergraph.dataset.turtle import canonical_turtle
from partnergraph.namespaces import PREFIXES, compact
from partnergraph.results import Passage, Report, Result, Severity

Language = Literal["lv", "en"]
ReportFormat = Literal["text", "turtle", "jsonld", "json"]

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "VIOLATION": "Violation",
        "WARNING": "Warning",
        "INFO": "Info",
        "on": "on",
        "property": "property",
        "value": "value",
        "source": "source",
        "place": "line",
        "meant": "meant",
        "no heading": "no heading",
        "conforms": "The graph conforms.",
        "refused": "The graph does not conform and is not served.",
    },
    "lv": {
        "VIOLATION": "Pārkāpums",
        "WARNING": "Brīdinājums",
        "INFO": "Ziņa",
        "on": "par",
        "property": "īpašība",
        "value": "vērtība",
        "source": "avots",
        "place": "rinda",
        "meant": "varbūt",
        "no heading": "bez virsraksta",
        "conforms": "Grafs atbilst nosacījumiem.",
        "refused": "Grafs neatbilst nosacījumiem, un tas netiek publicēts.",
    },
}

COUNTED: dict[Language, dict[Severity, tuple[str, str, str]]] = {
    "en": {
        Severity.VIOLATION: ("violation", "violations", "violations"),
        Severity.WARNING: ("warning", "warnings", "warnings"),
        Severity.INFO: ("info", "infos", "infos"),
    },
    "lv": {
        Severity.VIOLATION: ("pārkāpums", "pārkāpumi", "pārkāpumu"),
        Severity.WARNING: ("brīdinājums", "brīdinājumi", "brīdinājumu"),
        Severity.INFO: ("ziņa", "ziņas", "ziņu"),
    },
}


_DATATYPE = re.compile(r"(?<=\")\^\^<([^>]*)>$")


def render(report: Report, report_format: ReportFormat, language: Language) -> str:
    """The report in one of its forms; the language matters to ``text`` only."""
    renderers: dict[ReportFormat, Callable[[], str]] = {
        "text": lambda: as_text(report, language),
        "json": lambda: as_json(report),
        "turtle": lambda: canonical_turtle(_own_graph(report)),
        "jsonld": lambda: _json_ld(report),
    }
    return renderers[report_format]()


def as_text(report: Report, language: Language) -> str:
    """The report for a person: each result, then how many there are and what follows."""
    parts = ["\n".join(_result_lines(result, language)) + "\n" for result in report.results]
    counts = ", ".join(
        counted(number, severity, language)
        for severity in Severity
        if (number := report.count(severity)) or severity is Severity.VIOLATION
    )
    verdict = WORDS[language]["conforms" if report.conforms else "refused"]
    return "\n".join([*parts, f"{verdict} ({counts})"]) + "\n"


def as_json(report: Report) -> str:
    """The report for a program that knows no RDF: one object a result."""
    return (
        json.dumps(
            {
                "conforms": report.conforms,
                **{f"{severity.name.lower()}s": report.count(severity) for severity in Severity},
                "results": [_result_object(result) for result in report.results],
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    )


def _result_lines(result: Result, language: Language) -> Iterator[str]:
    words = WORDS[language]
    number, names = result.constraint
    name = _in_language(names, language)
    yield f"{words[result.severity.name]}: {compact(result.shape)} ({number}. {name})"
    yield f"  {_in_language(result.messages, language)}"
    details = [("on", result.focus_node)]
    if result.path:
        details.append(("property", compact(result.path)))
    if result.value:
        details.append(("value", _DATATYPE.sub(_compact_datatype, result.value)))
    if result.place:
        file, line = result.place.file, result.place.line
        details.append(("place", f"{file}:{line}" if file else str(line)))
    if result.suggestion:
        details.append(("meant", compact(result.suggestion)))
    details += [("source", _passage_text(passage, language)) for passage in result.passages]
    width = max(len(words[key]) for key, _ in details)
    for key, text in details:
        yield f"    {words[key]:{width}}  {text}"


def _compact_datatype(found: re.Match[str]) -> str:
    return f"^^{compact(found[1])}"


def _in_language(texts: dict[str, str], language: Language) -> str:
    """The text in the language asked for; that failing, whichever there is."""
    return texts.get(language) or next(iter(texts.values()), "")


def _passage_text(passage: Passage, language: Language) -> str:
    heading = passage.heading or WORDS[language]["no heading"]
    return f"{heading} [{passage.start}–{passage.end}]"


def _result_object(result: Result) -> dict[str, object]:
    number, names = result.constraint
    return {
        "severity": result.severity.name.lower(),
        "shape": result.shape,
        "constraint": number,
        "name": names,
        "focusNode": result.focus_node,
        "path": result.path,
        "value": result.value,
        "message": result.messages,
        "suggestion": result.suggestion,
        "file": result.place.file or None if result.place else None,
        "line": result.place.line if result.place else None,
        "passages": [
            {"heading": passage.heading, "start": passage.start, "end": passage.end}
            for passage in result.passages
        ],
    }


def is_singular(number: int, language: str) -> bool:
    """Whether a number is followed by the singular; in Latvian 1, 21, 31 … are, but not 11."""
    eleven = 11
    if language == "en":
        return number == 1
    return number % 10 == 1 and number % 100 != eleven


def counted(number: int, severity: Severity, language: Language) -> str:
    """A number of results in words; in Latvian, nothing is counted in the genitive."""
    form = 0 if is_singular(number, language) else 1 if number else 2
    return f"{number} {COUNTED[language][severity][form]}"


def _own_graph(report: Report) -> rdflib.Graph:
    """The SHACL report with ``sh:conforms`` as the gate decides it, and with our prefixes."""
    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    graph += report.graph
    conforms = rdflib.SH.conforms
    for subject in list(graph.subjects(conforms)):
        graph.set((subject, conforms, rdflib.Literal(report.conforms)))
    return graph


def _json_ld(report: Report) -> str:
    graph = to_canonical_graph(_own_graph(report))
    document = json.loads(graph.serialize(format="json-ld", context=PREFIXES))
    return json.dumps(_in_order(document), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _in_order(part: Any) -> Any:
    """JSON-LD with its values sorted, which rdflib leaves in an order that changes by process."""
    if isinstance(part, dict):
        return {key: value if key == "@list" else _in_order(value) for key, value in part.items()}
    if isinstance(part, list):
        return sorted(map(_in_order, part), key=lambda value: json.dumps(value, sort_keys=True))
    return part
