"""Ctrl-C in the middle of a run: what was proven stays, the rest says so, nothing is left running."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from optout_flows.linkedin.practice.site import site
from sqlalchemy import select

from optout.evidence.bundle import check_bundle
from optout.ledger.schema import visits
from optout.ledger.status import status
from optout.ledger.visits import open_visits
from optout.model import ExitBit, Outcome, Why
from optout.practice.server import serve
from tests.cli.shell import Desk, Ended, Shell

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FIRST, SLOW, LAST = "ada@example.org", "bob@example.org", "cyd@example.org"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups of this kind")


@dataclass(frozen=True)
class Interrupted:
    """A run over three accounts, ended by Ctrl-C while the second one's page was being waited for.

    Attributes:
        ended: what it said.
        resumed: what going on with it said, once that page had come to its senses.
    """

    shell: Shell
    temporary: Path
    ended: Ended
    resumed: Ended
    rows: dict[str, Outcome | None]
    open_visits: int


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory: pytest.TempPathFactory, browsers: Path) -> Interrupted:
    folder = tmp_path_factory.mktemp("interrupted")
    (folder / "tmp").mkdir()
    with serve(site(slow_seconds=60)) as server:
        desk = Desk(Shell.at(folder, browsers), server)
        desk.add(SLOW, "slow")
        desk.add(FIRST)
        desk.add(LAST)
        running = desk.shell.start("run", *desk.site, "--json", TMPDIR=str(folder / "tmp"))
        # Signing in is quick; the first page after it is the slow one.
        until(lambda: any(login == SLOW for _, _, login in server.site.switchboard.log))
        os.killpg(running.pid, signal.SIGINT)
        out, err = running.communicate(timeout=30)
        with desk.shell.ledger() as ledger:
            rows = {row.target.account.login: row.outcome for row in status(ledger, practice=True)}
            left_open = len(open_visits(ledger))
        server.site.switchboard.change_conditions(SLOW, [])
        resumed = desk.shell.optout("run", "--resume", "--json", TMPDIR=str(folder / "tmp"))
    ended = Ended(running.returncode, out, err)
    return Interrupted(desk.shell, folder / "tmp", ended, resumed, rows, left_open)


def until(what: Callable[[], bool], limit_s: float = 30) -> None:
    """Ask again and again, because nothing announces what another process is doing."""
    deadline = time.monotonic() + limit_s
    while not what():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)


def test_what_was_proven_is_printed_and_the_rest_says_why_not(interrupted: Interrupted) -> None:
    said = [(each["account"], each["outcome"], each["why"]) for each in interrupted.ended.data]
    assert said == [
        (FIRST, Outcome.OPTED_OUT, Why.NONE),
        (SLOW, Outcome.FAILED, Why.INTERRUPTED),
    ]


def test_it_ends_with_one_sentence_and_the_bit_for_the_unforeseen(interrupted: Interrupted) -> None:
    ended = interrupted.ended
    assert (ended.status, ended.err.splitlines()[-1]) == (
        ExitBit.UNFORESEEN,
        (
            "Interrupted. What was proven before is kept. Not visited: 1 of 3 accounts. "
            "Go on with: optout run --resume"
        ),
    )
    assert "Traceback" not in ended.err, ended.err


def test_the_ledger_has_the_same_and_no_open_visit(interrupted: Interrupted) -> None:
    found = {login: outcome for login, outcome in interrupted.rows.items() if outcome}
    assert found == {FIRST: Outcome.OPTED_OUT, SLOW: Outcome.FAILED}
    assert interrupted.open_visits == 0


def test_going_on_with_it_visits_what_was_left_and_says_how_all_of_it_ended(
    interrupted: Interrupted,
) -> None:
    resumed = interrupted.resumed
    assert resumed.out, resumed.err
    said = {each["account"]: each["outcome"] for each in resumed.data}
    assert (said, resumed.status) == (dict.fromkeys((FIRST, SLOW, LAST), Outcome.OPTED_OUT), 0)
    assert "2 accounts are left" in resumed.err
    with interrupted.shell.ledger() as ledger, ledger.read() as connection:
        visited = Counter(connection.scalars(select(visits.c.login)))
    assert visited == {FIRST: 1, SLOW: 2, LAST: 1}


def test_every_bundle_in_view_is_whole_and_no_draft_is_left(interrupted: Interrupted) -> None:
    evidence = interrupted.shell.home.evidence
    bundles = [path.parent for path in evidence.rglob("record.json")]
    assert len(bundles) == 3
    for bundle in bundles:
        check_bundle(bundle)
    assert not list(evidence.rglob(".draft*"))


def test_no_browser_and_none_of_its_files_are_left(interrupted: Interrupted) -> None:
    until(lambda: not interrupted.shell.processes(), limit_s=5)
    assert list(interrupted.temporary.iterdir()) == []
