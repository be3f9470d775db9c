"""What all commands share: their language, how they show progress, and how they fail."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console

from partnergraph.commands.options import require_known_variables
from partnergraph.errors import DoesNotConform, PartnergraphError

EXIT_DOES_NOT_CONFORM = 1
EXIT_UNUSABLE = 2
EXIT_INTERRUPTED = 130

COMMAND_LINE = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
"""What click is told of every command."""

console = Console(stderr=True)


language_option = click.option(
    "--language",
    type=click.Choice(["lv", "en"]),
    default=lambda: "lv" if os.environ.get("LANG", "").startswith("lv") else "en",
    show_default="of LANG, else en",
    help="Language of the report.",
)


@contextmanager
def failures() -> Iterator[None]:
    """Every error becomes a message and an exit status, and never a traceback."""
    try:
        require_known_variables()
        yield
    except DoesNotConform as error:
        # Not at the top: it needs rdflib, which most commands do without.
        from partnergraph.gate.reports import as_text

        language = click.get_current_context().params.get("language", "en")
        click.echo(as_text(error.report, language), nl=False)
        sys.exit(EXIT_DOES_NOT_CONFORM)
    except PartnergraphError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(EXIT_UNUSABLE)
    except BrokenPipeError:
        raise  # click ends quietly where the reader of a pipe has left.
    except OSError as error:
        click.echo(f"Error: {error.strerror}: {error.filename or 'output'}", err=True)
        sys.exit(EXIT_UNUSABLE)
    except RecursionError:
        click.echo("Error: the data is nested too deeply", err=True)
        sys.exit(EXIT_UNUSABLE)
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)


@contextmanager
def progress(what: str) -> Iterator[Callable[[str], None]]:
    """Shows a person at a terminal what is being done; says nothing elsewhere."""
    with console.status(what) as status:
        yield status.update
