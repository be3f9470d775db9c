"""Command-line options made from the fields of :class:`~partnergraph.settings.Settings`."""

from __future__ import annotations

import difflib
import math
import os
import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, ClassVar

import click

from partnergraph.errors import UsageError
from partnergraph.settings import CHOICES, Settings, default_text, option_name, variable_name
from partnergraph.things.addresses import is_base


def require_known_variables() -> None:
    """See that each variable of ours in the environment is one that there is.

    Raises:
        UsageError: one is not; it may be misspelt.
    """
    known = {variable_name(item.name) for item in fields(Settings)}
    for name in sorted(os.environ):
        if name.startswith(variable_name("")) and name not in known:
            close = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
            raise UsageError(
                f"there is no setting {name}; {close[0]} is the nearest, and the README lists all"
            )


class ByteSize(click.ParamType[int]):
    """A number of bytes, with or without a unit: 65536, 64KiB, 1.5MiB."""

    name = "size"

    def __init__(self, least: int = 1) -> None:
        self._least = least

    pattern: ClassVar = re.compile(r"([0-9]{1,15}(?:\.[0-9]+)?) *(|b|kib|mib|gib)")
    units: ClassVar = {"": 1, "b": 1, "kib": 1024, "mib": 1024**2, "gib": 1024**3}

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> int:
        """The number of bytes."""
        found = self.pattern.fullmatch(str(value).strip().lower())
        size = int(float(found[1]) * self.units[found[2]]) if found else -1
        if size < self._least:
            self.fail(f"{value!r} is no size; write 65536, 64KiB or 64MiB.", param, context)
        return size


class Seconds(click.FloatRange):
    """A number of seconds; not a number and infinity are none."""

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> float:
        """The number of seconds."""
        seconds: float = super().convert(value, param, context)
        if not math.isfinite(seconds):
            self.fail(f"{value!r} is no number of seconds.", param, context)
        return seconds


class FieldName(click.ParamType[str]):
    """The name of a header field: https://www.rfc-editor.org/rfc/rfc9110#name-field-names."""

    name = "name"
    pattern: ClassVar = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> str:
        """The name as it is."""
        if value and not self.pattern.fullmatch(value):
            self.fail(f"{value!r} is no name of a header field.", param, context)
        return str(value)


class OneLine(click.ParamType[str]):
    """A text that a person reads, on one line."""

    name = "text"

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> str:
        """The text as it is."""
        if not str(value).isprintable():
            self.fail(f"{value!r} is no name on one line.", param, context)
        return str(value)


class BaseIri(click.ParamType[str]):
    """The address that all names of things begin with, such as https://data.example.org/."""

    name = "iri"

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> str:
        """The address with a slash at its end."""
        if value and not is_base(value):
            self.fail(
                f"{value!r} is no base; write an http or https address without ? and #, such as "
                "https://data.example.org/.",
                param,
                context,
            )
        return f"{value.rstrip('/')}/" if value else ""


TYPES: dict[str, click.ParamType[Any]] = {
    "data": click.Path(path_type=Path),
    "ontology": click.Path(path_type=Path, file_okay=False, exists=True),
    "previous": click.Path(path_type=Path, exists=True),
    "queries": click.Path(path_type=Path, file_okay=False, exists=True),
    "tls_certificate": click.Path(path_type=Path, dir_okay=False, exists=True),
    "tls_key": click.Path(path_type=Path, dir_okay=False, exists=True),
    "base_iri": BaseIri(),
    "publisher": OneLine(),
    "port": click.IntRange(1, 65535),
    **{name: click.Choice(words) for name, words in CHOICES.items()},
    "timeout": Seconds(min=0, min_open=True),
    "memory": click.IntRange(16, 1024**2),
    "max_result_bytes": ByteSize(),
    "max_query_bytes": ByteSize(),
    **{
        name: click.IntRange(1, 1024**2)
        for name in ("max_depth", "max_path", "max_patterns", "max_operators", "max_values")
    },
    "max_upload_bytes": ByteSize(),
    "cache_bytes": ByteSize(least=0),
    "budget": Seconds(min=0),
    "client_header": FieldName(),
    "workers": click.IntRange(min=1, max=1024),
}

DATA_OPTIONS = ("data", "ontology", "base_iri", "publisher", "default_graph", "no_validation")
LIMIT_OPTIONS = ("timeout", "memory", "max_result_bytes", "max_query_bytes")


def settings_options(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Options of a command, made from the fields of :class:`Settings` with these names."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for item in reversed(fields(Settings)):
            if item.name not in names:
                continue
            repeated, flag = item.name == "data", item.type == "bool"
            command = click.option(
                option_name(item.name),
                item.name,
                envvar=variable_name(item.name),
                show_envvar=True,
                type=None if flag else TYPES.get(item.name),
                is_flag=flag,
                multiple=repeated,
                default=item.default,
                show_default=default_text(item),
                help=item.metadata["help"],
                metavar=item.metadata["metavar"],
            )(command)
        return command

    return decorate
