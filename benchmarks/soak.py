"""Ten minutes of everything at once: nothing is lost, nothing grows.

``make soak`` starts the real server; several clients ask for pages, documents,
downloads, queries, stored questions, pictures and validations, each over connections that come and
go; the files are read anew every while; and in the middle the temporary folder is full. Exit
status: 0; 1 where an answer was missing or wrong, or something has grown.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
import httpx

from benchmarks.storm import GROWTH, family, is_json, memory_at_rest
from tests.bounded import QUICK
from tests.serving import ROOT, Server, running

RENEWAL = 20.0
"""Seconds between two readings of the files."""

FOLDER = 64
"""Mebibytes that the temporary folder has."""

TURTLE = {"content-type": "text/turtle"}

PATHS = (
    *("/", "/sparql", "/queries", "/data/", "/network", "/health", "/nowhere", "/openapi.json"),
    *("/id/place/lv/valmiera", "/doc/place/se/solna.ttl", "/doc/place/lv/valmiera.lv.html"),
    *("/data/dataset.nt", "/data/dataset.jsonld", "/def", "/concept/field", "/context.jsonld"),
    *("/queries/partners", "/queries/partners.csv", "/queries/chronology.json?labels=lv"),
    "/sparql/picture?query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+3",
)
PART = 100
"""Bytes of a download that are asked for at a time."""

SOME = {"range": f"bytes=10-{9 + PART}", "accept-encoding": "identity"}
"""A part of what is coded is no text."""

WEIGHTS = (40, 50, 10, 1)
"""How often something is looked up, visited, fetched in part, and checked."""

FIRST, FULL, EMPTIED = 0.2, 0.5, 0.6
"""When memory is looked at first, and when the folder is full: parts of the time."""

Asked = tuple[httpx.Response, bool]
"""A response, and whether it is right."""

RIGHT = {200, 206, 303, 304, 400, 404}


class Visitor(threading.Thread):
    """A client with a taste of its own; it leaves when it is told to."""

    def __init__(self, server: Server, seed: int, over: threading.Event) -> None:
        super().__init__()
        self.statuses: Counter[int] = Counter()
        self.wrong: Counter[str] = Counter()
        self._server = server
        self._chooser = random.Random(seed)
        self._over = over

    def run(self) -> None:
        """Ask this and that, over one connection after the other."""
        while not self._over.is_set():
            with httpx.Client(base_url=self._server.client.base_url, timeout=60) as client:
                for _ in range(self._chooser.randrange(1, 40)):
                    if self._over.is_set():
                        return
                    self._ask(client)

    def _ask(self, client: httpx.Client) -> None:
        ask = self._chooser.choices((self._look_up, self._visit, self._part, self._check), WEIGHTS)
        try:
            response, right = ask[0](client)
        except httpx.TransportError as error:
            self.wrong[repr(error)] += 1
            return
        self.statuses[response.status_code] += 1
        if not right:
            self.wrong[f"{response.request.url.path}: {response.status_code}"] += 1

    def _look_up(self, client: httpx.Client) -> Asked:
        query = f"{QUICK} # {self._chooser.random()}"
        response = client.get("/sparql", params={"query": query, "format": "csv"})
        return response, response.text.split() == ["n", "2"]

    def _visit(self, client: httpx.Client) -> Asked:
        response = client.get(self._chooser.choice(PATHS))
        return response, response.status_code in RIGHT

    def _part(self, client: httpx.Client) -> Asked:
        response = client.get("/data/dataset.nt", headers=SOME)
        return response, len(response.content) == PART

    def _check(self, client: httpx.Client) -> Asked:
        content = (ROOT / "data" / "partners.ttl").read_bytes()
        response = client.post("/validate", content=content, headers=TURTLE)
        return response, response.is_success


@contextmanager
def small_folder() -> Iterator[Path | None]:
    """A folder that is full soon, as the temporary one of the server; none, if it cannot be had."""
    with tempfile.TemporaryDirectory() as folder:
        size = f"size={FOLDER}m"
        mount = ["mount", "-t", "tmpfs", "-o", size, "soak", folder]
        if os.getuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
            click.echo("no folder of a small size can be made here: it does not get full", err=True)
            yield None
            return
        before = os.environ.get("TMPDIR")
        os.environ["TMPDIR"] = folder
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)
            os.environ.pop("TMPDIR")
            if before:
                os.environ["TMPDIR"] = before


def fill(folder: Path) -> Path:
    """A file that takes all that is left."""
    file = folder / "full"
    with suppress(OSError), file.open("wb") as content:
        while True:
            content.write(b" " * 65_536)
            content.flush()
    return file


def zombies(server: Server) -> int:
    """How many of the server's processes have ended, and are not buried."""
    states = []
    for pid in family(server):
        with suppress(OSError):
            stat = Path(f"/proc/{pid}/stat").read_text("utf-8")
            states.append(stat.rpartition(")")[2].split()[0])
    return states.count("Z")


@click.command()
@click.option("--minutes", default=10.0, show_default=True, help="For how long.")
@click.option("--clients", default=4, show_default=True, help="How many clients.")
def main(minutes: float, clients: int) -> None:
    """Let clients ask for everything, for a while, and look whether the server stays as it is."""
    log: list[str] = []
    with small_folder() as folder, running("--workers", "2") as server:
        assert server.process.stderr
        reading = threading.Thread(target=log.extend, args=(server.process.stderr,))
        reading.start()
        version = server.client.get("/health").headers["partnergraph-version"]
        over = threading.Event()
        end = time.monotonic() + 60 * minutes
        visitors = [Visitor(server, seed, over) for seed in range(clients)]
        for one in visitors:
            one.start()
        first = 0.0
        full: Path | None = None
        begin = time.monotonic()
        renewals = 0
        while time.monotonic() < end:
            time.sleep(RENEWAL)
            server.process.send_signal(signal.SIGHUP)
            renewals += 1
            done = (time.monotonic() - begin) / (60 * minutes)
            if folder and full is None and done > FULL:
                full = fill(folder)
            elif full and done > EMPTIED:
                full.unlink(missing_ok=True)
            if not first and done > FIRST:
                first = memory_at_rest(server)
        over.set()
        for one in visitors:
            one.join()
        after = memory_at_rest(server)
        same = server.client.get("/health").headers["partnergraph-version"] == version
        dead = zombies(server)
    reading.join()
    wrong = sum((one.wrong for one in visitors), Counter[str]())
    statuses = sum((one.statuses for one in visitors), Counter[int]())
    strange = [line for line in log[1:] if not is_json(line)]
    click.echo(f"statuses: {dict(sorted(statuses.items()))}; {renewals} readings of the files")
    click.echo(f"memory: {first:.1f} MiB after a fifth of the time, {after:.1f} at the end")
    click.echo(f"same version: {same}; zombies: {dead}; the log is JSON: {not strange}")
    for what, times in wrong.most_common():
        click.echo(f"wrong, {times} times: {what}")
    if wrong or strange or dead or not same or after > first * GROWTH:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
