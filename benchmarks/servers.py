"""The servers that are compared: how each is loaded and started."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from benchmarks.running import PATIENCE, ROOT, Failed, Running, free_port, running, started
from partnergraph import __version__


class Server:
    """One of the servers, not running.

    Attributes:
        key: its name on the command line.
        title: its name in the tables.
        endpoint: path of the SPARQL endpoint, up to the query.
    """

    key = "partnergraph"
    title = "Partnergraph"
    endpoint = "/sparql?query="

    def __init__(self, others: Path) -> None:
        self.others = others / "bin"

    def version(self) -> str | None:
        """Its version; None where it is not installed."""
        return __version__

    def prepare(self, data: Path, folder: Path) -> None:
        """Load the data into a folder, where the server starts from a store and not from a file."""

    def command(self, data: Path, folder: Path, port: int) -> list[str]:
        """The command that starts it."""
        del folder
        options = ["--default-graph", "plain", "--no-validation", "--port", str(port)]
        return [sys.executable, str(ROOT / "server.py"), "--data", str(data), *options]


class Oxigraph(Server):
    """Oxigraph's own HTTP server, in Rust, on its store on disk."""

    key, title, endpoint = "oxigraph", "Oxigraph", "/query?query="

    def version(self) -> str | None:
        """Its version; None where it is not installed."""
        return _package_version(self.others, "oxigraph")

    def prepare(self, data: Path, folder: Path) -> None:
        """Load the data into its store."""
        binary = self.others / "oxigraph"
        _run([binary, "load", "--location", folder, "--file", data])
        _run([binary, "optimize", "--location", folder])

    def command(self, data: Path, folder: Path, port: int) -> list[str]:
        """The command that starts it."""
        del data
        binary = str(self.others / "oxigraph")
        return [binary, "serve-read-only", "--location", str(folder), "--bind", f"127.0.0.1:{port}"]


class RdflibEndpoint(Server):
    """rdflib behind FastAPI and uvicorn, all in memory."""

    key, title, endpoint = "rdflib-endpoint", "rdflib-endpoint", "/?query="

    def version(self) -> str | None:
        """Its version; None where it is not installed."""
        return _package_version(self.others, "rdflib-endpoint")

    def command(self, data: Path, folder: Path, port: int) -> list[str]:
        """The command that starts it."""
        del folder
        binary = str(self.others / "rdflib-endpoint")
        return [binary, "serve", str(data), "--port", str(port), "--host", "127.0.0.1"]


class Virtuoso(Server):
    """OpenLink Virtuoso, the server behind DBpedia, as Debian packages it."""

    key, title = "virtuoso", "Virtuoso"
    endpoint = "/sparql?default-graph-uri=urn:benchmark&query="

    def version(self) -> str | None:
        """Its version; None where it is not installed."""
        if not (shutil.which("virtuoso-t") and shutil.which("isql-vt")):
            return None
        found = subprocess.run(["virtuoso-t", "-?"], capture_output=True, text=True, check=False)
        words = (found.stdout + found.stderr).split()
        return next((words[i + 1] for i, word in enumerate(words) if word == "Version"), "unknown")

    def prepare(self, data: Path, folder: Path) -> None:
        """Load the data into its store."""
        shutil.copyfile(data, folder / "benchmark.nt")
        with started(self.command(data, folder, free_port()), folder):
            _isql(folder, "ld_dir('.', 'benchmark.nt', 'urn:benchmark'); rdf_loader_run();")
            _isql(folder, "checkpoint;")
        (folder / "benchmark.nt").unlink()

    def command(self, data: Path, folder: Path, port: int) -> list[str]:
        """The command that starts it."""
        del data
        settings = (ROOT / "benchmarks" / "virtuoso.ini").read_text("utf-8")
        ports = {"SQL": free_port(), "HTTP": port}
        (folder / "virtuoso.ini").write_text(settings.format(**ports), "utf-8")
        (folder / "sql-port").write_text(str(ports["SQL"]), "ascii")
        return ["virtuoso-t", "+configfile", "virtuoso.ini", "+foreground"]


SERVERS: tuple[type[Server], ...] = (Server, Oxigraph, RdflibEndpoint, Virtuoso)


def run(
    server: Server, data: Path, folder: Path, right: Callable[[str], bool], *options: str
) -> AbstractContextManager[Running]:
    """Start a server on what :meth:`Server.prepare` has loaded, and wait until it answers.

    Raises:
        Failed: it did not start, or did not answer rightly in time.
    """
    port = free_port()
    command = [*server.command(data, folder, port), *options]
    base = f"http://127.0.0.1:{port}{server.endpoint}"
    return running(command, base, folder, right)


def _run(command: Sequence[str | Path]) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _isql(folder: Path, statements: str) -> None:
    """Give statements to a Virtuoso, once it listens."""
    address = f"127.0.0.1:{(folder / 'sql-port').read_text('ascii')}"
    # A new database has this name and password; it listens on loopback alone and is thrown away.
    command = ["isql-vt", address, "dba", "dba", "VERBOSE=OFF", f"EXEC={statements}"]
    deadline = time.monotonic() + PATIENCE
    while subprocess.run(command, capture_output=True, check=False).returncode:
        if time.monotonic() > deadline:
            raise Failed("Virtuoso did not load the data")
        time.sleep(0.2)


def _package_version(binaries: Path, package: str) -> str | None:
    """The version of a package in the environment of the others; None where it is not there."""
    if not (binaries / package).exists():
        return None
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    command: list[str | Path] = [binaries / "python", "-c", code]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return found.stdout.strip() or None
