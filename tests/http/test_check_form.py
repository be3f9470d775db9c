"""A form is read as browsers send it; what only looks like one is no fault."""

from __future__ import annotations

import pytest

from tests.serving import Server
from tests.site.checking import BROWSER, WRONG, check, marked


def test_a_file_may_be_sent(server: Server) -> None:
    files = {"file": ("x.nt", b"<http://e/a> <http://e/p> <http://e/b> .", "text/plain")}
    form = {"graph": "", "syntax": "ttl", "lang": "en"}
    response = server.client.post("/validate", data=form, files=files, headers=BROWSER)
    assert response.status_code == 200
    assert '<option value="nt" selected>' in response.text
    files = {"file": ("x.ttl", b"\xff\xfe", "text/plain")}
    response = server.client.post("/validate", data=form, files=files, headers=BROWSER)
    assert response.status_code == 400
    assert response.headers["content-type"].startswith("text/html")
    assert "The file is not UTF-8" in response.text


def test_a_file_comes_before_the_text(server: Server) -> None:
    files = {"file": ("x.ttl", WRONG.replace("\n", "\r\n").encode("utf-8-sig"), "text/turtle")}
    form = {"graph": "not this", "syntax": "nt", "lang": "en"}
    response = server.client.post("/validate", data=form, files=files, headers=BROWSER)
    assert marked(response) == marked(check(server, WRONG))


def test_a_program_that_posts_a_form_is_told_what_to_post(server: Server) -> None:
    """What programs get is no page: forms are for browsers."""
    for accept in ("*/*", "application/json", "text/turtle"):
        answer = server.client.post(
            "/validate", data={"graph": WRONG, "syntax": "ttl"}, headers={"accept": accept}
        )
        assert answer.status_code == 415
        assert answer.headers["content-type"] == "application/problem+json"
        assert "text/turtle" in answer.headers["accept-post"]


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"x" * 100, "multipart/form-data"),
        (b"x" * 100, "multipart/form-data; boundary=x"),
        (b"--x\r\n" * 2000, "multipart/form-data; boundary=x"),
        (b"graph=%FF%FE&syntax=ttl", "application/x-www-form-urlencoded"),
        (b"graph=&syntax=exe", "application/x-www-form-urlencoded"),
        (b"&" * 5000, "application/x-www-form-urlencoded"),
    ],
)
def test_a_strange_form_is_refused_or_read(
    content: bytes, content_type: str, server: Server
) -> None:
    fields = {"content-type": content_type, **BROWSER}
    response = server.client.post("/validate", content=content, headers=fields)
    assert response.status_code in (200, 400, 415)
    assert response.headers["content-type"].startswith("text/html")
    assert server.healthy()
