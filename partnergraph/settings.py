"""All settings in one frozen object; each carries the words that explain it.

The command line, the environment variables and the table in the README are made from the fields of
:class:`Settings`.
"""

from __future__ import annotations

import os
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args

_PACKAGE = Path(__file__).resolve().parent

ROOT = _PACKAGE if (_PACKAGE / "ontology").is_dir() else _PACKAGE.parent
"""What holds ``ontology/`` and ``queries/``: the installed package, or else the repository.

The repository has ``data/`` beside them; who installs the package has data of their own.
"""

DefaultGraph = Literal["union", "plain"]

Log = Literal["faults", "requests", "queries"]


CHOICES = {"default_graph": get_args(DefaultGraph), "log": get_args(Log)}
"""The settings that are one of a few words."""


def setting(default: Any, text: str, *, metavar: str | None = None) -> Any:
    """A field of :class:`Settings` with the sentence that explains it."""
    return field(default=default, metadata={"help": text, "metavar": metavar})


@dataclass(frozen=True, slots=True)
class Settings:
    """What to serve, where, and within which bounds."""

    data: tuple[Path, ...] = setting(
        (ROOT / "data",) if (ROOT / "data").is_dir() else (),
        "RDF to serve: a file or a folder (.ttl .nt .nq .trig .rdf .jsonld). A file of triples "
        "becomes the named graph graph/<stem>; quads keep their graphs.",
        metavar="PATH",
    )
    ontology: Path = setting(
        ROOT / "ontology", "Folder of the vocabulary, the shapes and the rules.", metavar="PATH"
    )
    previous: Path | None = setting(
        None,
        "The version that was published before, as for --data; the pages then say what is new.",
        metavar="PATH",
    )
    queries: Path = setting(ROOT / "queries", "Folder of the named queries.", metavar="PATH")
    host: str = setting("127.0.0.1", "Address to listen on.", metavar="HOST")
    port: int = setting(8000, "Port to listen on.", metavar="PORT")
    tls_certificate: Path | None = setting(
        None,
        "Certificate, with those between it and a known authority (PEM): HTTPS is spoken.",
        metavar="FILE",
    )
    tls_key: Path | None = setting(
        None, "Private key of the certificate (PEM, without a password).", metavar="FILE"
    )
    base_iri: str = setting(
        "",
        "Publish things and graphs under this address instead of https://partnergraph.example/. "
        "It is where this server is reached.",
        metavar="IRI",
    )
    publisher: str = setting(
        "", "Who publishes the data, as the description of the dataset says it.", metavar="NAME"
    )
    default_graph: DefaultGraph = setting(
        "union",
        "What a query without FROM sees: the union of all graphs, or the plain default graph "
        "(a file of triples then is the default graph).",
    )
    no_validation: bool = setting(
        False,
        "Serve without the gate, for data that is not ours; the ontology, shapes, derived and "
        "dataset graphs stay out too.",
    )
    timeout: float = setting(10.0, "Deadline of a query, in seconds.", metavar="SECONDS")
    memory: int = setting(
        1024, "Memory that one query may use beside the loaded data, in MiB.", metavar="MB"
    )
    max_result_bytes: int = setting(
        64 * 1024**2, "Largest answer, such as 67108864 or 64MiB.", metavar="SIZE"
    )
    max_query_bytes: int = setting(
        64 * 1024, "Longest request for a query, such as 65536 or 64KiB.", metavar="SIZE"
    )
    max_depth: int = setting(
        100, "Groups, brackets and signs of a query within one another.", metavar="N"
    )
    max_path: int = setting(100, "Steps of one path of a query.", metavar="N")
    max_patterns: int = setting(
        150,
        "Triple patterns of a query, and clauses such as OPTIONAL, FILTER and BIND, in all.",
        metavar="N",
    )
    max_operators: int = setting(
        500,
        "Operators, alternatives of paths and UNIONs of a query, in all.",
        metavar="N",
    )
    max_values: int = setting(
        10_000, "Values of a query in VALUES, IN and as arguments, in all.", metavar="N"
    )
    max_upload_bytes: int = setting(
        256 * 1024,
        "Longest graph that is validated for a client; it has as long as a query.",
        metavar="SIZE",
    )
    cache_bytes: int = setting(
        64 * 1024**2,
        "Memory for answers that are kept; as much for pages, and half as much for responses to "
        "the same bytes; 0 keeps none.",
        metavar="SIZE",
    )
    budget: float = setting(
        60.0,
        "Seconds of query time that one client may use in each minute, all of its queries "
        "together; 0 sets no limit.",
        metavar="SECONDS",
    )
    budget_on_loopback: bool = setting(
        False, "Let clients on this machine have a budget, too; they have none otherwise."
    )
    client_header: str = setting(
        "",
        "Header in which a proxy in front tells the address of the client, such as "
        "X-Forwarded-For; its last address counts.",
        metavar="NAME",
    )
    log: Log = setting(
        "faults",
        "What to log on standard error, as JSON: faults and reloads, all requests too, or the text "
        "of their queries as well.",
    )
    workers: int = setting(
        os.cpu_count() or 1,
        "Processes that answer queries; by default one for each processor.",
        metavar="N",
    )

    @property
    def scheme(self) -> str:
        """What is spoken."""
        return "https" if self.tls_certificate else "http"

    @property
    def address(self) -> str:
        """What the addresses of the server begin with."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104
        host = f"[{host}]" if ":" in host and not host.startswith("[") else host
        return self.base_iri or f"{self.scheme}://{host}:{self.port}/"


def option_name(name: str) -> str:
    """The command-line option of a field: ``max_query_bytes`` → ``--max-query-bytes``."""
    return "--" + name.replace("_", "-")


def variable_name(name: str) -> str:
    """The environment variable of a field: ``port`` → ``PARTNERGRAPH_PORT``."""
    return f"PARTNERGRAPH_{name.upper()}"


def default_text(item: Field[Any]) -> str:
    """The default of a field for a person: no path of this machine, sizes with their unit."""
    value: Any = item.default
    if isinstance(value, tuple):
        value = value[0] if value else None
    if item.name == "workers":
        return "processors"
    if isinstance(value, bool):
        return "off"
    if isinstance(value, Path):
        return f"{value.relative_to(ROOT)}/"
    if value in ("", None):
        return "as in the files" if item.name == "base_iri" else "none"
    if item.name.endswith("_bytes"):
        return f"{value // 1024**2}MiB" if value >= 1024**2 else f"{value // 1024}KiB"
    return f"{value:g}" if isinstance(value, float) else str(value)


def settings_table() -> str:
    """The table of all settings for the README, in Markdown."""
    rows = ["| option | variable | meaning | default |", "|---|---|---|---|"]
    for item in fields(Settings):
        option = option_name(item.name)
        metavar = item.metadata["metavar"]
        shown = f"`{option} {metavar}`" if metavar else f"`{option}`"
        if item.name in CHOICES:
            words = "\\|".join(CHOICES[item.name])
            shown = f"`{option} {words}`"
        rows.append(
            f"| {shown} | `{variable_name(item.name)}` "
            f"| {item.metadata['help'].replace('<', '&lt;')} | {default_text(item)} |"
        )
    return "\n".join(rows) + "\n"
