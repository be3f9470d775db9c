"""The whole site as files, which any web server or object store can host.

A file cannot negotiate. So each resource comes in every representation that it has, at the address
that the server would name; and at the address of the resource itself (as at that of each thing)
stands a page that leads on, for people and for machines.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from partnergraph.errors import UnreadableInput
from partnergraph.formats import HTML
from partnergraph.pages.rendering import alternates
from partnergraph.pages.resources import Representation, Resource, Site
from partnergraph.publication.exports import write_file
from partnergraph.things.addresses import relative


def write_site(site: Site, folder: Path) -> Iterator[Path]:
    """Write every representation of every resource; yields each file once it is written.

    Raises:
        UnreadableInput: the folder cannot be written to.
    """
    for path in site.paths():
        resource = site.find(path)
        if resource is None or resource.gone:  # Something names it, but nothing is said of it.
            continue
        for one in resource.representations():
            yield write_file(_place(folder, resource.address(one)), resource.write(one))
        found = site.resolve(path)
        # Where another thing has a representation of this name, that is the file.
        own = found is not None and found[0].path == resource.path
        entrances = [path] if resource.has_forms and own else []
        for entrance in (*entrances, *_identifiers(path)):
            place = f"{entrance.rstrip('/')}/index.html" if entrance else "index.html"
            yield write_file(_place(folder, place), _entrance(resource, entrance, place))


def _place(folder: Path, address: str) -> Path:
    """Where an address stands in a folder.

    Raises:
        UnreadableInput: it would be elsewhere; an IRI may have dots for segments.
    """
    place = folder / address
    if ".." in Path(address).parts:
        raise UnreadableInput(place, "an IRI with .. in its path cannot be a file of the site")
    return place


def _identifiers(path: str) -> list[str]:
    """The path of the thing that a document is about, where that is a path of this server."""
    if path.startswith("doc/concept/"):
        return [path.removeprefix("doc/")]
    is_thing = path.startswith("doc/") and not path.startswith(
        ("doc/def/", "doc/shapes/", "doc/graph/")
    )
    return [f"id/{path.removeprefix('doc/')}"] if is_thing else []


def _entrance(resource: Resource, path: str, place: str) -> bytes:
    """The page at the address of a resource or of a thing: it leads to the representations."""
    # A folder of that name with a page in it: that is how web servers serve an address as it is.
    english = Representation(HTML, "en")
    first = english if HTML in resource.formats else next(resource.representations())
    target = relative(resource.address(first), place)
    links = "".join(
        f'<link rel="alternate" type="{escape(one.media_type)}" '
        f'href="{escape(relative(one.path, place))}">\n'
        for one in alternates(resource)
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(path or 'Partnergraph')}</title>\n"
        f'<meta http-equiv="refresh" content="0; url={escape(target)}">\n'
        f'<link rel="canonical" href="{escape(target)}">\n{links}</head>\n<body>\n'
        f'<p><a href="{escape(target)}">{escape(target)}</a></p>\n</body>\n</html>\n'
    ).encode()
