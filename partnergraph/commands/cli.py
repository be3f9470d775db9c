"""The command line: ``partnergraph serve | validate | query | export | …``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from partnergraph import __version__
from partnergraph.commands.options import DATA_OPTIONS, LIMIT_OPTIONS, settings_options
from partnergraph.commands.serve import serve
from partnergraph.commands.terminal import (
    COMMAND_LINE,
    EXIT_DOES_NOT_CONFORM,
    failures,
    language_option,
    progress,
)
from partnergraph.errors import UsageError
from partnergraph.formats import FORMATS, GRAPH_FORMATS
from partnergraph.settings import Settings


class _Commands(click.Group):
    """The commands by name, but first what most people come for."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(super().list_commands(context), key=lambda name: name != serve.name)


@click.group(cls=_Commands, context_settings=COMMAND_LINE)
@click.version_option(__version__, prog_name="partnergraph")
def main() -> None:
    """The international partnerships of a city as a graph to query, follow and trust.

    Every option is also an environment variable, PARTNERGRAPH_<NAME>. Exit status: 0; 1 where the
    graph does not conform to its shapes; 2 for wrong usage or unreadable input.
    """


main.add_command(serve)


@main.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@settings_options("data", "ontology")
@language_option
@click.option(
    "--format",
    "report_format",
    type=click.Choice(["text", "turtle", "jsonld", "json"]),
    default="text",
    show_default=True,
    help="Form of the report.",
)
def validate(paths: tuple[Path, ...], language: Any, report_format: Any, **options: Any) -> None:
    """Check a graph against its shapes and report what is wrong.

    PATH: files or folders of RDF; without any, what --data says.
    """
    settings = Settings(**options)
    if paths:
        settings = replace(settings, data=paths)
    with failures():
        with progress("Validating"):
            from partnergraph.dataset.loading import load_dataset
            from partnergraph.gate.places import placed_in_files
            from partnergraph.gate.reports import render
            from partnergraph.gate.validation import validate as run_validation

            report = placed_in_files(run_validation(load_dataset(settings)), settings.data)
        click.echo(render(report, report_format, language), nl=False)
        sys.exit(0 if report.conforms else EXIT_DOES_NOT_CONFORM)


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("query", metavar="[NAME | FILE | QUERY | -]", default="-")
@click.argument("parameters", metavar="[--PARAMETER VALUE]...", nargs=-1, type=click.UNPROCESSED)
@settings_options(*DATA_OPTIONS, "queries", *LIMIT_OPTIONS)
@click.option(
    "--format",
    "output",
    type=click.Choice(["table", *FORMATS]),
    help="Form of the answer.  [default: table on a terminal; else csv, or ttl for a graph]",
)
@click.option("--labels", metavar="TAGS", help="Add the names of things, such as lv,en.")
@click.option("--evidence", is_flag=True, help="Add the passages that each row rests on.")
@click.option("--as-of", metavar="DATE", help="Only what was in force on a day, month or year.")
@click.option("--limit", metavar="N", help="Give so many rows at most.")
@click.option("--offset", metavar="N", help="Pass over so many rows.")
@click.option("--bom", is_flag=True, help="CSV for a spreadsheet.")
@language_option
def query(
    query: str, parameters: tuple[str, ...], output: str | None, language: str, **options: Any
) -> None:
    """Answer one SPARQL query.

    The query is a NAME from queries/ with its parameters (partnergraph queries lists them), a FILE,
    the text of a QUERY itself, or - for standard input. It runs in a process of its own with the
    deadline and the caps of the server. The graph is not validated first.
    """
    named = {name: options.pop(name) for name in ("labels", "as_of", "limit", "offset")}
    named |= {name: "1" for name in ("evidence", "bom") if options.pop(name)}
    settings = Settings(**options, workers=1)
    with failures():
        fields = (
            *_pairs(parameters),
            *((_camel_case(name), text) for name, text in named.items() if text is not None),
        )
        with progress("Querying"):
            from partnergraph.commands.asking import Asking, ask

            form = output or ("table" if sys.stdout.isatty() else None)
            answer, reason = ask(Asking(query, fields, form), settings, language)
        sys.stdout.buffer.write(answer)
        sys.stdout.flush()
        if reason:
            click.echo(reason, err=True)


def _pairs(parameters: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """``--field culture`` and ``--field=culture`` as names and values."""
    rest = iter(parameters)
    for one in rest:
        name, equals, value = one.removeprefix("--").partition("=")
        if not one.startswith("--") or not name:
            raise UsageError(f"{one!r} is no parameter; write --name value")
        given = value if equals else next(rest, None)
        if given is None:
            raise UsageError(f"--{name} needs a value")
        yield _camel_case(name), given


def _camel_case(name: str) -> str:
    """``other-territory`` → ``otherTerritory``."""
    first, *others = name.replace("_", "-").split("-")
    return first + "".join(word[:1].upper() + word[1:] for word in others)


@main.command("queries")
@settings_options("queries")
@language_option
def list_queries(language: str, **options: Any) -> None:
    """List the stored queries, each with its parameters; one in brackets may be left out."""
    settings = Settings(**options)
    with failures():
        from partnergraph.questions.files import StoredQueries

        for name, stored in StoredQueries(settings.queries).items():
            shown = (
                f"--{one.name} {one.kind_name}"
                if one.required and not one.default
                else f"[--{one.name} {one.default.rpartition('/')[2] or one.kind_name}]"
                for one in stored.parameters
            )
            click.echo(f"{' '.join((name, *shown))}\n    {stored.called(language)}")


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@settings_options("data", "previous", "ontology", "queries", "base_iri", "publisher")
@click.option("--graph", "graphs", multiple=True, metavar="STEM", help="Only this named graph.")
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice([one.name for one in GRAPH_FORMATS]),
    help="Only this syntax.",
)
@click.option(
    "--site",
    is_flag=True,
    help="Write a static copy of the whole site: every page and every description, too.",
)
@language_option
def export(
    folder: Path,
    graphs: tuple[str, ...],
    formats: tuple[str, ...],
    site: bool,
    language: str,
    **options: Any,
) -> None:
    """Write the validated dataset to DIR, whole, graph by graph and as tables, in every syntax.

    DIR/dataset.* is the whole without its description; DIR/graph/<stem>.* is one named graph. With
    --site, DIR is what any web server can host; these files then stand in DIR/data.
    """
    del language
    settings = Settings(**options)
    with failures():
        if site and (graphs or formats):
            raise UsageError("--site writes everything; leave out --graph and --format")
        with progress("Validating") as tell:
            from partnergraph.dataset.loading import load_dataset
            from partnergraph.gate.validation import require_conformance
            from partnergraph.publication.exports import write_downloads
            from partnergraph.publication.release import publish
            from partnergraph.site.assembly import PartnergraphSite
            from partnergraph.site.static_copy import write_site

            dataset = load_dataset(settings)
            report = require_conformance(dataset, settings.data)
            publication = publish(dataset, settings)
            files = (
                write_site(PartnergraphSite(publication, report).site, folder)
                if site
                else write_downloads(publication, folder, graphs, formats)
            )
            written = 0
            for path in files:
                tell(f"Wrote {path}")
                written += 1
        click.echo(f"{written} files of version {dataset.version} in {folder}", err=True)


@main.command("verify-sources")
@click.argument("paths", metavar="[DATA]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--document",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The text of the source, in UTF-8.",
)
@click.option(
    "--source",
    metavar="IRI",
    help="Which source the document is the text of, where its digest does not show it.",
)
@settings_options("data")
def verify_sources(
    paths: tuple[Path, ...], document: Path, source: str | None, data: tuple[Path, ...]
) -> None:
    """Check that every passage still stands in its source, and say whose passages do not.

    DATA: files or folders of RDF; without any, what --data says. Exit status 1 where a passage is
    not where the graph says.
    """
    with failures():
        from partnergraph.dataset.sources import verify

        check = verify(document, paths or data, source)
    click.echo(check.text(), nl=False)
    sys.exit(0 if check.agrees else EXIT_DOES_NOT_CONFORM)


@main.command("cite")
@click.option(
    "--document",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The text of the source, in UTF-8.",
)
@click.argument("passage")
def cite_command(document: Path, passage: str) -> None:
    """Print the Turtle that cites a PASSAGE of a source by position and digest.

    PASSAGE: the text of the passage, word for word.
    """
    with failures():
        from partnergraph.dataset.sources import cite

        click.echo(cite(document, passage), nl=False)


@main.command("format")
@click.argument(
    "paths",
    metavar="PATH...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True),
)
@click.option("--check", is_flag=True, help="Only say which files are not in the layout.")
def format_command(paths: tuple[Path, ...], check: bool) -> None:
    """Put Turtle files (or all of a folder) into the canonical layout.

    With --check nothing is written, and the exit status is 1 where a file is not in the layout.
    """
    differing = 0
    with failures():
        from partnergraph.dataset.turtle import canonical_file, write_canonical

        for path in paths:
            for file in sorted(path.rglob("*.ttl")) if path.is_dir() else [path]:
                text = canonical_file(file)
                if text.encode() == file.read_bytes():
                    continue
                differing += 1
                click.echo(f"{file}: {'not in the canonical layout' if check else 'rewritten'}")
                if not check:
                    write_canonical(file, text)
    sys.exit(1 if check and differing else 0)
