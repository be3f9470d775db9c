"""Promise 3: no query outlives its deadline by more than a second, planning included."""

from __future__ import annotations

import time

import pytest

from tests.attacks import all_attacks
from tests.bounded import DEADLINE, ENDLESS, answers, problem
from tests.serving import Server

HARD = [attack for attack in all_attacks() if attack.number in (2, 3, 4)]


@pytest.mark.alone
@pytest.mark.parametrize("attack", HARD, ids=lambda attack: attack.name)
def test_no_query_outlives_its_deadline(attack: object, bounded: Server) -> None:
    """Measured from outside; waiting for a free process does not count."""
    begin = time.monotonic()
    response = bounded.send(attack)  # type: ignore[arg-type]
    assert time.monotonic() - begin < DEADLINE + 1
    assert response.status_code in (200, 400, 503)
    assert answers(bounded)


@pytest.mark.alone
def test_the_deadline_is_kept_also_one_after_another(bounded: Server) -> None:
    """A process that was ended for one query does not delay the next one."""
    for n in range(3):
        begin = time.monotonic()
        problem(bounded.select(f"{ENDLESS} # {n}"), 503, "query-timeout")
        assert DEADLINE <= time.monotonic() - begin < DEADLINE + 1
