"""Ten thousand attacks in random order: the server answers all the while, and stays as it is.

``python benchmarks/storm.py`` starts the real server with a short deadline, sends it every attack
of ``tests/attacks.py`` many times over from several clients, and watches the memory of all its
processes and the version of its data. Exit status: 0; 1 where something was not as it was before.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import click
import httpx

from tests.attacks import Attack, all_attacks
from tests.bounded import QUICK
from tests.serving import Server, running

MEBIBYTE = 1024**2
GROWTH = 1.10
"""How much memory may grow after the first tenth of the requests."""

REST = 3.0
"""Seconds after which a server has nothing left to do."""

OPTIONS = ("--timeout", "0.1", "--memory", "256", "--max-result-bytes", "1MiB", "--workers", "2")


def memory(server: Server) -> float:
    """Mebibytes of all processes of the server, what they share counted once (PSS)."""
    pids = [server.process.pid, *server.children(), *server.workers]
    total = 0
    for pid in pids:
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

    def __init__(self, server: Server, attacks: Iterator[Attack]) -> None:
        self.statuses: Counter[int] = Counter()
        self.surprises: Counter[str] = Counter()
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
                if attack is None:
                    return
                try:
                    status = server.send(attack).status_code
                except httpx.TransportError as error:
                    status = 0
                    self.surprises[f"{attack.number} {attack.name}: {error!r}"] += 1
                with self._lock:
                    self.statuses[status] += 1
                    if status and status not in attack.statuses | {503}:
                        self.surprises[f"{attack.number} {attack.name}: {status}"] += 1


@click.command()
@click.option("--requests", default=10_000, show_default=True, help="How many attacks to send.")
@click.option("--clients", default=4, show_default=True, help="How many clients send them.")
@click.option("--seed", default=1, show_default=True, help="What decides their order.")
def main(requests: int, clients: int, seed: int) -> None:
    """Send a server attacks in random order, and look whether it stays as it is."""
    attacks = in_random_order(all_attacks(), requests, seed)
    with running(*OPTIONS) as server:
        version = server.client.get("/health").headers["partnergraph-version"]
        contents = server.select(f"{QUICK} # contents").text
        storm = Storm(server, islice(attacks, requests // 10))
        storm.rage(clients)
        first = memory_at_rest(server)
        click.echo(f"{requests // 10} requests, {first:.1f} MiB", err=True)
        storm.go_on(attacks)
        storm.rage(clients)
        after = memory_at_rest(server)
        same = server.client.get("/health").headers["partnergraph-version"] == version
        answers = server.select(f"{QUICK} # contents").text == contents and server.healthy()
    click.echo(f"statuses: {dict(sorted(storm.statuses.items()))}")
    click.echo(f"memory at rest: {first:.1f} MiB after the first tenth, {after:.1f} afterwards")
    click.echo(f"the version is the same: {same}; it answers as before: {answers}")
    for surprise, times in storm.surprises.most_common():
        click.echo(f"surprise, {times} times: {surprise}")
    if not (same and answers and after <= first * GROWTH) or storm.surprises:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
