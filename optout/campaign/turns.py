"""The turns of a run's accounts: as many at once as are wanted, each when its platform allows it."""

from __future__ import annotations

import asyncio
import datetime
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from optout.campaign.ends import cancelled
from optout.campaign.one_visit import OneVisit
from optout.campaign.pace import flow_at, limits_for
from optout.campaign.targets import Job
from optout.errors import LedgerProblem
from optout.ledger import tasks, workers
from optout.ledger.outcomes import settled_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optout.campaign.common import Common
    from optout.flow import Flow
    from optout.ledger.tasks import Limits, Task, Wait

# How long nobody looks whether another process has finished what was in the way, in seconds.
_LOOK_AGAIN_S = 1.0
# A shorter wait is not worth a sentence.
_WORTH_SAYING_S = 1.0


@dataclass
class Turns:
    """Takes one turn after the other until none is left.

    Attributes:
        common: what visits share.
        run_id: whose turns.
        flows: the flows of its platforms.
    """

    common: Common
    run_id: str
    flows: Mapping[str, Flow]
    _going_on: dict[str, tuple[Task, OneVisit, asyncio.Task[None]]] = field(default_factory=dict)
    _claiming: asyncio.Lock = field(default_factory=asyncio.Lock)
    _one_ended: asyncio.Event = field(default_factory=asyncio.Event)
    _said: str = ""

    async def take_all(self) -> None:
        """Take turns, `wishes.parallel` at once, until everything is done by somebody.

        Raises:
            asyncio.CancelledError: Ctrl-C; the open visits have ended, and their turns are given back.
            Exception: whatever a visit could not make a result of; the others have ended, too.
        """
        lines = [asyncio.ensure_future(self._line()) for _ in range(self.common.wishes.parallel)]
        beat = asyncio.ensure_future(self._beat())
        try:
            await asyncio.gather(*lines)
        finally:
            # Each of them ends its visit first, and says that it was interrupted.
            for line in (*lines, beat):
                line.cancel()
            await asyncio.gather(*lines, beat, return_exceptions=True)

    async def _line(self) -> None:
        while task := await self._next():
            await self._take(task)

    async def _next(self) -> Task | None:
        """The next turn, once there is one; None where there will be none."""
        async with self._claiming:
            while True:
                self._one_ended.clear()
                found = self._claim()
                if not isinstance(found, tasks.Wait):
                    return found
                await self._wait(found)

    def _claim(self) -> Task | Wait | None:
        common = self.common
        common.catch_up(self.run_id)
        return tasks.claim(
            common.around.ledger,
            self.run_id,
            common.worker,
            self._limits,
            now=_now,
        )

    def _limits(self, origin: str) -> Limits:
        common = self.common
        found = limits_for(origin, self.flows, common.wishes)
        # What a trial finds decides whether the others are visited at all.
        alone = common.breaker.is_trying(origin) and not common.wishes.despite_quarantine
        return replace(found, at_once=1) if alone else found

    async def _wait(self, wait: Wait) -> None:
        """Wait until a turn may come, or one of ours has ended, or somebody else's may have."""
        for_s = (wait.until - _now()).total_seconds()
        if wait.hold in (tasks.Hold.PACE, tasks.Hold.PER_HOUR):
            said = f"{wait.origin} {wait.until}"
            if for_s >= _WORTH_SAYING_S and said != self._said:
                flow = flow_at(wait.origin, self.flows, self.common.wishes)
                where = flow.title if flow else wait.origin
                self.common.audience.tell(f"Waiting {for_s:.0f} s before the next visit to {where}.")
            self._said = said
        try:
            async with asyncio.timeout(max(0.01, min(for_s, _LOOK_AGAIN_S))):
                await self._one_ended.wait()
        except TimeoutError:
            return

    async def _take(self, task: Task) -> None:
        """One account's turn; it is done only when all its results are in the ledger."""
        common = self.common
        ledger = common.around.ledger
        job = self._job(task)
        if job is None:
            tasks.finish(ledger, task, common.worker, now=_now())
            return
        one = OneVisit(common, job, self.run_id, task.attempts)
        visiting = asyncio.ensure_future(one.make())
        self._going_on[task.id] = (task, one, visiting)
        try:
            await visiting
            tasks.finish(ledger, task, common.worker, now=_now())
        except asyncio.CancelledError:
            if not one.lost or cancelled():
                tasks.give_back(ledger, task, common.worker, not_before=None)
                raise
        finally:
            del self._going_on[task.id]
            self._one_ended.set()

    def _job(self, task: Task) -> Job | None:
        """What a turn is for; None where it has had all its results before its process died."""
        flow = self.flows[task.account.platform]
        done = set[str]()
        if task.attempts > 1:
            done = settled_settings(self.common.around.ledger, self.run_id, task.account)
        found = [flow.setting(name) for name in task.settings if name not in done]
        settings = tuple(setting for setting in found if setting)
        return Job(task.account, flow, settings) if settings or not task.settings else None

    async def _beat(self) -> None:
        """Say again and again that this process is alive, and that its turns are its own."""
        ledger, worker = self.common.around.ledger, self.common.worker
        while True:
            await asyncio.sleep(workers.BEAT_S)
            try:
                workers.enter(ledger, worker, self.run_id, at=_now())
                for task, one, visiting in list(self._going_on.values()):
                    if not tasks.keep(ledger, task, worker, now=_now()):
                        one.lost = True
                        visiting.cancel()
            except LedgerProblem as problem:
                # The next result says the same, and ends the run if it is still so.
                self.common.audience.tell(str(problem))


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
