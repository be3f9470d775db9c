"""Promise 12: a client that floods is slowed by itself; a slow reader holds no process."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from partnergraph.errors import RequestError
from partnergraph.protocol.budgets import Budgets
from tests.bounded import ENDLESS, QUICK, answers, problem
from tests.serving import Server, running
from tests.slow_readers import slow_readers

FLOODER, OTHER = "127.0.0.2", "127.0.0.3"


@pytest.fixture(scope="module")
def budgeted() -> Iterator[Server]:
    """A server with small budgets, also for clients on this machine."""
    options = ("--budget-on-loopback", "--budget", "3", "--timeout", "1", "--workers", "2")
    with running(*options) as server:
        yield server


def client(server: Server, address: str) -> httpx.Client:
    """A client with an address of its own."""
    return httpx.Client(
        base_url=server.client.base_url,
        transport=httpx.HTTPTransport(local_address=address),
        timeout=30,
    )


@pytest.mark.alone
def test_flood_of_one_client_leaves_the_others_alone(budgeted: Server) -> None:
    """It uses up its own budget, is told so, and others are answered all the while."""
    refusals: list[httpx.Response] = []

    def flood() -> None:
        with client(budgeted, FLOODER) as flooder:
            for n in range(6):
                response = flooder.get("/sparql", params={"query": f"{ENDLESS} # {n}"})
                if response.status_code == 429:
                    refusals.append(response)

    threads = [threading.Thread(target=flood) for _ in range(4)]
    for thread in threads:
        thread.start()
    times = []
    with client(budgeted, OTHER) as other:
        for n in range(30):
            begin = time.monotonic()
            response = other.get("/sparql", params={"query": f"{QUICK} # {n}"})
            times.append(time.monotonic() - begin)
            assert response.status_code == 200
    for thread in threads:
        thread.join()
    assert max(times) < 0.5
    assert refusals
    problem(refusals[-1], 429, "budget-exhausted")
    assert 1 <= int(refusals[-1].headers["retry-after"]) <= 120


@pytest.mark.alone
@pytest.mark.parametrize(
    "path",
    [
        "/sparql/picture?view=Graph&query=CONSTRUCT{?s+?p+?o}WHERE{?s+?p+?o}LIMIT+%d",
        "/doc/place/lv/valmiera?n=%d",
        "/nowhere/%d",
        "/queries/partners?limit=%d",
    ],
    ids=["pictures", "pages", "nothing", "questions"],
)
def test_flood_of_pages_leaves_the_others_alone(path: str) -> None:
    """Pages are made in turn: forty connections of one client are one client."""
    ended = threading.Event()
    with (
        running("--budget-on-loopback", "--budget", "600") as server,
        client(server, OTHER) as other,
    ):

        def flood(first: int) -> None:
            with client(server, FLOODER) as flooder:
                for n in itertools.count(first, 40):
                    if ended.is_set():
                        return
                    flooder.get(path % (n % 400 + 1), headers={"accept": "text/html"})

        threads = [threading.Thread(target=flood, args=(n,)) for n in range(40)]
        for thread in threads:
            thread.start()
        time.sleep(1)
        times = []
        for n in range(20):
            begin = time.monotonic()
            page = other.get(f"/doc/place/se/solna?m={n}", headers={"accept": "text/html"})
            times.append(time.monotonic() - begin)
            assert page.status_code == 200
        ended.set()
        for thread in threads:
            thread.join()
    assert sorted(times)[10] < 0.5


def test_pages_count_on_the_budget() -> None:
    """What was made before does not; what is made for one alone does."""
    with running("--budget-on-loopback", "--budget", "0.5") as server:
        with client(server, FLOODER) as one:
            page = {"accept": "text/html"}
            answers = [one.get(f"/nowhere/{n}", headers=page) for n in range(200)]
            assert answers[0].status_code == 404
            refused = [answer for answer in answers if answer.status_code == 429]
            assert len(refused) > 20
            assert all(one.headers["content-type"].startswith("text/html") for one in refused)
        with client(server, OTHER) as other:
            for _ in range(300):
                assert other.get("/problems").status_code == 200


def test_repeated_queries_cost_nothing(budgeted: Server) -> None:
    """An answer that is kept draws on no budget."""
    with client(budgeted, "127.0.0.4") as fast:
        for _ in range(3000):
            assert fast.get("/sparql", params={"query": QUICK}).status_code == 200


def test_cheap_and_failing_queries_count_as_well() -> None:
    """A flood of what fails at once is not free."""
    with (
        running("--budget-on-loopback", "--budget", "0.2") as server,
        client(server, FLOODER) as one,
    ):
        responses = [one.get("/sparql", params={"query": f"ASK {{ # {n}"}) for n in range(80)]
        assert responses[0].status_code == 400
        refused = [one for one in responses if one.status_code == 429]
        assert len(refused) > 20
        problem(refused[-1], 429, "budget-exhausted")


@pytest.mark.alone
def test_slow_reader_holds_no_process() -> None:
    """Twenty clients that never read their long answers delay nobody."""
    queries = (f"SELECT * {{ ?s ?p ?o }} # {n}" for n in range(20))
    with running("--workers", "1") as server, slow_readers(server, queries):
        time.sleep(1)
        begin = time.monotonic()
        assert answers(server)
        assert time.monotonic() - begin < 1


def test_addresses_and_their_budgets() -> None:
    """One budget an IPv4 address or IPv6 site; none on loopback, unless it is wanted."""
    budgets = Budgets(60, on_loopback=False)
    assert budgets.client("127.0.0.1") == budgets.client("::1") == ""
    assert budgets.client("192.0.2.1") == budgets.client("::ffff:192.0.2.1") != ""
    assert budgets.client("2001:db8::1") == budgets.client("2001:db8::ffff:2%eth0")
    assert budgets.client("2001:db8::1") != budgets.client("2001:db8:0:1::1")
    assert Budgets(60, on_loopback=True).client("127.0.0.1") == "127.0.0.1"
    Budgets(0, on_loopback=True).require("192.0.2.1")


def test_budget_fills_up_again() -> None:
    """At an even rate; what is missing says when to come again."""
    now = 0.0
    budgets = Budgets(60, on_loopback=False, clock=lambda: now)
    budgets.charge("a", 90)
    with pytest.raises(RequestError) as caught:
        budgets.require("a")
    assert caught.value.headers == {"retry-after": "31"}
    budgets.require("b")
    now = 31.0
    budgets.require("a")


def test_a_proxy_tells_its_clients_apart() -> None:
    """With --client-header, the address that the proxy has added counts, and no other."""
    options = ("--budget", "0.2", "--client-header", "X-Forwarded-For")
    with running(*options) as server:
        statuses = [
            server.client.get(
                "/sparql",
                params={"query": f"ASK {{ # {n}"},
                headers={"x-forwarded-for": f"198.51.100.{n}, 192.0.2.1"},
            ).status_code
            for n in range(80)
        ]
        assert statuses.count(429) > 20
        response = server.client.get(
            "/sparql", params={"query": "ASK { #"}, headers={"x-forwarded-for": "192.0.2.2"}
        )
        assert response.status_code == 400
