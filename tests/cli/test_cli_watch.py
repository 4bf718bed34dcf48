"""`check --due`, `check --fix`, `history`, `undo` and `due` on one account, one after the other."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from optout_flows.linkedin.practice.site import site

from optout.ledger.watch_rules import list_rules
from optout.model import Outcome
from optout.practice.server import serve
from tests.cli.shell import Desk, Shell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import CliRunner

    from optout.practice.switchboard import PracticeAccount
    from tests.cli.shell import Ended

ADA = "ada@example.org"
TARGET = f"linkedin/ai-training:{ADA}"


@dataclass
class Story:
    """What each command of the story printed, and what the site had stored after it."""

    desk: Desk
    ada: PracticeAccount
    told: dict[str, Ended] = field(default_factory=dict)
    stored: dict[str, tuple[bool, int]] = field(default_factory=dict)

    def step(self, name: str, *words: str) -> None:
        self.told[name] = self.desk.shell.optout(*words)
        self.stored[name] = (self.ada.out, self.ada.counters.state_changing_requests)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, browsers: Path) -> Iterator[Story]:
    shell = Shell.at(tmp_path_factory.mktemp("watch"), browsers)
    with serve(site()) as server:
        desk = Desk(shell, server)
        story = Story(desk, desk.add(ADA))
        story.step("run", "run", TARGET, *desk.site)
        story.step("nothing due", "check", "--due", *desk.site)
        story.step("nothing due, for machines", "check", "--due", "--json", *desk.site)
        story.ada.out = False
        story.step("fix", "check", "--fix", "--json", *desk.site)
        story.step("status", "status")
        story.step("undo unasked", "undo", TARGET, *desk.site)
        story.step("undo", "undo", TARGET, "--yes", "--json", *desk.site)
        story.step("undo again", "undo", TARGET, "--yes", *desk.site)
        story.step("history", "history", TARGET, "--json")
        story.step("history in words", "history", TARGET)
        story.step("due", "due", "--json", *desk.site)
        yield story


def test_what_was_just_proven_is_not_due_and_that_is_said(story: Story) -> None:
    ended = story.told["nothing due"]
    assert (ended.status, ended.out) == (0, "")
    assert ended.err.startswith(f"Nothing is due. First: {TARGET}, ")
    assert story.told["nothing due, for machines"].data == []
    assert story.stored["nothing due"] == story.stored["run"]


def test_a_fix_switches_off_again_and_reports_it_all_the_same(story: Story) -> None:
    found, fixed = story.told["fix"].data
    assert [found["outcome"], fixed["outcome"]] == [Outcome.STILL_IN, Outcome.OPTED_OUT]
    assert (story.told["fix"].status, story.stored["fix"][0]) == (4, True)
    drift = fixed["drift"]
    assert (drift["name"], drift["alarming"]) == ("came-back-on", True)
    pictures = [drift[each]["picture"] for each in ("good", "found", "fixed")]
    assert [Path(each).name for each in pictures] == ["after.png", "before.png", "after.png"]
    assert all(Path(each).is_file() for each in pictures)


def test_status_says_when_it_is_looked_at_again(story: Story) -> None:
    assert "    due: 20" in story.told["status"].out


def test_undo_asks_and_without_anybody_to_ask_it_refuses(story: Story) -> None:
    ended = story.told["undo unasked"]
    assert (ended.status, "--yes" in ended.err) == (2, True)
    assert story.stored["undo unasked"] == story.stored["fix"]


def test_undo_puts_back_what_was_there_and_proves_it(story: Story) -> None:
    (result,) = story.told["undo"].data
    assert (result["outcome"], result["reading"]) == (Outcome.UNDONE, "in")
    assert (story.told["undo"].status, story.stored["undo"][0]) == (0, False)
    assert {"before.png", "after.png"} <= {file.name for file in Path(result["evidence"]).iterdir()}


def test_what_is_undone_is_not_undone_twice(story: Story) -> None:
    ended = story.told["undo again"]
    assert (ended.status, "put back already" in ended.err) == (2, True)
    assert story.stored["undo again"] == story.stored["undo"]


def test_history_has_every_reading_with_its_picture_and_what_changed(story: Story) -> None:
    rows = story.told["history"].data
    assert [(row["command"], row["reading"]) for row in rows] == [
        ("run", "out"),
        ("check", "in"),
        ("check --fix", "out"),
        ("undo", "in"),
    ]
    assert [row["differences"] for row in rows] == [
        [],
        ["from out to in"],
        ["from in to out by optout"],
        ["from out to in, put back by optout"],
    ]
    assert all(Path(row["picture"]).is_file() for row in rows)


def test_history_in_words_says_the_same(story: Story) -> None:
    text = story.told["history in words"].out
    assert text.count("    picture: /") == 4
    assert text.count("    changed: from ") == 3


def test_what_was_put_back_is_not_looked_at_for_weeks(story: Story) -> None:
    (row,) = story.told["due"].data
    assert (row["event"], row["is_due"]) == ("waived", False)
    wait = datetime.datetime.fromisoformat(row["due"]) - datetime.datetime.fromisoformat(row["since"])
    assert wait > datetime.timedelta(days=20)


def test_rules_are_set_shown_and_taken_back(runner: CliRunner) -> None:
    from optout.cli.app import app  # noqa: PLC0415 - with the environment of this test
    from optout.home import Home  # noqa: PLC0415
    from optout.ledger.open import open_ledger  # noqa: PLC0415

    set_both = runner.invoke(app, ["due", "linkedin", "--set", "proven-out=30", "--set", "misses=3"])
    assert (set_both.exit_code, set_both.stdout.count("for linkedin")) == (0, 2)
    back = runner.invoke(app, ["due", "linkedin", "--unset", "proven-out"])
    assert (back.exit_code, back.stdout.count("for linkedin")) == (0, 1)
    with open_ledger(Home.of_user()) as ledger:
        assert [(each.name, each.rule, each.number) for each in list_rules(ledger)] == [
            ("linkedin", "misses", 3.0)
        ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["due", "--set", "soon=1"], "there is no rule 'soon'"),
        (["due", "--set", "misses=0"], "misses cannot be '0'"),
        (["due", "linkedin/ai-training:ada", "--set", "misses=3"], "not for single settings"),
        (["history", "linkedin"], "not one setting of one account"),
        (["undo", "linkedin:ada@example.org"], "not one setting of one account"),
        (["undo", TARGET], "no accounts yet"),
        (["repair-report", TARGET], "there is no picture"),
    ],
)
def test_what_cannot_be_is_refused_and_says_what_to_do(
    runner: CliRunner, words: list[str], said: str
) -> None:
    from optout.cli.app import app  # noqa: PLC0415 - with the environment of this test

    ended = runner.invoke(app, words)
    assert (ended.exit_code, said in ended.stderr) == (2, True), ended.stderr


def test_a_rule_among_others_that_is_wrong_changes_nothing(runner: CliRunner) -> None:
    from optout.cli.app import app  # noqa: PLC0415 - with the environment of this test

    ended = runner.invoke(app, ["due", "--set", "proven-out=30", "--set", "misses=0"])
    assert ended.exit_code == 2
    assert "30" not in runner.invoke(app, ["due", "--rules"]).stdout.replace(
        "waived         30 days", ""
    )
