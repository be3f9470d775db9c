"""A stored query as somebody asks it: with values, and with what the answer shall carry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from partnergraph.choices import Choices
from partnergraph.engine import Enrichment
from partnergraph.errors import UnfitParameter
from partnergraph.formats import LANGUAGES
from partnergraph.in_force import DAYS, Days
from partnergraph.query_parameters import Parameter, UnfitValue
from partnergraph.stored_queries import StoredQuery, Term

MOST_LABELS = 8
"""Languages that names may be asked for in."""

LARGEST_PART = 1_000_000
"""The largest limit and offset."""

_TAG = "[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}"
AS_OF = f"^{DAYS}$"
"""A day, a month or a year."""

LABELS = f"^{_TAG}(?:,{_TAG}){{0,{MOST_LABELS - 1}}}$"
"""Language tags with commas between."""

_LABELS = re.compile(LABELS)
_NUMBER = re.compile(r"[0-9]{1,7}")
_TRUTH = {"1": True, "true": True, "0": False, "false": False}

OPTIONS = ("labels", "evidence", "asOf", "limit", "offset", "bom")
"""What can be said of every stored query beside its parameters."""

ELSEWHERE = ("format", "lang", "cited")
"""What may stand beside these, but changes nothing of the answer."""


@dataclass(frozen=True)
class Asked:
    """A stored query with values.

    Attributes:
        query: which one.
        given: what was given, as texts, by the names of parameters; without what was left empty.
        values: the RDF terms that these and the defaults stand for.
        options: the options that were given, as texts, by name.
        labels: the languages of names, the most wanted first.
        evidence: whether passages are asked for.
        as_of: the day, month or year that is asked for; empty for none.
        limit: how many solutions are asked for at most.
        offset: how many are passed over.
        spreadsheet: whether CSV is for a spreadsheet.
    """

    query: StoredQuery
    given: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Term] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    evidence: bool = False
    as_of: str = ""
    limit: int | None = None
    offset: int = 0
    spreadsheet: bool = False

    @property
    def missing(self) -> list[Parameter]:
        """The parameters that there is no answer without."""
        required = (one for one in self.query.parameters if one.required)
        return [one for one in required if one.name not in self.values]

    @property
    def text(self) -> str:
        """The query in SPARQL, with its values."""
        return self.query.bind(self.values)

    def enrichment(self, base: str) -> Enrichment:
        """What the answer shall carry."""
        return Enrichment(
            base,
            labels=self.labels,
            evidence=self.evidence,
            as_of=self.as_of,
            limit=self.limit,
            offset=self.offset,
            spreadsheet=self.spreadsheet,
        )

    def query_string(self, *without: str, **more: str) -> str:
        """What asks the same, as the end of an address: parameters first, then options, in order.

        Args:
            without: options that are left out.
            more: others that are put at its end.
        """
        given = {one.name: self.given.get(one.name, "") for one in self.query.parameters}
        options = {name: self.options.get(name, "") for name in OPTIONS if name not in without}
        fields = {**given, **options, **more}
        encoded = urlencode({name: value for name, value in fields.items() if value})
        return f"?{encoded}" if encoded else ""


def read_asked(query: StoredQuery, fields: Iterable[tuple[str, str]], choices: Choices) -> Asked:
    """A stored query as the fields of a request or of a command ask it.

    Args:
        query: which one.
        fields: names and values; what is empty counts as not given, as forms send all their fields.
        choices: which things can be meant by a name.

    Raises:
        UnfitParameter: one is unknown, is given twice, or has no fit value.
    """
    given = _given(query, fields)
    parameters = {one.name: one for one in query.parameters}
    values: dict[str, Term] = {}
    for name, parameter in parameters.items():
        text = given.get(name) or parameter.default
        if text:
            values[name] = _term(query, parameter, text, choices)
    return Asked(
        query,
        {name: text for name, text in given.items() if name in parameters},
        values,
        {name: text for name, text in given.items() if name in OPTIONS},
        _labels(given.get("labels", "")),
        _truth("evidence", given),
        _as_of(given.get("asOf", "")),
        _number(query, "limit", given),
        _number(query, "offset", given) or 0,
        _truth("bom", given),
    )


def _given(query: StoredQuery, fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    known = [*(one.name for one in query.parameters), *OPTIONS, *ELSEWHERE]
    given: dict[str, str] = {}
    for name, value in fields:
        if name not in known:
            raise UnfitParameter(name, f"there is none of this name; there are {', '.join(known)}")
        if name in given:
            raise UnfitParameter(name, "it is given several times; once is right")
        if value:
            given[name] = value
    return given


def _term(query: StoredQuery, parameter: Parameter, text: str, choices: Choices) -> Term:
    try:
        if parameter.is_thing:
            return choices.thing(query, parameter, text)
        return parameter.term(text)
    except UnfitValue as error:
        raise UnfitParameter(parameter.name, str(error)) from None


def _labels(text: str) -> tuple[str, ...]:
    if text and not _LABELS.fullmatch(text):
        shown = ",".join(LANGUAGES)
        raise UnfitParameter("labels", f"it is language tags with commas between, such as {shown}")
    return tuple(dict.fromkeys(text.split(","))) if text else ()


def _truth(name: str, given: Mapping[str, str]) -> bool:
    text = given.get(name, "0")
    if text not in _TRUTH:
        raise UnfitParameter(name, "it is 1 or 0")
    return _TRUTH[text]


def _as_of(text: str) -> str:
    if text and Days.read(text) is None:
        raise UnfitParameter("asOf", "it is a day, a month or a year, such as 2000-01-01 or 2000")
    return text


def _number(query: StoredQuery, name: str, given: Mapping[str, str]) -> int | None:
    text = given.get(name)
    if text is None:
        return None
    if not _NUMBER.fullmatch(text) or int(text) > LARGEST_PART:
        raise UnfitParameter(name, f"it is a whole number up to {LARGEST_PART}")
    if not query.is_ordered:
        raise UnfitParameter(name, "the answer to this query has no order, so it has no parts")
    return int(text)
