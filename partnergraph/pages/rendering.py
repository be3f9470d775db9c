"""Pages made from templates, in Latvian or English, with links that work below any address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from partnergraph.formats import HTML
from partnergraph.pages.resources import Resource
from partnergraph.things.addresses import relative
from partnergraph.things.labels import Text


@dataclass(frozen=True)
class Alternate:
    """Another representation of a page: where it is, and what it is."""

    path: str
    media_type: str
    language: str
    name: str


_ABSENT = {"schema_org": None, "excerpt": None, "hint": None, "query_string": ""}
"""What most pages have not."""


class Renderer:
    """Renders templates.

    Links between pages go to the page in the same language, as a reader wants to stay in it.
    """

    def __init__(self, version: str, has_page: Callable[[str], bool]) -> None:
        """Args:
        version: the dataset's version, which stands on every page.
        has_page: whether there is a page at a path; else there is a file.
        """
        self.version = version
        self._has_page = has_page
        self._environment = Environment(
            loader=PackageLoader("partnergraph.pages"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def page(self, template: str, resource: Resource, language: str, **context: Any) -> bytes:
        """A page in a language.

        Args:
            template: its file.
            resource: whose page it is.
            language: ``lv`` or ``en``.
            context: what the template shows.
        """
        own = _page_address(resource.path, language) if resource.has_forms else resource.path
        return self._render(template, own, language, alternates=alternates(resource), **context)

    def stray_page(self, template: str, path: str, language: str, **context: Any) -> bytes:
        """A page that is no resource's, such as one that says that there is nothing."""
        return self._render(template, path, language, alternates=(), **context)

    def answer_page(
        self,
        template: str,
        path: str,
        language: str,
        alternates: tuple[Alternate, ...],
        query_string: str,
        **context: Any,
    ) -> bytes:
        """A page that follows from a query string as well, as its alternates do.

        Args:
            template: its file.
            path: that of what is asked.
            language: ``lv`` or ``en``.
            alternates: its other representations.
            query_string: what is asked, with its question mark.
            context: what the template shows.
        """
        own = _page_address(path, language)
        return self._render(
            template, own, language, alternates=alternates, query_string=query_string, **context
        )

    def _render(self, template: str, own: str, language: str, **context: Any) -> bytes:
        def url(path: str) -> str:
            return relative(path, own)

        def page(path: str) -> str:
            path, sharp, fragment = path.partition("#")
            if self._has_page(path):
                path = _page_address(path, language)
            return relative(f"{path}{sharp}{fragment}", own)

        def lang(text: Text) -> Markup:
            """The attribute that says a language other than the page's."""
            if not text.language or text.language == language:
                return Markup("")
            return Markup(' lang="{}"').format(text.language)

        translate: Callable[[str, str], str] = lambda lv, en: lv if language == "lv" else en  # noqa: E731
        return (
            self._environment.get_template(template)
            .render(
                language=language,
                version=self.version,
                url=url,
                page=page,
                lang=lang,
                t=translate,
                has=self._has_page,
                **{**_ABSENT, **context},
            )
            .encode()
        )


def alternates(resource: Resource) -> tuple[Alternate, ...]:
    """All representations of a resource."""
    return tuple(
        Alternate(
            resource.address(one),
            one.format.media_type.partition("; charset")[0],
            one.language,
            one.format.name,
        )
        for one in resource.representations()
    )


def _page_address(path: str, language: str) -> str:
    name = f"{path}index" if not path or path.endswith("/") else path
    return f"{name}.{language}.{HTML.name}"
