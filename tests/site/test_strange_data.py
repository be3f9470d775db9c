"""Data that are RDF and valid, but odd: nothing hangs, nothing ends in a traceback or a lie."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command_line import run
from tests.serving import ROOT, Server, eventually, running

BASE = "https://partnergraph.example/id/strange/"
NODES = 22
STRANGE = f"""
PREFIX s: <{BASE}>
PREFIX ex: <http://e/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
s:circle ex:p _:c . _:c ex:q _:c .
s:shared ex:p _:n0 .
{" ".join(f"_:n{n} ex:l _:n{n + 1} ; ex:r _:n{n + 1} ." for n in range(NODES))}
_:n{NODES} ex:p 1 .
s:deep ex:p {"[ ex:p " * 60} 1 {"] " * 60} .
s:list ex:p ({" ".join(map(str, range(4000)))}) .
<{BASE}hash#me> rdfs:label "me"@en .
s:geo ex:at <geo:57.54,25.42> .
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page's files, and one of strange things."""
    folder = tmp_path_factory.mktemp("strange")
    for path in (ROOT / "data").glob("*.ttl"):
        (folder / path.name).write_text(path.read_text("utf-8"), "utf-8")
    (folder / "strange.ttl").write_text(STRANGE, "utf-8")
    return folder


@pytest.fixture(scope="module")
def strange(data: Path) -> Iterator[Server]:
    with running("--data", str(data)) as server:
        yield server


@pytest.mark.parametrize("name", ["circle", "shared", "deep", "list", "geo"])
@pytest.mark.parametrize("ending", ["ttl", "jsonld", "nt", "rdf", "csv", "lv.html", "en.html"])
def test_a_thing_is_described_at_once(name: str, ending: str, strange: Server) -> None:
    """However its blank nodes are knotted."""
    begin = time.monotonic()
    response = strange.client.get(f"/doc/strange/{name}.{ending}")
    assert response.status_code == 200
    assert time.monotonic() - begin < 5
    assert len(response.content) < 2_000_000


def test_each_blank_node_is_told_once(strange: Server) -> None:
    page = strange.client.get("/doc/strange/shared.en.html").text
    assert page.count("http://e/l") <= 2 * NODES


def test_the_site_can_be_written_as_files(data: Path, tmp_path: Path) -> None:
    done = run("export", "--site", tmp_path, "--data", data)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "doc" / "strange" / "circle.lv.html").is_file()


def test_the_server_ends_while_a_page_is_being_made(data: Path) -> None:
    """SIGTERM, while threads make every page there is."""
    with running("--data", str(data)) as server:
        for _ in range(3):
            server.client.get("/doc/strange/list.lv.html")
        server.process.send_signal(signal.SIGTERM)
        assert eventually(lambda: server.process.poll() is not None, 10)


def test_what_has_been_taken_away_is_not_confirmed_by_date(tmp_path: Path) -> None:
    """A deleted file leaves no newer one behind; the answer is another all the same."""
    for path in (ROOT / "data").glob("*.ttl"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    with running("--data", str(tmp_path)) as server:
        first = server.client.get("/data/dataset.nt")
        since = {"if-modified-since": first.headers["last-modified"]}
        assert server.client.get("/data/dataset.nt", headers=since).status_code == 304
        (tmp_path / "contact.ttl").unlink()
        time.sleep(1.1)  # HTTP dates have seconds only.
        server.process.send_signal(signal.SIGHUP)
        tag = first.headers["etag"]
        assert eventually(lambda: server.client.head("/data/dataset.nt").headers["etag"] != tag)
        later = server.client.get("/data/dataset.nt", headers=since)
        assert later.status_code == 200
        assert len(later.content) < len(first.content)


@pytest.mark.parametrize("base", ["http://a%zz/", "http://[/", "http://e/a b/"])
def test_a_base_that_is_no_iri_is_refused(base: str, tmp_path: Path) -> None:
    done = run("export", tmp_path, "--base-iri", base)
    assert done.returncode == 2
    assert "is no base" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_base_with_a_quote_is_an_iri_like_any(tmp_path: Path) -> None:
    done = run("export", "--site", tmp_path, "--base-iri", "http://x.example/o'neil/")
    assert done.returncode == 0, done.stderr


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_file_whose_name_can_stand_in_no_iri_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "my partners.ttl", "<http://e/a> <http://e/p> 1 .")
    done = run("export", tmp_path / "out", "--data", path)
    assert done.returncode == 2
    assert "my partners.ttl" in done.stderr
    assert "rename it" in done.stderr


def test_a_file_of_an_odd_name_is_written_by_that_name(tmp_path: Path) -> None:
    path = write(tmp_path, "strange.v2.ttl", "<http://e/a> <http://e/p> 1 .")
    options = ("--data", path, "--graph", "strange.v2", "--format", "nt")
    done = run("export", tmp_path / "out", *options)
    assert done.returncode == 0, done.stderr
    (written,) = (tmp_path / "out").rglob("strange.v2.nt")
    assert "<http://e/a> <http://e/p>" in written.read_text("utf-8")


def test_a_character_that_xml_cannot_carry_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "odd.ttl", '<http://e/a> <http://e/p> "a\\u0001b" .')
    done = run("export", tmp_path / "out", "--data", path)
    assert done.returncode == 2
    assert "U+0001" in done.stderr
    assert "<http://e/a>" in done.stderr


def test_a_thing_called_like_a_file_does_not_hide_the_file(tmp_path: Path) -> None:
    """``x.ttl`` may be a thing; it is the Turtle of ``x`` first."""
    for path in (ROOT / "data").glob("*.ttl"):
        write(tmp_path, path.name, path.read_text("utf-8"))
    write(tmp_path, "odd.ttl", f"<{BASE}a> <http://e/p> 1 . <{BASE}a.ttl> <http://e/p> 2 .")
    with running("--data", str(tmp_path)) as server:
        response = server.client.get("/doc/strange/a.ttl")
        assert response.headers["content-type"].startswith("text/turtle")
        assert (
            "strange/a>" in response.text or "strange:a" in response.text or "a " in response.text
        )


def test_things_in_a_document_are_found_there(strange: Server) -> None:
    """A hash IRI leads to the document before the hash."""
    page = strange.client.get("/doc/strange/hash.ttl")
    assert page.status_code == 200
    assert "#me" in page.text
    assert "%23me" not in strange.client.get("/sitemap.xml").text
