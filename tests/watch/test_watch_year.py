"""A year of weekly checks over 200 accounts while two platforms flip, rename, expire and recover.

The clock and the visits are made up; calendar, circuit breaker, ledger and digest are not.
"""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from optout.campaign.breaker import Breaker, Part, part_for
from optout.campaign.targets import Job
from optout.flow.discovery import Flows
from optout.home import Home
from optout.ledger.health import tripping_looks
from optout.ledger.history import Look
from optout.ledger.open import open_ledger
from optout.ledger.schema import accounts, outcomes, runs, visits
from optout.ledger.watch_rules import WatchRule, set_rule
from optout.ledger.watch_tables import Scope
from optout.model import Mode, Outcome, Result, SecretKind, Target
from optout.watch.digest import digest
from optout.watch.rounds import due_now
from tests.watch.looks import KINDS
from tests.watch.year import BROKEN, WEEKS, Alpha, Beta, Episode, NewerBeta, Script, script

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optout.flow import Flow
    from optout.ledger.ledger import Ledger
    from optout.model import Account
    from optout.watch.digest import Digest

START = datetime.datetime(2026, 1, 4, 6, tzinfo=datetime.UTC)
WEEK = datetime.timedelta(days=7)
SETTING = Alpha.settings[0].name
# What is told in which week of an episode, and under which name: the second look confirms the first.
TOLD = {
    "in": ("came-back-on", range(1, 99)),
    "changed": ("page-changed", range(2, 99)),
    "signed out": ("signed-out", range(2, 99)),
    "gone": ("setting-gone", range(2, 3)),  # once: there is nothing left to put right
    "down": ("unseen", range(2, 99)),
}


@dataclass
class World:
    """Two platforms, 200 accounts on them, and the ledger of whoever watches."""

    ledger: Ledger
    script: Script
    results: list[Result] = field(default_factory=list)

    def flows(self, week: int) -> Flows:
        beta = NewerBeta() if week >= BROKEN[0].stop else Beta()
        return Flows({"alpha": Alpha(), "beta": beta})

    def check(self, jobs: list[Job], week: int) -> list[Result]:
        """What a check with --fix of these jobs establishes, in a week; it is entered in the ledger."""
        self.results = []
        breaker = Breaker.after(tripping_looks(self.ledger))
        asked: dict[Part, list[Account]] = {}
        for job in jobs:
            asked.setdefault(_part(job.flow), []).append(job.account)
        trials = breaker.allow_trials(asked)
        for job in sorted(jobs, key=lambda each: each.account not in trials):
            held = breaker.held_back(_part(job.flow), job.account)
            for kind in ["skipped"] if held else self.finds(job.account, week):
                at = START + week * WEEK + datetime.timedelta(seconds=len(self.results))
                made = _result(job, kind, at)
                breaker.looked(_look(made, job.flow))
                self.results.append(made)
        self._enter("check", self.results, week)
        return self.results

    def finds(self, account: Account, week: int) -> list[str]:
        if account.platform == "beta":
            return ["changed" if any(week in weeks for weeks in BROKEN) else "out"]
        now = [each for each in self.script[account] if each.week(week)]
        if week == 0:
            return ["opted"]
        return [now[0].kind, *(["opted"] if now[0].fixed else [])] if now else ["out"]

    def people_opt_out_again(self, week: int) -> set[Account]:
        """In the middle of the week before, whoever was told and has nothing that fixes it does it."""
        ended = {
            account
            for account, episodes in self.script.items()
            for each in episodes
            if each.kind == "in" and not each.fixed and each.first + each.weeks == week
        }
        at = START + week * WEEK - datetime.timedelta(days=3)
        flows = self.flows(week)
        made = [
            _result(Job(each, flows.flows[each.platform], ()), "opted", at) for each in sorted(ended)
        ]
        self._enter("run", made, week)
        return ended

    def _enter(self, command: str, results: list[Result], week: int) -> None:
        """Record results as a run does, but in one transaction: a year has ten thousand visits."""
        run_id = uuid.uuid4().hex
        flows = self.flows(week).flows
        visit_rows, outcome_rows = [], []
        for result in results:
            visit_id, account = uuid.uuid4().hex, result.target.account
            visit_rows.append(
                {
                    "id": visit_id,
                    "run_id": run_id,
                    "platform": account.platform,
                    "login": account.login,
                    "origin": result.origin,
                    "practice": False,
                    "mode": Mode.AUTOMATIC,
                    "flow_version": flows[account.platform].version,
                    "browser": "",
                    "host": "",
                    "pid": 0,
                    "started_at": result.at,
                }
            )
            facts = (
                "reading",
                "outcome",
                "why",
                "reason",
                "next_step",
                "evidence_digest",
                "at",
                "locked",
            )
            own = {name: getattr(result, name) for name in facts}
            more: dict[str, object] = {
                "visit_id": visit_id,
                "setting": SETTING,
                "evidence": None,
                "notes": [],
            }
            outcome_rows.append(own | more)
        with self.ledger.write() as connection:
            run = {"id": run_id, "command": command, "started_at": START, "tool_version": "0"}
            connection.execute(insert(runs).values(run))
            if visit_rows:
                connection.execute(insert(visits), visit_rows)
                connection.execute(insert(outcomes), outcome_rows)


def _part(flow: Flow) -> Part:
    return part_for(flow, flow.settings[0], flow.origin)


def _result(job: Job, kind: str, at: datetime.datetime) -> Result:
    reading, outcome, why = KINDS[kind]
    target = Target(job.account, SETTING)
    return Result(target, at, reading, outcome, why=why, origin=job.flow.origin)


def _look(made: Result, flow: Flow) -> Look:
    return Look(
        target=made.target,
        origin=made.origin,
        practice=False,
        at=made.at,
        reading=made.reading,
        outcome=made.outcome,
        why=made.why,
        flow_version=flow.version,
    )


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.delenv("OPTOUT_DATABASE", raising=False)
    written = script(140, 60)
    with open_ledger(Home.at(tmp_path / "optout")) as ledger:
        listed = [
            {
                "platform": account.platform,
                "login": account.login,
                "password_source": SecretKind.NONE,
                "totp_source": SecretKind.NONE,
                "added_at": START,
            }
            for account in written
        ]
        with ledger.write() as connection:
            connection.execute(insert(accounts), listed)
        yield World(ledger, written)


def expected(written: Script, week: int) -> dict[Account, str]:
    """What has to be told about whom in a week, read off the script."""
    told = {}
    for account, episodes in written.items():
        for each in episodes:
            name, weeks = TOLD[each.kind]
            if each.week(week) in weeks:
                told[account] = "fixed" if each.fixed else name
    return told


def told(found: Digest) -> dict[Account, str]:
    """What a digest tells about whom."""
    drifts = {
        each.found.target.account: "fixed" if each.fixed else each.name.value for each in found.alarms
    }
    return drifts | {place.target.account: "unseen" for place in found.unseen}


@pytest.mark.timeout(300)  # ten thousand visits' worth of looking things up
def test_a_year_of_weekly_checks(world: World) -> None:
    everybody = set(world.script)
    seen: Counter[str] = Counter()
    for week in range(WEEKS):
        busy = world.people_opt_out_again(week) if week else set()
        now = START + week * WEEK
        jobs = list(due_now(world.ledger, world.flows(week), now).jobs)
        # Weekly is enough: nobody is overlooked, and nobody who was just seen is bothered.
        assert {job.account for job in jobs} == everybody - busy, week
        results = world.check(jobs, week)
        found = digest(world.ledger, results)

        wanted = expected(world.script, week)
        assert told(found) == wanted, week
        quarantined = any(week in weeks for weeks in BROKEN)
        counts = Counter(wanted.values()) + Counter(quarantined=int(quarantined))
        assert found.counts == counts, week
        _at_the_first_check(world, found, week)
        _few_doors_are_knocked_at(results, week)
        seen.update(counts)

        if week % 4 == 0:
            later = now + datetime.timedelta(hours=6)
            assert due_now(world.ledger, world.flows(week), later).jobs == (), week
    # The script has something of everything, and often.
    least = {"came-back-on": 50, "fixed": 30, "page-changed": 30, "signed-out": 30, "unseen": 30}
    assert all(seen[name] >= count for name, count in least.items()), seen
    assert (seen["setting-gone"] >= 15, seen["quarantined"]) == (True, 6)


def _at_the_first_check(world: World, found: Digest, week: int) -> None:
    """Whatever has happened is found at once, under its name, also where one look is not an alarm."""
    names = {each.found.target.account: each.name.value for each in found.drifts}
    for account, episodes in world.script.items():
        for each in episodes:
            if each.week(week) and each.kind != "down":
                assert names.get(account) == TOLD[each.kind][0], (week, account)


def _few_doors_are_knocked_at(results: list[Result], week: int) -> None:
    """A page that changed is met on three accounts, then on one a week, and never by all of them."""
    betas = [result for result in results if result.target.account.platform == "beta"]
    visited = [result for result in betas if result.outcome is not Outcome.SKIPPED]
    first = {weeks.start for weeks in BROKEN}
    if any(week in weeks for weeks in BROKEN):
        assert len(visited) == (3 if week in first else 1), week
    else:
        assert len(visited) == len(betas) == 60, week  # a trial that works lets all others in


def test_the_rules_apply(world: World) -> None:
    """The same page change is no alarm in its second week where three looks are asked for."""
    account = next(iter(world.script))
    world.script = {account: [replace(_first("changed", world.script), first=1, weeks=3)]}
    set_rule(world.ledger, WatchRule(Scope.PLATFORM, "alpha", "misses", 3), at=START)
    alarms = []
    for week in range(4):
        jobs = due_now(world.ledger, world.flows(week), START + week * WEEK, targets=[str(account)]).jobs
        alarms.append(bool(digest(world.ledger, world.check(list(jobs), week)).counts))
    assert alarms == [False, False, False, True]


def _first(kind: str, written: Script) -> Episode:
    return next(each for episodes in written.values() for each in episodes if each.kind == kind)
