"""Conditions and parts, the same whoever answers.

https://www.rfc-editor.org/rfc/rfc9110#name-conditional-requests and #name-range-requests
"""

from __future__ import annotations

import pytest

from tests.serving import Server

PATHS = (
    "/data/dataset.nt",
    "/data/partnerships.csv",
    "/graph/partners.ttl",
    "/doc/place/lv/valmiera.en.html",
    "/sparql?query=SELECT*{?s+?p+?o}ORDER+BY+?s+LIMIT+50&format=csv",
    "/sparql?query=ASK{}",
    "/queries/partners.csv",
    "/queries/partners.en.html",
)
each_path = pytest.mark.parametrize("path", PATHS)
PLAIN = {"accept-encoding": "identity"}


@each_path
def test_what_a_client_has_is_not_sent_again(path: str, server: Server) -> None:
    first = server.client.get(path, headers=PLAIN)
    tag, changed = first.headers["etag"], first.headers["last-modified"]
    for has in (
        {"if-none-match": tag},
        {"if-none-match": f'"other", W/{tag}'},
        {"if-none-match": "*"},
        {"if-modified-since": changed},
        {"if-none-match": tag, "if-modified-since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"if-match": tag, "if-none-match": tag},
    ):
        for method in ("GET", "HEAD"):
            again = server.client.request(method, path, headers={**PLAIN, **has})
            assert (again.status_code, again.content) == (304, b""), has
            assert again.headers["etag"] == tag
            assert "content-type" not in again.headers
            assert len(again.headers["partnergraph-version"]) == 64


@each_path
def test_what_has_changed_is_sent(path: str, server: Server) -> None:
    first = server.client.get(path, headers=PLAIN)
    for has in (
        {"if-none-match": '"other"'},
        {"if-modified-since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"if-modified-since": "yesterday"},
        {"if-none-match": '"other"', "if-modified-since": first.headers["last-modified"]},
        {"if-match": f'"other", {first.headers["etag"]}'},
        {"if-match": "*"},
        {"if-unmodified-since": first.headers["last-modified"]},
        {"if-unmodified-since": "yesterday"},
    ):
        again = server.client.get(path, headers={**PLAIN, **has})
        assert (again.status_code, again.content) == (200, first.content), has


@each_path
def test_a_version_that_is_named_and_not_there_is_a_conflict(path: str, server: Server) -> None:
    tag = server.client.get(path, headers=PLAIN).headers["etag"]
    for wants in (
        {"if-match": '"other"'},
        {"if-match": f"W/{tag}"},
        {"if-unmodified-since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"if-match": '"other"', "if-unmodified-since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    ):
        refused = server.client.get(path, headers={**PLAIN, **wants, "accept": "*/*"})
        assert refused.status_code == 412, wants
        assert refused.json()["type"].endswith("#precondition-failed")


@each_path
def test_a_part_is_a_part_of_the_whole(path: str, server: Server) -> None:
    whole = server.client.get(path, headers=PLAIN)
    size = len(whole.content)
    for asked, begin, end in (
        ("bytes=0-0", 0, 1),
        ("bytes=3-9", 3, 10),
        ("bytes=5-", 5, size),
        ("bytes=-7", size - 7, size),
        (f"bytes=2-{size + 100}", 2, size),
        (f"bytes=-{size + 100}", 0, size),
        ("BYTES = 1-2", 1, 3),
    ):
        part = server.client.get(path, headers={**PLAIN, "range": asked})
        assert (part.status_code, part.content) == (206, whole.content[begin:end]), asked
        assert part.headers["content-range"] == f"bytes {begin}-{end - 1}/{size}"
        assert part.headers["content-length"] == str(end - begin)
        assert part.headers["content-type"] == whole.headers["content-type"]
        assert part.headers["etag"] == whole.headers["etag"]


@each_path
def test_what_is_no_part_is_the_whole(path: str, server: Server) -> None:
    """A server may ignore Range; what is of another version, it has to."""
    whole = server.client.get(path, headers=PLAIN)
    tag = whole.headers["etag"]
    for asked in (
        {"range": "bytes=0-1,4-5"},
        {"range": "bytes=9-3"},
        {"range": "bytes=-"},
        {"range": "lines=0-1"},
        {"range": "bytes=a-b"},
        {"range": "bytes=0-1", "if-range": '"other"'},
        {"range": "bytes=0-1", "if-range": f"W/{tag}"},
        {"range": "bytes=0-1", "if-range": "Thu, 01 Jan 1970 00:00:00 GMT"},
    ):
        answer = server.client.get(path, headers={**PLAIN, **asked})
        assert (answer.status_code, answer.content) == (200, whole.content), asked
    for same in (tag, whole.headers["last-modified"]):
        part = server.client.get(path, headers={**PLAIN, "range": "bytes=0-1", "if-range": same})
        assert part.status_code == 206
    head = server.client.head(path, headers={**PLAIN, "range": "bytes=0-1"})
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(whole.content)))


@each_path
def test_a_part_beyond_the_end_is_said_with_the_size(path: str, server: Server) -> None:
    size = len(server.client.get(path, headers=PLAIN).content)
    for asked in (f"bytes={size}-", f"bytes={size + 5}-{size + 9}", "bytes=-0"):
        refused = server.client.get(path, headers={**PLAIN, "range": asked, "accept": "*/*"})
        assert refused.status_code == 416, asked
        assert refused.headers["content-range"] == f"bytes */{size}"
        assert refused.json()["type"].endswith("#no-such-part")


def test_a_download_that_broke_off_goes_on(server: Server) -> None:
    """As curl and wget do it: the rest of the same version, or the new one."""
    path = "/data/dataset.nt"
    whole = server.client.get(path, headers=PLAIN)
    assert whole.headers["accept-ranges"] == "bytes"
    rest = {"range": "bytes=1000-", "if-range": whole.headers["etag"]}
    got = whole.content[:1000] + server.client.get(path, headers={**PLAIN, **rest}).content
    assert got == whole.content
    table = server.client.get("/queries/partners.csv", headers=PLAIN)
    assert table.headers["accept-ranges"] == "bytes"


@each_path
def test_conditions_have_an_order(path: str, server: Server) -> None:
    """What names a version comes first: https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2."""
    tag = server.client.get(path, headers=PLAIN).headers["etag"]
    for held in (tag, "*"):
        both = {**PLAIN, "if-match": '"other"', "if-none-match": held, "accept": "*/*"}
        assert server.client.get(path, headers=both).status_code == 412


@each_path
@pytest.mark.parametrize(
    "date",
    [
        "Sun, 06 Nov 99999999999999999999 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 +99999999999999",
        ",",
    ],
)
def test_a_date_that_is_none_counts_for_nothing(date: str, path: str, server: Server) -> None:
    for name in ("if-modified-since", "if-unmodified-since", "if-range"):
        assert server.client.get(path, headers={**PLAIN, name: date}).status_code == 200


@pytest.mark.parametrize("query", ["SELECT *", "ASK { SERVICE <http://127.0.0.1:9/> {} }"])
def test_no_condition_hides_an_error(query: str, server: Server) -> None:
    for has in (
        {"if-none-match": "*"},
        {"if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT"},
        {"if-match": "*"},
        {"range": "bytes=0-1"},
    ):
        asked = server.client.get("/sparql", params={"query": query}, headers=has)
        assert asked.status_code == 400


def test_other_sites_pages_may_use_them(server: Server) -> None:
    exposed = server.client.get("/data/dataset.nt").headers["access-control-expose-headers"]
    assert {"Content-Range", "Accept-Ranges", "ETag"} <= set(exposed.split(", "))
    allowed = server.client.options("/sparql").headers["access-control-allow-headers"]
    assert {"Range", "If-Range", "If-Match", "If-None-Match"} <= set(allowed.split(", "))


def test_a_question_that_is_posted_has_neither(server: Server) -> None:
    fields = {"if-match": '"other"', "range": "bytes=0-1", "accept": "text/csv"}
    answer = server.client.post("/sparql", data={"query": "ASK {}"}, headers=fields)
    assert (answer.status_code, answer.text.strip()) == (200, "true")
