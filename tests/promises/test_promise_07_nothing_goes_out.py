"""Promise 7: nothing goes out: refused before the query runs, and impossible where it runs."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from urllib.parse import quote

import pytest

from tests.attacks import all_attacks
from tests.bounded import answers, problem
from tests.serving import ROOT, Server, running

OUTBOUND = [one for one in all_attacks() if one.number == 9 and one.statuses == {400}]

PROGRAM = """
import sys
from pyoxigraph import Store
from partnergraph.embedded.worker import confine, reply
store = Store()
if sys.argv[2] == "confined":
    confine(1 << 30)
message = (sys.argv[1], (), (), "json", "ttl", None, 1 << 20, None, None)
print(reply(store, message)[0].name)
"""


@pytest.mark.parametrize("attack", OUTBOUND, ids=lambda attack: attack.name)
def test_no_process_sees_a_query_that_asks_others(attack: object, bounded: Server) -> None:
    """The keyword is found wherever it is one."""
    response = bounded.send(attack)  # type: ignore[arg-type]
    problem(response, 400, "outbound-query")
    assert answers(bounded)


def test_the_check_comes_before_the_processes() -> None:
    """With no process to ask, the refusal is the same."""
    with running("--workers", "1", "--timeout", "1") as server:
        stopped = [server.nursery, *server.workers]
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        try:
            for attack in OUTBOUND:
                problem(server.send(attack), 400, "outbound-query")
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)


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


@pytest.mark.parametrize("confined", ["confined", "free"])
@pytest.mark.parametrize("form", ["SERVICE", "SERVICE SILENT"])
def test_the_process_that_runs_queries_cannot_reach_anything(form: str, confined: str) -> None:
    """Even if the check were not there; a process that is not confined does connect."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        query = f"SELECT * {{ {form} <{address}> {{ ?s ?p ?o }} }}"
        listener.settimeout(20 if confined == "free" else 0.2)
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM, query, confined], cwd=ROOT, stdout=subprocess.PIPE
        ) as process:
            if confined == "free":
                listener.accept()[0].close()
            else:
                process.wait(20)
                with pytest.raises(TimeoutError):
                    listener.accept()


@pytest.mark.parametrize(
    "name", ["file:///etc/passwd", "http://127.0.0.1:9/data.ttl", "https://partnergraph.example/x"]
)
def test_graph_that_is_not_served_is_empty(name: str, server: Server) -> None:
    """Whoever names it: the query or the request."""
    assert server.select(f"SELECT * FROM <{name}> {{ ?s ?p ?o }}").text.split() == ["o,p,s"]
    path = f"/sparql?format=csv&query={quote('SELECT * { ?s ?p ?o }')}"
    response = server.client.get(f"{path}&default-graph-uri={quote(name)}")
    assert response.text.split() == ["o,p,s"]
