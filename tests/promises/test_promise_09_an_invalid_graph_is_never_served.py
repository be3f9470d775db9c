"""Promise 9: start-up fails with the report; a reload swaps atomically or keeps the last graph."""

from __future__ import annotations

import json
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import ROOT, Server, eventually, running, start

PREFIXES = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX tp: <https://partnergraph.example/def#>
BASE <https://partnergraph.example/id/>
"""
COUNTRY = '<country/xa> a tp:Country ; skos:prefLabel "{}"@en, "Alba"@lv .'
ALBA = "<https://partnergraph.example/id/country/xa>"
NAME = f"SELECT ?name {{ {ALBA} ?p ?name FILTER (LANG(?name) = 'en') }}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The page's data, to be changed."""
    return Path(shutil.copytree(ROOT / "data", tmp_path / "data"))


@pytest.fixture
def reloading(folder: Path) -> Iterator[Server]:
    """A server of that folder."""
    (folder / "alba.ttl").write_text(PREFIXES + COUNTRY.format("Alba"), "utf-8")
    with running("--data", str(folder)) as server:
        yield server


def version(server: Server) -> str:
    """The version of the data that is served."""
    return server.client.get("/health").headers["partnergraph-version"]


def reload(server: Server, outcome: str) -> None:
    """Have the files read anew, and wait for what comes of it."""
    name = f'partnergraph_reloads_total{{outcome="{outcome}"}}'
    before = server.measured(name)
    server.process.send_signal(signal.SIGHUP)
    assert eventually(lambda: server.measured(name) == before + 1, 20)


def test_start_up_fails_with_the_report(tmp_path: Path) -> None:
    """Nothing listens."""
    (tmp_path / "broken.ttl").write_text("<s:s> a <https://partnergraph.example/def#Agreement> .")
    with start("--data", str(tmp_path / "broken.ttl")) as process:
        out, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "tps:" in out


def test_reload_takes_up_a_valid_graph(reloading: Server, folder: Path) -> None:
    """Also what was answered and kept before is answered from the new graph."""
    before = version(reloading)
    for _ in range(3):
        assert reloading.select(NAME).text.split() == ["name", "Alba"]
    (folder / "alba.ttl").write_text(PREFIXES + COUNTRY.format("Nova"), "utf-8")
    reload(reloading, "taken up")
    assert version(reloading) != before
    for _ in range(3):
        response = reloading.select(NAME)
        assert response.text.split() == ["name", "Nova"]
        assert response.headers["partnergraph-version"] == version(reloading)
    assert eventually(lambda: len(reloading.children()) == 1)
    assert reloading.healthy()


@pytest.mark.parametrize(
    "text",
    [
        PREFIXES + "<agreement/x> a tp:Agreement .",
        PREFIXES + COUNTRY.format("Alba") + " <broken",
        None,
    ],
    ids=["not conforming", "malformed", "gone"],
)
def test_reload_keeps_the_last_valid_graph(
    text: str | None, reloading: Server, folder: Path
) -> None:
    """And says so."""
    before = version(reloading)
    if text is None:
        shutil.rmtree(folder)
    else:
        (folder / "alba.ttl").write_text(text, "utf-8")
    reload(reloading, "refused")
    assert version(reloading) == before
    assert reloading.select(NAME).text.split() == ["name", "Alba"]
    reloading.process.terminate()
    assert reloading.process.stderr
    lines = [line for line in reloading.process.stderr if line.startswith("{")]
    (record,) = [json.loads(line) for line in lines]
    assert record["level"] == "error"
    assert "last valid version" in record["event"]
    assert record["version"] == before


def test_files_that_change_while_they_are_read_are_read_again(
    reloading: Server, folder: Path
) -> None:
    """A signal that comes during a reload is not lost."""
    for name in ("Nova", "Terra"):
        (folder / "alba.ttl").write_text(PREFIXES + COUNTRY.format(name), "utf-8")
        reloading.process.send_signal(signal.SIGHUP)
        time.sleep(0.1)
    assert eventually(lambda: reloading.select(NAME).text.split() == ["name", "Terra"])


def test_no_answer_mixes_two_versions(reloading: Server, folder: Path) -> None:
    """While the graph is swapped, every answer is of the version that it names."""
    seen: set[tuple[str, str]] = set()
    failures: list[str] = []
    stop = threading.Event()

    def ask() -> None:
        n = 0
        while not stop.is_set():
            n += 1
            response = reloading.select(f"{NAME} # {n % 7}")
            if response.status_code != 200:
                failures.append(response.text)
            seen.add((response.headers["partnergraph-version"], response.text.split()[1]))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for name in ("Nova", "Alba", "Nova"):
        (folder / "alba.ttl").write_text(PREFIXES + COUNTRY.format(name), "utf-8")
        reload(reloading, "taken up")
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(seen) == 2
    assert len({number for number, _ in seen}) == 2
