"""Runs that others join or go on with, accounts that wait for a person, and how far a run is."""

from __future__ import annotations

import datetime
import io
import json
import os
import sys
from typing import TYPE_CHECKING

import pytest
from optout_flows.linkedin.practice.site import site
from rich.console import Console

from optout.campaign.presence import present
from optout.cli import progress
from optout.cli.audience import Style
from optout.ledger.outcomes import record_result
from optout.ledger.visits import end_visit, start_run, start_visit
from optout.ledger.workers import begin_alone, leave
from optout.model import Account, ExitBit, Mode, Outcome, Reading, Result, Target, Why
from optout.practice.server import serve
from tests.cli.shell import Desk, Shell

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime.datetime.now(datetime.UTC)
ADA = Account("linkedin", "ada@example.org")


@pytest.fixture
def shell(tmp_path: Path, browsers: Path) -> Shell:
    return Shell.at(tmp_path, browsers)


def test_a_second_run_says_who_is_at_one_and_how_to_join(shell: Shell) -> None:
    shell.optout("account", "add", "linkedin", ADA.login)
    with shell.ledger() as ledger, present(shell.home) as me:
        begin_alone(ledger, me, "run", {}, at=NOW, is_alive=lambda _: True)
        ended = shell.optout("run")
        assert ended.status == ExitBit.USAGE
        assert f"process {os.getpid()} on " in ended.err
        assert f"since {NOW:%Y-%m-%d %H:%M:%S} UTC" in ended.err
        assert "optout run --resume" in ended.err
        leave(ledger, me)
    assert "a run is going on" not in shell.optout("run", OPTOUT_BROWSER="/no/such/browser").err


def test_where_there_is_nothing_to_go_on_with_that_is_said(shell: Shell) -> None:
    ended = shell.optout("run", "--resume")
    assert (ended.status, ended.out) == (0, "")
    assert "no run to go on with" in ended.err


@pytest.mark.parametrize(
    ("more", "named"), [(("linkedin",), "targets"), (("--headless",), "--headed"), (("--due",), "--due")]
)
def test_what_is_gone_on_with_cannot_be_something_else(
    shell: Shell, more: tuple[str, ...], named: str
) -> None:
    ended = shell.optout("run", "--resume", *more)
    assert ended.status == ExitBit.USAGE
    assert named in ended.err


def test_two_forms_of_json_at_once_are_refused(shell: Shell) -> None:
    shell.optout("account", "add", "linkedin", ADA.login)
    assert shell.optout("check", "--json", "--json-lines").status == ExitBit.USAGE


def test_several_at_once_print_a_line_each(shell: Shell) -> None:
    with serve(site()) as server:
        desk = Desk(shell, server)
        for number in range(3):
            desk.add(f"p{number}@example.org")
        ended = shell.optout("run", *desk.site, "--parallel", "2", "--json-lines")
    lines = [json.loads(line) for line in ended.out.splitlines()]
    assert {line["account"]: line["outcome"] for line in lines} == dict.fromkeys(
        (f"p{number}@example.org" for number in range(3)), "opted-out"
    )
    assert ended.status == 0


def test_nobody_has_to_attend_where_nothing_waits(shell: Shell) -> None:
    shell.optout("account", "add", "linkedin", ADA.login)
    ended = shell.optout("attend")
    assert (ended.status, ended.out) == (0, "")
    assert "Nothing waits for a person" in ended.err


def test_who_waits_for_a_person_is_visited_with_a_window_and_nobody_else(shell: Shell) -> None:
    bob = Account("linkedin", "bob@example.org")
    for account in (ADA, bob):
        shell.optout("account", "add", account.platform, account.login)
    with shell.ledger() as ledger:
        run = start_run(ledger, "run", at=NOW)
        for account, outcome, why in (
            (ADA, Outcome.NEEDS_PERSON, Why.CAPTCHA),
            (bob, Outcome.UNREACHABLE, Why.SITE_DOWN),
        ):
            visit = start_visit(
                ledger,
                run,
                account,
                origin="https://www.linkedin.com",
                practice=False,
                mode=Mode.AUTOMATIC,
                flow_version="",
                browser="",
                at=NOW,
            )
            target = Target(account, "ai-training")
            record_result(
                ledger,
                visit,
                Result(target, NOW, Reading.UNKNOWN, outcome, why=why),
                shell.home.evidence,
            )
            end_visit(ledger, visit, at=NOW)
    # There is no display in this test: that it needs one says that it asked for a window.
    ended = shell.optout("attend", "--json")
    assert [(each["account"], each["why"]) for each in ended.data] == [(ADA.login, Why.NO_DISPLAY)]
    assert ended.status == ExitBit.NEEDS_PERSON


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What a bar's terminal is sent."""
    sent = io.StringIO()
    console = Console(file=sent, force_terminal=True, width=100)
    monkeypatch.setattr(progress, "Console", lambda **_: console)
    return sent


RESULT = Result(Target(ADA, "ai-training"), NOW, Reading.OUT, Outcome.ALREADY_OUT)


def test_a_bar_shows_how_far_a_run_is(shown: io.StringIO) -> None:
    with progress.Watched(2, Style.AT_THE_END) as watched:
        watched.established(RESULT)
        watched.tell("A sentence [with brackets].")
    assert "1 of 2 targets" in shown.getvalue()
    assert "A sentence [with brackets]." in shown.getvalue()


@pytest.mark.parametrize("terminal", [True, False])
def test_results_stand_above_the_bar_on_a_terminal_and_go_where_data_goes_elsewhere(
    terminal: bool,
    shown: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    with progress.Watched(2, Style.TEXT) as watched:
        watched.established(RESULT)
    assert ("already out" in shown.getvalue(), "already out" in capsys.readouterr().out) == (
        terminal,
        not terminal,
    )
