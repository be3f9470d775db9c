"""Ten thousand attacks in random order: the server answers all the while, and stays as it is.

``python benchmarks/storm.py`` starts the real server with a short deadline, sends it every attack
of ``tests/attacks.py`` many times over from several clients, and connections that are attacks by
themselves between them. All the while another client looks things up. It watches the memory of all
processes, the version of the data, how long that other client waits, whether a half-sent request
still comes to an end, and the log. Exit status: 0; 1 where something was not as it was before.
"""

from __future__ import annotations

import json
import random
import re
import socket
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import click
import httpx

from tests.attacks import Attack, ConnectionAttack, all_attacks, connection_attacks
from tests.bounded import QUICK
from tests.serving import Server, running

MEBIBYTE = 1024**2
GROWTH = 1.10
"""How much memory may grow after the first tenth of the requests."""

REST = 3.0
"""Seconds after which a server has nothing left to do."""

MEDIAN = 0.05
"""Seconds that a lookup of another client may take at the median."""

LOCAL = "127.0.0.1"
OTHER = "127.0.0.2"
"""The address of that client: on loopback, it is told apart from the others by it."""

SHARE = 4
"""Of so many attacks, one is a connection that is one by itself."""

OPTIONS = (
    *("--timeout", "0.1", "--memory", "256", "--max-result-bytes", "1MiB", "--workers", "2"),
    *("--budget-on-loopback", "--budget", "100000"),
    # What is kept on purpose is soon all that may be kept.
    *("--cache-bytes", "1MiB"),
)


def family(server: Server) -> list[int]:
    """All processes of the server."""
    pids = [server.process.pid]
    for pid in pids:
        pids += server.children(pid)
    return pids


def memory(server: Server) -> float:
    """Mebibytes of all processes of the server, what they share counted once (PSS)."""
    total = 0
    for pid in family(server):
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
        except OSError:
            continue  # It has just been replaced.
        total += int(rollup.partition("\nPss:")[2].split()[0]) * 1024
    return total / MEBIBYTE


def memory_at_rest(server: Server) -> float:
    """The same, when there has been nothing to do for a while."""
    time.sleep(REST)
    return memory(server)


def in_random_order(attacks: list[Attack], count: int, seed: int) -> Iterator[Attack]:
    """So many attacks, the same for the same seed."""
    chooser = random.Random(seed)
    for _ in range(count):
        yield chooser.choice(attacks)


class Storm:
    """Clients that take attacks from one list and count what comes of them."""

    def __init__(self, server: Server, attacks: Iterator[Attack], seed: int) -> None:
        self._chooser = random.Random(seed)
        self.statuses: Counter[int] = Counter()
        self.surprises: Counter[str] = Counter()
        self.connections = 0
        self._server = server
        self._attacks = attacks
        self._lock = threading.Lock()

    def go_on(self, attacks: Iterator[Attack]) -> None:
        """Take the next attacks from here."""
        self._attacks = attacks

    def rage(self, clients: int) -> None:
        """Send all of them."""
        threads = [threading.Thread(target=self._attack) for _ in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _attack(self) -> None:
        with httpx.Client(base_url=self._server.client.base_url, timeout=30) as client:
            server = Server(self._server.process, self._server.port, client)
            while True:
                with self._lock:
                    attack = next(self._attacks, None)
                    connects = self._chooser.randrange(SHARE) == 0
                if attack is None:
                    return
                if connects:
                    self._connect(self._chooser.choice(connection_attacks()))
                    continue
                try:
                    status = server.send(attack).status_code
                except httpx.TransportError as error:
                    status = 0
                    self.surprises[f"{attack.number} {attack.name}: {error!r}"] += 1
                with self._lock:
                    self.statuses[status] += 1
                    if status and status not in attack.statuses | {503}:
                        self.surprises[f"{attack.number} {attack.name}: {status}"] += 1

    def _connect(self, attack: ConnectionAttack) -> None:
        """Do with a connection what an attack does."""
        received = b""
        with suppress(OSError), socket.create_connection((LOCAL, self._server.port), 30) as client:
            client.sendall(attack.content)
            client.settimeout(2)
            while attack.reads and not received.startswith(b"HTTP/") and (data := client.recv(99)):
                received += data
        found = re.match(rb"HTTP/1\.1 (\d{3}) ", received)
        with self._lock:
            if found and int(found[1]) not in attack.statuses:
                self.surprises[f"{attack.name}: {found[1].decode()}"] += 1
            if attack.reads and not found:
                self.surprises[f"{attack.name}: no response"] += 1
            self.connections += 1


class Passer:
    """Another client, who looks things up all the while; as a context manager."""

    def __init__(self, server: Server) -> None:
        self.seconds: list[float] = []
        self._server = server
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_up)

    def __enter__(self) -> Passer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look_up(self) -> None:
        transport = httpx.HTTPTransport(local_address=OTHER)
        url = self._server.client.base_url
        with httpx.Client(base_url=url, transport=transport, timeout=30) as client:
            while not self._over.wait(0.05):
                begin = time.perf_counter()
                query = f"{QUICK} # {len(self.seconds)}"
                response = client.get("/sparql", params={"query": query, "format": "csv"})
                took = time.perf_counter() - begin
                # A process may be killed as it has the lookup: then it is refused, and counts.
                self.seconds.append(took if response.is_success else 30.0)


def gives_up(server: Server) -> bool:
    """Whether a request of which half is sent comes to an end."""
    with socket.create_connection((LOCAL, server.port), 30) as client:
        client.sendall(b"GET / HTTP/1.1\r\n")
        return client.recv(99).startswith(b"HTTP/1.1 408 ")


def is_json(line: str) -> bool:
    """Whether a line is an object in JSON."""
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


@click.command()
@click.option("--requests", default=10_000, show_default=True, help="How many attacks to send.")
@click.option("--clients", default=4, show_default=True, help="How many clients send them.")
@click.option("--seed", default=1, show_default=True, help="What decides their order.")
def main(requests: int, clients: int, seed: int) -> None:
    """Send a server attacks in random order, and look whether it stays as it is."""
    attacks = in_random_order(all_attacks(), requests, seed)
    log: list[str] = []
    with running(*OPTIONS) as server:
        assert server.process.stderr
        reading = threading.Thread(target=log.extend, args=(server.process.stderr,))
        reading.start()
        version = server.client.get("/health").headers["partnergraph-version"]
        contents = server.select(f"{QUICK} # contents").text
        storm = Storm(server, islice(attacks, requests // 10), seed)
        with Passer(server) as passer:
            storm.rage(clients)
            first = memory_at_rest(server)
            click.echo(f"{requests // 10} requests, {first:.1f} MiB", err=True)
            storm.go_on(attacks)
            storm.rage(clients)
        after = memory_at_rest(server)
        same = server.client.get("/health").headers["partnergraph-version"] == version
        answers = server.select(f"{QUICK} # contents").text == contents and server.healthy()
        ends = gives_up(server)
    reading.join()
    strange = [line for line in log[1:] if not is_json(line)]
    median = statistics.median(passer.seconds)
    slowest = statistics.quantiles(passer.seconds, n=100)[-1]
    click.echo(f"statuses: {dict(sorted(storm.statuses.items()))}")
    click.echo(f"memory at rest: {first:.1f} MiB after the first tenth, {after:.1f} afterwards")
    click.echo(f"the version is the same: {same}; it answers as before: {answers}")
    click.echo(f"{storm.connections} connections were attacks by themselves")
    click.echo(f"another client's lookups: median {median * 1000:.1f} ms, p99 {slowest:.3f} s")
    click.echo(f"half a request comes to an end: {ends}; the log is JSON: {not strange}")
    for surprise, times in storm.surprises.most_common():
        click.echo(f"surprise, {times} times: {surprise}")
    sound = same and answers and ends and not strange
    if not (sound and after <= first * GROWTH and median <= MEDIAN) or storm.surprises:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
