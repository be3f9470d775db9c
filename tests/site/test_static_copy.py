"""The static copy is a site of its own: any web server hosts it, and every link leads somewhere."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urldefrag

import httpx
import pytest
from rdflib import Graph, URIRef

from tests.command_line import run
from tests.following import read_page
from tests.serving import Server, free_port


@contextmanager
def hosted(folder: Path, port: int) -> Iterator[httpx.Client]:
    """A folder, served by Python's own web server."""
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    process = subprocess.Popen(
        [*command, "--directory", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with process, httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        try:
            for _ in range(200):
                try:
                    client.get("/robots.txt")
                    break
                except httpx.TransportError:
                    time.sleep(0.05)
            yield client
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """The static copy, and the port that it is made for."""
    folder = tmp_path_factory.mktemp("site")
    port = free_port()
    done = run("export", "--site", str(folder), "--base-iri", f"http://127.0.0.1:{port}/")
    assert done.returncode == 0, done.stderr
    return folder, port


def test_every_link_leads_somewhere(site: tuple[Path, int]) -> None:
    """From the front page, without a query string: there is nobody to read one."""
    folder, port = site
    base = f"http://127.0.0.1:{port}/"
    seen: set[str] = set()
    with hosted(folder, port) as client:
        waiting = [base]
        while waiting:
            address = urldefrag(waiting.pop()).url
            if address in seen:
                continue
            seen.add(address)
            response = client.get(address, follow_redirects=True)
            assert response.status_code == 200, address
            if response.headers["content-type"].startswith("text/html"):
                waiting += [link for link in read_page(response).links if link.startswith(base)]
    assert len(seen) > 1000
    assert not any("?" in address for address in seen)


def test_things_and_documents_are_at_their_addresses(site: tuple[Path, int]) -> None:
    folder, port = site
    thing = f"http://127.0.0.1:{port}/id/place/lv/valmiera"
    with hosted(folder, port) as client:
        entrance = client.get("/id/place/lv/valmiera", follow_redirects=True)
        assert "/doc/place/lv/valmiera.en.html" in " ".join(read_page(entrance).links)
        turtle = client.get("/doc/place/lv/valmiera.ttl").text
    assert (URIRef(thing), None, None) in Graph().parse(data=turtle)


def test_files_are_what_the_server_answers(published: Server, tmp_path: Path) -> None:
    """Byte for byte, where both are published at the same address."""
    base = f"{str(published.client.base_url).rstrip('/')}/"
    assert run("export", "--site", str(tmp_path), "--base-iri", base).returncode == 0
    for path in (
        "doc/place/lv/valmiera.lv.html",
        "doc/place/se/solna.ttl",
        "doc/place/se/solna.jsonld",
        "def.en.html",
        "shapes.lv.html",
        "index.jsonld",
        "data/partners.csv",
    ):
        assert (tmp_path / path).read_bytes() == published.client.get(f"/{path}").content, path
    for path in ("index.lv.html", "sparql.lv.html"):
        assert "<form" in published.client.get(f"/{path}").text
        assert "<form" not in (tmp_path / path).read_text("utf-8"), "nobody would answer it"


def test_the_bytes_are_the_same_every_time(site: tuple[Path, int], tmp_path: Path) -> None:
    """In another process, whatever its hash seed."""
    folder, port = site
    base = f"http://127.0.0.1:{port}/"
    assert run("export", "--site", str(tmp_path), "--base-iri", base).returncode == 0
    files = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 3000
    assert [
        one for one in files if (tmp_path / one).read_bytes() != (folder / one).read_bytes()
    ] == []


def test_a_site_is_written_whole(tmp_path: Path) -> None:
    done = run("export", "--site", str(tmp_path / "site"), "--format", "ttl")
    assert done.returncode == 2
    assert "--site writes everything" in done.stderr
    assert not (tmp_path / "site").exists()
