"""A process that forks others is started, ended and started again, or said not to have started."""

from __future__ import annotations

import pytest

from partnergraph.errors import EngineUnavailable
from partnergraph.isolation.fork_server import ForkServer
from tests.serving import ROOT


def validators() -> ForkServer:
    """One of ours that reads nothing from standard input."""
    limits = ("1073741824", "10", "1048576")
    module = "partnergraph.gate.validation_process"
    return ForkServer(module, "validates graphs", str(ROOT / "ontology"), *limits)


def test_it_lives_until_it_is_ended_and_may_live_again() -> None:
    server = validators()
    assert not server.lives
    server.stop()  # There is nothing to end yet.
    for _ in range(2):
        server.start()
        assert server.lives
        server.stop()
        assert not server.lives


@pytest.mark.parametrize("module", ["this", "partnergraph.no_such_module"])
def test_a_process_that_ends_at_once_is_said_in_words(module: str) -> None:
    server = ForkServer(module, "does nothing")
    with pytest.raises(EngineUnavailable, match="The process that does nothing did not start"):
        server.start()
    assert not server.lives
