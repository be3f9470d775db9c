"""The temporary folder: what goes wrong there is said with its place, and what to do."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from partnergraph.errors import UsageError


@contextmanager
def in_temporary_folder() -> Iterator[None]:
    """While something is written there.

    Raises:
        UsageError: there is no such folder, or no room in it.
    """
    try:
        yield
    except OSError as error:
        try:
            folder = tempfile.gettempdir()
        except FileNotFoundError:
            words = "there is no temporary folder that can be written to"
        else:
            words = f"the temporary folder {folder} cannot be written to"
        reason = "" if isinstance(error, FileNotFoundError) else f" ({error.strerror})"
        raise UsageError(
            f"{words}{reason}; make room, or name another folder with the variable TMPDIR"
        ) from None
