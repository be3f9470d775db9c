"""The gate: the whole dataset against its shapes, once, and what was found.

This is the only place that runs pySHACL, which switches rdflib globals while it works.
https://www.w3.org/TR/shacl/
"""

from __future__ import annotations

import re
from collections.abc import Generator
from pathlib import Path
from typing import Any

import rdflib
from pyoxigraph import RdfFormat, serialize
from pyshacl import Validator
from pyshacl.errors import ReportableRuntimeError, ValidationFailure
from pyshacl.graph_abstraction import OxigraphDataGraph
from rdflib import SH, Literal, URIRef

from partnergraph.dataset.canonical import SHAPES, Dataset
from partnergraph.dataset.rdflib_switches import literals_as_written
from partnergraph.errors import DoesNotConform, UsageError
from partnergraph.gate.literals import DISGUISE, disguised, ill_typed
from partnergraph.gate.places import placed_in_files
from partnergraph.gate.report_reader import ReportReader
from partnergraph.results import Report, Result

_UNCHECKABLE = (
    "the graph cannot be checked: either the shapes are not SHACL, or the data have a value of a "
    "kind that no shape can look at (a blank node where a number belongs, a list without an end)"
)


class _DataGraph(OxigraphDataGraph):
    """The store as pySHACL sees it."""

    # pySHACL asks ``data_graph or …`` for each result; that would count the whole graph.

    def __bool__(self) -> bool:
        return True

    # A literal has no properties. pySHACL asks for them all the same where sh:node or sh:closed
    # meets one, and Oxigraph refuses the question.

    def objects(  # type: ignore[override]
        self, subject: Any, predicate: Any, unique: bool = False
    ) -> Generator[Any, None, None]:
        if not isinstance(subject, Literal):
            yield from super().objects(subject, predicate, unique)

    def predicate_objects(  # type: ignore[override]
        self, subject: Any, unique: bool = False
    ) -> Generator[Any, None, None]:
        if not isinstance(subject, Literal):
            yield from super().predicate_objects(subject, unique)


def validate(dataset: Dataset, shapes: rdflib.Graph | None = None) -> Report:
    """Validate a dataset, derived statements included, against the shapes it holds.

    Args:
        dataset: data, derived statements, vocabulary and shapes, each in its graphs.
        shapes: those shapes as a graph that pySHACL may write into, where it is there already.

    Raises:
        UsageError: the shapes are not well-formed SHACL.
    """
    if shapes is None:
        shapes = shapes_graph(dataset)
    wrong = list(ill_typed(dataset))
    store = disguised(dataset, wrong) if wrong else dataset.store
    try:
        # Not pyshacl.validate(), which switches the normalizing of literals on again.
        with literals_as_written():
            options = {"inplace": True, "allow_warnings": True}
            validator = Validator(_DataGraph(store), shacl_graph=shapes, options=options)
            _, graph, _ = validator.run()  # type: ignore[no-untyped-call]
            _show_as_written(graph)
            reader = ReportReader(graph, shapes, store)
            results = reader.with_ill_typed(wrong, list(reader.results()))
            results += reader.of_rewritten(dataset.rewritten)
    except (ReportableRuntimeError, ValidationFailure) as error:
        raise UsageError(f"{_UNCHECKABLE}: {error.message}") from None
    except (AttributeError, TypeError) as error:
        # Of a list in the data that does not end, a triple as a value: pySHACL foresees neither.
        raise UsageError(f"{_UNCHECKABLE}: {error}") from None
    except re.error as error:
        raise UsageError(f"a sh:pattern of the shapes is no regular expression: {error}") from None
    return Report(tuple(sorted(results, key=_order)), graph)


def require_conformance(dataset: Dataset, paths: tuple[Path, ...] = ()) -> Report:
    """Let a dataset without violations pass the gate; what else was found is in the report.

    Args:
        dataset: all that is to be served.
        paths: the files that it was read from, so that the report can say where something stands.

    Raises:
        DoesNotConform: there are violations.
    """
    report = validate(dataset)
    if not report.conforms:
        raise DoesNotConform(placed_in_files(report, paths))
    return report


def _show_as_written(report: rdflib.Graph) -> None:
    """See that a report has each literal as the data have it."""
    for result, term in list(report.subject_objects(SH.value)):
        if isinstance(term, Literal) and str(term.datatype).startswith(DISGUISE):
            datatype = URIRef(str(term.datatype).removeprefix(DISGUISE))
            report.set((result, SH.value, Literal(str(term), datatype=datatype)))


def _order(result: Result) -> tuple[Any, ...]:
    return (
        result.severity.value,
        result.constraint[0],
        result.shape,
        result.focus_node,
        result.path or "",
        result.value or "",
    )


def shapes_graph(dataset: Dataset) -> rdflib.Graph:
    """The shapes that a dataset holds, as pySHACL takes them."""
    triples = serialize(dataset.graph(SHAPES), format=RdfFormat.N_TRIPLES)
    assert triples is not None
    return rdflib.Graph().parse(data=triples, format="nt")
