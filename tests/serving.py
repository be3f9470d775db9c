"""A real server on loopback, for tests."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.attacks import Attack

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30.0


@dataclass(frozen=True)
class Server:
    """A running server: its process and a client of it."""

    process: subprocess.Popen[str]
    port: int
    client: httpx.Client

    def select(self, query: str, **parameters: str) -> httpx.Response:
        """The response to a query asked by GET, in CSV."""
        return self.client.get("/sparql", params={"query": query, "format": "csv", **parameters})

    def send(self, attack: Attack) -> httpx.Response:
        """The response to an attack; its path goes out as it is."""
        url = httpx.URL(self.client.base_url, raw_path=attack.path.encode())
        request = self.client.build_request(
            attack.method, url, headers=dict(attack.headers), content=attack.body or None
        )
        return self.client.send(request)

    def measured(self, name: str) -> float:
        """The value of a measurement; 0 where there is none yet."""
        lines = self.client.get("/metrics").text.splitlines()
        values = [line.rpartition(" ")[2] for line in lines if line.rpartition(" ")[0] == name]
        return float(values[0]) if values else 0.0

    def healthy(self) -> bool:
        """Whether a real query gets its answer."""
        return self.client.get("/health").status_code == 200

    def children(self, of: int | None = None) -> list[int]:
        """The process ids of the children of the server, or of the process ``of``."""
        parent = of or self.process.pid
        tasks = Path(f"/proc/{parent}/task").glob("*/children")
        return [int(pid) for task in tasks for pid in task.read_text("ascii").split()]

    @property
    def nursery(self) -> int:
        """The process that holds the data."""
        (pid,) = self.children()
        return pid

    @property
    def workers(self) -> list[int]:
        """The processes that answer queries."""
        return self.children(self.nursery)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


OURS = (sys.executable, "server.py")
"""The server of this checkout."""


def start(
    *options: str, port: int | None = None, program: tuple[str, ...] = OURS, cwd: Path = ROOT
) -> subprocess.Popen[str]:
    """A server process, with its output piped."""
    arguments = [*program, *options]
    if port:
        arguments += ["--port", str(port)]
    environment = {name: value for name, value in os.environ.items() if name != "LANG"}
    return subprocess.Popen(
        arguments,
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(
    *options: str, own_base: bool = False, program: tuple[str, ...] = OURS, cwd: Path = ROOT
) -> Iterator[Server]:
    """A server that answers, ended with the block; it may publish at its own address."""
    port = free_port()
    if own_base:
        options += ("--base-iri", f"http://127.0.0.1:{port}/")
    process = start(*options, port=port, program=program, cwd=cwd)
    with process, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
        server = Server(process, port, client)
        try:
            _wait_until_healthy(server)
            yield server
        finally:
            process.terminate()


def eventually(condition: object, seconds: float = 10.0) -> bool:
    """Whether a condition, a function without arguments, becomes true in time."""
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _wait_until_healthy(server: Server) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            if server.healthy():
                return
        except httpx.TransportError:
            time.sleep(0.02)
    server.process.kill()
    assert server.process.stderr is not None
    raise AssertionError(f"the server did not start: {server.process.stderr.read()}")
