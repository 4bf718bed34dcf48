"""Tasks: each is one worker's at a time, at the pace of its platform, and is finished once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from optout.errors import LedgerProblem
from optout.ledger import workers
from optout.ledger.tasks import (
    LEASE,
    NO_LIMITS,
    Hold,
    Limits,
    NewTask,
    Task,
    Wait,
    add_tasks,
    claim,
    count_tasks,
    drop_tasks,
    finish,
    forget_tasks,
    give_back,
    keep,
    open_tasks,
    release,
    unfinished_runs,
)
from optout.ledger.visits import end_run, start_run
from optout.model import Account

if TYPE_CHECKING:
    from optout.ledger.ledger import Ledger

HERE, THERE = "https://exemplar.test", "https://other.test"


@dataclass
class Clock:
    """Goes when it is told to."""

    now: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def goes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Desk:
    """A ledger with one run, and a clock."""

    ledger: Ledger
    clock: Clock
    run: str

    def add(self, *logins: str, origin: str = HERE, run: str = "") -> None:
        new = (NewTask(Account("exemplar", each), origin, ("ai-training", "ads")) for each in logins)
        add_tasks(self.ledger, run or self.run, new)

    def claim(self, owner: str = "one", limits: Limits = NO_LIMITS, **more: str) -> Task | Wait | None:
        run = more.pop("run", self.run)
        return claim(
            self.ledger, run, owner, lambda _: limits, now=self.clock, task_id=more.get("task_id")
        )

    def task(self, owner: str = "one", limits: Limits = NO_LIMITS, **more: str) -> Task:
        found = self.claim(owner, limits, **more)
        assert isinstance(found, Task), found
        return found

    def wait(self, owner: str = "one", limits: Limits = NO_LIMITS, **more: str) -> tuple[Hold, float]:
        """What has to be waited for, and for how many seconds."""
        found = self.claim(owner, limits, **more)
        assert isinstance(found, Wait), found
        return found.hold, (found.until - self.clock()).total_seconds()

    def finish(self, task: Task, owner: str = "one") -> bool:
        return finish(self.ledger, task, owner, now=self.clock())


@pytest.fixture
def desk(ledger: Ledger) -> Desk:
    clock = Clock()
    return Desk(ledger, clock, start_run(ledger, "run", at=clock(), wishes={"command": "run"}))


def test_tasks_come_in_the_order_they_were_added_and_then_there_is_none(desk: Desk) -> None:
    desk.add("c", "a")
    desk.add("b")
    for login in ("c", "a", "b"):
        task = desk.task()
        assert (task.account.login, task.settings, task.attempts) == (login, ("ai-training", "ads"), 1)
        assert desk.finish(task)
    assert desk.claim() is None
    assert count_tasks(desk.ledger, desk.run) == (0, 3)


def test_an_account_stands_in_a_run_once(desk: Desk) -> None:
    desk.add("a")
    with pytest.raises(LedgerProblem):
        desk.add("b", "a")
    assert count_tasks(desk.ledger, desk.run) == (1, 1)


def test_what_one_has_claimed_another_waits_for(desk: Desk) -> None:
    desk.add("a")
    desk.task("one")
    assert desk.wait("two") == (Hold.LEASED, LEASE.total_seconds())


def test_a_lease_that_is_kept_does_not_run_out(desk: Desk) -> None:
    desk.add("a")
    task = desk.task("one")
    desk.clock.goes(100)
    assert keep(desk.ledger, task, "one", now=desk.clock())
    desk.clock.goes(100)
    assert desk.wait("two")[0] is Hold.LEASED


def test_whoever_lets_a_lease_run_out_has_lost_the_task_to_the_next_one(desk: Desk) -> None:
    desk.add("a")
    slow = desk.task("one")
    desk.clock.goes(LEASE.total_seconds())
    quick = desk.task("two")
    assert (quick.id, quick.attempts, quick.fence) == (slow.id, 2, slow.fence + 1)
    late = [
        keep(desk.ledger, slow, "one", now=desk.clock()),
        give_back(desk.ledger, slow, "one", not_before=None),
        desk.finish(slow, "one"),
    ]
    assert late == [False, False, False]
    assert desk.finish(quick, "two")
    assert not desk.finish(quick, "two")


def test_the_same_worker_cannot_finish_with_an_older_claim(desk: Desk) -> None:
    desk.add("a")
    first = desk.task()
    desk.clock.goes(LEASE.total_seconds())
    second = desk.task()
    assert (desk.finish(first), desk.finish(second)) == (False, True)


def test_what_is_given_back_comes_after_what_was_not_begun_and_not_before_its_time(desk: Desk) -> None:
    desk.add("a", "b")
    back = desk.task()
    assert give_back(desk.ledger, back, "one", not_before=desk.clock() + timedelta(seconds=50))
    other = desk.task()
    assert other.account.login == "b"
    desk.finish(other)
    assert desk.wait() == (Hold.LATER, 50.0)
    desk.clock.goes(50)
    assert desk.task().id == back.id


def test_what_a_dead_worker_held_is_free_at_once(desk: Desk) -> None:
    desk.add("a", "b")
    desk.task("dead")
    alive = desk.task("alive")
    assert release(desk.ledger, "dead") == 1
    assert desk.task("two").account.login == "a"
    assert desk.finish(alive, "alive")


def test_an_account_is_visited_once_at_a_time_whatever_the_run(desk: Desk) -> None:
    other = start_run(desk.ledger, "check", at=desk.clock())
    desk.add("a", "b")
    desk.add("a", run=other)
    running = desk.task()
    assert running.account.login == "a"
    assert desk.wait(run=other)[0] is Hold.LEASED
    desk.finish(running)
    assert desk.task(run=other).account.login == "a"
    assert desk.task().account.login == "b"


def test_an_account_of_a_practice_site_is_another_one(desk: Desk) -> None:
    other = start_run(desk.ledger, "check", at=desk.clock())
    desk.add("a")
    desk.add("a", origin="http://127.0.0.1:8000", run=other)
    assert desk.task().account == desk.task(run=other).account


def test_visits_to_a_platform_begin_so_far_apart(desk: Desk) -> None:
    desk.add("a", "b", "c")
    paced = Limits(gap_s=60)
    desk.finish(desk.task(limits=paced))
    assert desk.wait(limits=paced) == (Hold.PACE, 60.0)
    desk.clock.goes(59)
    assert desk.wait("two", limits=paced) == (Hold.PACE, 1.0)
    desk.clock.goes(1)
    desk.task("two", limits=paced)


def test_chance_makes_a_gap_longer_and_never_shorter(desk: Desk) -> None:
    desk.add(*"abcdefgh")
    gaps = set()
    for _ in range(7):
        desk.task(limits=Limits(gap_s=60, jitter_s=30))
        _, gap = desk.wait(limits=Limits(gap_s=60, jitter_s=30))
        assert 60 <= gap <= 90
        gaps.add(gap)
        desk.clock.goes(gap)
    assert len(gaps) > 1


def test_other_platforms_do_not_wait_for_one_that_does(desk: Desk) -> None:
    desk.add("a", "b")
    desk.add("c", origin=THERE)
    paced = Limits(gap_s=60)
    assert [desk.task(limits=paced).account.login for _ in range(2)] == ["a", "c"]
    assert desk.wait(limits=paced)[0] is Hold.PACE


def test_so_many_visits_begin_in_an_hour(desk: Desk) -> None:
    desk.add(*"abcd")
    capped = Limits(per_hour=2)
    for _ in range(2):
        desk.finish(desk.task(limits=capped))
        desk.clock.goes(600)
    assert desk.wait(limits=capped) == (Hold.PER_HOUR, 2400.0)
    desk.clock.goes(2400)
    desk.task(limits=capped)


def test_so_many_visits_go_on_at_once_in_all_runs_together(desk: Desk) -> None:
    other = start_run(desk.ledger, "check", at=desk.clock())
    desk.add(*"abc")
    desk.add("z", run=other)
    two = Limits(at_once=2)
    first = desk.task("one", two)
    desk.task("two", two, run=other)
    assert desk.wait("three", two)[0] is Hold.AT_ONCE
    desk.finish(first)
    desk.task("three", two)


def test_a_clock_that_was_set_back_does_not_stop_everything(desk: Desk) -> None:
    desk.add("a", "b")
    paced = Limits(gap_s=60, per_hour=5)
    desk.finish(desk.task(limits=paced))
    desk.clock.goes(-86_400)
    desk.task(limits=paced)


def test_one_task_can_be_asked_for_and_keeps_to_the_same_rules(desk: Desk) -> None:
    desk.add("a", "b", "c")
    wanted = list(open_tasks(desk.ledger, desk.run))[1]
    paced = Limits(gap_s=60)
    task = desk.task(limits=paced, task_id=wanted.id)
    assert task.account.login == "b"
    assert desk.wait(limits=paced, task_id=wanted.id)[0] is Hold.PACE
    desk.clock.goes(60)
    assert desk.wait("two", limits=paced, task_id=wanted.id)[0] is Hold.LEASED
    desk.finish(task)
    assert desk.claim(task_id=wanted.id) is None


def test_a_run_with_something_left_can_be_gone_on_with(desk: Desk) -> None:
    older = start_run(desk.ledger, "run", at=desk.clock() - timedelta(days=1), wishes={"n": 1})
    nobodys = start_run(desk.ledger, "check", at=desk.clock())
    desk.add("a", "b")
    desk.add("a", run=older)
    desk.add("z", run=nobodys)
    desk.finish(desk.task())
    found = unfinished_runs(desk.ledger)
    assert [(run.id, run.left, run.wishes) for run in found] == [
        (desk.run, 1, {"command": "run"}),
        (older, 1, {"n": 1}),
    ]
    drop_tasks(desk.ledger, older)
    assert [run.id for run in unfinished_runs(desk.ledger)] == [desk.run]


def test_only_what_is_over_and_done_is_forgotten(desk: Desk) -> None:
    done = start_run(desk.ledger, "run", at=desk.clock(), wishes={})
    desk.add("a", "b")
    desk.add("z", run=done)
    desk.finish(desk.task(run=done))
    for run in (desk.run, done):
        end_run(desk.ledger, run, at=desk.clock())
    desk.clock.goes(1)
    assert forget_tasks(desk.ledger, ended_before=desk.clock()) == 1
    assert count_tasks(desk.ledger, desk.run) == (2, 2)


def test_a_second_run_begins_only_where_nobody_is_at_one(desk: Desk) -> None:
    def begin(owner: str, *, alive: bool) -> str | workers.Worker:
        return workers.begin_alone(
            desk.ledger, owner, "run", {}, at=desk.clock(), is_alive=lambda _: alive
        )

    checking = start_run(desk.ledger, "check", at=desk.clock())
    workers.enter(desk.ledger, "checking", checking, at=desk.clock())
    first = begin("one", alive=True)
    assert isinstance(first, str)
    second = begin("two", alive=True)
    assert isinstance(second, workers.Worker)
    assert (second.id, second.run_id, second.began_at) == ("one", first, desk.clock())
    assert isinstance(begin("three", alive=False), str)


def test_a_worker_is_on_the_list_until_it_leaves(desk: Desk) -> None:
    workers.enter(desk.ledger, "one", desk.run, at=desk.clock())
    desk.clock.goes(60)
    workers.enter(desk.ledger, "one", desk.run, at=desk.clock())
    (found,) = workers.list_workers(desk.ledger, desk.run)
    assert (found.alive_until - desk.clock()).total_seconds() == 120
    assert (desk.clock() - found.began_at).total_seconds() == 60
    workers.leave(desk.ledger, "one")
    assert workers.list_workers(desk.ledger) == []
