"""The resources over HTTP, with Flask: negotiation, redirects, validators, and errors as pages.

https://www.w3.org/TR/cooluris/ and https://www.rfc-editor.org/rfc/rfc9110
"""

from __future__ import annotations

import difflib
import posixpath
from bisect import bisect
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.urls import iri_to_uri

from partnergraph.content_codings import negotiate_coding
from partnergraph.formats import HTML, LANGUAGES, negotiate, negotiate_language
from partnergraph.http.representations import Representations
from partnergraph.pages.problem_pages import ProblemPages
from partnergraph.pages.resources import Link, Representation, Resource, Site
from partnergraph.protocol.messages import SAFE
from partnergraph.protocol.problems import (
    MEDIA_TYPE,
    PROBLEM_FORMATS,
    problem_body,
    problem_of_status,
)
from partnergraph.things.addresses import relative

STORE_BUT_ASK = "no-cache"
"""A page may be kept, and used again once its entity tag has been confirmed."""

_IDENTIFIERS = ("id/", "concept/")
"""What names things: they are described elsewhere, as no thing can be sent over a wire."""

_NEIGHBOURS = 100
"""Paths before and after a mistaken one that it is compared with."""

_MOST_OTHERS = 200
"""Other addresses that it is compared with."""

_LONGEST_COMPARED = 100
"""Characters of a mistaken path that are compared."""


def create_pages(site: Site, kept: Representations, modified: float, page: ProblemPages) -> Flask:
    """The Flask application of everything but the SPARQL endpoint.

    Args:
        site: all resources.
        kept: representations that were made before.
        modified: when what is served has last changed, in seconds.
        page: makes the page that says an error.
    """
    app = Flask(__name__, static_folder=None)
    pages = _Pages(site, kept, modified, page)

    @app.after_request
    def keep_safe(response: Response) -> Response:
        response.headers.update(SAFE)
        if response.allow:  # It comes from a set, whose order is another each time.
            response.headers["Allow"] = ", ".join(sorted(response.allow))
        return response

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def answer(path: str) -> Response:
        return pages.answer(path)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        if isinstance(error, NotFound):
            return pages.not_found()
        allowed = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        detail = f"This is only read: use {allowed}." if allowed else error.description
        response = pages.refuse(error.code or 500, detail)
        for name, value in error.get_headers():
            if name.lower() == "allow":
                response.headers[name] = value
        return response

    return app


class _Pages:
    """Answers requests for resources."""

    def __init__(
        self, site: Site, kept: Representations, modified: float, page: ProblemPages
    ) -> None:
        self._site = site
        self._kept = kept
        self._last_modified = datetime.fromtimestamp(modified, UTC)
        self._problem_page = page

    def answer(self, path: str) -> Response:
        """The response to a request for a path."""
        if path.startswith(_IDENTIFIERS):
            return self._see_other(path)
        found = self._site.resolve(path)
        if found is None:
            return self._elsewhere(path)
        resource, representation = found
        if resource.gone:
            return self._gone(resource)
        asked = representation
        negotiated = self._chosen(resource, representation)
        if negotiated is None:
            return self._not_acceptable(resource)
        response = self._respond(resource, negotiated)
        if asked is None:
            response.vary.add("Accept")
        if asked is None or (asked.format is HTML and not asked.language):
            response.vary.add("Accept-Language")
        if resource.has_forms:
            address = resource.address(negotiated)
            response.content_location = relative(address, path)
        return response

    def _elsewhere(self, path: str) -> Response:
        """To the address that differs by the slash at its end, where there is one."""
        other = path[:-1] if path.endswith("/") else f"{path}/"
        if not other or self._site.resolve(other) is None:
            raise NotFound
        query = request.query_string.decode("ascii", "replace")
        response = Response(status=308, content_type="text/plain; charset=utf-8")
        location = f"../{relative(other, posixpath.dirname(other) + '/')}"
        if not path.endswith("/"):
            location = relative(other, path)
        response.location = location + (f"?{query}" if query else "")
        return response

    def _see_other(self, path: str) -> Response:
        """From a thing to the document about it, in the representation that is asked for."""
        folder = "doc/" if path.startswith("concept/") else ""
        document = f"{folder}{path}" if folder else f"doc/{path.removeprefix('id/')}"
        resource = self._site.find(document)
        if resource is None:
            raise NotFound
        if resource.gone:
            return self._gone(resource)
        representation = self._chosen(resource, None)
        if representation is None:
            return self._not_acceptable(resource)
        location = relative(resource.address(representation), path)
        response = Response(status=303, content_type="text/plain; charset=utf-8")
        response.location = location
        response.vary.update(("Accept", "Accept-Language"))
        response.headers["cache-control"] = STORE_BUT_ASK
        return response

    def _chosen(self, resource: Resource, named: Representation | None) -> Representation | None:
        """The representation that the address names, or that the header fields ask for."""
        form = named.format if named else None
        if form is None:
            by_name = request.args.get("format", "").lower()
            offered = {one.name: one for one in resource.formats}
            form = offered.get(by_name) or negotiate(
                request.headers.get("accept"), resource.formats
            )
        if form is None:
            return None
        if form is not HTML or (named and named.language):
            return named or Representation(form)
        asked = request.args.get("lang")
        language = (
            asked
            if asked in LANGUAGES
            else negotiate_language(request.headers.get("accept-language"))
        )
        return Representation(HTML, language)

    def _respond(self, resource: Resource, representation: Representation) -> Response:
        coding = negotiate_coding(request.headers.get("accept-encoding"))
        content = self._kept.get(
            (resource.path, representation.suffix),
            lambda: resource.write(representation),
            coding,
        )
        response = Response(content.body, content_type=representation.format.media_type)
        response.set_etag(content.tag)
        response.last_modified = self._last_modified
        response.headers["cache-control"] = STORE_BUT_ASK
        response.vary.add("Accept-Encoding")
        if content.coding:
            response.content_encoding = content.coding
        if representation.language:
            response.content_language.add(representation.language)
        for link in self._links(resource, representation):
            response.headers.add("Link", link)
        if representation.format is not HTML:
            response.headers["accept-ranges"] = "bytes"
        return response

    def _links(self, resource: Resource, representation: Representation) -> list[str]:
        """Signposting and the other representations: https://signposting.org/FAIR/."""
        path = resource.address(representation)
        links = [_link(one, path) for one in resource.links]
        if not resource.has_forms:
            return links
        links.append(f'<{relative(resource.path, path)}>; rel="canonical"')
        for other in resource.representations():
            if other == representation:
                continue
            target = relative(resource.address(other), path)
            media_type = other.format.media_type.partition(";")[0]
            language = f'; hreflang="{other.language}"' if other.language else ""
            links.append(f'<{target}>; rel="alternate"; type="{media_type}"{language}')
            if other.format.syntax is not None and representation.format is HTML:
                links.append(f'<{target}>; rel="describedby"; type="{media_type}"')
        return links

    # What is not answered

    def refuse(self, status: int, detail: str | None, near: Sequence[str] = ()) -> Response:
        """The response that says an error: a page for a browser, else a problem document."""
        problem = problem_of_status(status)
        form = negotiate(request.headers.get("accept"), PROBLEM_FORMATS)
        if form is HTML:
            language = negotiate_language(request.headers.get("accept-language"))
            path = request.path.lstrip("/")
            body = self._problem_page(problem, detail, path, language, near)
            response = Response(body, status, content_type=HTML.media_type)
            response.content_language.add(language)
        else:
            response = Response(problem_body(problem, detail), status, content_type=MEDIA_TYPE)
        response.vary.update(("Accept", "Accept-Language"))
        return response

    def not_found(self) -> Response:
        """There is nothing at the path; perhaps there is at one like it."""
        path = request.path.lstrip("/")
        near = self._near(path)
        detail = f"There is nothing at /{path}."
        if near:
            detail += " There is " + ", ".join(f"/{one}" for one in near) + "."
        else:
            detail += " Begin at / or at /sparql."
        return self.refuse(404, detail, near)

    def _near(self, path: str) -> list[str]:
        """The paths of documents that a mistaken path may have meant.

        Those that end in the same name, and those that look alike among their neighbours: the
        effort has to be small, as anyone may ask for anything.
        """
        wanted = path.removeprefix("id/").removeprefix("doc/")[:_LONGEST_COMPARED]
        paths, others, by_name = self._documents
        place = bisect(paths, f"doc/{wanted}")
        window = paths[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS]
        alike = {one.removeprefix("doc/"): one for one in (*window, *others)}
        close = difflib.get_close_matches(wanted, alike, 3, 0.7)
        same = by_name.get(_name(path), [])
        return list(dict.fromkeys((*same, *(alike[one] for one in close))))[:5]

    @cached_property
    def _documents(self) -> tuple[list[str], list[str], dict[str, list[str]]]:
        """The paths of all documents, sorted; of all else; and of documents by their last name."""
        every = sorted(path for path in self._site.paths() if path)
        paths = [path for path in every if path.startswith("doc/")]
        others = [path for path in every if not path.startswith("doc/")][:_MOST_OTHERS]
        by_name: dict[str, list[str]] = defaultdict(list)
        for path in paths:
            by_name[_name(path)].append(path)
        return paths, others, by_name

    def _gone(self, resource: Resource) -> Response:
        return self.refuse(410, resource.gone)

    def _not_acceptable(self, resource: Resource) -> Response:
        types = [one.media_type.partition(";")[0] for one in resource.formats]
        offered = ", ".join(dict.fromkeys(types))
        return self.refuse(406, f"/{resource.path} can be had as {offered}.")


def _name(path: str) -> str:
    return path.rpartition("/")[2].lower()


def _link(link: Link, source: str) -> str:
    # A header field is ASCII, an IRI need not be.
    target = iri_to_uri(link.target) if ":" in link.target else relative(link.target, source)
    media_type = f'; type="{link.media_type}"' if link.media_type else ""
    return f'<{target}>; rel="{link.relation}"{media_type}'
