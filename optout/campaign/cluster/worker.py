"""A worker: visits what it is brought, hands out what nobody was brought, and outlives the database."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from optout.campaign.adoption import adopt
from optout.campaign.asked import wishes_of
from optout.campaign.browsers import Browsers
from optout.campaign.closing import seals
from optout.campaign.cluster.delivery import Delivery
from optout.campaign.cluster.handing_out import (
    platforms_at_work,
    runs_at_work,
    to_hand_out,
    wishes_of_run,
)
from optout.campaign.cluster.shift import Shift, until
from optout.campaign.common import Common
from optout.campaign.evidence_here import drop_removed
from optout.campaign.presence import present
from optout.errors import LedgerUnreachable
from optout.evidence.signing_key import SigningKey
from optout.ledger import tasks, workers
from optout.ledger.clock import clock_of
from optout.ledger.open import ledger_is_ours
from optout.ledger.shared import note_key
from optout.ledger.visits import end_visit

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping

    from optout.campaign.cluster.delivery import Parcel
    from optout.campaign.surroundings import Audience, Surroundings
    from optout.evidence.seal import Seal
    from optout.flow import Flow

_LOOK_ROUND_S = 5.0
_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 30.0


@dataclass
class Worker:
    """One process that visits what it is brought, until it is told to end.

    Attributes:
        around: the installation.
        flows: what it can visit, by platform.
        audience: who watches.
        at_once: how many visits to one platform it makes at the same time, if the platform allows that.
        ending: set once nothing new is to be begun.
    """

    around: Surroundings
    flows: Mapping[str, Flow]
    audience: Audience
    at_once: int = 2
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    _id: str = ""
    _seals: tuple[Seal, ...] = ()
    _shifts: dict[str, Shift] = field(default_factory=dict)
    _pausing: asyncio.Event = field(default_factory=asyncio.Event)
    _beginning: asyncio.Lock = field(default_factory=asyncio.Lock)
    _left_alone: set[str] = field(default_factory=set)
    _now: Callable[[], datetime.datetime] = field(init=False)

    def __post_init__(self) -> None:
        self._now = clock_of(self.around.ledger)

    async def work(self) -> None:
        """Visit until told to end. Where the database goes away, it is waited for.

        Raises:
            LedgerProblem: the ledger is of another version by now, or refused.
            OSError: this machine's folders cannot be written.
        """
        with present(self.around.home) as self._id:
            wait, told = _FIRST_WAIT_S, False
            while not self.ending.is_set():
                try:
                    await self._begin()
                    async with Delivery(self.around.ledger, self._arrived) as delivery:
                        if told:
                            self.audience.tell(f"{self.around.ledger.place} is back.")
                        wait, told = _FIRST_WAIT_S, False
                        await self._serve(delivery)
                except (LedgerUnreachable, BaseExceptionGroup) as error:
                    away = _worst(error)
                    if not isinstance(away, LedgerUnreachable):
                        raise away from None
                    if not told:
                        self.audience.tell(f"{away} Waiting for it; nothing is lost.")
                        told = True
                    await until(self.ending, wait)
                    wait = min(2 * wait, _LONGEST_WAIT_S)
            await self._leave()

    def hurry(self) -> None:
        """End the open visits too; what they have proven is kept."""
        for shift in self._shifts.values():
            shift.hurry()

    async def _begin(self) -> None:
        """Let the others know of this worker and its key."""
        ledger, now = self.around.ledger, self._now()
        self._seals = seals(self.around, self.audience.tell)
        drop_removed(ledger, self.around.home)
        for key in (self.around.signing.current(), self.around.signing.counter()):
            if isinstance(key, SigningKey):
                note_key(ledger, key.public.openssh, at=now)
        workers.enter(ledger, self._id, None, at=now)

    async def _serve(self, delivery: Delivery) -> None:
        """Receive for every platform that there is work for, as long as the database is there."""
        receiving: dict[str, asyncio.Task[None]] = {}
        self._pausing.clear()
        async with asyncio.TaskGroup() as group:
            mending = group.create_task(self._mend())
            try:
                while not self.ending.is_set():
                    await self._look_round(delivery)
                    for platform in await asyncio.to_thread(platforms_at_work, self.around.ledger):
                        if platform not in self.flows:
                            self._cannot(platform)
                        elif platform not in receiving:
                            receiver = delivery.receive(platform, self.at_once)
                            receiving[platform] = group.create_task(receiver)
                    await until(self.ending, _LOOK_ROUND_S)
            finally:
                # What has been begun is ended first; what only waits for its turn is given back.
                self._pausing.set()
            for task in (mending, *receiving.values()):
                task.cancel()

    async def _look_round(self, delivery: Delivery) -> None:
        """What every worker does for all: nothing may be stuck with one that is no more."""
        ledger, now = self.around.ledger, await asyncio.to_thread(self._now)
        await asyncio.to_thread(ledger_is_ours, ledger)
        await asyncio.to_thread(workers.enter, ledger, self._id, None, at=now)
        await delivery.sweep()
        await delivery.send(await asyncio.to_thread(to_hand_out, ledger, now))
        working = set(await asyncio.to_thread(runs_at_work, ledger))
        for shift in [each for each in self._shifts.values() if each.is_idle]:
            if shift.run_id not in working:
                await self._shifts.pop(shift.run_id).close()

    async def _mend(self) -> None:
        """Take over from the dead, and record what could not be recorded in time."""
        around, tell = self.around, self.audience.tell
        while True:
            await adopt(around, tell, await asyncio.to_thread(self._now))
            for visit_id in around.recording.unsettled:
                for result in await around.recording.settle(visit_id, tell):
                    self.audience.established(result)
                end_visit(around.ledger, visit_id, at=self._now())
            await asyncio.sleep(_LOOK_ROUND_S)

    async def _arrived(self, parcel: Parcel) -> None:
        """Visit what was brought."""
        shift = self._shifts.get(parcel.run_id) or await self._begun(parcel.run_id)
        if shift:
            await shift.take(parcel.task_id)

    async def _begun(self, run_id: str) -> Shift | None:
        """The shift for a run; None where the run is gone."""
        async with self._beginning:
            if run_id in self._shifts:
                return self._shifts[run_id]
            asked = wishes_of_run(self.around.ledger, run_id)
            if asked is None:
                return None
            # Nobody is there for any visit: with several at once, each that needs a person says so.
            wishes = replace(wishes_of(asked), parallel=max(2, self.at_once), headed=False)
            common = Common(
                wishes=wishes,
                around=self.around,
                audience=self.audience,
                worker=self._id,
                browsers=Browsers(self.audience),
                seals=self._seals,
            )
            shift = Shift(common, run_id, self.flows, now=self._now, pausing=self._pausing)
            await shift.begin()
            self._shifts[run_id] = shift
            return shift

    def _cannot(self, platform: str) -> None:
        if platform not in self._left_alone:
            self._left_alone.add(platform)
            self.audience.tell(
                f"No flow for {platform} was found here: its accounts are left to other workers."
            )

    async def _leave(self) -> None:
        for shift in self._shifts.values():
            await shift.close()
        with contextlib.suppress(LedgerUnreachable):
            tasks.release(self.around.ledger, self._id)
            workers.leave(self.around.ledger, self._id)


def _worst(error: BaseException) -> BaseException:
    """Of the errors that ended several things at once, one that no waiting helps; else the first."""
    if not isinstance(error, BaseExceptionGroup):
        return error
    every = [_worst(each) for each in error.exceptions]
    return next((each for each in every if not isinstance(each, LedgerUnreachable)), every[0])
