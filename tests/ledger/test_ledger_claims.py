"""Claims under every order of events, and with several threads and processes at once."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optout.ledger.open import open_ledger
from optout.ledger.tasks import (
    LEASE,
    Limits,
    NewTask,
    Task,
    Wait,
    add_tasks,
    claim,
    count_tasks,
    finish,
    give_back,
    keep,
    release,
)
from optout.ledger.visits import start_run
from optout.model import Account

if TYPE_CHECKING:
    from optout.home import Home
    from optout.ledger.ledger import Ledger

ROOT = Path(__file__).parents[2]
LIMITS = Limits(gap_s=5, per_hour=6, at_once=2)
OWNERS = ("one", "two", "three")


@dataclass
class Model:
    """What must be true of claims, told by somebody who has seen every one of them.

    Attributes:
        held: which claim is whose, and until when it holds.
    """

    now: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)
    held: dict[str, tuple[Task, str, datetime]] = field(default_factory=dict)
    begun: dict[str, list[datetime]] = field(default_factory=dict)
    fences: Counter[str] = field(default_factory=Counter)
    done: set[str] = field(default_factory=set)

    def begins(self, task: Task, owner: str) -> None:
        assert task.id not in self.done
        assert task.fence > self.fences[task.id]
        self.fences[task.id] = task.fence
        going_on = [each for each, _, until in self.held.values() if until > self.now]
        here = [each for each in going_on if each.origin == task.origin]
        assert task.id not in {each.id for each in going_on}, "held by somebody else"
        assert task.account not in {each.account for each in here}, "its account is being visited"
        assert len(here) < (LIMITS.at_once or 0)
        before = self.begun.setdefault(task.origin, [])
        assert all((self.now - each).total_seconds() >= LIMITS.gap_s for each in before)
        before.append(self.now)
        self.held[task.id] = (task, owner, self.now + LEASE)

    def holds(self, task: Task, owner: str) -> bool:
        """Whether this claim is the last one of its task, and nobody has let go of it."""
        mine = self.held.get(task.id)
        return mine is not None and mine[:2] == (task, owner)


EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("claim"), st.sampled_from(OWNERS), st.integers(0, 1)),
        st.tuples(st.sampled_from(["keep", "finish", "back"]), st.integers(0, 9), st.integers(0, 60)),
        st.tuples(st.just("goes"), st.sampled_from([1, 4, 6, 30, 130, 700]), st.none()),
        st.tuples(st.just("dies"), st.sampled_from(OWNERS), st.none()),
    ),
    min_size=10,
    max_size=35,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS)
def test_whatever_happens_nobody_is_visited_twice_at_once_and_every_pace_is_kept(
    sqlite: Ledger, events: list[tuple[str, str | int, int | None]]
) -> None:
    model, claims = Model(), list[tuple[Task, str]]()
    origins = [f"https://{uuid.uuid4().hex}.test" for _ in range(2)]
    runs = [_run(sqlite, origins, "abc"), _run(sqlite, origins, "bcd")]
    for event, what, more in events:
        if event == "claim":
            found = claim(sqlite, runs[more or 0], str(what), lambda _: LIMITS, now=lambda: model.now)
            if isinstance(found, Task):
                model.begins(found, str(what))
                claims.append((found, str(what)))
            else:
                assert isinstance(found, Wait) is bool(count_tasks(sqlite, runs[more or 0])[0])
        elif event == "goes":
            model.now += timedelta(seconds=int(what))
        elif event == "dies":
            release(sqlite, str(what))
            model.held = {key: each for key, each in model.held.items() if each[1] != what}
        elif claims:
            _act(sqlite, model, event, claims[int(what) % len(claims)], more or 0)
    _all_comes_to_an_end(sqlite, model, runs)


def _run(ledger: Ledger, origins: list[str], logins: str) -> str:
    run = start_run(ledger, "run", at=datetime.now(UTC), wishes={})
    accounts = [(Account("exemplar", each), origins[number % 2]) for number, each in enumerate(logins)]
    add_tasks(ledger, run, (NewTask(account, origin, ("s",)) for account, origin in accounts))
    return run


def _act(ledger: Ledger, model: Model, event: str, mine: tuple[Task, str], seconds: int) -> None:
    """Keep, finish or give back what was claimed at some time: it works while it is still ours."""
    task, owner = mine
    ours = model.holds(task, owner)
    if event == "keep":
        assert keep(ledger, task, owner, now=model.now) is ours
        if ours:
            model.held[task.id] = (task, owner, model.now + LEASE)
        return
    if event == "finish":
        assert finish(ledger, task, owner, now=model.now) is ours
        model.done |= {task.id} if ours else set()
    else:
        later = model.now + timedelta(seconds=seconds)
        assert give_back(ledger, task, owner, not_before=later) is ours
    if ours:
        del model.held[task.id]


def _all_comes_to_an_end(ledger: Ledger, model: Model, runs: list[str]) -> None:
    """Whatever happened before: somebody who keeps at it finishes everything."""
    for _ in range(60):
        for run in runs:
            found = claim(ledger, run, "last", lambda _: LIMITS, now=lambda: model.now)
            if isinstance(found, Task):
                model.begins(found, "last")
                _act(ledger, model, "finish", (found, "last"), 0)
        model.now += timedelta(seconds=200)
    assert [count_tasks(ledger, run)[0] for run in runs] == [0, 0]


def test_threads_and_processes_share_the_work_and_none_of_it_is_done_twice(home: Home) -> None:
    with open_ledger(home) as ledger:
        run = start_run(ledger, "run", at=datetime.now(UTC), wishes={})
        new = (NewTask(Account("exemplar", f"a{n}"), f"https://{n % 3}.test", ("s",)) for n in range(60))
        add_tasks(ledger, run, new)
        module = [sys.executable, "-m", "tests.ledger.claimant", str(home.data), run]
        others = [
            subprocess.Popen([*module, name], stdout=subprocess.PIPE, text=True, cwd=ROOT)
            for name in ("killed", "other")
        ]
        assert others[0].stdout
        others[0].stdout.readline()
        others[0].kill()
        killed = _said(others[0])
        release(ledger, "killed")
        other = _said(others[1])
        assert count_tasks(ledger, run) == (0, 60)
    finished = Counter(account for what, account, *_ in other if what == "ended")
    assert set(finished.values()) == {1}
    assert len({account for what, account, *_ in killed + other if what == "ended"}) == 60
    going_on: Counter[str] = Counter()
    for what, _, origin, _ in sorted(other, key=lambda words: float(words[3])):
        going_on[origin] += 1 if what == "began" else -1
        assert going_on[origin] <= 2


def _said(process: subprocess.Popen[str]) -> list[list[str]]:
    """What a process said until it ended; the last line may have been cut off in the middle."""
    out, _ = process.communicate(timeout=60)
    return [line.split() for line in out.splitlines(keepends=True) if line.endswith("\n")]


def test_many_threads_of_one_process_keep_the_pace(sqlite: Ledger) -> None:
    run = start_run(sqlite, "run", at=datetime.now(UTC), wishes={})
    new = (NewTask(Account("exemplar", f"a{n}"), "https://exemplar.test", ("s",)) for n in range(10))
    add_tasks(sqlite, run, new)
    paced, begun = Limits(gap_s=0.1), list[datetime]()

    def work(name: str) -> None:
        read = list[datetime]()

        def now() -> datetime:
            read.append(datetime.now(UTC))
            return read[-1]

        while found := claim(sqlite, run, name, lambda _: paced, now=now):
            if isinstance(found, Wait):
                time.sleep(max(0.001, (found.until - datetime.now(UTC)).total_seconds()))
                if count_tasks(sqlite, run)[0] == 0:
                    return
                continue
            # When it was claimed, not when this thread came to say so: that may be late once.
            begun.append(read[-1])
            finish(sqlite, found, name, now=datetime.now(UTC))

    threads = [threading.Thread(target=work, args=(f"t{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(begun) == 10
    begun.sort()
    assert all(later - earlier >= timedelta(seconds=0.1) for earlier, later in itertools.pairwise(begun))
