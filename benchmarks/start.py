"""How long from the start of the server to its first correct answer, validation included.

The unit is the time that ``import rdflib, pyshacl, flask`` takes, as absolute times mean little
from one machine to the next. The two are measured in turn, several rounds of each.
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 7
PATIENCE = 60.0
QUERY = (ROOT / "queries" / "partners.rq").read_text("utf-8")
EXPECTED = (ROOT / "tests" / "expected" / "partners.csv").read_bytes().replace(b"\r\n", b"\n")


def import_seconds() -> float:
    """The time of one start of Python with the three libraries."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import rdflib, pyshacl, flask"], check=True)
    return time.perf_counter() - begin


def answer_seconds() -> float:
    """The time from the start of the server to its first answer, which has to be right."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    begin = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "server.py", "--port", str(port)], cwd=ROOT, stderr=subprocess.DEVNULL
    )
    try:
        while time.perf_counter() - begin < PATIENCE:
            try:
                answer = _ask(port)
            except OSError:
                time.sleep(0.005)
                continue
            if answer != EXPECTED:
                raise SystemExit("the first answer is wrong")
            return time.perf_counter() - begin
        raise SystemExit(f"no answer within {PATIENCE:g} s")
    finally:
        server.terminate()
        server.wait()


def _ask(port: int) -> bytes:
    query = urllib.parse.urlencode({"query": QUERY, "format": "csv"})
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/sparql?{query}") as response:
        body: bytes = response.read()
    return body.replace(b"\r\n", b"\n")


def main() -> None:
    """Print both medians and their ratio."""
    import_seconds()
    pairs = [(import_seconds(), answer_seconds()) for _ in range(ROUNDS)]
    imports, answers = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratios = sorted(answer / imported for imported, answer in pairs)
    print(f"import rdflib, pyshacl, flask   median {imports:.3f} s")
    print(f"start to first correct answer   median {answers:.3f} s")
    print(f"ratio, round by round           median {statistics.median(ratios):.2f}", end=" ")
    print(f"(from {ratios[0]:.2f} to {ratios[-1]:.2f}, {ROUNDS} rounds)")


if __name__ == "__main__":
    main()
