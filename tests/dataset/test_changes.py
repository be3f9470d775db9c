"""What is new: told on the pages, of whatever is given as the version before."""

from __future__ import annotations

from pathlib import Path

from tests.command_line import complaint
from tests.serving import ROOT, running

LISTED = "    tp:listedAsPartnerOf place-lv:valmiera ;\n"


def earlier(folder: Path) -> Path:
    """The data without one partnership, with another network, and with one listing less."""
    for path in (ROOT / "data").glob("*.ttl"):
        (folder / path.name).write_text(path.read_text("utf-8"), "utf-8")
    page = folder / "partners.ttl"
    text = page.read_text("utf-8").replace(LISTED, "", 1)
    begin = text.index("partnership:valmiera-viljandi\n    a tp:Partnership")
    end = text.index("\n.\n", begin) + 3
    page.write_text(text[:begin] + text[end:], "utf-8")
    base = "https://partnergraph.example/"
    (folder / "old.ttl").write_text(f"<{base}id/network/old> a <{base}def#Network> .", "utf-8")
    return folder


def told(page: str) -> str:
    """What a page says of changes, without its tags."""
    return page.partition('id="changes"')[2].partition("<h2")[0]


def test_what_is_new_is_told_on_the_pages(tmp_path: Path) -> None:
    with running("--previous", str(earlier(tmp_path)), own_base=True) as server:
        for path in ("/index.en.html", "/data/index.en.html"):
            said = told(server.client.get(path).text)
            new, _, rest = said.partition("Changed")
            changed, _, gone = rest.partition("Gone")
            assert "New (1)" in new
            assert "Valmiera – Viljandi" in new
            assert "(1)" in changed
            assert "id/network/old" in gone
        assert "Jauns (1)" in told(server.client.get("/index.lv.html").text)


def test_the_same_data_are_nothing_new() -> None:
    """Whatever address they are published at, and in whichever syntax they are kept."""
    with running(own_base=True) as server:
        whole = server.client.get("/data/dataset.nq").content
        assert "Not compared" in told(server.client.get("/data/index.en.html").text)
        assert 'id="changes"' not in server.client.get("/index.en.html").text
    with running("--previous", str(ROOT / "data")) as server:
        assert "The same is said" in told(server.client.get("/index.en.html").text)
    assert whole


def test_a_download_can_be_the_version_before(tmp_path: Path) -> None:
    path = tmp_path / "before.nq"
    with running() as server:
        path.write_bytes(server.client.get("/data/dataset.nq").content)
    with running("--previous", str(path)) as server:
        assert "The same is said" in told(server.client.get("/data/index.en.html").text)


def test_a_version_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "before.ttl"
    path.write_text("nonsense", "utf-8")
    said = complaint("export", tmp_path / "out", "--previous", path)
    assert "before.ttl" in said
    assert "does not exist" in complaint("export", tmp_path, "--previous", tmp_path / "none.ttl")
