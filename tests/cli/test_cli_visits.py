"""`check`, `run` and `status` on one account, from the first look to a drift."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from optout_flows.linkedin.practice.site import site

from optout.evidence.bundle import check_bundle
from optout.model import Outcome, Reading, Why
from optout.practice.server import serve
from tests.cli.shell import Desk, Shell

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optout.practice.switchboard import Counters, PracticeAccount
    from tests.cli.shell import Ended

ADA, BOB = "ada@example.org", "bob@example.org"
TARGET = f"linkedin/ai-training:{ADA}"


@dataclass
class Story:
    """What each command of the story printed, and what the site had counted after it."""

    desk: Desk
    ada: PracticeAccount
    told: dict[str, Ended] = field(default_factory=dict)
    counted: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    def step(self, name: str, *words: str) -> None:
        self.told[name] = self.desk.shell.optout(*words)
        counters: Counters = self.ada.counters
        self.counted[name] = (
            counters.state_changing_requests,
            counters.changes,
            counters.credential_submissions,
        )


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, browsers: Path) -> Iterator[Story]:
    shell = Shell.at(tmp_path_factory.mktemp("story"), browsers)
    with serve(site()) as server:
        desk = Desk(shell, server)
        story = Story(desk, desk.add(ADA))
        story.step("status before", "status", "--json")
        story.step("check", "check", f"linkedin:{ADA}", *desk.site, "--json")
        story.step("dry run", "run", "--dry-run", *desk.site, "--json")
        desk.add(BOB)
        story.step("run", "run", TARGET, *desk.site)
        story.step("run again", "run", f"linkedin:{ADA}", *desk.site, "--json")
        story.step("status after", "status", "--json")
        story.ada.out = False
        story.step("check after drift", "check", TARGET, *desk.site)
        story.step("status after drift", "status", "--json")
        story.step("status in words", "status")
        yield story


def test_before_any_visit_an_account_is_listed_without_a_reading(story: Story) -> None:
    (row,) = story.told["status before"].data
    assert (row["account"], row["reading"], row["since"], row["practice"]) == (ADA, None, None, False)


def test_a_check_reads_and_says_what_to_do(story: Story) -> None:
    (result,) = story.told["check"].data
    assert (result["reading"], result["outcome"]) == (Reading.IN, Outcome.STILL_IN)
    assert result["next"].startswith("Switch it off with: optout run --site http://127.0.0.1:")
    assert story.told["check"].status == 4


def test_a_check_sends_nothing_but_the_password_once(story: Story) -> None:
    assert story.counted["check"] == (0, 0, 1)


def test_talk_goes_to_stderr_and_stdout_is_data_alone(story: Story) -> None:
    assert "Ada Example" in story.told["check"].err
    assert "Ada Example" not in story.told["check"].out


def test_a_dry_run_says_what_a_run_would_do_and_changes_nothing(story: Story) -> None:
    (result,) = story.told["dry run"].data
    assert (result["outcome"], result["why"]) == (Outcome.SKIPPED, Why.DRY_RUN)
    assert "would switch it off" in result["reason"]
    assert (story.told["dry run"].status, story.counted["dry run"][:2]) == (4, (0, 0))


def test_a_run_opts_out_the_target_it_was_given_and_no_other(story: Story) -> None:
    ended = story.told["run"]
    first = f"✓ {TARGET} [practice site]: opted out, and proven by a fresh load"
    assert (ended.status, ended.out.splitlines()[0]) == (0, first)
    assert BOB not in ended.out
    assert story.counted["run"][1] == 1


def test_the_evidence_it_names_is_there_and_whole(story: Story) -> None:
    (result,) = story.told["run again"].data
    from pathlib import Path  # noqa: PLC0415 - only this needs it at run time

    bundle = check_bundle(Path(result["evidence"]))
    assert bundle.digest == result["evidence_digest"]
    assert json.loads((bundle.folder / "record.json").read_text())["practice"] is True


def test_a_second_run_changes_nothing_and_says_so(story: Story) -> None:
    (result,) = story.told["run again"].data
    assert (result["outcome"], story.told["run again"].status) == (Outcome.ALREADY_OUT, 0)
    assert story.counted["run again"][:2] == story.counted["run"][:2]


def test_status_says_since_when_and_where_the_last_proof_is(story: Story) -> None:
    row = next(row for row in story.told["status after"].data if row["practice"])
    (proof,) = story.told["run again"].data
    assert (row["reading"], row["last_proof_evidence"]) == (Reading.OUT, proof["evidence"])
    assert row["since"] < row["last_look"]


def test_practice_rows_are_flagged_and_never_stand_for_the_platform(story: Story) -> None:
    rows = {(row["account"], row["practice"]): row for row in story.told["status after"].data}
    assert rows[(ADA, True)]["origin"] == story.desk.server.origin
    assert (rows[(ADA, False)]["reading"], rows[(BOB, False)]["reading"]) == (None, None)


def test_a_drift_is_seen_and_named(story: Story) -> None:
    ended = story.told["check after drift"]
    assert (ended.status, ended.out.splitlines()[0]) == (4, f"✗ {TARGET} [practice site]: still in")


def test_status_after_a_drift_has_the_new_reading_and_the_old_proof(story: Story) -> None:
    row = next(row for row in story.told["status after drift"].data if row["practice"])
    (proof,) = story.told["run again"].data
    assert (row["reading"], row["last_proof_evidence"]) == (Reading.IN, proof["evidence"])
    assert row["since"] > row["last_proof"]


def test_status_in_words_says_the_same(story: Story) -> None:
    lines = story.told["status in words"].out.splitlines()
    start = lines.index(next(line for line in lines if "[practice site" in line))
    row, look, proof, do = lines[start : start + 4]
    assert row.startswith(f"✗ {TARGET} [practice site {story.desk.server.origin}]: in since ")
    assert look.startswith("    last look ")
    assert proof.startswith("    last proof of being out ")
    assert do.startswith("    next: Switch it off with: optout run --site ")
