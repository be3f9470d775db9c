"""The files that pages are made with: style, icon and scripts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from partnergraph.pages.resources import Resource, file_resource

_MEDIA_TYPES = {
    "static/page.css": "text/css; charset=utf-8",
    "static/icon.svg": "image/svg+xml; charset=utf-8",
    "static/gallery.js": "text/javascript; charset=utf-8",
    "static/editor.js": "text/javascript; charset=utf-8",
    "static/editor.css": "text/css; charset=utf-8",
    "static/validate.js": "text/javascript; charset=utf-8",
}
"""By address, which is also the place below this room."""


def static_files() -> Iterator[Resource]:
    """Each of them, as a resource."""
    for name, media_type in _MEDIA_TYPES.items():
        yield file_resource(name, media_type, partial(_read, name))


def _read(name: str) -> bytes:
    return (Path(__file__).parent / name).read_bytes()
