"""Findings beside the lines that they are about: what the page shows of a report on a graph.

A report names things by their IRIs; here they are called as the text of the graph calls them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from partnergraph.namespaces import XSD, compact
from partnergraph.pages.rows import Reader, Reference
from partnergraph.protocol.problems import PROBLEMS, Problem
from partnergraph.results import Severity
from partnergraph.texts.lines import GraphLines
from partnergraph.texts.literals import read_literal
from partnergraph.things.labels import Text, choose

MOST_FINDINGS = 200
"""Findings that are shown, the gravest; a program gets all of them."""

_AROUND = 2
"""Lines before and after a finding that are shown with it."""


@dataclass(frozen=True)
class Finding:
    """Something that is wrong.

    Attributes:
        severity: how much it weighs; ``None`` where the graph cannot be read.
        message: what is wrong and what would be right.
        thing: what it is about, as the text writes it; empty for what has no name.
        property: of which property, if of one.
        value: the value that is wrong, as the text writes it, if there is one.
        suggestion: the property that was probably meant.
        line: the line that it is about; 0 where it cannot be told.
        column: where in the line, where that is known.
    """

    severity: Severity | None
    message: Text
    thing: str = ""
    property: Reference | None = None
    value: str = ""
    suggestion: str = ""
    line: int = 0
    column: int = 0


@dataclass(frozen=True)
class Line:
    """A line of the graph, and what is wrong with it; after a gap, some before it are not shown."""

    number: int
    text: str
    findings: tuple[Finding, ...]
    gap: bool = False


@dataclass(frozen=True)
class Checked:
    """What came of a graph.

    Attributes:
        conforms: whether it may be served; ``None`` where it was not validated.
        counts: how many findings there are, by severity.
        findings: the gravest of them, in this order.
        lines: those that findings are about, with the ones around them.
        problem: why it was not validated.
    """

    conforms: bool | None
    counts: dict[Severity, int]
    findings: tuple[Finding, ...]
    lines: tuple[Line, ...]
    problem: Problem | None = None

    @property
    def untold(self) -> int:
        """How many findings are not shown."""
        return max(0, sum(self.counts.values()) - len(self.findings))


def read_report(document: dict[str, Any], text: str, syntax: str, reader: Reader) -> Checked:
    """What a report, or a refusal, says of a graph.

    Args:
        document: the answer that a program gets, in JSON.
        text: the graph as it was posted.
        syntax: file extension of its syntax, such as ``ttl``.
        reader: what names properties.
    """
    lines = text.removesuffix("\n").split("\n")  # As parsers count them.
    if "conforms" not in document:
        problem = PROBLEMS[document["type"].partition("#")[2]]
        line, column = int(document.get("line") or 0), int(document.get("column") or 0)
        line = min(line, len(lines))  # What is missing at the end is missing after it.
        # The words are those of a parser, which speaks English.
        words = Text(str(document.get("detail") or ""), "en")
        fault = Finding(None, words, line=line, column=column)
        return Checked(None, {}, (fault,), _listing(lines, [fault]), problem)
    results = document["results"]
    counts = {severity: int(document[f"{severity.name.lower()}s"]) for severity in Severity}
    findings: tuple[Finding, ...] = ()
    if results:
        graph = GraphLines(text, syntax)
        findings = tuple(_finding(one, reader, graph) for one in results[:MOST_FINDINGS])
    return Checked(bool(document["conforms"]), counts, findings, _listing(lines, findings))


def _finding(result: dict[str, Any], reader: Reader, lines: GraphLines) -> Finding:
    texts = [Text(message, tag) for tag, message in result["message"].items()]
    thing, path = result["focusNode"], result.get("path") or ""
    value, suggestion = result.get("value") or "", result.get("suggestion") or ""
    return Finding(
        Severity[result["severity"].upper()],
        choose(texts, (reader.language,)) or Text(""),
        _readable(thing, lines),
        reader.reference(NamedNode(path)) if path else None,
        _readable(value, lines) if value != thing else "",
        lines.written(suggestion) or compact(suggestion) if suggestion else "",
        lines.line(thing, path, value),
    )


def _readable(term: str, lines: GraphLines) -> str:
    """A term as the text has it; empty for what has no name there."""
    if not term or term.startswith("_:"):
        return ""
    literal = read_literal(term)
    if not literal:
        return lines.written(term.strip("<>")) or compact(term.strip("<>"))
    text, language, datatype = literal
    kind = compact(datatype) if datatype not in ("", f"{XSD}string") else language
    return f"“{text}” ({kind})" if kind else f"“{text}”"


def _listing(lines: Sequence[str], findings: Sequence[Finding]) -> tuple[Line, ...]:
    by_line: dict[int, list[Finding]] = defaultdict(list)
    for one in findings:
        if one.line:
            by_line[one.line].append(one)
    around = (range(line - _AROUND, line + _AROUND + 1) for line in by_line)
    shown = sorted({one for numbers in around for one in numbers if 1 <= one <= len(lines)})
    return tuple(_lines(lines, shown, by_line))


def _lines(
    lines: Sequence[str], shown: Sequence[int], by_line: dict[int, list[Finding]]
) -> Iterator[Line]:
    before = 0
    for number in shown:
        text = lines[number - 1]
        yield Line(number, text, tuple(by_line.get(number, ())), gap=number > before + 1)
        before = number
