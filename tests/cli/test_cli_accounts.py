"""`optout account`: adding, changing, listing and removing, on a machine without a keyring."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

import pytest

from optout.accounts.browser_state import Binding
from optout.accounts.keyring_store import KeyringStore
from optout.accounts.keys import COMMAND, KeySource, installation_salt
from optout.accounts.logins import account_folder
from optout.accounts.sessions import SessionStore, SignedInProof
from optout.cli.app import app
from optout.home import Home
from optout.model import Account

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import CliRunner, Result

ADA = ("linkedin", "ada@example.org")
SEED = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPTOUT_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


def listed(runner: CliRunner) -> list[dict[str, Any]]:
    ended = runner.invoke(app, ["account", "list", "--json"])
    assert ended.exit_code == 0, ended.output
    found: list[dict[str, Any]] = json.loads(ended.stdout)
    return found


def add(runner: CliRunner, *options: str, typed: str = "") -> Result:
    return runner.invoke(app, ["account", "add", *ADA, *options], input=typed)


def test_an_account_is_added_and_listed(runner: CliRunner) -> None:
    ended = add(runner)
    assert (ended.exit_code, ended.stdout) == (0, "Added linkedin:ada@example.org.\n")
    (account,) = listed(runner)
    assert (account["platform"], account["account"]) == ADA
    assert (account["password"], account["totp"]) == ("none", "none")


def test_the_list_tells_which_pseudonym_in_evidence_is_whose(runner: CliRunner, tmp_path: Path) -> None:
    add(runner)
    (account,) = listed(runner)
    salt = installation_salt(tmp_path / "optout")
    assert account_folder(Account(*ADA), salt) == f"linkedin/{account['pseudonym']}"


def test_the_platforms_terms_are_said_when_an_account_is_added(runner: CliRunner) -> None:
    assert "User Agreement" in add(runner).stderr


def test_what_to_do_next_is_something_that_works_without_a_keyring(runner: CliRunner) -> None:
    said = add(runner).stderr
    assert "Next: optout run linkedin:ada@example.org --mode attended" in said
    assert "optout sign-in" not in said


def test_with_a_key_for_sessions_the_next_thing_is_signing_in(
    runner: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(COMMAND, "echo 0123456789012345678901234567890123456789")
    assert "Next: optout sign-in linkedin ada@example.org" in add(runner).stderr


@pytest.mark.parametrize("option", ["--password", "--totp"])
def test_without_a_keyring_no_secret_is_asked_for_and_nothing_is_added(
    runner: CliRunner, option: str
) -> None:
    ended = add(runner, option, typed="secret\n")
    assert (ended.exit_code, ended.stdout) == (8, "")
    assert "no keyring runs here" in ended.stderr
    assert "nothing was asked for" in ended.stderr
    assert listed(runner) == []


def test_without_a_keyring_the_ways_to_do_without_are_named(runner: CliRunner) -> None:
    said = add(runner, "--password").stderr
    assert all(way in said for way in ("--password-command", COMMAND, "--mode attended"))
    # It keeps a session under a key, and there is none either.
    assert "optout sign-in" not in said


def test_a_program_that_prints_a_secret_is_listed_word_by_word(runner: CliRunner) -> None:
    add(runner, "--password-command", "cat 'my secrets/li'", "--totp-command", "oathtool --totp x")
    (account,) = listed(runner)
    assert (account["password"], account["password_command"]) == ("command", ["cat", "my secrets/li"])
    assert (account["totp"], account["totp_command"]) == ("command", ["oathtool", "--totp", "x"])


def test_a_program_that_is_not_here_is_mentioned(runner: CliRunner) -> None:
    ended = add(runner, "--password-command", "no-such-program show li")
    assert ended.exit_code == 0
    assert 'no program "no-such-program" here' in ended.stderr


@pytest.mark.parametrize("what", ["password", "totp"])
def test_a_secret_has_one_source(runner: CliRunner, what: str) -> None:
    ended = add(runner, f"--{what}", f"--{what}-command", "cat file")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert f"--{what} and --{what}-command exclude each other" in ended.stderr


@pytest.mark.parametrize("command", ["", " ", "'", "pass 'show"])
def test_a_command_that_is_none_is_refused(runner: CliRunner, command: str) -> None:
    ended = add(runner, "--password-command", command)
    assert (ended.exit_code, listed(runner)) == (2, [])
    assert "a program and its arguments, such as: pass show" in ended.stderr


def test_changing_one_source_leaves_the_other_as_it_is(runner: CliRunner) -> None:
    add(runner, "--password-command", "cat one")
    ended = add(runner, "--totp-command", "cat two")
    assert ended.stdout == "Changed linkedin:ada@example.org.\n"
    (account,) = listed(runner)
    assert (account["password_command"], account["totp_command"]) == (["cat", "one"], ["cat", "two"])


def test_adding_an_account_again_without_options_changes_nothing(runner: CliRunner) -> None:
    add(runner, "--password-command", "cat one")
    before = listed(runner)
    add(runner)
    assert listed(runner) == before


def test_an_empty_list_says_how_to_begin(runner: CliRunner) -> None:
    ended = runner.invoke(app, ["account", "list"])
    assert (ended.exit_code, ended.stdout) == (0, "")
    assert "optout account add linkedin ada@example.org" in ended.stderr


def test_the_list_is_aligned(runner: CliRunner) -> None:
    add(runner, "--password-command", "cat one")
    runner.invoke(app, ["account", "add", "linkedin", "bo@x.org"])
    assert runner.invoke(app, ["account", "list"]).stdout.splitlines() == [
        "linkedin:ada@example.org  password: command, codes: none",
        "linkedin:bo@x.org         password: none, codes: none",
    ]


def test_a_removed_account_is_gone_and_its_evidence_is_said_to_stay(runner: CliRunner) -> None:
    add(runner)
    ended = runner.invoke(app, ["account", "remove", *ADA])
    assert (ended.exit_code, listed(runner)) == (0, [])
    assert ended.stdout == "Removed linkedin:ada@example.org. Its evidence stays where it is.\n"


def test_removing_an_account_removes_its_sessions_of_every_origin(
    runner: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(COMMAND, "echo 0123456789012345678901234567890123456789")
    add(runner)
    home = Home.at(tmp_path / "optout")
    store = SessionStore(home.sessions, KeySource(KeyringStore()), installation_salt(home.data))
    for origin in ("https://www.linkedin.com", "http://127.0.0.1:8000"):
        proof = SignedInProof("Ada", origin, datetime.datetime.now(datetime.UTC))
        store.save(Account(*ADA), proof, Binding("Chrome", "chrome"), {}, hosts=())
    assert len(list(home.sessions.rglob("*.session"))) == 2
    runner.invoke(app, ["account", "remove", *ADA])
    assert list(home.sessions.rglob("*.session")) == []
