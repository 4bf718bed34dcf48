"""A run whose visits others make: its tasks are handed out, and what comes of them is followed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from optout.campaign.closing import close_log, send_on
from optout.campaign.cluster.delivery import Delivery
from optout.campaign.cluster.handing_out import to_hand_out
from optout.campaign.presence import is_alive
from optout.campaign.run import Run
from optout.errors import LedgerUnreachable, OptoutError, UsageProblem
from optout.ledger import tasks, workers
from optout.ledger.clock import clock_of
from optout.ledger.outcomes import numbers_of, results_of
from optout.model import Mode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optout.campaign.common import Common
    from optout.campaign.targets import Job
    from optout.model import Result

_LOOK_S = 1.0
_HAND_OUT_EVERY = 10
_LONGEST_WAIT_S = 30.0
# Results are numbered when they begin to be written, and may be seen in another order.
_OUT_OF_ORDER = 500


@dataclass
class RunOnWorkers(Run):
    """A run over some accounts that workers visit."""

    _seen: set[int] = field(default_factory=set)
    _nobody: bool = False

    async def over(self, jobs: Sequence[Job]) -> None:
        """Hand the accounts out to workers, and follow until all are done.

        Ctrl-C ends this process only: the workers go on.

        Raises:
            UsageProblem: the ledger is a file of this machine, or another run is not done yet.
            LedgerProblem: the ledger refused; what it has is kept.
        """
        ledger, wishes = self.around.ledger, self.wishes
        if ledger.is_sqlite:
            raise UsageProblem(
                "workers need a ledger that all of them reach",
                expected="OPTOUT_DATABASE with a PostgreSQL database",
                found=f"the file {ledger.place}",
                next_step="How to set one up: docs/cluster.md",
            )
        if wishes.mode not in (None, Mode.AUTOMATIC) or wishes.headed:
            raise UsageProblem(
                "nobody is there to look at a window on a worker",
                found=f"--mode {wishes.mode}" if wishes.mode else "--headed",
                next_step="Leave that out. The accounts that need a person: optout attend",
            )
        await super().over(jobs)

    async def _go_through(self, common: Common) -> None:
        """Follow until nothing is left."""
        try:
            await self._follow()
        except asyncio.CancelledError:
            self.audience.tell("The workers go on without this process.")
            raise
        finally:
            self._leave(common.worker)
            checkpoint = close_log(self.around, self.audience.tell)
        if checkpoint:
            await asyncio.to_thread(send_on, checkpoint, self.audience.tell)

    async def _follow(self) -> None:
        wait, told = _LOOK_S, False
        while True:
            try:
                async with Delivery(self.around.ledger) as delivery:
                    if told:
                        self.audience.tell(f"{self.around.ledger.place} is back.")
                    wait, told = _LOOK_S, False
                    await self._until_done(delivery)
                    return
            except LedgerUnreachable as away:
                if not told:
                    self.audience.tell(f"{away} Waiting for it; nothing is lost.")
                    told = True
                await asyncio.sleep(wait)
                wait = min(2 * wait, _LONGEST_WAIT_S)

    async def _until_done(self, delivery: Delivery) -> None:
        looks = 0
        while True:
            left, _ = await asyncio.to_thread(tasks.count_tasks, self.around.ledger, self.id)
            await self._show_new(all_of_them=not left)
            if not left:
                return
            if looks % _HAND_OUT_EVERY == 0:
                await self._hand_out(delivery)
            looks += 1
            await asyncio.sleep(_LOOK_S)

    async def _hand_out(self, delivery: Delivery) -> None:
        """Send what is left on its way; workers do the same where this process is gone."""
        ledger, now = self.around.ledger, clock_of(self.around.ledger)()
        while some := await asyncio.to_thread(to_hand_out, ledger, now, self.id):
            if not await delivery.send(some):
                break
        alive = [
            each
            for each in await asyncio.to_thread(workers.list_workers, ledger)
            if each.run_id is None and is_alive(self.around.home, each, now)
        ]
        if not alive and not self._nobody:
            self.audience.tell("No worker is there yet. Start one, on any machine: optout worker")
        self._nobody = not alive

    async def _show_new(self, *, all_of_them: bool) -> None:
        ledger, root = self.around.ledger, self.around.home.evidence
        after = 0 if all_of_them else max(self._seen, default=0) - _OUT_OF_ORDER
        numbers = await asyncio.to_thread(numbers_of, ledger, self.id, after)
        if fresh := [number for number in numbers if number not in self._seen]:
            for result in results_of(ledger, self.id, root, numbers=fresh):
                await self._bring(result)
                self.audience.established(result)
            self._seen.update(fresh)

    async def _bring(self, result: Result) -> None:
        """Have the bundle here where it is told of; a store that is away does not stop the run."""
        store, root = self.around.recording.store, self.around.home.evidence
        if store and result.evidence:
            name = result.evidence.relative_to(root).as_posix()
            try:
                await asyncio.to_thread(store.fetch, name, root, result.evidence_digest)
            except (OptoutError, OSError) as error:
                self.audience.tell(str(error))
