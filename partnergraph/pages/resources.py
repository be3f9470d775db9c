"""What can be had at an address: a resource, the representations it has, and all of them together.

The same resources are answered over HTTP (:mod:`partnergraph.http.flask_pages`) and written as
files (:mod:`partnergraph.site.static_copy`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from partnergraph.formats import (
    DOCUMENT_FORMATS,
    GRAPH_FORMATS,
    HTML,
    JSON_LD_FORMS,
    LANGUAGES,
    Format,
)


@dataclass(frozen=True)
class Representation:
    """Which representation of a resource: a format, and for pages a language."""

    format: Format
    language: str = ""

    @property
    def suffix(self) -> str:
        """What its address ends with, such as ``.ttl`` or ``.lv.html``."""
        return f".{self.language}.{self.format.name}" if self.language else f".{self.format.name}"


@dataclass(frozen=True)
class Link:
    """A typed link of a resource: https://www.rfc-editor.org/rfc/rfc8288."""

    target: str
    relation: str
    media_type: str = ""


@dataclass(frozen=True)
class Resource:
    """Something that can be had in one or several representations.

    Attributes:
        path: its address, without the leading slash.
        formats: what it can be had in, the first by default.
        write: makes a representation.
        links: what it is linked to, beside its own representations.
        gone: that it was here and has been withdrawn, in words.
    """

    path: str
    formats: tuple[Format, ...]
    write: Callable[[Representation], bytes]
    links: tuple[Link, ...] = ()
    gone: str = ""

    def representations(self) -> Iterator[Representation]:
        """All of them; but JSON-LD in its plain form only."""
        for one in self.formats:
            if one in JSON_LD_FORMS:
                continue
            if one is HTML:
                yield from (Representation(HTML, language) for language in LANGUAGES)
            else:
                yield Representation(one)

    def address(self, representation: Representation | None = None) -> str:
        """The path of the resource, or of one of its representations."""
        if representation is None:
            return self.path
        name = f"{self.path}index" if not self.path or self.path.endswith("/") else self.path
        # What has a single form is a file, whose name says already what it is.
        return name + representation.suffix if self.has_forms else self.path

    @property
    def has_forms(self) -> bool:
        """Whether the form that a client gets is a matter of negotiation."""
        return len(self.formats) > 1 or self.formats[0] is HTML


def file_resource(path: str, media_type: str, read: Callable[[], bytes]) -> Resource:
    """A resource of a single form, whose name says which."""
    name = path.rpartition(".")[2]
    return Resource(path, (Format(name, media_type),), lambda _: read())


class Collection(Protocol):
    """Resources of one kind."""

    def find(self, path: str) -> Resource | None:
        """The resource at a path, if it is of this kind."""
        ...

    def paths(self) -> Iterable[str]:
        """The paths of all of them, sorted."""
        ...


class Fixed:
    """Resources that are known one by one; a :class:`Collection`."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._by_path = {one.path: one for one in resources}

    def find(self, path: str) -> Resource | None:
        """The resource at a path."""
        return self._by_path.get(path)

    def paths(self) -> list[str]:
        """The paths of all of them."""
        return sorted(self._by_path)


class Site:
    """All resources, of every kind."""

    def __init__(self, collections: Iterable[Collection]) -> None:
        self._collections = tuple(collections)

    def find(self, path: str) -> Resource | None:
        """The resource at a path."""
        found = (collection.find(path) for collection in self._collections)
        return next((one for one in found if one is not None), None)

    def resolve(self, path: str) -> tuple[Resource, Representation | None] | None:
        """The resource that a path names, with the representation that its ending names, if any.

        ``x.html`` leaves only the language open; its representation has none.
        """
        # First: x.ttl is a representation of x wherever there is an x, whatever else is called so.
        for stem, representation in _endings(path):
            folder = stem.removesuffix("index")
            is_index = folder != stem and (not folder or folder.endswith("/"))
            resource = self.find(stem) or (self.find(folder) if is_index else None)
            if resource and resource.has_forms and representation.format in resource.formats:
                return resource, representation
        resource = self.find(path)
        if resource is None:
            return None
        return resource, None if resource.has_forms else Representation(resource.formats[0])

    def paths(self) -> Iterator[str]:
        """The path of every resource."""
        for collection in self._collections:
            yield from collection.paths()


def _endings(path: str) -> Iterator[tuple[str, Representation]]:
    """What a path may mean: shorter paths, each with the representation that its ending names."""
    for one in sorted(
        {*DOCUMENT_FORMATS, *GRAPH_FORMATS}, key=lambda form: (-len(form.name), form.name)
    ):
        stem = path.removesuffix(f".{one.name}")
        if stem == path:
            continue
        if one is HTML:
            for language in LANGUAGES:
                if stem.endswith(f".{language}"):
                    yield stem.removesuffix(f".{language}"), Representation(HTML, language)
        yield stem, Representation(one)
