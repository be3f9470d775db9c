"""Each shape is shown at work: an invalid example breaks what it says, a valid one nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib import SH, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from partnergraph.dataset.loading import load_dataset
from partnergraph.dataset.turtle import canonical_file
from partnergraph.gate.validation import validate
from partnergraph.namespaces import TPS, compact
from partnergraph.settings import Settings
from tests.serving import ROOT

ONTOLOGY = ROOT / "ontology"
INVALID = sorted((ONTOLOGY / "examples" / "invalid").glob("*.t*"))
PUBLISHERS = sorted((ONTOLOGY / "examples" / "valid" / "publishers").glob("*.ttl"))
VALID = [*sorted((ONTOLOGY / "examples" / "valid").glob("*.t*")), *PUBLISHERS]
SHAPES = Graph().parse(ONTOLOGY / "shapes.ttl")
NAMED = sorted({compact(str(shape)) for shape in SHAPES.subjects(SH.message)})

SHOWN_BY_NO_EXAMPLE: dict[str, str] = {}
"""Shapes that no example breaks, each with the reason; at present there is none."""

BREAKS = "# breaks: "

OURS = {"tps:lexical-form", "tps:written-otherwise"}
"""What the gate checks by itself, as the files have it."""


def broken_by(path: Path) -> set[str]:
    """The shapes that the first line of an invalid example names."""
    first = path.read_text("utf-8").partition("\n")[0]
    assert first.startswith(BREAKS), f"{path.name} begins with the line “{BREAKS}tps:…”"
    return set(first.removeprefix(BREAKS).split())


def found_in(path: Path) -> set[str]:
    """The shapes that the gate names, whatever their severity."""
    report = validate(load_dataset(Settings(data=(path,))))
    return {compact(result.shape) for result in report.results}


def term(shape: str) -> URIRef:
    return Namespace(TPS)[shape.removeprefix("tps:")]


def constraint(shape: str) -> int:
    """The number that the shape's group has in the model."""
    group = SHAPES.value(term(shape), SH.group)
    return int(str(SHAPES.value(group, SH.order)))


def file_name(shape: str) -> str:
    """``tps:Agreement-fieldGroup`` → ``agreement-field-group``."""
    local = shape.removeprefix("tps:")
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", local).lower()


def languages(texts: list[Node]) -> list[str]:
    return sorted(text.language or "" for text in texts if isinstance(text, Literal))


def test_there_are_examples_and_shapes() -> None:
    """The globs and the query above do find what the other tests are about."""
    assert len(INVALID) >= 60
    assert len(VALID) - len(PUBLISHERS) >= 8
    assert len(PUBLISHERS) >= 3
    assert len(NAMED) >= 60


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.name)
def test_invalid_example_breaks_exactly_what_its_first_line_names(path: Path) -> None:
    assert found_in(path) == broken_by(path) != set()


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.name)
def test_invalid_example_is_named_after_a_shape_that_it_breaks(path: Path) -> None:
    assert any(path.stem.startswith(file_name(shape)) for shape in broken_by(path))


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_valid_example_gives_no_result_of_any_severity(path: Path) -> None:
    assert found_in(path) == set()


@pytest.mark.parametrize(
    "path",
    [path for path in [*INVALID, *VALID] if path.suffix == ".ttl"],
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_example_is_in_the_canonical_layout(path: Path) -> None:
    assert canonical_file(path) == path.read_text("utf-8")


@pytest.mark.parametrize("number", range(1, 27))
def test_each_constraint_of_the_model_is_broken_by_an_example(number: int) -> None:
    assert number in {constraint(shape) for path in INVALID for shape in broken_by(path)}


@pytest.mark.parametrize("shape", NAMED)
def test_each_shape_is_broken_by_an_example_or_says_why_not(shape: str) -> None:
    broken = {name for path in INVALID for name in broken_by(path)}
    assert (shape in broken) != (shape in SHOWN_BY_NO_EXAMPLE)


def test_examples_and_reasons_name_no_shape_that_does_not_exist() -> None:
    broken = {name for path in INVALID for name in broken_by(path)}
    assert broken | set(SHOWN_BY_NO_EXAMPLE) <= set(NAMED)


@pytest.mark.parametrize("shape", NAMED)
def test_each_shape_has_one_message_a_language_one_severity_and_one_group(shape: str) -> None:
    """And the group is one of the 26 constraints, named in both languages."""
    node = term(shape)
    assert languages(list(SHAPES.objects(node, SH.message))) == ["en", "lv"]
    assert len(list(SHAPES.objects(node, SH.severity))) == 1
    assert len(list(SHAPES.objects(node, SH.group))) == 1
    assert 1 <= constraint(shape) <= 26


def test_each_shape_with_a_target_has_a_message() -> None:
    """A shape that finds things on its own account also says what is wrong with them."""
    targets = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
    with_target = {shape for target in targets for shape in SHAPES.subjects(target)}
    assert {compact(str(shape)) for shape in with_target} == set(NAMED) - OURS
