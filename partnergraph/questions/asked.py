"""A stored query as somebody asks it: with values, and with what the answer shall carry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from urllib.parse import urlencode

from partnergraph.engine import Enrichment
from partnergraph.errors import UnfitParameter
from partnergraph.questions.choices import Choices
from partnergraph.questions.parameters import LANGUAGE_TAG, Parameter, UnfitValue
from partnergraph.questions.stored import StoredQuery, Term
from partnergraph.things.in_force import DAYS, Days

MOST_LABELS = 8
"""Languages that names may be asked for in."""

LARGEST_PART = 1_000_000
"""The largest limit and offset."""

AS_OF = f"^{DAYS}$"
"""A day, a month or a year."""

LABELS = f"^{LANGUAGE_TAG}(?:,{LANGUAGE_TAG}){{0,{MOST_LABELS - 1}}}$"
"""Language tags with commas between."""

OPTIONS = ("labels", "evidence", "asOf", "limit", "offset", "bom")
"""What can be said of every query beside its parameters."""

_LABELS = re.compile(LABELS)
_NUMBER = re.compile(r"[0-9]{1,7}")
_TRUTH = {"1": True, "true": True, "0": False, "false": False}


@dataclass(frozen=True)
class Options:
    """What an answer shall carry.

    Attributes:
        given: what was given, as texts, by name.
        labels: the languages of names, the most wanted first.
        evidence: whether passages are asked for.
        as_of: the day, month or year that is asked for; empty for none.
        limit: how many solutions are asked for at most.
        offset: how many are passed over.
        spreadsheet: whether CSV is for a spreadsheet.
    """

    given: Mapping[str, str] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    evidence: bool = False
    as_of: str = ""
    limit: int | None = None
    offset: int = 0
    spreadsheet: bool = False

    def enrichment(self, base: str) -> Enrichment | None:
        """The same for an engine; ``None`` where the answer carries what the query asks for only.

        Args:
            base: what the IRIs of the dataset begin with.
        """
        if not self.given:
            return None
        return Enrichment(
            base,
            labels=self.labels,
            evidence=self.evidence,
            as_of=self.as_of,
            limit=self.limit,
            offset=self.offset,
            spreadsheet=self.spreadsheet,
        )


@dataclass(frozen=True)
class Asked:
    """A stored query with values.

    Attributes:
        query: which one.
        given: the values of parameters that were given, as texts, by name.
        values: the RDF terms that these and the defaults stand for.
        options: what the answer shall carry.
    """

    query: StoredQuery
    given: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Term] = field(default_factory=dict)
    options: Options = field(default_factory=Options)

    @property
    def missing(self) -> list[Parameter]:
        """The parameters that there is no answer without."""
        required = (one for one in self.query.parameters if one.required)
        return [one for one in required if one.name not in self.values]

    def require(self) -> None:
        """See that nothing is missing.

        Raises:
            UnfitParameter: something is.
        """
        for one in self.missing:
            raise _unfit(one.name, "missing", example=one.example)

    @property
    def has_rows(self) -> bool:
        """Whether the answer is a table: a question that is answered by yes may carry one, too."""
        more = self.options.evidence or self.options.as_of
        return self.query.form == "SELECT" or (self.query.form == "ASK" and bool(more))

    @property
    def text(self) -> str:
        """The query in SPARQL, with its values."""
        return self.query.bind(self.values)

    @property
    def fields(self) -> dict[str, str]:
        """What asks the same: parameters first, then options, in order."""
        known = (*(one.name for one in self.query.parameters), *OPTIONS)
        given = {**self.given, **self.options.given}
        return {name: given[name] for name in known if name in given}

    @property
    def digest(self) -> str:
        """What tells this question from others: 8 hexadecimal digits."""
        said = (
            self.query.name,
            *(f"{name} {value}" for name, value in sorted(self.values.items())),
            self.options.as_of,
            str(self.options.evidence),
        )
        return blake2b("\0".join(said).encode(), digest_size=4).hexdigest()

    @property
    def spelt_out(self) -> dict[str, str]:
        """What asks the same, with every value in full, also those by default."""
        values = {name: getattr(term, "value", "") for name, term in self.values.items()}
        return {**values, **self.options.given}

    def query_string(self, *without: str, **more: str) -> str:
        """What asks the same, as the end of an address.

        Args:
            without: options that are left out.
            more: others that are put at its end.
        """
        fields = {name: value for name, value in self.fields.items() if name not in without}
        encoded = urlencode({**fields, **more})
        return f"?{encoded}" if encoded else ""


def read_asked(query: StoredQuery, fields: Iterable[tuple[str, str]], choices: Choices) -> Asked:
    """A stored query as the fields of a request or of a command ask it.

    Args:
        query: which one.
        fields: names and values.
        choices: which things can be meant by a name.

    Raises:
        UnfitParameter: one is unknown, is given twice, or has no fit value.
    """
    parameters = {one.name: one for one in query.parameters}
    given = _given(fields, (*parameters, *OPTIONS))
    values: dict[str, Term] = {}
    for name, parameter in parameters.items():
        if name in given or parameter.default:
            text = given.get(name, parameter.default)
            values[name] = _term(query, parameter, text, choices)
    return Asked(
        query,
        {name: text for name, text in given.items() if name in parameters},
        values,
        _options(given, is_ordered=query.is_ordered),
    )


def read_options(fields: Iterable[tuple[str, str]]) -> Options:
    """What the answer to a query that is not stored shall carry.

    Raises:
        UnfitParameter: an option is unknown, is given twice, or has no fit value.
    """
    return _options(_given(fields, OPTIONS), is_ordered=True)


def _unfit(name: str, kind: str, **details: object) -> UnfitParameter:
    return UnfitParameter(name, UnfitValue(kind, **details).reasons)


def _given(fields: Iterable[tuple[str, str]], known: tuple[str, ...]) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, value in fields:
        if name not in known:
            raise _unfit(name, "unknown", known=", ".join(known))
        if name in given:
            raise _unfit(name, "repeated")
        given[name] = value
    return given


def _term(query: StoredQuery, parameter: Parameter, text: str, choices: Choices) -> Term:
    try:
        if parameter.is_thing:
            return choices.thing(query, parameter, text)
        return parameter.term(text)
    except UnfitValue as error:
        raise UnfitParameter(parameter.name, error.reasons) from None


def _options(given: Mapping[str, str], *, is_ordered: bool) -> Options:
    return Options(
        {name: text for name, text in given.items() if name in OPTIONS},
        _labels(given.get("labels")),
        _truth("evidence", given),
        _as_of(given.get("asOf")),
        _part("limit", given, is_ordered=is_ordered),
        _part("offset", given, is_ordered=is_ordered) or 0,
        _truth("bom", given),
    )


def _labels(text: str | None) -> tuple[str, ...]:
    if text is None:
        return ()
    if not _LABELS.fullmatch(text):
        raise _unfit("labels", "not-tags")
    # What is served has tags in lower case: decision 23.
    return tuple(dict.fromkeys(text.lower().split(",")))


def _truth(name: str, given: Mapping[str, str]) -> bool:
    text = given.get(name, "0")
    if text not in _TRUTH:
        raise _unfit(name, "not-truth")
    return _TRUTH[text]


def _as_of(text: str | None) -> str:
    if text is not None and Days.read(text) is None:
        raise _unfit("asOf", "not-day")
    return text or ""


def _part(name: str, given: Mapping[str, str], *, is_ordered: bool) -> int | None:
    text = given.get(name)
    if text is None:
        return None
    if not _NUMBER.fullmatch(text) or int(text) > LARGEST_PART:
        raise _unfit(name, "not-part", number=LARGEST_PART)
    if not is_ordered:
        raise _unfit(name, "unordered")
    return int(text)
