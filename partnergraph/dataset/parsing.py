"""One RDF document → its quads, or an error: the file, the line and what would be right."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from pyoxigraph import Literal, Quad, RdfFormat, parse

from partnergraph.errors import UnreadableInput
from partnergraph.namespaces import XSD

FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".rdf": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
}
"""The RDF syntaxes that are read, by file extension."""

DECIMAL = f"{XSD}decimal"

_PLACE = re.compile(r"^Parser error at line \d+ [^:]*: | \(line \d+\)$")


def find_files(paths: tuple[Path, ...]) -> list[Path]:
    """The RDF files among ``paths`` and in the folders among them, sorted within each folder.

    Raises:
        UnreadableInput: a path does not exist, has no known extension, or is a folder without RDF.
    """
    found: list[Path] = []
    for path in paths:
        try:
            found += _files_of(path)
        except OSError as error:
            raise UnreadableInput(path, error.strerror or "it cannot be read") from None
    return found


def _files_of(path: Path) -> list[Path]:
    if path.is_dir():
        inside = sorted(entry for entry in path.iterdir() if entry.suffix in FORMATS)
        if not inside:
            raise UnreadableInput(path, f"the folder holds no RDF file ({_extensions()})")
        return inside
    if not path.exists():
        raise UnreadableInput(path, "there is no such file or folder")
    if path.suffix not in FORMATS:
        raise UnreadableInput(
            path, f"unknown file extension {path.suffix!r}; known are {_extensions()}"
        )
    return [path]


def read_quads(path: Path) -> Iterator[Quad]:
    """The quads of one file; triples come in the default graph.

    Blank nodes get fresh labels, so that those of two files never meet. Nothing is fetched: a
    JSON-LD context has to stand in the file.

    Raises:
        UnreadableInput: the file cannot be read, or is not of the syntax that its name says.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableInput(path, error.strerror or "it cannot be read") from None
    yield from parse_quads(content, path.suffix, path)


def parse_quads(content: bytes, extension: str, name: Path) -> Iterator[Quad]:
    """The quads of a document, as :func:`read_quads` says.

    Args:
        content: the document.
        extension: of its syntax, one of :data:`FORMATS`.
        name: what errors call it; nothing is read from there.

    Raises:
        UnreadableInput: the document is not of that syntax.
    """
    syntax = FORMATS[extension]
    # Some editors begin a file with a byte order mark, which no RDF syntax knows.
    content = content.removeprefix(codecs.BOM_UTF8)
    if syntax == RdfFormat.RDF_XML:
        _require_plain_xml(name, content)
    try:
        if syntax == RdfFormat.JSON_LD:
            yield from _parse_json_ld(content)
        else:
            yield from parse(content, syntax, rename_blank_nodes=True)
    except SyntaxError as error:
        raise _unreadable(name, syntax, error) from None
    except ValueError as error:
        raise UnreadableInput(name, str(error)) from None


def _parse_json_ld(content: bytes) -> list[Quad]:
    quads = list(parse(content, RdfFormat.JSON_LD, rename_blank_nodes=True))
    if not any(_is_double_called_decimal(quad) for quad in quads):
        return quads
    # Few documents need it, and PyLD takes a tenth of a second of each start to import.
    from partnergraph.dataset.json_numbers import with_decimals  # noqa: PLC0415

    return list(parse(with_decimals(content), RdfFormat.JSON_LD, rename_blank_nodes=True))


def _is_double_called_decimal(quad: Quad) -> bool:
    term = quad.object
    return isinstance(term, Literal) and term.datatype.value == DECIMAL and "E" in term.value


def _unreadable(path: Path, syntax: RdfFormat, error: SyntaxError) -> UnreadableInput:
    reason = _PLACE.sub("", error.msg or "")
    if "LoadDocumentCallback" in reason:
        reason = "the JSON-LD context is a reference; write the context itself into the file"
    return UnreadableInput(
        path, f"not {syntax.name}: {reason}", line=error.lineno or None, column=error.offset or None
    )


def _require_plain_xml(path: Path, content: bytes) -> None:
    """Refuse XML that is not well formed or that declares entities.

    The parser of RDF/XML names no line of a fault, expat does. Entities are refused because a few
    of them, nested, expand to gigabytes.
    """
    parser = expat.ParserCreate()

    def refuse_entity(name: str, *_: object) -> None:
        raise UnreadableInput(
            path,
            f"RDF/XML with the entity declaration {name!r} is not read; write its value instead",
            line=parser.CurrentLineNumber,
        )

    parser.EntityDeclHandler = refuse_entity
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise UnreadableInput(
            path,
            f"not RDF/XML: {expat.ErrorString(error.code)}",
            line=error.lineno,
            column=error.offset + 1,
        ) from None


def _extensions() -> str:
    return " ".join(FORMATS)
