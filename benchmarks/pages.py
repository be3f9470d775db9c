"""How long the page of a thing takes: made for the first time, and as it is kept.

Every page of every thing is asked for twice, over one connection that stays open; the time is the
client's, so it holds the way there and back, too. Beside it stands the time of the smallest answer
that this server gives, for comparison.
"""

from __future__ import annotations

import http.client
import statistics
import subprocess
import sys
import time
from http import HTTPStatus
from pathlib import Path
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.serving import ROOT, free_port

PATIENCE = 30.0
LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def main() -> None:
    """Print the medians and the slowest."""
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    command = [sys.executable, "server.py", "--port", str(port), "--base-iri", base]
    server = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        connection = _connect(port)
        root = ElementTree.fromstring(_get(connection, "/sitemap.xml")[1])
        pages = [f"/{(one.text or '').removeprefix(base)}" for one in root.iter(LOCATION)]
        first = [_get(connection, page)[0] for page in pages]
        again = [_get(connection, page)[0] for page in pages]
        least = [_get(connection, "/robots.txt")[0] for _ in pages]
    finally:
        server.terminate()
        server.wait()
    print(f"{len(pages)} pages; milliseconds: median, 99th of a hundred, slowest")
    for name, seconds in (("made", first), ("kept", again), ("robots.txt", least)):
        ordered = sorted(1000 * one for one in seconds)
        slow = ordered[int(len(ordered) * 0.99)]
        print(f"{name:12}{statistics.median(ordered):8.2f}{slow:8.2f}{ordered[-1]:8.2f}")


def _connect(port: int) -> http.client.HTTPConnection:
    deadline = time.monotonic() + PATIENCE
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.connect()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return connection


def _get(connection: http.client.HTTPConnection, path: str) -> tuple[float, bytes]:
    begin = time.perf_counter()
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    seconds = time.perf_counter() - begin
    if response.status != HTTPStatus.OK:
        raise SystemExit(f"{path}: {response.status}")
    return seconds, body


if __name__ == "__main__":
    main()
