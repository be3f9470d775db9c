"""Passages are held against the text of their source: unchanged, moved, or gone."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from partnergraph.dataset.parsing import read_quads
from partnergraph.dataset.sources import SourceCheck, cite, verify
from partnergraph.errors import UnreadableInput, UsageError
from partnergraph.settings import Settings
from tests.graphs import NO_SEED, SEED

TEXT = "Virsraksts\n\nValmiera — 𝔘𝔫𝔦 pilsēta.\r\nŅemiet vērā.\n"
PASSAGES = ("Virsraksts", "𝔘𝔫𝔦 pilsēta.", "Ņemiet vērā.")
PREFIXES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX tp: <https://partnergraph.example/def#>
"""


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def data(folder: Path, passages: tuple[str, ...] = PASSAGES) -> tuple[Path, ...]:
    """A file with these passages of TEXT, each with a claim."""
    statements = [
        f'<http://e/p{n}> a tp:Passage ; tp:digest "{digest(text)}" ; oa:hasSelector '
        f"[ oa:start {TEXT.index(text)} ; oa:end {TEXT.index(text) + len(text)} ] ."
        f"<http://e/claim{n}> prov:wasDerivedFrom <http://e/p{n}> ."
        for n, text in enumerate(passages)
    ]
    path = folder / "data.ttl"
    path.write_text("\n".join([PREFIXES, *statements]), "utf-8")
    return (path,)


def check(folder: Path, text: str | bytes) -> SourceCheck:
    """The passages of TEXT held against another text."""
    document = folder / "page.txt"
    document.write_bytes(text if isinstance(text, bytes) else text.encode())
    return verify(document, data(folder))


def test_unchanged_text_agrees(tmp_path: Path) -> None:
    """Line ends and characters outside the basic plane count as they are, as code points."""
    outcome = check(tmp_path, TEXT)
    assert outcome.agrees
    assert [passage.found for passage in outcome.passages] == [0, 23, 37]
    assert outcome.text() == (
        f"All 3 passages stand in {tmp_path / 'page.txt'} where the graph says.\n"
    )


def test_one_changed_character_is_found_and_its_claims_named(tmp_path: Path) -> None:
    outcome = check(tmp_path, TEXT.replace("pilsēta", "pilseta"))
    assert not outcome.agrees
    assert [passage.agrees for passage in outcome.passages] == [True, False, True]
    assert outcome.passages[1].found is None
    assert outcome.passages[1].claims == ("http://e/claim1",)
    assert outcome.text() == (
        "http://e/p1 [23–35] is changed or gone; derived from it:\n"
        "    http://e/claim1\n"
        f"1 of 3 passages do not stand in {tmp_path / 'page.txt'} where the graph says.\n"
    )


def test_moved_text_is_found_where_it_is_now(tmp_path: Path) -> None:
    outcome = check(tmp_path, "Jauns.\n" + TEXT)
    assert [passage.found for passage in outcome.passages] == [7, 30, 44]
    assert not outcome.agrees
    assert "http://e/p0 [0–10] has moved to 7; derived from it:" in outcome.text()


@pytest.mark.parametrize("text", ["", "Vi"])
def test_shorter_text_holds_no_passage(text: str, tmp_path: Path) -> None:
    outcome = check(tmp_path, text)
    assert [passage.found for passage in outcome.passages] == [None, None, None]


def test_other_line_ends_are_other_text(tmp_path: Path) -> None:
    """What stands behind them has moved; nothing is normalised."""
    outcome = check(tmp_path, TEXT.replace("\r\n", "\n"))
    assert [passage.found for passage in outcome.passages] == [0, 23, 36]


def test_text_that_is_not_utf_8_is_refused_with_its_byte(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"page\.txt: it is not UTF-8 \(byte 2\)"):
        check(tmp_path, b"ab\xe4\xf6")


def test_document_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="No such file"):
        verify(tmp_path / "none.txt", data(tmp_path))


def test_data_without_passages_is_refused(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(TEXT)
    with pytest.raises(UnreadableInput, match=r"data\.ttl: there is no tp:Passage to verify"):
        verify(tmp_path / "page.txt", data(tmp_path, ()))


def test_passage_that_no_claim_is_derived_from_is_verified(tmp_path: Path) -> None:
    (path,) = data(tmp_path)
    path.write_text(path.read_text("utf-8").replace("prov:wasDerivedFrom", "prov:other"), "utf-8")
    (tmp_path / "page.txt").write_bytes(b"")
    outcome = verify(tmp_path / "page.txt", (path,))
    assert [passage.claims for passage in outcome.passages] == [(), (), ()]


@pytest.mark.parametrize("passage", PASSAGES)
def test_citation_is_turtle_that_verifies(passage: str, tmp_path: Path) -> None:
    document = tmp_path / "page.txt"
    document.write_bytes(TEXT.encode())
    cited = tmp_path / "cited.ttl"
    text = cite(document, passage).replace("<SOURCE>", "<http://e/s>")
    cited.write_text(PREFIXES + text.replace("<PASSAGE>", "<http://e/p>"), "utf-8")
    assert list(read_quads(cited))
    assert verify(document, (cited,)).agrees


@pytest.mark.parametrize(
    ("quotation", "reason"),
    [
        ("virsraksts", "does not occur word for word"),
        ("", "does not occur word for word"),
        ("e", "occurs more than once; quote more of it"),
    ],
)
def test_citation_of_what_is_not_there_once_is_refused(
    quotation: str, reason: str, tmp_path: Path
) -> None:
    document = tmp_path / "page.txt"
    document.write_bytes(TEXT.encode())
    with pytest.raises(UnreadableInput, match=reason):
        cite(document, quotation)


@pytest.mark.skipif(not SEED.is_file(), reason=NO_SEED)
def test_passages_of_the_page_stand_in_the_page() -> None:
    assert verify(SEED, Settings().data).agrees


def two_sources(folder: Path) -> tuple[Path, ...]:
    """A file with a passage of TEXT and one of another text."""
    parts = [PREFIXES]
    for name, text, passage in (("a", TEXT, "Virsraksts"), ("b", "Cits teksts.", "teksts")):
        document = folder / f"{name}.txt"
        document.write_bytes(text.encode())
        turtle = cite(document, passage).replace("<SOURCE>", f"<http://e/{name}>")
        parts.append(turtle.replace("<PASSAGE>", f"<http://e/{name}/passage>"))
    path = folder / "two.ttl"
    path.write_text("\n".join(parts), "utf-8")
    return (path,)


@pytest.mark.parametrize("name", ["a", "b"])
def test_only_the_passages_of_the_document_are_looked_for(name: str, tmp_path: Path) -> None:
    """Its digest shows which source it is."""
    outcome = verify(tmp_path / f"{name}.txt", two_sources(tmp_path))
    assert [check.passage for check in outcome.passages] == [f"http://e/{name}/passage"]
    assert outcome.agrees
    assert not outcome.changed


def test_changed_document_is_noticed_and_its_source_asked_for(tmp_path: Path) -> None:
    """A paragraph more leaves every passage where it was, and is noticed all the same."""
    data_file = two_sources(tmp_path)
    longer = tmp_path / "longer.txt"
    longer.write_bytes(TEXT.encode() + b"More.")
    with pytest.raises(UsageError, match="--source: http://e/a or http://e/b"):
        verify(longer, data_file)
    outcome = verify(longer, data_file, "http://e/a")
    assert outcome.agrees
    assert outcome.changed
    assert outcome.text().startswith("The document has changed")


def test_impossible_positions_are_not_found_at_once(tmp_path: Path) -> None:
    (path,) = data(tmp_path)
    text = path.read_text("utf-8").replace("oa:end ", "oa:end 9999999999999999999999")
    path.write_text(text, "utf-8")
    (tmp_path / "page.txt").write_bytes(TEXT.encode())
    assert not verify(tmp_path / "page.txt", (path,)).agrees
