"""Schedules in real schedulers: installed, run by them, and gone without a trace."""

from __future__ import annotations

import datetime
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from optout.ledger.accounts import add_account
from optout.ledger.schedule_tables import messages
from optout.ledger.status import status as read_status
from optout.model import Account
from optout.watch.schedule.entry import entry_name
from tests.cli.schedulers import optout, with_cron, with_user_systemd

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Shell

ADA = Account("linkedin", "ada@example.org")
ODD = '/opt/100% "$HOME" it\'s %h'
# At midnight, so that the tests find the same at any time of day.
WEEKLY = ("schedule", "install", "--every", "week", "--at", "00:00")
# Makes the installed schedule one that was installed thirty days ago.
BACKDATE = """
import datetime, sqlite3, sys
with sqlite3.connect(sys.argv[1]) as ledger:
    (at,) = ledger.execute("SELECT installed_at FROM schedules").fetchone()
    at = datetime.datetime.fromisoformat(at) - datetime.timedelta(days=30)
    ledger.execute("UPDATE schedules SET installed_at = ?", [str(at)])
"""


def backdated(shell: Shell) -> list[str]:
    return [sys.executable, "-c", BACKDATE, str(shell.home.ledger)]


def traces(home: Path, name: str) -> list[Path]:
    """What there is of systemd's or of the schedule's outside optout's own folder."""
    return [path for path in home.rglob("*") if path.name == "systemd" or name in path.name]


def told(shell: Shell) -> list[str]:
    """The messages that were made, whether or not anybody is told."""
    with shell.ledger() as ledger, ledger.read() as connection:
        return [f"{row.title}\n{row.text}" for row in connection.execute(select(messages))]


def list_ada(shell: Shell) -> None:
    with shell.ledger() as ledger:
        add_account(ledger, ADA, at=datetime.datetime.now(datetime.UTC))


def reason(shell: Shell) -> str:
    """What became of the one account."""
    with shell.ledger() as ledger:
        (row,) = read_status(ledger, practice=False)
    return row.reason


def test_a_user_timer_is_installed_starts_the_run_and_leaves_no_trace(shell: Shell) -> None:
    # What is special to systemd in a unit.
    shell = replace(shell, environ=shell.environ | {"OPTOUT_BROWSER": ODD})
    list_ada(shell)
    name = entry_name(shell.home)
    timers = ["systemctl", "--user", "list-timers", "--all", "--output=json"]
    installed, listed, _, started, shown, removed, left, units = with_user_systemd(
        shell,
        optout(*WEEKLY),
        timers,
        backdated(shell),
        ["systemctl", "--user", "start", f"{name}.service"],
        optout("schedule", "show", "--json"),
        optout("schedule", "remove"),
        timers,
        ["systemctl", "--user", "list-units", "--all", "--plain", "optout*"],
    )
    assert installed.status == 0, installed
    (timer,) = listed.data
    assert (timer["unit"], timer["next"] > 0) == (f"{name}.timer", True)
    assert "failed" in started.err  # as the unit of a run that needs a person should
    assert (shown.data["system"], shown.data["last_exit_status"]) == ("systemd", 8)
    assert f"OPTOUT_BROWSER names {ODD}, which is not a program" in reason(shell)
    assert len(shown.data["written"]) == 2
    assert all(text in installed.out for text in shown.data["written"].values())
    assert (removed.status, left.data, "optout" in units.out) == (0, [], False)
    assert traces(shell.folder / "home", name) == []


def test_cron_runs_the_line_and_the_run_names_what_was_missed(shell: Shell) -> None:
    # What is special to cron, and to the shell that it starts.
    shell = replace(shell, environ=shell.environ | {"OPTOUT_BROWSER": ODD})
    list_ada(shell)
    mine = "5 5 * * * true\n"
    until_run = 'for _ in $(seq 20); do "$@" | grep -q \'exit_status": [0-9]\' && exit; sleep 0.2; done'
    show = optout("schedule", "show", "--json")
    _, installed, _, _, shown, removed, crontab = with_cron(
        shell,
        ["sh", "-c", f"echo '{mine.strip()}' | crontab -"],
        optout(*WEEKLY),
        backdated(shell),
        ["sh", "-c", until_run, "sh", *show],
        show,
        optout("schedule", "remove"),
        ["crontab", "-l"],
    )
    assert installed.status == 0, installed
    (line,) = shown.data["written"].values()
    assert line in installed.out
    assert (shown.data["last_exit_status"], shown.data["missed"]) == (8, [])
    (message,) = told(shell)
    assert message.startswith("optout: 3 scheduled runs missed\n")
    assert f"OPTOUT_BROWSER names {ODD}, which is not a program" in reason(shell)
    assert (removed.status, crontab.out) == (0, mine)
