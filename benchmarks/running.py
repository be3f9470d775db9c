"""A server process of a benchmark: started, waited for, asked, weighed and stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = "application/sparql-results+json"
GRACE = 5.0
"""Seconds that a server gets to end by itself; one with a runaway query does not."""
OWN_WORDS = 200
"""How much is shown of what a server says about its failure."""
PATIENCE = 600.0
"""Seconds that a server may take to load and start; rdflib reads slowly."""


class Failed(Exception):
    """A server did not start, or did not answer with success.

    Attributes:
        short: what happened, without the server's own words.
    """

    def __init__(self, short: str, words: str = "") -> None:
        super().__init__(f"{short}: {words}" if words else short)
        self.short = short


@dataclass(frozen=True)
class Running:
    """A server that runs.

    Attributes:
        base: the URL of its endpoint, up to the query.
        seconds: from its start to its first right answer.
    """

    process: subprocess.Popen[bytes]
    base: str
    seconds: float

    @property
    def processes(self) -> list[int]:
        """The ids of its processes, the first one first."""
        return process_tree(self.process.pid)


def ask(base: str, query: str, media_type: str = RESULTS, timeout: float = 60.0) -> bytes:
    """The body of the answer that an endpoint gives to one query.

    Raises:
        Failed: there was none, or one without success.
    """
    url = base + urllib.parse.quote(query)
    request = urllib.request.Request(url, headers={"Accept": media_type})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            body: bytes = response.read()
    except urllib.error.HTTPError as error:
        words = error.read(OWN_WORDS).decode("utf-8", "replace").strip()
        raise Failed(f"status {error.code}", words) from None
    except TimeoutError:
        raise Failed(f"no answer within {timeout:g} s") from None
    except OSError as error:
        raise Failed(type(error).__name__) from None
    return body


@contextmanager
def running(
    command: list[str], base: str, folder: Path, right: Callable[[str], bool]
) -> Iterator[Running]:
    """A server that has answered rightly, stopped with the block.

    Args:
        command: what starts it.
        base: the URL of its endpoint, up to the query.
        folder: where it is started.
        right: given ``base``, says whether the first answer is right.

    Raises:
        Failed: it did not start, or did not answer rightly in time.
    """
    begin = time.perf_counter()
    with started(command, folder) as process:
        while not _is_right(base, right):
            if process.poll() is not None or time.perf_counter() - begin > PATIENCE:
                raise Failed("did not start")
            time.sleep(0.005)
        yield Running(process, base, time.perf_counter() - begin)


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def process_tree(pid: int) -> list[int]:
    """A process and all that descend from it, parents first."""
    try:
        tasks = [file.read_text("ascii") for file in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return []
    children = [int(child) for task in tasks for child in task.split()]
    return [pid, *(each for child in children for each in process_tree(child))]


def memory(pids: list[int], kind: str = "Pss") -> float:
    """The memory of processes in MiB: Pss divides what is shared by those who share it; or Rss."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
        except OSError:
            continue  # It has ended since it was listed.
        total += sum(int(line.split()[1]) for line in lines if line.startswith(f"{kind}:"))
    return total / 1024


def _is_right(base: str, right: Callable[[str], bool]) -> bool:
    try:
        return right(base)
    except Failed:
        return False


@contextmanager
def started(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a session of its own, ended with the block."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the session that began with this process: politely, then not."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(GRACE)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    process.wait()
