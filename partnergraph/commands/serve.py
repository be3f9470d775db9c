"""``partnergraph serve``: the application, from its first word to its last."""

from __future__ import annotations

import gc
import os
from dataclasses import fields
from typing import Any

import click

from partnergraph import __version__
from partnergraph.commands.options import settings_options
from partnergraph.commands.terminal import COMMAND_LINE, failures, language_option, progress
from partnergraph.settings import Settings


@click.command(context_settings=COMMAND_LINE)
@settings_options(*(item.name for item in fields(Settings)))
@language_option
def serve(language: str, **options: Any) -> None:
    """Validate the graph and answer SPARQL over HTTP."""
    del language  # failures() reads it from the context.
    settings = Settings(**options)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"{settings.scheme}://{host}:{settings.port}/"

    def ready() -> None:
        ending = f"Ctrl-C ends it, kill -HUP {os.getpid()} reads the files anew"
        click.echo(f"Partnergraph {__version__} answers at {address} ({ending})", err=True)

    with failures():
        with progress("Reading the data") as tell:
            from partnergraph.application import create_app
            from partnergraph.connections.listening import (
                bind,
                most_connections,
                require_certificate,
            )
            from partnergraph.connections.server import run

            require_certificate(settings)
            most_connections()  # Before the work as well.
            listeners = bind(settings)  # Before the work: that a port is taken is said at once.
            application = create_app(settings, tell)
        gc.collect()
        gc.freeze()  # What is loaded stays: no need to look through it for garbage ever again.
        run(application, settings, listeners, ready)
