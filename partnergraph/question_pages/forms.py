"""The form of a stored query: a control for each of its parameters."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from partnergraph.errors import UnfitParameter
from partnergraph.namespaces import XSD
from partnergraph.pages.rows import Reader
from partnergraph.questions.asked import Asked
from partnergraph.questions.choices import MOST_LISTED, Choices
from partnergraph.questions.parameters import Parameter, UnfitValue
from partnergraph.things.labels import Text

_TYPES = {
    "integer": "number",
    f"{XSD}integer": "number",
    f"{XSD}gYear": "number",
    f"{XSD}date": "date",
    f"{XSD}gYearMonth": "month",
}
"""The types of controls by those of parameters; text otherwise."""


@dataclass(frozen=True)
class Option:
    """Something to choose: its value, its name, and whether it is chosen."""

    value: str
    name: Text
    chosen: bool


@dataclass(frozen=True)
class Control:
    """A parameter in a form.

    Attributes:
        name: that of the field.
        title: what it is called.
        type: of the input; ``select`` for a list.
        required: whether there is no answer without it.
        value: what is filled in.
        example: a value of its type.
        problem: why what was filled in is not fit, in words.
        options: what there is to choose.
    """

    name: str
    title: str
    type: str
    required: bool
    value: str
    example: str
    problem: str = ""
    options: tuple[Option, ...] = ()


def controls(
    asked: Asked,
    choices: Choices,
    reader: Reader,
    called: Callable[[str], str],
    error: UnfitParameter | None = None,
) -> list[Control]:
    """The controls of a form.

    Args:
        asked: the query, with the values that are filled in.
        choices: which things can be chosen.
        reader: names them.
        called: gives the names of parameters.
        error: what is wrong with one of the values.
    """
    found = []
    for one in asked.query.parameters:
        control = Control(
            one.name,
            called(one.name),
            # A control of a type would not show what is not of it.
            "text" if error else _TYPES.get(one.kind, "text"),
            one.required,
            asked.given.get(one.name) or one.default,
            one.example,
            error.reasons[reader.language] if error and error.parameter == one.name else "",
        )
        found.append(_list(control, one, asked, choices, reader) if one.is_thing else control)
    return found


def _list(
    control: Control, parameter: Parameter, asked: Asked, choices: Choices, reader: Reader
) -> Control:
    """A control as a list of things, where these can be listed."""
    term = asked.values.get(parameter.name)
    if term is None and control.value and not control.problem:
        with suppress(UnfitValue):  # Another one is unfit, so none has become a term.
            term = choices.thing(asked.query, parameter, control.value)
    chosen = term.value if isinstance(term, NamedNode) else control.value
    things = choices.of(asked.query, parameter)
    if not 0 < len(things) <= MOST_LISTED or (control.problem and not term):
        return replace(control, value=chosen)
    every = {*things, *((term,) if isinstance(term, NamedNode) else ())}
    options = (Option(one.value, reader.reference(one).name, one.value == chosen) for one in every)
    ordered = sorted(options, key=lambda one: (one.name.place, one.value))
    return replace(control, type="select", value=chosen, options=tuple(ordered))
