"""The application under other ASGI servers than ours."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from tests.bounded import ENDLESS, QUICK
from tests.command_line import environment
from tests.serving import ROOT, Server, eventually, free_port, running

APPLICATION = f"""
import asyncio
import sys
from pathlib import Path

import hypercorn.asyncio
from hypercorn.config import Config

from server import create_app
from partnergraph.settings import Settings

data = Path("{ROOT}/data")
application = create_app(Settings(data=(data,), workers=1, max_result_bytes=2**20))

if __name__ == "__main__":
    config = Config()
    config.bind = [f"127.0.0.1:{{sys.argv[-1]}}"]
    asyncio.run(hypercorn.asyncio.serve(application, config))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a publisher's own module."""
    folder = tmp_path_factory.mktemp("asgi")
    (folder / "published.py").write_text(APPLICATION, "utf-8")
    return folder


@pytest.fixture(scope="module")
def hypercorn(folder: Path) -> Iterator[Server]:
    """The application under hypercorn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        with running(program=(sys.executable, "published.py"), cwd=folder) as server:
            yield server


def test_everything_is_answered(hypercorn: Server, server: Server) -> None:
    """As by our own server, to the byte."""
    for path in (
        f"/sparql?query={quote(QUICK)}",
        "/sparql?query=ASK",
        "/queries/partners.csv",
        "/nowhere",
        "/def",
        "/sparql",
        "/graph/partners.ttl",
    ):
        found, expected = hypercorn.client.get(path), server.client.get(path)
        assert (found.status_code, found.content) == (expected.status_code, expected.content)
        left_out = {"date", "last-modified", "server", "etag", "partnergraph-version"}
        assert {name: value for name, value in found.headers.items() if name not in left_out} == {
            name: value for name, value in expected.headers.items() if name not in left_out
        }
    posted = {"query": QUICK}
    assert hypercorn.client.post("/sparql", data=posted).json() == (
        server.client.post("/sparql", data=posted).json()
    )
    assert hypercorn.client.head("/health").headers["content-length"] == "16"


def test_http_2_is_spoken_where_the_server_speaks_it(hypercorn: Server) -> None:
    with httpx.Client(http1=False, http2=True, base_url=hypercorn.client.base_url) as client:
        response = client.get("/sparql", params={"query": QUICK, "format": "csv"})
        assert (response.http_version, response.text.split()) == ("HTTP/2", ["n", "2"])
        posted = client.post("/sparql", data={"query": QUICK}, headers={"accept": "text/csv"})
        assert posted.text.split() == ["n", "2"]


def test_what_is_too_long_is_refused(hypercorn: Server) -> None:
    """The bounds are the application's own."""
    assert hypercorn.client.post("/sparql", content=b"x" * 100_000).status_code == 413
    assert hypercorn.client.get("/sparql?query=" + "x" * 65_000).status_code in (400, 413)
    fields = {"x-long": "x" * 20_000}
    assert hypercorn.client.get("/health", headers=fields).status_code == 431


def test_a_client_that_leaves_stops_its_query(hypercorn: Server) -> None:
    """Promise 6."""
    busy = 'partnergraph_query_processes{state="busy"}'
    with socket.create_connection(("127.0.0.1", hypercorn.port), timeout=10) as client:
        client.sendall(f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert eventually(lambda: hypercorn.measured(busy) == 1)
    assert eventually(lambda: hypercorn.measured(busy) == 0, seconds=4)


def test_sighup_reads_the_files_anew(hypercorn: Server) -> None:
    taken_up = 'partnergraph_reloads_total{outcome="taken up"}'
    before = hypercorn.measured(taken_up)
    hypercorn.process.send_signal(signal.SIGHUP)
    assert eventually(lambda: hypercorn.measured(taken_up) == before + 1, seconds=30)


@pytest.mark.parametrize(
    "program",
    [
        ("hypercorn", "--workers", "2", "--bind", "127.0.0.1:{port}", "published:application"),
        ("uvicorn", "--workers", "2", "--port", "{port}", "published:application"),
    ],
    ids=lambda program: program[0],
)
def test_a_server_with_several_workers_is_refused(program: tuple[str, ...], folder: Path) -> None:
    """Budgets, kept answers and measurements belong to one process."""
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", *(part.format(port=port) for part in program)],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout
        end = threading.Timer(60, process.kill)  # It might say nothing, for ever.
        end.start()
        said = ""
        for line in process.stdout:
            said += line
            if "give the server one worker" in line:
                break
        end.cancel()
        process.terminate()
    assert "the application runs in one process" in said
