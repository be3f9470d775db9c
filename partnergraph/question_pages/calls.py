"""A request for a stored query: which representation it asks for, and with which fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from partnergraph.errors import NotAcceptable, RequestError
from partnergraph.formats import (
    HTML,
    LANGUAGES,
    Format,
    formats_named,
    negotiate,
    negotiate_language,
)
from partnergraph.pages.resources import Representation
from partnergraph.protocol.messages import Request
from partnergraph.protocol.query_request import Parameters, read_parameters, short_field
from partnergraph.protocol.workshop import Workshop
from partnergraph.question_pages.presentation import data_formats
from partnergraph.questions.files import FOLDER
from partnergraph.questions.stored import StoredQuery

ELSEWHERE = ("format", "lang", "cited")
"""Fields of a request that change nothing of what is asked."""

Made = TypeVar("Made")


@dataclass(frozen=True)
class Call:
    """A request for a stored query.

    Attributes:
        request: as it came.
        query: which query.
        fields: its parameters and options.
        cited: the citation of an earlier answer.
        representation: what is asked for.
        workshop: where pages are made and names are looked up.
    """

    request: Request
    query: StoredQuery
    fields: Parameters
    cited: str
    representation: Representation
    workshop: Workshop

    async def make(self, make: Callable[[], Made]) -> Made:
        """What a function makes, when it is the client's turn."""
        return await self.workshop.make(self.request.client, make)


def read_call(request: Request, query: StoredQuery, ending: str, workshop: Workshop) -> Call:
    """What a request asks of a stored query.

    Args:
        request: as it came.
        query: which query.
        ending: of the address, after the name.
        workshop: where pages are made and names are looked up.

    Raises:
        NotAcceptable: the client accepts no representation that there is.
        RequestError: the address names one that there is not.
    """
    every = read_parameters(request.query_string)
    given = {name: value for name, value in every if name in ELSEWHERE}
    # A form sends all of its fields, and what was left empty is not meant; but a text may be empty.
    texts = {one.name for one in query.parameters if one.required and one.is_text}
    fields = [(name, value) for name, value in every if value or name in texts]
    return Call(
        request,
        query,
        [(name, value) for name, value in fields if name not in ELSEWHERE],
        given.get("cited", ""),
        _representation(request, query, ending, given),
        workshop,
    )


def _representation(
    request: Request, query: StoredQuery, ending: str, given: Mapping[str, str]
) -> Representation:
    """Which representation is asked for.

    Raises:
        NotAcceptable: it has none of those that are.
        RequestError: the address names one that there is not.
    """
    offered = (*data_formats(query), HTML)
    by_name = {one.name: Representation(one) for one in offered}
    by_name |= {f"{tag}.html": Representation(HTML, tag) for tag in LANGUAGES}
    named = ending or given.get("format", "")
    if named:
        form = by_name.get(named) or _of_media_type(named, offered)
        if form is None:
            known = ", ".join(f"/{FOLDER}{query.name}.{one}" for one in by_name)
            raise RequestError(404 if ending else 400, f"There is no {named!r}. There is {known}.")
    else:
        wanted = negotiate(short_field(request, "accept"), offered)
        if wanted is None:
            types = ", ".join(one.media_type.partition(";")[0] for one in offered)
            raise NotAcceptable(f"There is: {types}.")
        form = Representation(wanted)
    if form.format is not HTML or form.language:
        return form
    language = given.get("lang", "")
    if language not in LANGUAGES:
        language = negotiate_language(short_field(request, "accept-language"))
    return Representation(HTML, language)


def _of_media_type(named: str, offered: tuple[Format, ...]) -> Representation | None:
    found = next((one for one in formats_named(named) if one in offered), None)
    return Representation(found) if found else None
