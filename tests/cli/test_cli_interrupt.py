"""Ctrl-C in the middle of a run: what was proven stays, the rest says so, nothing is left running."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from optout.evidence.bundle import check_bundle
from optout.ledger.status import status
from optout.ledger.visits import open_visits
from optout.model import ExitBit, Outcome, Why
from tests.cli.shell import Ended

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shell import Desk

FIRST, SLOW, LAST = "ada@example.org", "bob@example.org", "cyd@example.org"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups of this kind")


def until(what: Callable[[], bool], limit_s: float = 30) -> None:
    """Ask again and again, because nothing announces what another process is doing."""
    deadline = time.monotonic() + limit_s
    while not what():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)


def interrupt(desk: Desk, *words: str) -> Ended:
    """A run over three accounts, ended by Ctrl-C while the second one's page is being waited for."""
    board = desk.server.site.switchboard
    desk.add(SLOW, "slow")
    desk.add(FIRST)
    desk.add(LAST)
    temporary = desk.shell.folder / "tmp"
    temporary.mkdir()
    running = desk.shell.start("run", *desk.site, *words, TMPDIR=str(temporary))
    # Signing in is quick; the first page after it is the slow one.
    until(lambda: any(login == SLOW for _, _, login in board.log))
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=30)
    return Ended(running.returncode, out, err)


def test_what_was_proven_is_printed_and_the_rest_says_why_not(desk: Desk) -> None:
    ended = interrupt(desk, "--json")
    assert [(each["account"], each["outcome"], each["why"]) for each in ended.data] == [
        (FIRST, Outcome.OPTED_OUT, Why.NONE),
        (SLOW, Outcome.FAILED, Why.INTERRUPTED),
    ]


def test_it_ends_with_one_sentence_and_the_bit_for_the_unforeseen(desk: Desk) -> None:
    ended = interrupt(desk)
    assert (ended.status, ended.err.splitlines()[-1]) == (
        ExitBit.UNFORESEEN,
        "Interrupted. What was proven before is kept. Not visited: 1 of 3 accounts.",
    )
    assert "Traceback" not in ended.err, ended.err


def test_the_ledger_has_the_same_and_no_open_visit(desk: Desk) -> None:
    interrupt(desk)
    with desk.shell.ledger() as ledger:
        rows = {row.target.account.login: row for row in status(ledger, practice=True) if row.outcome}
        assert {login: row.outcome for login, row in rows.items()} == {
            FIRST: Outcome.OPTED_OUT,
            SLOW: Outcome.FAILED,
        }
        assert open_visits(ledger) == []


def test_every_bundle_in_view_is_whole_and_no_draft_is_left(desk: Desk) -> None:
    interrupt(desk)
    evidence = desk.shell.home.evidence
    bundles = [path.parent for path in evidence.rglob("record.json")]
    assert len(bundles) == 1
    check_bundle(bundles[0])
    assert not list(evidence.rglob(".draft*"))


def test_no_browser_and_none_of_its_files_are_left(desk: Desk) -> None:
    interrupt(desk)
    until(lambda: not desk.shell.processes(), limit_s=5)
    assert os.listdir(desk.shell.folder / "tmp") == []
