"""The current edition, and how another one takes its place: in one step, or not at all."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from partnergraph.errors import DoesNotConform, PartnergraphError
from partnergraph.http.edition import Edition
from partnergraph.http.metrics import Metrics
from partnergraph.results import Severity

logger = logging.getLogger("partnergraph")


class Editions:
    """The edition that is served.

    Attributes:
        current: it.
    """

    def __init__(
        self, first: Edition, renew: Callable[[], Edition], metrics: Metrics, patience: float
    ) -> None:
        """Args:
        first: what is served at first.
        renew: makes an edition of what the files say now.
        metrics: what is measured.
        patience: seconds that a former edition has to answer what it was asked before.
        """
        self.current = first
        self._renew = renew
        self._metrics = metrics
        self._patience = patience
        self._taken_up: Callable[[], None] = lambda: None
        self._renewal: asyncio.Task[None] | None = None
        self._renewal_wanted = False
        self._retired: set[asyncio.Task[None]] = set()

    def on_taking_up(self, call: Callable[[], None]) -> None:
        """Call this each time that another edition has become the current one."""
        self._taken_up = call

    def renew_soon(self) -> None:
        """Read the files anew; after the present reading, where there is one."""
        self._renewal_wanted = True
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.get_running_loop().create_task(self._renew_while_wanted())

    async def _renew_while_wanted(self) -> None:
        """Once more, too, where the files were said to have changed while they were being read."""
        while self._renewal_wanted:
            self._renewal_wanted = False
            await self._take_up_new_edition()

    async def _take_up_new_edition(self) -> None:
        """Swap the edition in one step, or keep the one there is and say why."""
        try:
            edition = await asyncio.to_thread(self._renew)
            await edition.engine.start()
        except PartnergraphError as error:
            self._metrics.renewed("refused")
            logger.error(
                "reload refused, still serving the last valid version",
                extra={"reason": _explained(error), "version": self.current.version},
            )
            return
        except Exception:
            self._metrics.renewed("failed")
            logger.exception("reload failed, still serving the last valid version")
            return
        former, self.current = self.current, edition
        self._taken_up()
        self._metrics.renewed("taken up")
        logger.warning("reloaded", extra={"version": edition.version})
        task = asyncio.get_running_loop().create_task(self._let_go(former))
        self._retired.add(task)
        task.add_done_callback(self._retired.discard)

    async def _let_go(self, former: Edition) -> None:
        """Stop a former edition's engine, once it has answered what it was asked before."""
        deadline = time.monotonic() + self._patience
        while former.engine.occupied and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
        await former.engine.stop()


def _explained(error: PartnergraphError) -> str:
    """An error in one text, with what a report has found first."""
    if not isinstance(error, DoesNotConform):
        return str(error)
    results = [one for one in error.report.results if one.severity is Severity.VIOLATION]
    first = results[0]
    words = first.messages.get("en") or next(iter(first.messages.values()), "")
    return (
        f"{error} {len(results)} violations, the first of {first.focus_node} "
        f"({first.shape}): {words} See all of them: partnergraph validate"
    )
