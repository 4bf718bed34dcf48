"""`kill -9` of a run and of its browser: nothing proven is lost, no more is repeated than was open."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from optout_flows.github.practice.site import site
from sqlalchemy import select

from optout.campaign.one_visit import TRIES
from optout.home import Home
from optout.ledger.open import open_ledger
from optout.ledger.outcomes import results_of
from optout.ledger.schema import runs, visits
from optout.ledger.tasks import count_tasks, unfinished_runs
from optout.ledger.visits import open_visits
from optout.model import Outcome
from optout.practice.server import serve
from tests.campaign.mix import Town
from tests.evidence.sealed import failures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
PARALLEL = 4

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks into /proc")


@dataclass
class Attempts:
    """One run in as many processes as it takes.

    Attributes:
        town: whom it visits.
        open_at_kills: how often a visit of each login was open when something was killed.
        said: the logins of the results that were said to be recorded.
    """

    town: Town
    open_at_kills: Counter[str] = field(default_factory=Counter)
    said: set[str] = field(default_factory=set)

    def start(self) -> subprocess.Popen[str]:
        """One process; it is ready once it has said so."""
        module = [sys.executable, "-m", "tests.campaign.runner", str(self.town.home.data)]
        running = subprocess.Popen(
            [*module, self.town.server.origin, str(PARALLEL)],
            cwd=ROOT,
            env={**os.environ, "OPTOUT_TEST_MARK": self.mark},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert running.stdout
        assert running.stdout.readline() == "ready\n"
        return running

    @property
    def mark(self) -> str:
        """What tells this test's processes from all others."""
        return str(self.town.home.data)

    def listen(self, running: subprocess.Popen[str]) -> str:
        """Hear a process out."""
        with running:
            assert running.stdout
            lines = [line.split() for line in running.stdout.read().splitlines(keepends=True)]
        # A process that was killed may have been in the middle of a word.
        self.said |= {words[1] for words in lines if len(words) == 3 and words[0] == "done"}
        return lines[-1][0] if lines else ""

    def open_now(self) -> set[str]:
        """Whose visits are open now."""
        with open_ledger(self.town.home) as ledger:
            return {visit.account.login for visit in open_visits(ledger)}

    def processes(self) -> dict[int, str]:
        """Every process of this test: command lines by id."""
        mark, found = f"OPTOUT_TEST_MARK={self.mark}\0".encode(), {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if line and mark in (folder / "environ").read_bytes():
                    found[int(folder.name)] = line
        return found

    def browsers(self) -> list[int]:
        """The main processes of its browsers."""
        return [
            each
            for each, line in self.processes().items()
            if "--remote-debugging-pipe" in line and "--type=" not in line
        ]

    def nothing_was_lost(self) -> None:
        """Every account has the result it must have, once, and whatever lies around is in order."""
        home, town = self.town.home, self.town
        with open_ledger(home) as ledger:
            assert (open_visits(ledger), unfinished_runs(ledger)) == ([], [])
            with ledger.read() as connection:
                (run_id,) = connection.scalars(select(runs.c.id))
                made = Counter(connection.scalars(select(visits.c.login)))
            assert count_tasks(ledger, run_id) == (0, len(town.expected))
            results = results_of(ledger, run_id, home.evidence)
        last = {each.target.account.login: each for each in results}
        assert self.said <= last.keys()
        for login, expected in town.expected.items():
            found, again = last[login], self.open_at_kills[login]
            # What a killed visit had switched off, the next one finds off.
            as_good = {expected.outcome} | (
                {Outcome.ALREADY_OUT} if again and expected.outcome is Outcome.OPTED_OUT else set()
            )
            # An account is given up, and that is said, once its browser was lost so many times in a row.
            if again >= TRIES and found.outcome is Outcome.FAILED:
                assert made[login] >= TRIES
                continue
            assert found.outcome in as_good, f"{found}"
            assert town.on_site(login).counters.changes == expected.changes, login
            assert 1 <= made[login] <= 1 + again, f"{login} was visited {made[login]} times"
        assert failures(home.data) == []
        assert sqlite3.connect(home.ledger).execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.fixture
def attempts(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Attempts]:
    monkeypatch.setenv("OPTOUT_KEY_COMMAND", "echo a-key-of-more-than-32-random-characters")
    monkeypatch.delenv("OPTOUT_DATABASE", raising=False)
    with serve(site(slow_seconds=0.3)) as server:
        made = Attempts(Town.of(server, Home.at(tmp_path / "optout"), request.param))
        yield made
        for each in made.processes():
            os.kill(each, signal.SIGKILL)


def until(what: Callable[[], bool], limit_s: float = 30) -> None:
    """Ask again and again, because nothing announces what another process is doing."""
    deadline = time.monotonic() + limit_s
    while not what():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)


SMALL_OR_LONG = [
    pytest.param(4, 1, id="1-kill"),
    pytest.param(60, 20, id="20-kills", marks=pytest.mark.thorough),
]


@pytest.mark.timeout(1500)
@pytest.mark.parametrize(("attempts", "kills"), SMALL_OR_LONG, indirect=["attempts"])
def test_a_run_that_is_killed_goes_on_where_it_was(attempts: Attempts, kills: int) -> None:
    for _ in range(kills):
        running = attempts.start()
        time.sleep(random.uniform(0.5, 4))  # noqa: S311
        running.kill()
        ended = attempts.listen(running)
        attempts.open_at_kills.update(attempts.open_now())
        until(lambda: not attempts.processes())  # no browser is left behind
        if ended == "ended":
            break
    assert attempts.listen(attempts.start()) == "ended"
    attempts.nothing_was_lost()


@pytest.mark.timeout(1500)
@pytest.mark.parametrize(("attempts", "kills"), SMALL_OR_LONG, indirect=["attempts"])
def test_a_browser_that_is_killed_is_replaced_and_its_visits_are_made_again(
    attempts: Attempts, kills: int
) -> None:
    running = attempts.start()
    for _ in range(kills):
        until(lambda: bool(attempts.browsers()) or running.poll() is not None)
        time.sleep(random.uniform(0.5, 4))  # noqa: S311
        found = attempts.browsers()
        open_before = attempts.open_now()  # right before, so that no visit begins in between
        for browser in found:
            with suppress(ProcessLookupError):
                os.kill(browser, signal.SIGKILL)
        attempts.open_at_kills.update(open_before | attempts.open_now())
    assert attempts.listen(running) == "ended"
    attempts.nothing_was_lost()
    assert attempts.processes() == {}
