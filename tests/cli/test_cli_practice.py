"""`optout practice`: a site to try things on, until Ctrl-C; and `optout platforms`."""

from __future__ import annotations

import os
import signal
import urllib.request
from typing import TYPE_CHECKING

import pytest

from optout.cli.app import app

if TYPE_CHECKING:
    from click.testing import CliRunner

    from tests.cli.shell import Desk, Shell


def test_its_conditions_are_listed_under_their_headings(runner: CliRunner) -> None:
    ended = runner.invoke(app, ["practice", "linkedin", "--conditions"])
    lines = ended.stdout.splitlines()
    assert ended.exit_code == 0
    assert lines[lines.index("refusals:") + 1].startswith("  credentials-refused: ")


def test_its_conditions_as_data(shell: Shell) -> None:
    known = shell.optout("practice", "linkedin", "--conditions", "--json").data
    slow = next(each for each in known if each["name"] == "slow")
    assert slow["sentence"] == "Every signed-in page takes long."


@pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups of this kind")
def test_it_serves_what_a_run_can_visit_until_ctrl_c_which_is_no_failure(desk: Desk) -> None:
    serving = desk.shell.start("practice", "linkedin", "--account", "ada@example.org=form-react")
    assert serving.stdout is not None
    origin = serving.stdout.readline().strip()
    with urllib.request.urlopen(f"{origin}/login", timeout=10) as answer:  # noqa: S310 - our own
        assert "practice" in answer.read().decode().casefold()
    desk.list("ada@example.org")
    (desk.shell.folder / "password").write_text("practice\n")
    ran = desk.shell.optout("run", "--site", origin, "--json")
    os.killpg(serving.pid, signal.SIGINT)
    out, err = serving.communicate(timeout=10)
    assert ran.data[0]["outcome"] == "opted-out", ran
    assert (serving.returncode, out) == (0, "")
    assert "Traceback" not in err
    assert "Aborted" not in err


def test_a_port_that_is_taken_is_named(desk: Desk) -> None:
    port = desk.server.origin.rpartition(":")[2]
    ended = desk.shell.optout("practice", "linkedin", "--port", port)
    assert (ended.status, ended.out) == (2, "")
    assert f"cannot listen on 127.0.0.1 port {port}" in ended.err
    assert "Choose another port" in ended.err


def test_platforms_are_listed_with_their_settings_and_what_optout_does(runner: CliRunner) -> None:
    lines = [line.split() for line in runner.invoke(app, ["platforms"]).stdout.splitlines()]
    assert ["linkedin/ai-training", "opts", "out", "with", "you", "in"] in [line[:6] for line in lines]


def test_one_platform_is_told_in_full(runner: CliRunner) -> None:
    said = " ".join(runner.invoke(app, ["platforms", "linkedin"]).stdout.split())
    for fact in (
        "terms: User Agreement",
        "out means: ",
        "default: in (since 2024-09-18",
        "region: United Kingdom: ",
        "retroactive: no. ",
        "source: https://www.linkedin.com/help/linkedin/answer/a6278444",
        "last verified: 20",
    ):
        assert fact in said, fact


def test_what_is_told_fits_the_terminal(runner: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    lines = runner.invoke(app, ["platforms", "linkedin"]).stdout.splitlines()
    assert [line for line in lines if len(line) > 72 and "https://" not in line] == []


def test_platforms_as_data(shell: Shell) -> None:
    (linkedin,) = shell.optout("platforms", "linkedin", "--json").data
    setting = linkedin["settings"][0]
    assert (setting["setting"], setting["default"], setting["retroactive"]) == (
        "ai-training",
        "in",
        False,
    )
    assert {"en", "de", "fr"} <= set(setting["languages"])
