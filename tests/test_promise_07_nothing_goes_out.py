"""Promise 7: nothing goes out: refused before the query runs, and impossible where it runs."""

from __future__ import annotations

import socket
import sys
from urllib.parse import quote

import pytest

from tests.attacks import all_attacks
from tests.bounded import answers, problem
from tests.commands import run
from tests.serving import Server

OUTBOUND = [one for one in all_attacks() if one.number == 9 and one.statuses == {400}]

PROGRAM = """
import sys
from pyoxigraph import Store
from partnergraph.worker import confine, reply
store = Store()
confine(1 << 30)
message = (sys.argv[1], (), (), "json", "ttl", None, 1 << 20)
print(reply(store, message)[0].name)
"""


@pytest.mark.parametrize("attack", OUTBOUND, ids=lambda attack: attack.name)
def test_no_process_sees_a_query_that_asks_others(attack: object, bounded: Server) -> None:
    """The keyword is found wherever it is one."""
    asked = bounded.measured('partnergraph_cache_lookups_total{found="nowhere"}')
    response = bounded.send(attack)  # type: ignore[arg-type]
    problem(response, 400, "outbound-query")
    assert bounded.measured('partnergraph_cache_lookups_total{found="nowhere"}') == asked + 1
    assert answers(bounded)


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?s ?p 'SERVICE <http://x/> {}' }",
        'ASK { ?s ?p """a " SERVICE""" }',
        "ASK { ?s ?p ?o } # SERVICE <http://x/> {}",
        "PREFIX service: <s:> ASK { service:load ?service service:a.SERVICE }",
        "ASK { <http://example.org/SERVICE#load> ?load _:service }",
        "ASK { ?s ?p 'x'@service }",
    ],
)
def test_the_word_alone_does_no_harm(text: str, bounded: Server) -> None:
    """In strings, comments, names and IRIs it is no keyword."""
    assert bounded.client.get("/sparql", params={"query": text}).status_code == 200


@pytest.mark.parametrize("form", ["SERVICE", "SERVICE SILENT"])
def test_the_process_that_runs_queries_cannot_reach_anything(form: str) -> None:
    """Even if the check were not there."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        query = f"SELECT * {{ {form} <{address}> {{ ?s ?p ?o }} }}"
        done = run(query, program=("-c", PROGRAM))
        assert done.returncode == 0, done.stderr
        listener.settimeout(0.2)
        with pytest.raises(TimeoutError):
            listener.accept()
    assert sys.platform == "linux"


@pytest.mark.parametrize(
    "name", ["file:///etc/passwd", "http://127.0.0.1:9/data.ttl", "https://partnergraph.example/x"]
)
def test_graph_that_is_not_served_is_empty(name: str, server: Server) -> None:
    """Whoever names it: the query or the request."""
    assert server.select(f"SELECT * FROM <{name}> {{ ?s ?p ?o }}").text.split() == ["o,p,s"]
    path = f"/sparql?format=csv&query={quote('SELECT * { ?s ?p ?o }')}"
    response = server.client.get(f"{path}&default-graph-uri={quote(name)}")
    assert response.text.split() == ["o,p,s"]
