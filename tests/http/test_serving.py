"""The server as a whole: what it refuses to start with, how it ends, what stands beside SPARQL."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving import ROOT, Server, eventually, free_port, running, start

PATIENCE = 30


def outcome(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Exit status, output and errors of a process that ends by itself."""
    with process:
        out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, out, err


def test_an_invalid_graph_is_never_served(tmp_path: Path) -> None:
    """Start-up ends with the report, status 1, and nothing listens."""
    data = (ROOT / "data" / "partners.ttl").read_text("utf-8")
    broken = tmp_path / "partners.ttl"
    broken.write_text(data.replace('tp:signed "2001"^^xsd:gYear', 'tp:signed "2O01"'), "utf-8")
    status, out, _ = outcome(start("--data", str(broken), port=free_port()))
    assert status == 1
    assert "tps:signed-form" in out
    assert "Zdunska Vola, Polija, 2001" in out


def test_the_report_comes_in_the_language_asked_for(tmp_path: Path) -> None:
    """--language lv reports in Latvian."""
    broken = tmp_path / "partners.ttl"
    broken.write_text("<s:s> a <https://partnergraph.example/def#Agreement> .", "utf-8")
    status, out, _ = outcome(start("--data", str(broken), "--language", "lv"))
    assert status == 1
    assert "Grafs neatbilst nosacījumiem" in out


def test_malformed_data_is_named_with_its_line(tmp_path: Path) -> None:
    """A Turtle syntax error ends with status 2, file and line."""
    broken = tmp_path / "broken.ttl"
    broken.write_text("@prefix a: <b:> .\na:x a:y a:z\na:q a:w a:e .\n", "utf-8")
    status, _, err = outcome(start("--data", str(broken)))
    assert status == 2
    assert f"{broken}:3:" in err
    assert "Traceback" not in err


def test_a_taken_port_is_refused(server: Server) -> None:
    """Two servers never share a port."""
    status, _, err = outcome(start(port=server.port))
    assert status == 2
    assert "--port" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ends_with_all_its_processes(number: signal.Signals) -> None:
    """A signal ends the server quietly; no process of it is left."""
    with running() as server:
        processes = [server.nursery, *server.workers]
        server.process.send_signal(number)
        assert server.process.wait(PATIENCE) == 0
        assert server.process.stderr is not None
        assert "Traceback" not in server.process.stderr.read()
        assert eventually(lambda: not any(map(_lives, processes)))


def test_killed_server_leaves_no_process() -> None:
    """kill -9 of the server ends its query processes, too."""
    with running() as server:
        processes = [server.nursery, *server.workers]
        server.process.kill()
        assert eventually(lambda: not any(map(_lives, processes)))


def test_health_runs_a_real_query(server: Server) -> None:
    """Health is that of the store, and is not cached."""
    response = server.client.get("/health")
    assert response.json() == {"status": "ok"}
    assert response.headers["cache-control"] == "no-store"


def test_health_fails_when_no_query_is_answered() -> None:
    """While every process is stopped, the service is not healthy."""
    with running("--workers", "1", "--timeout", "0.5") as server:
        (worker,) = server.workers
        os.kill(worker, signal.SIGSTOP)
        os.kill(server.nursery, signal.SIGSTOP)
        response = server.client.get("/health")
        os.kill(server.nursery, signal.SIGCONT)
        assert response.status_code == 503
        assert eventually(server.healthy)


@pytest.mark.parametrize(("language", "title"), [("lv", "Starptautiskās"), ("en", "Graph of")])
def test_home_page_speaks_the_reader_s_language(language: str, title: str, server: Server) -> None:
    """The front page is in Latvian or English, as the browser asks."""
    response = server.client.get("/", headers={"accept-language": language})
    assert f'<html lang="{language}">' in response.text
    assert title in response.text


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nowhere", 404), ("POST", "/", 405)]
)
def test_errors_have_one_shape(method: str, path: str, status: int, server: Server) -> None:
    """Every error is RFC 9457, whoever answers."""
    response = server.client.request(method, path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == status


def test_unvalidated_data_is_served_as_it_is(tmp_path: Path) -> None:
    """With --no-validation and --default-graph plain a test suite's data is all there is."""
    data = tmp_path / "suite.ttl"
    data.write_text("<s:s> <p:p> <o:o> .", "utf-8")
    with running("--data", str(data), "--no-validation", "--default-graph", "plain") as server:
        assert server.select("SELECT * { ?s ?p ?o }").text.split() == ["o,p,s", "o:o,p:p,s:s"]
        assert server.select("SELECT * { GRAPH ?g { ?s ?p ?o } }").text.split() == ["g,o,p,s"]


def _lives(pid: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_slow_sender_does_not_keep_the_server_from_ending() -> None:
    """A client that has sent half a body is not waited for."""
    with running() as server, socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
            b"Content-Type: application/sparql-query\r\n\r\nASK"
        )
        server.process.terminate()
        assert server.process.wait(5) == 0


@pytest.mark.parametrize("path", ["/", "/nowhere", "/%3f", "/health", "/sparql?query=ASK%7B%7D"])
def test_every_answer_carries_version_and_cors(path: str, server: Server) -> None:
    """Whoever answers, and whatever the answer."""
    response = server.client.get(path)
    assert len(response.headers["partnergraph-version"]) == 64
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.status_code in (200, 404)


def test_health_is_only_read(server: Server) -> None:
    """Other methods are told which there are."""
    assert server.client.delete("/health").headers["allow"] == "GET, HEAD"
    assert server.client.head("/health").headers["content-length"] == "16"


@pytest.mark.parametrize("files", [16, 64, 127])
def test_too_few_files_are_said_at_the_start(files: int) -> None:
    """And not by pages that fail beside an endpoint that works."""
    command = f'ulimit -n {files}; exec "$0" server.py --port {free_port()}'
    done = subprocess.run(
        ["bash", "-c", command, sys.executable],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert f"only {files} files may be open" in done.stderr
    assert "ulimit -n" in done.stderr
    assert len(done.stderr.splitlines()) == 1
