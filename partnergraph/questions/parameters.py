"""The parameters of stored queries: what their names say, and from a text to an RDF term.

A parameter is a variable whose name says how it is called, whether it may be left out, and of which
type its value is: ``?_field_iri``, ``?__from_integer``, ``?_day_xsd_date``, as BASIL has it
(https://github.com/basilapi/basil/wiki/SPARQL-variable-name-convention-for-WEB-API-parameters-mapping).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from partnergraph.namespaces import PREFIXES, XSD

LONGEST_VALUE = 1000
"""Characters that a value may have."""

_NAME = re.compile(
    r"_(?P<optional>_)?(?P<name>[A-Za-z][A-Za-z0-9]*)"
    r"(?:_(?P<kind>[A-Za-z][A-Za-z-]*)(?:_(?P<local>[A-Za-z]+))?)?"
)
_CHARACTERS = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2}|[\u00A0-\uD7FF\uF900-\uFDCF])"
IRI = (
    rf"(?:https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::[0-9]{{1,5}})?(?:/{_CHARACTERS}*)?"
    rf"(?:\?{_CHARACTERS}*)?(?:#{_CHARACTERS}*)?"
    rf"|urn:[A-Za-z0-9]{{2,31}}:{_CHARACTERS}+"
    rf"|(?:{'|'.join(PREFIXES)}):[A-Za-z0-9_-]+)"
)
"""What a thing may be named by: an absolute IRI, or a name with a prefix.

https://www.rfc-editor.org/rfc/rfc3987#section-2.2, as far as things on the web are named so.
"""

LANGUAGE_TAG = (
    "(?:(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})"  # The language, and its extension.
    "(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"  # The script, and the region.
    "(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3})){0,9}"  # Variants.
    "(?:-[0-9A-WYZa-wyz](?:-[A-Za-z0-9]{2,8}){1,9}){0,9}"  # Extensions.
    "(?:-[Xx](?:-[A-Za-z0-9]{1,8}){1,9})?|[Xx](?:-[A-Za-z0-9]{1,8}){1,9}"  # What is private.
    "|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)"
    "|en-GB-oed|sgn-(?:BE-FR|BE-NL|CH-DE))"  # What was registered before.
)
"""https://www.rfc-editor.org/rfc/rfc5646#section-2.1; of what repeats, nine at most."""

LARGEST_INTEGER = 10**18 - 1
"""The largest number that a value may be, with either sign."""

_IRI = re.compile(IRI)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})")
_DOUBLE = re.compile(rf"{_DECIMAL.pattern}[eE][+-]?[0-9]{{1,3}}")
_YEAR = re.compile(r"[0-9]{4}")
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Kind:
    """A type of values.

    Attributes:
        name: what it is called.
        example: a value of it.
    """

    name: str
    example: str


KINDS = {
    one.name: one
    for one in (
        Kind("iri", "https://example.org/thing"),
        Kind("literal", "Halle"),
        Kind("number", "2.5"),
        Kind("integer", "1992"),
        Kind(f"{XSD}integer", "1992"),
        Kind(f"{XSD}decimal", "2.5"),
        Kind(f"{XSD}double", "2.5e0"),
        Kind(f"{XSD}boolean", "true"),
        Kind(f"{XSD}string", "Halle"),
        Kind(f"{XSD}language", "lv"),
        Kind(f"{XSD}date", "2022-07-22"),
        Kind(f"{XSD}dateTime", "2022-07-22T12:00:00"),
        Kind(f"{XSD}gYear", "1992"),
        Kind(f"{XSD}gYearMonth", "2021-01"),
    )
}
"""The types that values are checked against; and a language tag, which is one of its own."""


_WORDS: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("unfit_values.toml").read_text("utf-8")
)


class UnfitValue(Exception):
    """A text that is no value of a type.

    Attributes:
        reasons: what would be right, by language.
    """

    def __init__(self, kind: str, **details: object) -> None:
        """Args:
        kind: a key of ``unfit_values.toml``.
        details: what is put into its words.
        """
        words = _WORDS[kind].items()
        self.reasons = {tag: template.format(**details) for tag, template in words}
        super().__init__(self.reasons["en"])


@dataclass(frozen=True)
class Parameter:
    """A parameter of a stored query.

    Attributes:
        name: what a caller calls it.
        variable: the variable that stands for it, without its sign.
        required: whether there is no answer without it.
        kind: the name of its :class:`Kind`; empty for text in a language.
        language: the tag of that.
        default: the value where none is given, as a text; empty where there is none.
    """

    name: str
    variable: str
    required: bool
    kind: str
    language: str = ""
    default: str = ""

    @property
    def is_thing(self) -> bool:
        """Whether a value is an IRI."""
        return self.kind == "iri"

    @property
    def is_text(self) -> bool:
        """Whether any text is a value."""
        return self.kind in ("", "literal", f"{XSD}string")

    @property
    def kind_name(self) -> str:
        """The type of its values, in short."""
        return self.kind.replace(XSD, "xsd:") or f"@{self.language}"

    @property
    def example(self) -> str:
        """A value of its type."""
        return self.default or (KINDS[self.kind].example if self.kind else "Halle")

    def term(self, text: str) -> NamedNode | Literal:
        """The RDF term that a text stands for.

        Raises:
            UnfitValue: it is of another type.
        """
        if len(text) > LONGEST_VALUE:
            raise UnfitValue("too-long", number=LONGEST_VALUE)
        if self.language:
            return Literal(text, language=self.language)
        if self.is_thing:
            return absolute_iri(text)
        return _literal(text, self.kind)


def read_parameter(variable: str) -> Parameter | None:
    """What the name of a variable says; ``None`` where it is no parameter.

    Raises:
        ValueError: it begins like one, but says no type that is known.
    """
    if not variable.startswith("_"):
        return None
    match = _NAME.fullmatch(variable)
    if match is None:
        raise ValueError("a parameter is called like ?_name_type or ?__name_type")
    name, kind, local = match["name"], match["kind"] or "literal", match["local"]
    required = match["optional"] is None
    if local:
        datatype = f"{PREFIXES.get(kind, '')}{local}"
        if datatype not in KINDS:
            raise ValueError(f"values of {kind}:{local} cannot be checked")
        return Parameter(name, variable, required, datatype)
    if kind in KINDS:
        return Parameter(name, variable, required, kind)
    if _LANGUAGE.fullmatch(kind):
        return Parameter(name, variable, required, "", kind)
    raise ValueError(f"{kind!r} is neither a type nor a language tag")


def absolute_iri(text: str) -> NamedNode:
    """An absolute IRI; one with a prefix of :data:`~partnergraph.namespaces.PREFIXES`, too.

    Raises:
        UnfitValue: it is none.
    """
    if not _IRI.fullmatch(text):
        raise UnfitValue("not-iri")
    prefix, _, local = text.partition(":")
    return NamedNode(f"{PREFIXES[prefix]}{local}" if prefix in PREFIXES else text)


def _literal(text: str, kind: str) -> Literal:
    if kind in ("literal", f"{XSD}string"):
        return Literal(text)
    datatype = f"{XSD}integer" if kind == "integer" else kind
    if kind == "number":
        datatype = next((one for one, pattern in _NUMBERS.items() if pattern.fullmatch(text)), "")
    if not (datatype and _LEXICAL_SPACES[datatype](text)):
        raise UnfitValue(f"not-{kind.removeprefix(XSD)}", example=KINDS[kind].example)
    return Literal(text, datatype=NamedNode(datatype))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_date_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}", text) is not None


def _is_number(pattern: re.Pattern[str]) -> Callable[[str], object]:
    return lambda text: pattern.fullmatch(text) and abs(Decimal(text)) <= LARGEST_INTEGER


_NUMBERS = {f"{XSD}integer": _INTEGER, f"{XSD}decimal": _DECIMAL, f"{XSD}double": _DOUBLE}

_LEXICAL_SPACES: dict[str, Callable[[str], object]] = {
    **{datatype: _is_number(pattern) for datatype, pattern in _NUMBERS.items()},
    f"{XSD}boolean": re.compile("true|false|1|0").fullmatch,
    f"{XSD}dateTime": _is_date_time,
    f"{XSD}date": lambda text: _DAY.fullmatch(text) and _is_day(text),
    f"{XSD}gYear": _YEAR.fullmatch,
    f"{XSD}gYearMonth": _MONTH.fullmatch,
    f"{XSD}language": re.compile(LANGUAGE_TAG).fullmatch,
}
"""Whether a text is of the lexical space of a datatype: https://www.w3.org/TR/xmlschema11-2/."""
