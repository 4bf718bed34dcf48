"""One run over some accounts: how it begins, is joined or gone on with, and ends."""

from __future__ import annotations

import asyncio
import datetime
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from optout.campaign.adoption import adopt
from optout.campaign.asked import as_data
from optout.campaign.browsers import Browsers
from optout.campaign.closing import close_log, seals, send_on
from optout.campaign.common import Common
from optout.campaign.plan import Wishes, site_wished
from optout.campaign.presence import is_alive, present
from optout.campaign.turns import Turns
from optout.errors import UsageProblem
from optout.evidence.bundle import sweep_drafts
from optout.ledger import tasks, visits, workers
from optout.ledger.outcomes import results_of
from optout.visit.trace import sweep_traces

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from optout.campaign.surroundings import Audience, Surroundings
    from optout.campaign.targets import Job
    from optout.flow import Flow
    from optout.ledger.tasks import NewTask, UnfinishedRun
    from optout.ledger.workers import Worker
    from optout.model import Result, Target


@dataclass
class Run:
    """One run over some accounts.

    Attributes:
        wishes: what the person asked for.
        around: the installation.
        audience: who watches.
        put_back: for an undo, what each control stood on, by the path it was read at.
        id: the run's id in the ledger; empty before it has begun.
    """

    wishes: Wishes
    around: Surroundings
    audience: Audience
    put_back: Mapping[str, str] | None = None
    id: str = ""
    _flows: dict[str, Flow] = field(default_factory=dict)

    @property
    def results(self) -> list[Result]:
        """What the run has established so far, in whatever process: the last result of each target.

        Raises:
            LedgerProblem: the ledger cannot be read.
        """
        last: dict[Target, Result] = {}
        if self.id:
            for result in results_of(self.around.ledger, self.id, self.around.home.evidence):
                last.pop(result.target, None)
                last[result.target] = result
        return list(last.values())

    @property
    def can_go_on(self) -> bool:
        """Whether somebody can go on with it once it has ended early."""
        return as_data(self.wishes) is not None

    async def over(self, jobs: Sequence[Job]) -> None:
        """Visit every account. Ctrl-C ends the open visits and keeps what is proven.

        Raises:
            UsageProblem: the wishes contradict each other, or another such run is going on; nothing
                was begun.
            LedgerProblem: the ledger refused; what it has is kept.
            OptoutError: a visit for no setting failed, so that no result could say so.
        """
        self._flows = {job.account.platform: job.flow for job in jobs}
        # All before the first: what is asked wrongly is said before anything is done.
        for flow in self._flows.values():
            site_wished(flow, self.wishes)
        with present(self.around.home) as worker:
            common = await self._prepare(worker)
            self.id = self._begin(worker)
            ordered = common.breaker.trials_first(jobs, self._origin_of)
            tasks.add_tasks(self.around.ledger, self.id, map(self._task, ordered))
            await self._go_through(common)

    async def go_on(self, unfinished: UnfinishedRun, flows: Mapping[str, Flow]) -> None:
        """Go on with a run that has ended early, or join one that is going on in another process.

        Args:
            unfinished: which.
            flows: what is installed; accounts of other platforms stay as they are.

        Raises:
            UsageProblem: it has accounts that no flow here knows; nothing was begun.
            LedgerProblem: the ledger refused; what it has is kept.
        """
        self._flows = dict(flows)
        self._must_know(unfinished)
        with present(self.around.home) as worker:
            common = await self._prepare(worker)
            self.id = unfinished.id
            workers.enter(self.around.ledger, worker, self.id, at=_now())
            await self._go_through(common)

    async def _prepare(self, worker: str) -> Common:
        """Tidy up after whoever has died, and learn what is known."""
        around, now = self.around, _now()
        await adopt(around, self.audience.tell, now)
        tasks.forget_tasks(around.ledger, ended_before=now)
        sweep_drafts(around.home.evidence, time.time())
        sweep_traces(around.home.logs, time.time())
        common = Common(
            wishes=self.wishes,
            around=around,
            audience=self.audience,
            worker=worker,
            browsers=Browsers(self.audience),
            seals=seals(around, self.audience.tell),
            put_back=self.put_back,
        )
        common.learn()
        return common

    def _begin(self, worker: str) -> str:
        """Enter the run in the ledger, unless there is one already that it could only get in the way of.

        Raises:
            UsageProblem: there is.
        """
        ledger, command, at = self.around.ledger, self.wishes.command, _now()
        asked = as_data(self.wishes)
        if asked is None:
            run_id = visits.start_run(ledger, command, at=at)
            workers.enter(ledger, worker, run_id, at=at)
            return run_id
        begun = workers.begin_alone(ledger, worker, command, asked, at=at, is_alive=self._is_alive)
        if isinstance(begun, workers.Worker):
            raise _another(begun)
        return begun

    def _must_know(self, unfinished: UnfinishedRun) -> None:
        for task in tasks.open_tasks(self.around.ledger, unfinished.id):
            flow = self._flows.get(task.account.platform)
            unknown = [name for name in task.settings if flow is None or flow.setting(name) is None]
            if flow is None or unknown:
                raise UsageProblem(
                    f"the run of {unfinished.started_at:%Y-%m-%d %H:%M} UTC cannot be gone on with",
                    expected=f"a flow for {task.account.platform} with {', '.join(task.settings)}",
                    found=f"none with {', '.join(unknown)}" if flow else "none",
                    next_step="Name its folder with --flows as before, or begin anew: optout run",
                )

    def _is_alive(self, other: Worker) -> bool:
        return is_alive(self.around.home, other, _now())

    def _task(self, job: Job) -> NewTask:
        names = tuple(setting.name for setting in job.settings)
        return tasks.NewTask(job.account, self._origin_of(job.flow), names)

    def _origin_of(self, flow: Flow) -> str:
        return site_wished(flow, self.wishes).origin

    async def _go_through(self, common: Common) -> None:
        """Visit until nothing is left, and put everything away however that ends."""
        try:
            async with common.browsers:
                await Turns(common, self.id, self._flows).take_all()
        finally:
            self._leave(common.worker)
            checkpoint = close_log(self.around, self.audience.tell)
        if checkpoint:
            await asyncio.to_thread(send_on, checkpoint, self.audience.tell)

    def _leave(self, worker: str) -> None:
        """Take this process off the list, and end the run unless there is somebody to go on with it."""
        ledger = self.around.ledger
        tasks.release(ledger, worker)
        workers.leave(ledger, worker)
        others = any(map(self._is_alive, workers.list_workers(ledger, self.id)))
        if not others:
            if not self.can_go_on:
                tasks.drop_tasks(ledger, self.id)
            visits.end_run(ledger, self.id, at=_now())


def _another(worker: Worker) -> UsageProblem:
    """The error for a second run while one is going on."""
    return UsageProblem(
        "a run is going on already, and a second one beside it would visit the same accounts twice",
        found=f"process {worker.pid} on {worker.host}, since {worker.began_at:%Y-%m-%d %H:%M:%S} UTC",
        next_step="Let it finish, or help it along from here: optout run --resume",
    )


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
