"""`optout flow`: beginning, checking and accepting, as its user meets it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from optout.cli.app import app
from optout.model import ExitBit

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import CliRunner, Result

    from tests.cli.shell import Shell


def ran(runner: CliRunner, *words: str, status: int = 0, typed: str = "") -> Result:
    result = runner.invoke(app, words, input=typed)
    assert result.exit_code == status, result.output
    return result


def states(runner: CliRunner, folder: Path) -> dict[str, Any]:
    """What `flow list` says of each flow."""
    listed = json.loads(ran(runner, "--flows", str(folder), "flow", "list", "--json").stdout)
    return {each["name"]: each for each in listed}


@pytest.fixture
def flows(runner: CliRunner, tmp_path: Path) -> Path:
    folder = tmp_path / "flows"
    ran(runner, "flow", "new", "aurora", "--folder", str(folder))
    return folder


def test_trust_shows_what_it_is_and_keeps_it_until_it_changes(runner: CliRunner, flows: Path) -> None:
    assert states(runner, flows)["aurora"]["state"] == "not accepted"
    shown = ran(runner, "flow", "trust", str(flows / "aurora"), "--yes").stdout
    listed = states(runner, flows)
    assert listed["aurora"]["state"] == "accepted"
    assert listed["linkedin"]["state"] == "part of optout"
    for what in ("https://aurora.example", "nowhere else", "SHA-256", str(flows / "aurora")):
        assert what in shown
    with (flows / "aurora" / "flow.py").open("a") as file:
        file.write("import os\n")
    assert states(runner, flows)["aurora"]["state"] == "changed"
    again = ran(runner, "flow", "trust", str(flows), "--yes").stdout
    assert "changed since" in again
    assert "more than facts: flow.py line 64: imports os" in again


def test_nothing_is_accepted_where_nobody_can_be_asked(runner: CliRunner, flows: Path) -> None:
    said = ran(runner, "flow", "trust", str(flows), status=ExitBit.USAGE)
    assert "nobody is at the terminal to be asked. Say so with --yes" in said.stderr
    assert states(runner, flows)["aurora"]["state"] == "not accepted"


def test_what_cannot_be_shown_cannot_be_accepted(runner: CliRunner, flows: Path) -> None:
    file = flows / "aurora" / "flow.py"
    file.write_text(file.read_text().replace('"https://aurora', '"https://" + "aurora'))
    said = ran(runner, "flow", "trust", str(flows), "--yes", status=ExitBit.UNFORESEEN)
    assert "cannot be shown before it runs" in said.stderr


def test_an_account_whose_flow_has_changed_is_not_visited_and_sets_a_bit(
    runner: CliRunner, flows: Path
) -> None:
    ran(runner, "flow", "trust", str(flows), "--yes")
    ran(runner, "--flows", str(flows), "account", "add", "aurora", "ada@example.org")
    (flows / "aurora" / "more.py").write_text("")
    said = ran(runner, "--flows", str(flows), "check", status=ExitBit.UNFORESEEN).stderr
    assert "flow.py is left out: it has changed since you accepted it on " in said
    assert f"(more.py). Look at it and accept it: optout flow trust {flows / 'aurora'}" in said
    assert "aurora:ada@example.org is left out because no flow for aurora was found" in said


def test_what_is_shown_cannot_hide_anything(runner: CliRunner, flows: Path) -> None:
    file = flows / "aurora" / "flow.py"
    file.write_text(
        file.read_text().replace("https://aurora.", "https://\N{CYRILLIC SMALL LETTER A}\x1b[2K.")
    )
    shown = ran(runner, "flow", "trust", str(flows), "--yes").stdout
    assert "https://\\u0430\\x1b[2K.example" in shown
    assert "\x1b" not in shown


def test_acceptance_is_withdrawn_by_name(runner: CliRunner, flows: Path) -> None:
    ran(runner, "flow", "trust", str(flows), "--yes")
    ran(runner, "flow", "trust", "aurora", "--withdraw")
    assert states(runner, flows)["aurora"]["state"] == "not accepted"
    said = ran(runner, "flow", "trust", "aurora", "--withdraw", status=ExitBit.USAGE)
    assert "nothing is accepted at aurora" in said.stderr


@pytest.mark.parametrize(
    ("which", "said"),
    [("linkedin", "is part of optout, and needs no acceptance"), ("nowhere", "there is no flow at")],
)
def test_what_needs_no_acceptance_or_is_not_there_is_named(
    runner: CliRunner, which: str, said: str
) -> None:
    assert said in ran(runner, "flow", "trust", which, status=ExitBit.USAGE).stderr


def test_a_check_runs_nothing_that_does_more_than_state_facts(runner: CliRunner, flows: Path) -> None:
    mark = flows / "mark"
    with (flows / "aurora" / "flow.py").open("a") as file:
        file.write(f"open({str(mark)!r}, 'w')\n")
    words = ("flow", "check", str(flows / "aurora"), "--yes", "--json")
    report = json.loads(ran(runner, *words, status=ExitBit.UNFORESEEN).stdout)
    assert not report["passed"]
    assert report["problems"] == [
        "flow.py line 64: names open; a flow states facts and does nothing else"
    ]
    assert not mark.exists()


def test_a_check_runs_nothing_that_nobody_agreed_to(runner: CliRunner, flows: Path) -> None:
    said = ran(runner, "flow", "check", str(flows / "aurora"), status=ExitBit.USAGE)
    assert "nobody is at the terminal to be asked. Say so with --yes" in said.stderr


def test_a_flow_that_is_wrong_about_its_page_does_not_pass(shell: Shell) -> None:
    shell.optout("flow", "new", "aurora")
    file = shell.folder / "aurora" / "flow.py"
    file.write_text(file.read_text().replace("on_means=Reading.IN", "on_means=Reading.OUT"))
    ended = shell.optout(
        "flow",
        "check",
        "aurora",
        "--yes",
        "--condition",
        "already-out",
        "--json",
        TMPDIR=str(shell.folder),
    )
    assert ended.status == ExitBit.UNFORESEEN
    visits = {(each["condition"], each["mode"]): each for each in ended.data["visits"]}
    check = visits["already-out", "check"]
    assert not ended.data["passed"]
    assert (check["expected"]["outcome"], check["found"]["outcome"]) == ("already-out", "still-in")
    assert check["evidence"]
