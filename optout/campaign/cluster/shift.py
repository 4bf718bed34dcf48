"""What a worker does for one run: each task that it is brought, when its platform allows it."""

from __future__ import annotations

import asyncio
import datetime
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from optout.campaign.pace import limits_for
from optout.campaign.turns import Turns
from optout.errors import LedgerProblem
from optout.ledger import tasks

if TYPE_CHECKING:
    from collections.abc import Callable

_LOOK_AGAIN_S, _LONGEST_WAIT_S = 2.0, 30.0
_KEEP_S = 20.0
# Whoever cannot say that a task is still theirs lets go of it before somebody else may claim it.
_LET_GO_S = tasks.LEASE.total_seconds() - 1.5 * _KEEP_S
_NOT_AT_ONCE = datetime.timedelta(seconds=30)


@dataclass
class Shift(Turns):
    """One run's tasks at one worker.

    Attributes:
        now: the clock of the ledger's database.
        pausing: set while nothing new is to be begun.
    """

    now: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(datetime.UTC)
    pausing: asyncio.Event = field(default_factory=asyncio.Event)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _keeping: asyncio.Task[None] | None = None
    _kept: dict[str, float] = field(default_factory=dict)
    _brought: int = 0

    async def begin(self) -> None:
        """Learn what is known, and keep what is claimed from now on.

        Raises:
            LedgerProblem: the ledger cannot be read.
        """
        self.common.learn()
        await self._stack.enter_async_context(self.common.browsers)
        self._keeping = asyncio.create_task(self._keep())

    def hurry(self) -> None:
        """End the open visits now; what they have proven is kept."""
        for _, _, visiting in list(self._going_on.values()):
            visiting.cancel()

    async def close(self) -> None:
        """End its browsers."""
        if self._keeping:
            self._keeping.cancel()
        await self._stack.aclose()

    @property
    def is_idle(self) -> bool:
        """Whether nothing that was brought is still here."""
        return not self._brought

    async def take(self, task_id: str) -> None:
        """Visit what was brought, unless somebody else does or has.

        Raises:
            asyncio.CancelledError: told to end at once; the visit was interrupted and is given back.
            LedgerProblem: the ledger refused, or its database has gone.
        """
        self._brought += 1
        try:
            task = await self._claimed(task_id)
            if task is not None:
                await self._visited(task)
        finally:
            self._brought -= 1

    async def _claimed(self, task_id: str) -> tasks.Task | None:
        """The task, once its turn has come; None where it is not for this worker any more."""
        common = self.common
        while not self.pausing.is_set():
            common.catch_up(self.run_id)
            found = await asyncio.to_thread(
                tasks.claim,
                common.around.ledger,
                self.run_id,
                common.worker,
                lambda origin: limits_for(origin, self.flows, common.wishes),
                now=self.now,
                task_id=task_id,
            )
            if not isinstance(found, tasks.Wait):
                return found
            if found.hold in (tasks.Hold.LEASED, tasks.Hold.LATER):
                return None  # it is handed out again when that is over
            for_s = (found.until - self.now()).total_seconds()
            # A visit that ends can let one begin sooner; a gap is not over before its time.
            at_most = _LOOK_AGAIN_S if found.hold is tasks.Hold.AT_ONCE else _LONGEST_WAIT_S
            await until(self.pausing, max(0.05, min(for_s, at_most)))
        return None

    async def _visited(self, task: tasks.Task) -> None:
        self._kept[task.id] = time.monotonic()
        try:
            await self._take(task)
        except LedgerProblem:
            raise
        except Exception:
            # Not at once: what went wrong in a way that nobody foresaw may be over by then.
            later = self.now() + _NOT_AT_ONCE
            tasks.give_back(self.common.around.ledger, task, self.common.worker, not_before=later)
            raise
        finally:
            del self._kept[task.id]

    async def _keep(self) -> None:
        """Say again and again that what is being visited is ours, and let go of what is not."""
        while True:
            await asyncio.sleep(_KEEP_S)
            for task, one, visiting in list(self._going_on.values()):
                if not await asyncio.to_thread(self._is_ours, task):
                    one.lost = True
                    visiting.cancel()

    def _is_ours(self, task: tasks.Task) -> bool:
        try:
            mine = tasks.keep(self.common.around.ledger, task, self.common.worker, now=self.now())
        except LedgerProblem:
            return time.monotonic() - self._kept.get(task.id, 0.0) < _LET_GO_S
        self._kept[task.id] = time.monotonic()
        return mine


async def until(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event, but not for longer than that."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
