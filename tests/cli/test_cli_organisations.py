"""The commands of an organisation, with nobody's browser: import, mandate, secrets, waive, groups."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from optout.cli.app import app
from optout.home import Home
from optout.ledger.open import open_ledger
from optout.model import Account, Outcome
from tests.report.book import Book

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import CliRunner, Result

HEAD = "platform,login,name,group\n"
STAFF = f"{HEAD}linkedin,ada@example.org,Ada,sales\nlinkedin,bob@example.org,Bob,press\n"
ADA, BOB = Account("linkedin", "ada@example.org"), Account("linkedin", "bob@example.org")
MANDATE = ("--by", "Grace Hopper", "--on", "2026-11-01", "--where", "agreement 7")
CANARY = "Hunter2-canary"


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPTOUT_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


@pytest.fixture
def optout(runner: CliRunner) -> Iterator[Any]:
    def run(*words: str, typed: str = "") -> Result:
        return runner.invoke(app, words, input=typed)

    return run  # type: ignore[return-value]


@pytest.fixture
def book(tmp_path: Path, optout: Any) -> Iterator[Book]:
    """The installation after its staff was imported."""
    assert optout("account", "import", "-", typed=STAFF).exit_code == 0
    home = Home.at(tmp_path / "optout")
    with open_ledger(home) as ledger:
        yield Book(ledger, home)


def data(ended: Result) -> Any:
    assert ended.exit_code == 0, ended.output
    return json.loads(ended.stdout)


def test_an_import_shows_each_difference_and_counts(optout: Any, tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    file.write_text(STAFF)
    dry = optout("account", "import", str(file), "--dry-run")
    assert '+ linkedin:ada@example.org  name "Ada", group "sales"' in dry.stdout
    assert "Nothing was imported: this was a dry run" in dry.stderr
    ended = optout("account", "import", str(file))
    assert (ended.exit_code, ended.stdout) == (0, dry.stdout)
    assert "Imported: 2 new, 0 changed, 0 as they were." in ended.stderr
    file.write_text(STAFF.replace("press", "sales"))
    assert (
        optout("account", "import", str(file)).stdout
        == '~ linkedin:bob@example.org  group "press" → "sales"\n'
    )


def test_bad_rows_are_named_and_keep_everything_out_unless_they_may_be_skipped(optout: Any) -> None:
    bad = f"{STAFF}linkedin,{CANARY} {CANARY},,\n"
    ended = optout("account", "import", "-", typed=bad)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "line 4: its login cannot be one: it has white space inside it" in ended.stderr
    assert "Nothing was imported" in ended.stderr
    assert CANARY not in ended.output
    assert data(optout("account", "list", "--json")) == []
    assert optout("account", "import", "-", "--skip-bad", typed=bad).exit_code == 0
    assert len(data(optout("account", "list", "--json"))) == 2


def test_a_roster_with_a_secret_is_refused_and_what_it_holds_is_said_nowhere(optout: Any) -> None:
    ended = optout(
        "account", "import", "-", "--json", typed=f"platform,login,Passwort\nx,ada,{CANARY}\n"
    )
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "column 3 (passwort)" in ended.stderr
    assert CANARY not in ended.output


def test_an_import_as_json_is_json(optout: Any) -> None:
    found = data(optout("account", "import", "-", "--json", typed=STAFF))
    assert (found["imported"], found["new"], found["refused"]) == (True, 2, [])
    assert [each["account"] for each in found["differences"]] == [ADA.login, BOB.login]


def test_a_mandate_is_given_shown_and_revoked(optout: Any, book: Book) -> None:
    assert "Recorded for 1 account:" in optout("account", "mandate", "--group", "press", *MANDATE).stdout
    shown = optout("account", "mandate").stdout
    assert "ada@example.org  none\n" in shown
    assert "bob@example.org  authorised by Grace Hopper on 2026-11-01: agreement 7\n" in shown
    listed = {each["account"]: each for each in data(optout("account", "list", "--json"))}
    assert (listed[BOB.login]["mandate"]["by"], listed[ADA.login]["mandate"]) == ("Grace Hopper", None)
    assert "  password: none, codes: none, group: press, mandate: authorised by" in (
        optout("account", "list", "--group", "press").stdout
    )
    assert "Revoked for 1 account." in optout("account", "mandate", str(BOB), "--revoke").stdout
    assert "bob@example.org  none\n" in optout("account", "mandate").stdout


@pytest.mark.parametrize(
    "words",
    [
        MANDATE,
        ("linkedin", *MANDATE[:4]),
        ("linkedin", *MANDATE, "--revoke"),
        ("linkedin", "--by", "G", "--on", "1.11.2026", "--where", "x"),
        ("linkedin/ai-training", *MANDATE),
        ("--group", "nobody", *MANDATE),
        ("linkedin:eve@example.org", *MANDATE),
    ],
)
def test_a_mandate_for_nobody_or_half_a_mandate_is_refused(
    optout: Any, book: Book, words: tuple[str, ...]
) -> None:
    assert optout("account", "mandate", *words).exit_code == 2
    assert "authorised by" not in optout("account", "mandate").stdout


def test_the_commands_of_a_group_are_kept_changed_and_forgotten(optout: Any, book: Book) -> None:
    keep = ("account", "secrets", "linkedin", "--group", "sales")
    assert optout(*keep, "--password-command", f"cat {{login}} {CANARY}").exit_code == 0
    assert optout(*keep, "--totp-command", "echo {login}").exit_code == 0
    assert optout("account", "secrets").stdout == "linkedin sales  password: cat …, codes: echo …\n"
    assert CANARY not in optout("account", "secrets").output
    assert "password: command of its group" in optout("account", "list", "--group", "sales").stdout
    assert optout(*keep, "--forget").exit_code == 0
    assert optout("account", "secrets").stdout == ""
    assert optout(*keep[:3], "--password-command", "echo {login}").exit_code == 2
    assert optout(*keep, "--password-command", "echo same").exit_code == 2


def test_what_is_waived_shows_in_status_and_report_and_is_no_drift(optout: Any, book: Book) -> None:
    book.look(Outcome.STILL_IN, account=ADA)
    book.look(Outcome.STILL_IN, account=BOB)
    waived = optout("waive", str(ADA), "--reason", "trial", "--until", "2999-12-31", "--by", "the board")
    assert "for 1 target" in waived.stdout
    report = optout("report").stdout
    assert "1 waived" in report
    assert "1 still in" in report
    said = "waived by the board until 2999-12-31: trial"
    assert said in optout("status").stdout
    rows = {each["account"]: each for each in data(optout("status", "--json"))}
    assert (rows[ADA.login]["waiver"], rows[BOB.login]["waiver"]) == (said, None)
    assert data(optout("waive", "--json"))[0]["in_force"] is True
    assert optout("waive", str(ADA), "--withdraw").stdout == "Withdrawn for 1 target.\n"
    assert "2 still in" in optout("report").stdout


@pytest.mark.parametrize(
    "words",
    [
        (str(ADA), "--reason", "x"),
        (str(ADA), "--until", "2999-12-31"),
        (str(ADA), "--reason", "x", "--until", "2020-01-01"),
        (str(ADA), "--reason", " ", "--until", "2999-12-31"),
        ("--reason", "x", "--until", "2999-12-31"),
        ("linkedin/nothing:ada@example.org", "--reason", "x", "--until", "2999-12-31"),
        ("linkedin:eve@example.org", "--reason", "x", "--until", "2999-12-31"),
    ],
)
def test_a_waiver_without_reason_end_or_target_is_refused(
    optout: Any, book: Book, words: tuple[str, ...]
) -> None:
    assert optout("waive", *words).exit_code == 2
    assert data(optout("waive", "--json")) == []


@pytest.mark.parametrize(
    "words", [("status",), ("report",), ("account", "list"), ("due",), ("waive",), ("check",)]
)
def test_a_group_that_does_not_exist_is_named_with_the_nearest(
    optout: Any, book: Book, words: tuple[str, ...]
) -> None:
    ended = optout(*words, "--group", "sale")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "Did you mean sales?" in ended.stderr


def test_a_group_is_all_that_status_report_list_and_calendar_tell_of(optout: Any, book: Book) -> None:
    for words in (("status",), ("account", "list"), ("due",)):
        shown = optout(*words, "--group", "sales").stdout
        assert ADA.login in shown
        assert BOB.login not in shown
    assert "linkedin/ai-training sales: 1 target" in optout("report", "--group", "sales").stdout


def test_the_report_counts_each_group_and_the_parts_add_up(optout: Any, book: Book) -> None:
    book.look(Outcome.OPTED_OUT, account=ADA)
    found = data(optout("report", "--json", "-"))
    assert [(each["group"], each["totals"]) for each in found["groups"]] == [
        ("press", {"never-looked": 1}),
        ("sales", {"proven-out": 1}),
    ]
    assert found["population"] == 2
    assert [each["group"] for each in found["targets"]] == ["sales", "press"]


def test_a_group_has_rules_of_its_own(optout: Any, book: Book) -> None:
    book.look(Outcome.OPTED_OUT, account=ADA)
    book.look(Outcome.OPTED_OUT, account=BOB)
    assert optout("due", "--group", "sales", "--set", "proven-out=3650").exit_code == 0
    due = {each["account"]: each["due"] for each in data(optout("due", "--json"))}
    assert due[ADA.login] > "2030" > due[BOB.login]
    assert optout("due", "linkedin", "--group", "sales", "--set", "proven-out=1").exit_code == 2


def test_the_status_goes_on_where_a_page_ended(optout: Any, book: Book) -> None:
    first = optout("status", "--limit", "1")
    assert ADA.login in first.stdout
    assert BOB.login not in first.stdout
    assert f"optout status --after {ADA}" in first.stderr
    second = optout("status", "--limit", "1", "--after", str(ADA))
    assert BOB.login in second.stdout
    assert "The next" not in second.stderr
    assert "No further accounts" in optout("status", "--after", str(BOB)).stderr
    assert optout("status", "--after", "linkedin").exit_code == 2
