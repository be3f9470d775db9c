"""The page that says an error, and where to go from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyoxigraph import NamedNode

from partnergraph.pages.rendering import Renderer
from partnergraph.pages.rows import Reader, Reference
from partnergraph.protocol.problems import Problem
from partnergraph.things.addresses import DOCUMENTS, Addresses
from partnergraph.things.labels import Text


class ProblemPages:
    """Makes the pages that say errors."""

    def __init__(
        self, renderer: Renderer, addresses: Addresses, reader: Callable[[str], Reader], base: str
    ) -> None:
        """Args:
        renderer: renders templates.
        addresses: which thing is described where.
        reader: names things in a language.
        base: what the IRIs of the dataset begin with.
        """
        self._renderer = renderer
        self._addresses = addresses
        self._reader = reader
        self._base = base

    def __call__(
        self,
        problem: Problem,
        detail: str | None,
        path: str,
        language: str,
        near: Sequence[str] = (),
        **more: str | None,
    ) -> bytes:
        """The page.

        Args:
            problem: its kind.
            detail: what exactly is wrong.
            path: what was asked for.
            language: of the page.
            near: addresses that may have been meant.
            more: of a query, the ``excerpt`` and the ``hint``.
        """
        return self._renderer.stray_page(
            "problem.html",
            path,
            language,
            problem=problem,
            detail=detail,
            near=[self._reference(one, language) for one in near],
            **more,
        )

    def _reference(self, address: str, language: str) -> Reference:
        iri = self._addresses.thing(address) if address.startswith(DOCUMENTS) else None
        if iri:
            return self._reader(language).reference(NamedNode(iri))
        return Reference(Text(f"/{address}"), f"{self._base}{address}", address)
