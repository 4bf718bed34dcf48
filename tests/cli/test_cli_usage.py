"""Wrong usage: said in one sentence with what to do instead, before anything is done."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from optout.cli.app import app
from optout.home import Home
from optout.ledger.accounts import add_account
from optout.ledger.open import open_ledger
from optout.ledger.schema import runs
from optout.model import Account

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import CliRunner

ADA = "ada@example.org"


@pytest.fixture(autouse=True)
def accounts(tmp_path: Path, runner: CliRunner) -> None:
    with open_ledger(Home.at(tmp_path / "optout")) as ledger:
        for login in (ADA, "adam@example.org"):
            account = Account("linkedin", login)
            add_account(ledger, account, at=datetime.datetime.now(datetime.UTC))


def refused(runner: CliRunner, *words: str) -> str:
    """What a command says that is refused as wrong usage, without printing any data."""
    ended = runner.invoke(app, words)
    assert (ended.exit_code, ended.stdout) == (2, ""), ended.output
    assert "Traceback" not in ended.stderr
    return ended.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("check", "linkdin"), 'there is no platform "linkdin"'),
        (("check", "\udcff:x"), "there is no platform"),
        (("check", "linkdin"), "Did you mean linkedin?"),
        (("platforms", "Linked-In"), "Did you mean linkedin?"),
        (("account", "add", "linkedn", ADA), "Did you mean linkedin?"),
        (("sign-in", "linkedn", ADA), "Did you mean linkedin?"),
        (("demo", "linkedn"), "Did you mean linkedin?"),
        (("demo", "chatgpt"), "only a person gets through its sign-in"),
        (("practice", "linkedn"), "Did you mean linkedin?"),
        (("run", f"linkedin/ai-trainig:{ADA}"), "Did you mean ai-training or "),
        (("run", "linkedin/x"), 'LinkedIn has no setting "x"; expected one of ai-training'),
        (("check", "linkedin:ad@example.org"), f"Did you mean {ADA} or adam@example.org?"),
        (("check", "linkedin:ad@example.org"), "optout account add linkedin ad@example.org"),
        (("account", "remove", "linkedin", "ad@example.org"), "See: optout account list"),
    ],
)
def test_an_unknown_name_is_met_with_the_nearest_ones(
    runner: CliRunner, words: tuple[str, ...], said: str
) -> None:
    assert said in refused(runner, *words)


@pytest.mark.parametrize("login", ["", " ", "a b@example.org", "a:b", "a/b", "a\u202eb", "x" * 255])
@pytest.mark.parametrize("words", [("account", "add"), ("account", "remove"), ("sign-in",)])
def test_a_malformed_login_is_refused_and_never_listed(
    runner: CliRunner, words: tuple[str, ...], login: str
) -> None:
    assert "is not a login" in refused(runner, *words, "linkedin", login)


@pytest.mark.parametrize("target", ["", ":", ":::", "/", "linkedin/", "a/b/c", "linkedin:"])
def test_what_is_no_target_is_shown_what_one_looks_like(runner: CliRunner, target: str) -> None:
    assert "expected linkedin, linkedin:ada@example.org or" in refused(runner, "check", target)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:8000",
        "localhost",
        "https://www.linkedin.com",
        "http://example.org",
        "http://0.0.0.0:8000",
        "http://10.0.0.1:8000",
        "http://[::]:8000",
        "http://[fe80::1]:8000",
        "http://127.0.0.1.example.org",
        "http://localhost.example.org",
        "http://127.0.0.1@example.org",
        "http://ada@127.0.0.1:8000",
        "http://127.0.0.1:8000/path",
        "http://127.0.0.1:8000/?query",
        "http://127.0.0.1:8000/#part",
        "http://127.0.0.1:99999",
        "http://127.1",
        "http://2130706433",
        "http://[::1",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "ftp://127.0.0.1",
        "//127.0.0.1",
        "http://",
    ],
)
def test_a_site_that_is_not_plainly_loopback_is_refused(runner: CliRunner, url: str) -> None:
    said = refused(runner, "run", "--site", url)
    assert "expected a loopback origin such as http://127.0.0.1:8000" in said
    assert "leave it out for the real one" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "--mode", "attended", "--headless"), "--mode attended needs a window"),
        (("check", "--mode", "guided", "--headless"), "Leave out --headless, or use --mode automatic"),
        (("run", "--mode", "by-magic"), "'automatic', 'attended', 'guided'"),
        (("run", "--allow-host", "https://cdn.example.org"), "is not a host name"),
        (("check", "--dry-run"), "No such option"),
        (("practice", "linkedin", "--port", "70000"), "0<=x<=65535"),
        (("practice", "linkedin", "--account", "ada@example.org=slw"), "Did you mean slow"),
        (("--flows", "no-such-folder", "platforms"), "Check the path given with --flows"),
        (("chek",), "No such command 'chek'"),
    ],
)
def test_a_contradiction_or_unknown_option_is_named(
    runner: CliRunner, words: tuple[str, ...], said: str
) -> None:
    assert said in refused(runner, *words)


def test_nothing_is_begun_before_all_of_it_is_known_to_make_sense(
    runner: CliRunner, tmp_path: Path
) -> None:
    refused(runner, "run", "--mode", "guided", "--headless")
    with open_ledger(Home.at(tmp_path / "optout")) as ledger, ledger.read() as connection:
        assert connection.scalar(select(func.count()).select_from(runs)) == 0


@pytest.mark.parametrize("words", [("check",), ("run",), ("run", "--json"), ("check", "linkedin")])
def test_without_accounts_one_is_asked_for(
    runner: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("OPTOUT_HOME", str(tmp_path / "empty"))
    assert "optout account add linkedin ada@example.org" in refused(runner, *words)
