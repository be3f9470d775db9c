"""Promise 4: no query ends the service, whatever it does to its process."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
import time

import httpx
import pytest

from partnergraph.embedded.forking import Forked
from partnergraph.embedded.jobs import Job
from partnergraph.embedded.query_process import QueryProcess
from partnergraph.embedded.wire import HEADER, TICKET, Outcome
from tests.attacks import Attack, all_attacks
from tests.bounded import DEADLINE, ENDLESS, QUICK, answers, in_background, problem
from tests.serving import Server, eventually

DEEP = [one for one in all_attacks() if one.number in (1, 2) or one.name == "long IN"]


@pytest.mark.parametrize("attack", DEEP, ids=lambda attack: attack.name)
def test_too_much_of_a_query_is_refused(attack: Attack, bounded: Server) -> None:
    """Before the engine sees it: no process ends; what there is too much of is said, and where."""
    before = bounded.workers
    document = problem(bounded.send(attack), 400, "query-too-complex")
    assert "(--max-" in str(document["detail"])
    assert document["line"] == 1
    assert str(document["excerpt"]).endswith("^")
    assert bounded.workers == before


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS])
def test_a_process_that_a_query_ends_is_replaced(number: signal.Signals, bounded: Server) -> None:
    """The last line: whatever ends it, the query is refused, and the next one answered."""
    responses: list[httpx.Response] = []
    asking = threading.Thread(target=lambda: responses.append(bounded.select(ENDLESS)))
    asking.start()
    time.sleep(DEADLINE / 4)
    for victim in bounded.workers:
        os.kill(victim, number)
    asking.join()
    problem(responses[0], 400, "query-too-complex")
    assert answers(bounded)
    assert eventually(lambda: len(bounded.workers) == 2)


def test_killed_idle_worker_is_replaced(bounded: Server) -> None:
    """kill -9 of a free process leaves as many as before."""
    for victim in bounded.workers:
        os.kill(victim, signal.SIGKILL)
    assert answers(bounded)
    assert eventually(lambda: len(bounded.workers) == 2)


def test_killed_busy_worker_is_replaced(bounded: Server) -> None:
    """kill -9 of a process at work fails its query and no other."""
    responses: list[httpx.Response] = []
    asking = threading.Thread(target=lambda: responses.append(bounded.select(ENDLESS)))
    asking.start()
    time.sleep(DEADLINE / 4)
    for victim in bounded.workers:
        os.kill(victim, signal.SIGKILL)
    asking.join()
    problem(responses[0], 503, "unavailable")
    assert answers(bounded)
    assert eventually(lambda: len(bounded.workers) == 2)


def test_killed_nursery_is_replaced(bounded: Server) -> None:
    """kill -9 of the process that holds the data only delays the next answer."""
    before = bounded.nursery
    os.kill(before, signal.SIGKILL)
    assert eventually(lambda: bounded.children() not in ([], [before]) and answers(bounded))
    assert eventually(lambda: len(bounded.workers) == 2)


@pytest.mark.alone
def test_queries_behind_a_runaway_are_answered_by_others(bounded: Server) -> None:
    """What was handed to a process that turns out to be busy is taken back from it."""
    for n in range(5):
        runaway = in_background(bounded, f"{ENDLESS} # {n}")
        times = []
        for m in range(40):
            begin = time.monotonic()
            assert bounded.select(f"{QUICK} # {n} {m}").status_code == 200
            times.append(time.monotonic() - begin)
        assert max(times) < DEADLINE / 2
        runaway.join()


def test_everybody_gets_the_answer_to_their_own_query(server: Server) -> None:
    """Quick queries beside slower ones, whose messages are taken back all the time."""
    wrong: list[tuple[str, str]] = []

    def ask(number: int) -> None:
        with httpx.Client(base_url=server.client.base_url, timeout=30) as client:
            for n in range(150):
                mine = f"{number}-{n}"
                slow = "?s ?p ?o . ?o ?q ?r" if n % 10 == 0 else ""
                query = f'SELECT ("{mine}" AS ?mine) (COUNT(*) AS ?n) {{ {slow} }}'
                response = client.get("/sparql", params={"query": query, "format": "csv"})
                if response.status_code != 200 or mine not in response.text:
                    wrong.append((mine, response.text))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_message_taken_between_two_stays_with_its_job() -> None:
    """Where the process takes a message while others are taken back, nobody gets its answer."""

    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        sending, messages = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        mine, theirs = socket.socketpair()
        forked = Forked(0, sending, messages, mine)
        process = QueryProcess(forked, lambda *_: None, lambda *_: None)
        await process.connect()
        jobs = [Job(text.encode(), "", loop.create_future(), 0.0) for text in "ABC"]
        for job in jobs:
            process.hand(job)
        # The process has A, and takes B just before the server takes back what is left.
        begun = [messages.recv(100), messages.recv(100)]
        assert process.take_back() == [jobs[2]]
        for message in reversed(begun):
            (ticket,) = TICKET.unpack_from(message)
            body = b"answer to " + message[TICKET.size :]
            theirs.sendall(HEADER.pack(ticket, Outcome.RESULTS, 0.0, len(body)) + body)
        assert [(await job.reply)[1] for job in jobs[:2]] == [b"answer to A", b"answer to B"]
        assert process.jobs == {}
        process.leave()
        theirs.close()

    asyncio.run(scenario())


def test_more_queries_than_workers_wait_their_turn(bounded: Server) -> None:
    """Many clients at once are all answered."""
    results: list[int] = []
    threads = [
        threading.Thread(
            target=lambda n=n: results.append(bounded.select(f"{QUICK} # {n}").status_code)
        )
        for n in range(40)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [200] * 40


def test_blank_nodes_keep_their_labels(server: Server) -> None:
    """The same query gives the same bytes, from whichever process."""
    query = "SELECT ?s ?p ?o { ?s ?p ?o FILTER (ISBLANK(?s)) }"
    answered = {server.select(f"{query} # {n}").content for n in range(8)}
    assert len(answered) == 1
