"""Tasks on their way: brought once, one per account at a time, and never stuck with the dead."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from optout.campaign.asked import as_data
from optout.campaign.cluster import delivery as delivery_module
from optout.campaign.cluster import worker as worker_module
from optout.campaign.cluster.delivery import Delivery, Parcel
from optout.campaign.cluster.handing_out import platforms_at_work, runs_at_work, to_hand_out
from optout.campaign.cluster.on_workers import RunOnWorkers
from optout.campaign.cluster.worker import Worker
from optout.campaign.plan import Wishes
from optout.campaign.surroundings import Surroundings
from optout.cli.on_workers import run_for
from optout.errors import LedgerProblem, LedgerUnreachable, UsageProblem
from optout.home import Home
from optout.ledger import tasks, workers
from optout.ledger.clock import clock_of
from optout.ledger.open import open_ledger
from optout.ledger.shared import noted_keys
from optout.ledger.task_tables import tasks as table
from optout.ledger.visits import start_run
from optout.model import Account, Mode
from tests import postgres

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from optout.campaign.targets import Job
    from optout.ledger.ledger import Ledger
    from optout.ledger.tasks import Task
    from optout.model import Result
    from optout.visit.browser import OpenBrowser

ORIGIN = "https://exemplar.test"
WISHES = Wishes(command="run", may_change=True, on_workers=True)


@pytest.fixture
def ledger(postgresql: postgres.Server, tmp_path: Path) -> Iterator[Ledger]:
    database = postgresql.database()
    with open_ledger(Home.at(tmp_path), postgresql.url(database).render_as_string()) as opened:
        yield opened
    postgresql.drop(database)


@pytest.fixture
def run_id(ledger: Ledger) -> str:
    """A run on workers with three accounts, one of them on another platform."""
    run_id = start_run(ledger, "run", at=clock_of(ledger)(), wishes=as_data(WISHES))
    accounts = [Account("exemplar", "ada"), Account("exemplar", "bob"), Account("sampler", "ada")]
    tasks.add_tasks(
        ledger, run_id, [tasks.NewTask(account, ORIGIN, ("ai-training",)) for account in accounts]
    )
    return run_id


@dataclass
class Desk:
    """Whom tasks are brought to."""

    brought: list[Parcel] = field(default_factory=list)
    at_once: int = 0
    most: int = 0
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    failing: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, parcel: Parcel) -> None:
        self.brought.append(parcel)
        self._news.set()
        if self.failing:
            self.failing -= 1
            raise RuntimeError("a surprise")
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        await self.go_on.wait()
        self.at_once -= 1

    async def until(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.brought) < count:
                self._news.clear()
                await self._news.wait()


@contextlib.asynccontextmanager
async def receiving(delivery: Delivery, platform: str, at_once: int = 4) -> AsyncIterator[None]:
    receiver = asyncio.create_task(delivery.receive(platform, at_once))
    try:
        yield
    finally:
        receiver.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await receiver


def free(ledger: Ledger, run_id: str | None = None) -> list[Task]:
    return to_hand_out(ledger, clock_of(ledger)(), run_id)


def on_the_way(ledger: Ledger) -> list[tuple[object, ...]]:
    with ledger.read() as connection:
        query = "SELECT queue_name, lock, queueing_lock, args, status FROM procrastinate_jobs"
        return [tuple(row) for row in connection.exec_driver_sql(query)]


async def test_a_task_is_on_its_way_once_and_by_its_platforms_queue(ledger: Ledger, run_id: str) -> None:
    async with Delivery(ledger) as delivery:
        every = free(ledger)
        assert await delivery.send(every) == 3
        assert free(ledger) == []
        assert await delivery.send(every) == 0
    assert sorted(str(row[0]) for row in on_the_way(ledger)) == ["exemplar", "exemplar", "sampler"]


async def test_nothing_but_ids_is_on_its_way(ledger: Ledger, run_id: str) -> None:
    async with Delivery(ledger) as delivery:
        await delivery.send(free(ledger))
    ids = {task.id for task in tasks.open_tasks(ledger, run_id)}
    for _, lock, queueing_lock, args, _ in on_the_way(ledger):
        assert queueing_lock in ids
        assert args == {"task_id": queueing_lock, "run_id": run_id}
        assert "ada" not in str(lock)
        assert "bob" not in str(lock)


async def test_each_platform_has_what_is_brought_for_it(ledger: Ledger, run_id: str) -> None:
    desk = Desk()
    desk.go_on.set()
    async with Delivery(ledger, desk) as delivery:
        await delivery.send(free(ledger))
        async with receiving(delivery, "exemplar"):
            await desk.until(2)
        assert platforms_at_work(ledger) == ["exemplar", "sampler"]
    assert [row[0] for row in on_the_way(ledger)] == ["sampler"]


async def test_one_account_is_visited_by_one_at_a_time_whatever_the_run(
    ledger: Ledger, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "_POLL_S", 0.1)
    other = start_run(ledger, "run", at=clock_of(ledger)(), wishes=as_data(WISHES))
    tasks.add_tasks(ledger, other, [tasks.NewTask(Account("exemplar", "ada"), ORIGIN, ("ads",))])
    assert runs_at_work(ledger) == sorted([run_id, other])
    desk = Desk()
    async with Delivery(ledger, desk) as delivery:
        await delivery.send([task for task in free(ledger) if task.account.login == "ada"])
        async with receiving(delivery, "exemplar"):
            await desk.until(1)
            await asyncio.sleep(0.3)
            assert len(desk.brought) == 1
            desk.go_on.set()
            await desk.until(2)
    assert desk.most == 1


async def test_what_fails_by_surprise_is_brought_again(
    ledger: Ledger, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module._AGAIN, "linear_wait", 0)
    desk = Desk(failing=1)
    desk.go_on.set()
    async with Delivery(ledger, desk) as delivery:
        await delivery.send(free(ledger)[:1])
        async with receiving(delivery, "exemplar"):
            await desk.until(2)
    assert len(set(desk.brought)) == 1


async def test_what_was_brought_to_the_dead_is_sent_on(ledger: Ledger, run_id: str) -> None:
    async with Delivery(ledger) as delivery:
        await delivery.send(free(ledger)[:1])
        with ledger.write() as connection:  # as a worker leaves it that was killed
            connection.exec_driver_sql("UPDATE procrastinate_jobs SET status = 'doing'")
        assert await delivery.sweep() == 1
        assert [row[-1] for row in on_the_way(ledger)] == ["todo"]
        assert await delivery.sweep() == 0


async def test_a_sweep_does_not_mind_that_the_task_was_sent_anew(ledger: Ledger, run_id: str) -> None:
    async with Delivery(ledger) as delivery:
        first = free(ledger)[:1]
        await delivery.send(first)
        with ledger.write() as connection:
            connection.exec_driver_sql("UPDATE procrastinate_jobs SET status = 'doing'")
        await delivery.send(first)
        await delivery.sweep()
        assert [row[-1] for row in on_the_way(ledger)] == ["todo"]


async def test_what_got_lost_on_its_way_is_handed_out_again(ledger: Ledger, run_id: str) -> None:
    async with Delivery(ledger) as delivery:
        await delivery.send(free(ledger))
        with ledger.write() as connection:
            connection.exec_driver_sql("DELETE FROM procrastinate_jobs")
        assert len(free(ledger)) == 3


async def test_what_somebody_visits_is_not_handed_out_until_their_lease_is_over(
    ledger: Ledger, run_id: str
) -> None:
    async with Delivery(ledger):
        clock = clock_of(ledger)
        got = tasks.claim(ledger, run_id, "a worker", lambda _: tasks.NO_LIMITS, now=clock)
        assert isinstance(got, tasks.Task)
        assert got.id not in {task.id for task in free(ledger)}
        with ledger.write() as connection:
            over = clock() - datetime.timedelta(seconds=1)
            connection.execute(update(table).where(table.c.id == got.id).values(lease_until=over))
        assert got.id in {task.id for task in free(ledger)}


async def test_a_run_of_one_machine_is_not_handed_out(ledger: Ledger) -> None:
    own = Wishes(command="run", may_change=True)
    run_id = start_run(ledger, "run", at=clock_of(ledger)(), wishes=as_data(own))
    tasks.add_tasks(ledger, run_id, [tasks.NewTask(Account("exemplar", "ada"), ORIGIN, ("ads",))])
    async with Delivery(ledger):
        assert free(ledger) == []
    assert platforms_at_work(ledger) == []


@dataclass
class Heard:
    """What a worker or a run says."""

    said: list[str] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, message: str) -> None:
        self.said.append(message)
        self._news.set()

    def begins(self, job: Job) -> None:
        self.tell(str(job.account))

    def uses(self, browser: OpenBrowser) -> None:
        self.tell(browser.name)

    def established(self, result: Result) -> None:
        self.tell(result.outcome)

    async def until(self, words: str) -> None:
        async with asyncio.timeout(40):
            while not any(words in each for each in self.said):
                self._news.clear()
                await self._news.wait()


@pytest.fixture
def around(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Surroundings:
    monkeypatch.setenv("OPTOUT_KEY_COMMAND", "echo a-key-of-more-than-32-random-characters")
    monkeypatch.delenv("OPTOUT_EVIDENCE_STORE", raising=False)
    return Surroundings.of(Home.at(tmp_path), ledger)


@contextlib.asynccontextmanager
async def at_work(around: Surroundings) -> AsyncIterator[tuple[Heard, asyncio.Task[None]]]:
    """A worker that has no flow for anything, until the block ends."""
    heard = Heard()
    worker = Worker(around, {}, heard)
    working = asyncio.create_task(worker.work())
    yield heard, working
    worker.ending.set()
    async with asyncio.timeout(20):
        await working


async def test_a_worker_says_what_it_cannot_visit_and_leaves_it(
    around: Surroundings, ledger: Ledger, run_id: str
) -> None:
    async with at_work(around) as (heard, _):
        await heard.until("No flow for exemplar")
        assert [each.run_id for each in workers.list_workers(ledger)] == [None]
        assert around.signing.usable().public.openssh in noted_keys(ledger)
    assert workers.list_workers(ledger) == []
    assert tasks.count_tasks(ledger, run_id) == (3, 3)


async def test_a_worker_stops_when_the_ledger_gets_another_version(
    around: Surroundings, ledger: Ledger, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "_LOOK_ROUND_S", 0.1)
    heard = Heard()
    working = asyncio.create_task(Worker(around, {}, heard).work())
    await heard.until("No flow")
    with ledger.write() as connection:
        connection.exec_driver_sql("UPDATE optout_version SET version_num = '9999'")
    with pytest.raises(LedgerProblem, match="written by a newer optout"):
        async with asyncio.timeout(20):
            await working


async def test_a_worker_waits_for_its_database_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if reason := postgres.missing():
        pytest.skip(reason)
    monkeypatch.setenv("OPTOUT_KEY_COMMAND", "echo a-key-of-more-than-32-random-characters")
    monkeypatch.setattr(worker_module, "_LOOK_ROUND_S", 0.2)
    with postgres.running() as server:
        url = server.url(server.database()).render_as_string()
        with open_ledger(Home.at(tmp_path), url) as ledger:
            around = Surroundings.of(Home.at(tmp_path), ledger)
            async with at_work(around) as (heard, working):
                await asyncio.to_thread(until_listed, ledger)
                await asyncio.to_thread(server.stop)
                await heard.until("does not answer")
                await asyncio.to_thread(server.start)
                await heard.until("is back")
                assert not working.done()
            assert sum("does not answer" in each for each in heard.said) == 1


async def test_a_database_that_goes_away_while_it_is_being_reached_is_said_to_be_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if reason := postgres.missing():
        pytest.skip(reason)
    monkeypatch.setattr(delivery_module, "_ANSWER_S", 1.0)
    with postgres.running() as server:
        monkeypatch.setattr(delivery_module, "_make_tables", lambda _: server.stop())
        url = server.url(server.database()).render_as_string()
        with open_ledger(Home.at(tmp_path), url) as ledger:
            with pytest.raises(LedgerUnreachable, match="does not answer"):
                async with asyncio.timeout(15), Delivery(ledger):
                    pass
            server.start()


def until_listed(ledger: Ledger) -> None:
    while not workers.list_workers(ledger):
        pass


async def test_a_run_on_workers_needs_a_ledger_that_all_reach(tmp_path: Path) -> None:
    with open_ledger(Home.at(tmp_path), f"sqlite:///{tmp_path}/ledger.sqlite3") as ledger:
        run = RunOnWorkers(WISHES, Surroundings.of(Home.at(tmp_path), ledger), Heard())
        with pytest.raises(UsageProblem, match=r"OPTOUT_DATABASE.*docs/cluster\.md"):
            await run.over([])


async def test_a_second_run_on_workers_follows_the_first_instead_of_doubling_it(
    around: Surroundings, run_id: str
) -> None:
    for asked in (WISHES, replace(WISHES, on_workers=False)):
        with pytest.raises(UsageProblem, match=r"3 accounts left.*optout run --resume"):
            run_for(asked, around, Heard())
    assert isinstance(run_for(WISHES, around, Heard(), anew=False), RunOnWorkers)


@pytest.mark.parametrize(
    ("asked", "said"), [({"mode": Mode.ATTENDED}, "--mode attended"), ({"headed": True}, "--headed")]
)
async def test_nobody_is_there_to_look_at_a_workers_window(
    around: Surroundings, asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageProblem, match=f"{said}.*optout attend"):
        await RunOnWorkers(replace(WISHES, **asked), around, Heard()).over([])
