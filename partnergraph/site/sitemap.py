"""What search engines are told: which pages there are, and what to leave alone.

https://www.sitemaps.org/protocol.html, https://www.rfc-editor.org/rfc/rfc9309
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from partnergraph.formats import LANGUAGES
from partnergraph.namespaces import PUBLICATION
from partnergraph.pages.resources import Resource, file_resource

MOST = 50_000
"""Addresses that one sitemap may list."""

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def robots(base: str) -> bytes:
    """Queries are many and cost much; what they tell stands on the pages, too."""
    rules = "User-agent: *\nDisallow: /sparql?\n"
    # Without an address of its own, a server knows none for its sitemap.
    return (rules if base == PUBLICATION else f"{rules}Sitemap: {base}sitemap.xml\n").encode()


class Sitemaps:
    """The pages of all documents in each language; several files where they are many.

    A :class:`~partnergraph.pages.resources.Collection`, which looks for them when first asked.
    """

    def __init__(self, base: str, documents: Callable[[], Sequence[str]]) -> None:
        """Args:
        base: what addresses begin with.
        documents: gives the paths of the documents.
        """
        self._base = base
        self._documents = documents

    def find(self, path: str) -> Resource | None:
        """The file at a path."""
        if not path.startswith("sitemap"):
            return None
        content = self._files.get(path)
        return None if content is None else file_resource(path, "application/xml", lambda: content)

    def paths(self) -> list[str]:
        """The paths of the files."""
        return sorted(self._files)

    @cached_property
    def _files(self) -> dict[str, bytes]:
        addresses = [
            (f"{self._base}{path}", language)
            for path in self._documents()
            for language in LANGUAGES
        ]
        parts = [addresses[n : n + MOST] for n in range(0, len(addresses), MOST)] or [[]]
        if len(parts) == 1:
            return {"sitemap.xml": _list(parts[0])}
        files = {f"sitemap-{number}.xml": _list(part) for number, part in enumerate(parts, 1)}
        entries = "".join(
            f"<sitemap><loc>{_escaped(self._base + name)}</loc></sitemap>\n" for name in files
        )
        index = f'{_HEAD}<sitemapindex xmlns="{_SPACE}">\n{entries}</sitemapindex>\n'
        return {"sitemap.xml": index.encode(), **files}


def _list(addresses: Sequence[tuple[str, str]]) -> bytes:
    """Pages, each with its counterparts in all languages."""
    lines = []
    for document, language in addresses:
        counterparts = "".join(
            f'<xhtml:link rel="alternate" hreflang="{one}" href="{_page(document, one)}"/>'
            for one in LANGUAGES
        )
        lines.append(f"<url><loc>{_page(document, language)}</loc>{counterparts}</url>\n")
    return (
        f'{_HEAD}<urlset xmlns="{_SPACE}" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
        f"{''.join(lines)}</urlset>\n"
    ).encode()


def _page(document: str, language: str) -> str:
    return _escaped(f"{document}.{language}.html")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
