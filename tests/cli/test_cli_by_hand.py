"""`optout platforms`, `guide`, `letter` and `record`, and what `run` says where they are the way."""

from __future__ import annotations

import email
import email.policy
import stat
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw

from optout.cli.app import app
from optout.evidence.bundle import check_bundle
from optout.model import ExitBit, Outcome, Why

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import CliRunner

    from tests.cli.shell import Desk, Shell

ADA = "ada@example.org"


def screenshot(folder: Path) -> Path:
    picture = Image.new("RGB", (800, 500), "white")
    ImageDraw.Draw(picture).text((40, 40), "Privacy Mode: on", fill="black")
    picture.save(folder / "shot.png")
    return folder / "shot.png"


def said(runner: CliRunner, *words: str, status: int = 0) -> tuple[str, str]:
    """What a command prints, and what it says besides, each as one line."""
    ended = runner.invoke(app, words)
    assert ended.exit_code == status, ended.output
    assert "Traceback" not in ended.stderr
    return " ".join(ended.stdout.split()), " ".join(ended.stderr.split())


def test_the_whole_way_by_hand(shell: Shell) -> None:
    guide = shell.optout("guide", "cursor")
    assert "Privacy Mode" in guide.out
    assert "optout record cursor/privacy-mode:ada@example.org --screenshot FILE" in guide.err
    added = shell.optout("account", "add", "cursor", ADA)
    assert f"optout guide cursor/privacy-mode:{ADA}" in added.err
    asked = shell.optout("run", "--json")
    assert (asked.status, asked.data[0]["outcome"], asked.data[0]["why"]) == (
        ExitBit.NEEDS_PERSON,
        Outcome.NEEDS_PERSON,
        Why.BY_HAND,
    )
    picture = screenshot(shell.folder)
    recorded = shell.optout("record", f"cursor:{ADA}", "--screenshot", str(picture), "--json")
    assert (recorded.status, recorded.data["outcome"], recorded.data["reading"]) == (
        0,
        Outcome.CLAIMED,
        "unknown",
    )
    (bundle,) = shell.home.evidence.glob("cursor/*/*")
    assert check_bundle(bundle).digest == recorded.data["evidence_digest"]
    status = shell.optout("status").out
    assert status.startswith(f"? cursor/privacy-mode:{ADA}: claimed by hand, not proven")
    again = shell.optout("run")
    assert again.status == ExitBit.NEEDS_PERSON
    assert again.out.startswith(f"? cursor/privacy-mode:{ADA}: claimed, not proven")


def test_what_is_done_by_hand_does_not_keep_the_others_from_their_visits(desk: Desk) -> None:
    desk.add(ADA, "already-out")
    ended = desk.shell.optout("run", f"slack:{ADA}", "linkedin", *desk.site, "--json")
    assert [(each["platform"], each["outcome"]) for each in ended.data] == [
        ("slack", Outcome.NEEDS_PERSON),
        ("linkedin", Outcome.ALREADY_OUT),
    ]
    assert ended.status == ExitBit.NEEDS_PERSON


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("run", "slack"), 8, "it takes a letter that you send. Write it: optout letter slack/"),
        (("check", "cursor"), 8, "it is done by hand. See how: optout guide cursor/privacy-mode"),
        (("run", "zoom"), 8, "the platform offers no opt-out. Zoom says that it does not train"),
        (("run", "linkedin/cookies"), 8, "optout guide linkedin/cookies"),
        (("sign-in", "slack", ADA), 2, "optout does not visit Slack"),
        (("sign-in", "slack", ADA), 2, "optout guide slack"),
        (("account", "add", "slack", ADA, "--password"), 2, "optout never signs in to Slack"),
        (("letter", "cursor"), 2, "optout guide cursor/privacy-mode"),
        (("letter", "slack", "--fill", "acme"), 2, "expected NAME=TEXT"),
        (("letter", "slack", "--fill", "nonsense=1"), 2, "expected one of workspace"),
        (("guide", "slak"), 2, "Did you mean slack"),
        (("guide", "cursor/privcy"), 2, "Did you mean privacy-mode?"),
        (("guide", ":"), 2, "is not a target"),
        (("record", "cursor"), 2, "Name it: optout record cursor/privacy-mode:ada@example.org"),
        (("record", f"cursor:{ADA}", "--screenshot", "/no/such"), 2, "/no/such cannot be taken in"),
        (("platforms", "slak"), 2, "Did you mean slack"),
        (("platforms", "no", "such", "words"), 2, "optout platforms"),
    ],
)
def test_whoever_takes_the_wrong_way_is_shown_the_right_one(
    runner: CliRunner, words: tuple[str, ...], status: int, told: str
) -> None:
    out, err = said(runner, *words, status=status)
    assert (out, told in err) == ("", True), err


def test_a_letter_is_filled_from_the_only_account_and_never_sent(runner: CliRunner) -> None:
    said(runner, "account", "add", "slack", ADA)
    out, err = said(runner, "letter", "slack", "--fill", "workspace=https://acme.slack.com")
    assert out.startswith("To: feedback@slack.com Subject: Slack Global model opt-out request Hello,")
    assert f"my account is {ADA}" in out
    assert "https://acme.slack.com" in out
    assert "mailto:feedback@slack.com?subject=Slack%20Global" in out
    assert f"optout sends nothing. When you have sent it: optout record slack/global-models:{ADA}" in err
    assert "Still to be filled in" not in err


def test_what_a_letter_lacks_is_named(runner: CliRunner) -> None:
    out, err = said(runner, "letter", "slack")
    assert "[your workspace's address]" in out
    assert "Still to be filled in: your workspace's address." in err
    assert "Still to be filled in: your account." in err
    _, err = said(runner, "letter", "lovable")
    assert "Its address is not known" in err


def test_the_letter_as_a_file_is_private_and_never_written_over(
    runner: CliRunner, tmp_path: Path
) -> None:
    file = tmp_path / "opt-out.eml"
    said(runner, "letter", f"elevenlabs:{ADA}", "--eml", str(file))
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert (message["To"], ADA in message.get_content()) == ("privacy@elevenlabs.io", True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    _, err = said(runner, "letter", f"elevenlabs:{ADA}", "--eml", str(file), status=2)
    assert "is there already" in err


def test_a_sent_letter_is_recorded_as_a_request(runner: CliRunner) -> None:
    out, err = said(runner, "record", f"slack:{ADA}", "--sent")
    assert "Recorded as claimed, which is less than proven" in out
    assert "When they confirm it" in err


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
def test_the_list_of_platforms_fits_every_terminal(
    runner: CliRunner, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    ended = runner.invoke(app, ["platforms"])
    lines = ended.stdout.splitlines()
    assert [line for line in lines if len(line) > width] == []
    assert any(line.startswith("slack/global-models") for line in lines)


def test_a_search_lists_what_says_all_the_words(runner: CliRunner) -> None:
    out, err = said(runner, "platforms", "writes", "letter")
    assert {"slack/global-models", "kimi/ai-training"} <= set(out.split())
    assert "linkedin/ai-training" not in out
    assert "More on one: optout platforms" in err


def test_one_platform_is_told_with_everything_that_is_known_and_what_is_not(runner: CliRunner) -> None:
    out, _ = said(runner, "platforms", "cursor")
    for fact in (
        "Cursor (cursor)",
        "concerns: people who use the desktop app",
        "optout: shows the steps",
        "polarity: on means out",
        "retroactive: not known.",
        "confidence: high",
        "last verified: not known",
    ):
        assert fact in out, fact


def test_the_catalogue_as_data(shell: Shell) -> None:
    (slack,) = shell.optout("platforms", "slack", "--json").data
    (setting,) = slack["settings"]
    assert (slack["flow_version"], slack["terms"]) == (None, None)
    assert (setting["setting"], setting["kind"], setting["optout"], setting["on_means"]) == (
        "global-models",
        "letter",
        "writes the letter",
        None,
    )
    assert setting["letter"]["to"] == "feedback@slack.com"
