"""A scheduled run on a practice site: quiet when all is well, and heard when it is not."""

from __future__ import annotations

import datetime
import json
import shutil
from typing import TYPE_CHECKING

import pytest

from optout.cli.app import app
from optout.ledger.accounts import add_account
from optout.ledger.notifications import Channel, add_channel
from optout.model import Account, SecretKind, SecretSource
from tests.cli.shell import Ended
from tests.cli.test_cli_keyring import NEEDED, in_session
from tests.cli.test_cli_keyring import optout as optout_in_session
from tests.watch.receivers import web_hook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import CliRunner

    from tests.cli.shell import Desk, Shell
    from tests.watch.receivers import Hook

ADA, BOB = "ada@example.org", "bob@example.org"
RUN = ("schedule", "run")


@pytest.fixture
def hook() -> Iterator[Hook]:
    with web_hook() as served:
        yield served


def add_hook(shell: Shell, hook: Hook) -> None:
    file = shell.folder / "hook-url"
    file.write_text(hook.url)
    source = SecretSource(SecretKind.COMMAND, ("cat", str(file)))
    with shell.ledger() as ledger:
        add_channel(ledger, Channel("team", "", source, datetime.datetime.now(datetime.UTC)))


def test_a_setting_that_came_back_on_is_told_once_it_can_be_and_by_counts_alone(
    desk: Desk, hook: Hook
) -> None:
    shell, ada = desk.shell, desk.add(ADA)
    add_hook(shell, hook)
    assert shell.optout("due", "--set", "proven-out=0").status == 0
    assert shell.optout("run", *desk.site).status == 0

    assert shell.optout(*RUN, *desk.site) == Ended(0, "", "")

    ada.out, hook.refuses = False, True
    changes = ada.counters.state_changing_requests
    found = shell.optout(*RUN, *desk.site)
    assert (found.status, ada.counters.state_changing_requests) == (4, changes)
    assert found.out.startswith("optout: practice site: 1 came back on\n")
    assert f"linkedin/ai-training:{ADA}" in found.out
    assert "team (what a program prints) could not be told" in found.err
    assert hook.posts == []

    # Nothing is due now, but somebody is still to be told.
    hook.refuses = False
    assert shell.optout(*RUN, *desk.site) == Ended(0, "", "")
    (post,) = hook.posts
    assert post["title"] == "optout: practice site: 1 came back on"
    assert "ada" not in str(post).lower()


def test_without_a_keyring_and_a_display_the_run_says_so_and_waits_for_nobody(desk: Desk) -> None:
    ada, bob = desk.add(ADA, listed=False), desk.add(BOB, listed=False)
    desk.list(BOB, password=False)
    with desk.shell.ledger() as ledger:
        kept = SecretSource(SecretKind.KEYRING)
        add_account(
            ledger, Account("linkedin", ADA), at=datetime.datetime.now(datetime.UTC), password=kept
        )
    ended = desk.shell.optout(*RUN, *desk.site)
    assert ended.status == 8
    assert "The keyring could not be used: no keyring runs here" in ended.out
    assert "docs/server.md" in ended.out
    for account in (ADA, BOB):
        assert f"linkedin/ai-training:{account} [practice site]: needs a person" in ended.out
    assert (ada.counters.credential_submissions, bob.counters.credential_submissions) == (0, 0)


def test_nothing_to_do_is_done_quietly_and_recorded(runner: CliRunner) -> None:
    assert runner.invoke(app, RUN).output == ""
    runner.invoke(app, ["schedule", "install", "--every", "week", "--system", "elsewhere"])
    assert runner.invoke(app, [*RUN, "--catch-up"]).output == ""
    shown = json.loads(runner.invoke(app, ["schedule", "show", "--json"]).stdout)
    assert (shown["system"], shown["last_exit_status"], shown["written"]) == ("elsewhere", 0, {})


def test_a_dry_run_shows_what_another_system_would_get_and_writes_nothing(runner: CliRunner) -> None:
    words = ["schedule", "install", "--every", "3d", "--system", "windows", "--dry-run"]
    shown = runner.invoke(app, words)
    assert (shown.exit_code, "<DaysInterval>3</DaysInterval>" in shown.stdout) == (0, True)
    assert json.loads(runner.invoke(app, ["schedule", "show", "--json"]).stdout) is None


def test_a_scheduler_that_is_not_here_is_refused_with_a_way_out(runner: CliRunner) -> None:
    refused = runner.invoke(app, ["schedule", "install", "--every", "week", "--system", "windows"])
    assert refused.exit_code == 8
    assert "this is not Windows" in refused.stderr
    assert "--system elsewhere" in refused.stderr


@pytest.mark.skipif(not all(map(shutil.which, NEEDED)), reason=f"needs {' and '.join(NEEDED)}")
def test_a_url_is_kept_in_the_keyring_used_and_gone_with_its_channel(shell: Shell, hook: Hook) -> None:
    kept = ("-c", 'import keyring; print(keyring.get_password("optout:notify:json:url", "optout"))')
    hook.refuses = True
    added, before, tested, listed, removed, after = in_session(
        shell,
        optout_in_session("notify", "add", typed=f"{hook.url}\n"),
        (kept, ""),
        optout_in_session("notify", "test"),
        optout_in_session("notify", "list"),
        optout_in_session("notify", "remove", "json"),
        (kept, ""),
    )
    assert (added.out, before.out) == ("Added json (json://…).\n", f"{hook.url}\n")
    assert (tested.status, tested.out[:30]) == (1, "✗ json (json://…): not told: F")
    assert listed.out == "json  json://…  from the keyring\n"
    assert (removed.out, after.out) == ("Removed json.\n", "None\n")
    assert "T0KEN" not in f"{added}{tested}{listed}{removed}"


def test_without_a_keyring_a_url_is_not_stored_and_the_other_way_is_named(shell: Shell) -> None:
    ended = shell.optout("notify", "add", "json://localhost/T0KEN")
    assert (ended.status, ended.out) == (8, "")
    assert "optout notify add --command CMD" in ended.err
    assert "T0KEN" not in ended.err
