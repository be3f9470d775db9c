"""The downloads as files in a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from partnergraph.errors import UnreadableInput, UsageError
from partnergraph.publication.release import Publication


def write_downloads(
    publication: Publication, folder: Path, graphs: Sequence[str] = (), formats: Sequence[str] = ()
) -> Iterator[Path]:
    """Write what is downloaded from ``/data/``; yields each file once it is written.

    Args:
        publication: what to write.
        folder: where; made where it is missing.
        graphs: only these named graphs, by stem, and not the whole.
        formats: only these syntaxes, by file extension.

    Raises:
        UsageError: there is no such named graph.
        UnreadableInput: the folder cannot be written to.
    """
    files = [one.name for one in publication.downloads]
    of_graphs = (name for name in files if name.startswith("graph/"))
    stems = sorted({name.removeprefix("graph/").rpartition(".")[0] for name in of_graphs})
    for stem in graphs:
        if stem not in stems:
            raise UsageError(f"there is no graph {stem!r}; there are {', '.join(stems)}")
    for download in publication.downloads:
        stem, _, extension = download.name.removeprefix("graph/").rpartition(".")
        if graphs and not (download.name.startswith("graph/") and stem in graphs):
            continue
        is_whole = download.name.startswith("dataset.") or download.name.startswith("graph/")
        if formats and not (is_whole and extension in formats):
            continue
        yield write_file(folder / download.name, publication.downloads.content(download))


def write_file(path: Path, content: bytes) -> Path:
    """Write a file, and the folders it stands in.

    Raises:
        UnreadableInput: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise UnreadableInput(path, error.strerror or "it cannot be written") from None
    return path
