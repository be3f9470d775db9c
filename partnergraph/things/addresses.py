"""Which IRI is described at which path of this server, and the other way round."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import quote

from pyoxigraph import NamedNode

from partnergraph.namespaces import PUBLICATION, SHARED, TP, TPC, TPS

_BASE = re.compile(r"https?://[^\s<>\"{}|\\^`?#/]+(?:/[^\s<>\"{}|\\^`?#]*)?")

_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")

DOCUMENTS = "doc/"
"""What the addresses of documents about things begin with."""


def is_base(text: str) -> bool:
    """Whether things can be published under this: an address of the web without ``?`` and ``#``."""
    if not _BASE.fullmatch(text):
        return False
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class Addresses:
    """The addresses of everything that is published under one base.

    Attributes:
        base: what the IRIs of things begin with.
    """

    base: str

    @property
    def _folders(self) -> dict[str, str]:
        # The last one takes what is left.
        return {
            "doc/concept/": TPC,
            "doc/def/": TP,
            "doc/shapes/": TPS,
            "doc/graph/": f"{self.base}graph/",
            "doc/": f"{self.base}id/",
        }

    def path(self, iri: str) -> str | None:
        """Where a person or a machine reads about an IRI; ``None`` where that is not here.

        A thing is described in a document of its own; what is a document is read as it is.
        """
        for folder, namespace in self._folders.items():
            local = iri.removeprefix(namespace)
            if local != iri and local:
                local, sharp, fragment = local.partition("#")
                return f"{folder}{local}{sharp}{fragment}"
        if iri.startswith(self.base) and not self._is_shared(iri):
            return iri.removeprefix(self.base)
        return iri.removeprefix(PUBLICATION) if self._is_shared(iri) else None

    def thing(self, path: str) -> str | None:
        """The IRI that a document below ``doc/`` is about."""
        for folder, namespace in self._folders.items():
            local = path.removeprefix(folder)
            if local != path:
                return f"{namespace}{local}" if local else None
        return None

    def document(self, thing: str) -> str:
        """The IRI of the document about a thing."""
        return f"{self.base}{self.path(thing)}"

    def _is_shared(self, iri: str) -> bool:
        name = iri.removeprefix(PUBLICATION)
        return name != iri and any(
            name == one or name.startswith((f"{one}#", f"{one}/")) for one in SHARED
        )


def relative(target: str, source: str) -> str:
    """A link from one path of this server to another.

    Relative, so that pages work below any address, also as files. Both without the leading slash.
    """
    path, sharp, fragment = target.partition("#")
    folder = posixpath.dirname(source)
    way = posixpath.relpath(f"/{path}", f"/{folder}")
    if path.endswith("/") or not path:
        way = "./" if way == "." else f"{way}/"
    # What is percent-encoded in an IRI is so in its address.
    return _LONE_PERCENT.sub("%25", quote(way, safe="/.~%")) + sharp + quote(fragment)
