"""A machine that lacks something: each lack is named, with what to do, and costs nothing."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from typing import TYPE_CHECKING

import pytest

from optout.ledger.status import status
from optout.model import ExitBit, Outcome, Why

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Desk, Ended, Shell

ADA = "ada@example.org"
# Nobody answers there; no visit of these tests may get as far as asking.
NOWHERE = ("--site", "http://127.0.0.1:9")
BROWSERS = (
    "/usr/lib/chromium/chromium",
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/chromium-headless-shell",
    "/opt/google/chrome/chrome",
    "/opt/microsoft/msedge/msedge",
)
HIDE = f'for b in {" ".join(BROWSERS)}; do [ -e "$b" ] && mount --bind /dev/null "$b"; done; exec "$@"'
SMALL = 'mkdir -p "$0" && mount -t tmpfs -o size=16k none "$0" && exec "$@"'


def in_own_mounts(script: str, name: str = "sh") -> list[str]:
    """A command that runs another one with mounts of its own, or a reason to skip."""
    under = ["unshare", "--map-root-user", "--mount"]
    if not shutil.which("unshare"):
        pytest.skip("needs the program unshare")
    if subprocess.run([*under, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody have mounts of their own")
    return [*under, "sh", "-c", script, name]


def person_needed(ended: Ended) -> str:
    """Why the one result needs a person, and what to do."""
    (result,) = ended.data
    assert (ended.status, result["outcome"]) == (ExitBit.NEEDS_PERSON, Outcome.NEEDS_PERSON), ended
    return f"{result['reason']} | {result['next']}"


def test_a_browser_that_is_no_program_is_named(desk: Desk) -> None:
    desk.list(ADA)
    said = person_needed(desk.shell.optout("check", *NOWHERE, "--json", OPTOUT_BROWSER="/no/such"))
    assert "OPTOUT_BROWSER names /no/such, which is not a program" in said
    assert "unset OPTOUT_BROWSER" in said


def test_a_program_that_is_no_browser_is_named(desk: Desk) -> None:
    desk.list(ADA)
    said = person_needed(desk.shell.optout("check", *NOWHERE, "--json", OPTOUT_BROWSER="/bin/false"))
    assert "the browser chosen (/bin/false) does not start" in said
    assert "name another browser in OPTOUT_BROWSER" in said


def test_a_browser_that_cannot_be_downloaded_is_no_traceback(desk: Desk, tmp_path: Path) -> None:
    desk.list(ADA)
    ended = desk.shell.optout(
        *("check", *NOWHERE, "--json"),
        under=in_own_mounts(HIDE),
        PATH="/usr/bin:/bin",
        PLAYWRIGHT_BROWSERS_PATH=str(tmp_path / "none"),
        PLAYWRIGHT_DOWNLOAD_HOST="http://127.0.0.1:9",
    )
    said = person_needed(ended)
    assert "there is no browser here, and Playwright's could not be downloaded" in said
    assert "ECONNREFUSED" in said
    assert "Install Chrome, Edge or Chromium" in said
    assert "downloading Playwright's Chromium" in ended.err


@pytest.mark.parametrize("words", [("run", "--headed"), ("run", "--mode", "attended")])
def test_without_a_display_a_window_is_not_tried(desk: Desk, words: tuple[str, ...]) -> None:
    desk.list(ADA)
    said = person_needed(desk.shell.optout(*words, *NOWHERE, "--json"))
    assert "a visible window is needed and there is no display here" in said
    assert "xvfb-run -a" in said


def test_signing_in_without_a_display_says_what_to_do(shell: Shell) -> None:
    key = "echo 0123456789012345678901234567890123456789"
    ended = shell.optout("sign-in", "linkedin", ADA, *NOWHERE, OPTOUT_KEY_COMMAND=key)
    assert (ended.status, ended.out) == (ExitBit.NEEDS_PERSON, "")
    assert "there is no display here. Run it on a desktop" in ended.err


def test_signing_in_without_a_key_says_that_it_would_be_for_nothing(shell: Shell) -> None:
    ended = shell.optout("sign-in", "linkedin", ADA, *NOWHERE)
    assert (ended.status, ended.out) == (ExitBit.NEEDS_PERSON, "")
    assert "the session could not be kept" in ended.err
    assert "OPTOUT_KEY_COMMAND" in ended.err
    assert "optout run linkedin:ada@example.org --mode attended" in ended.err


def test_a_home_with_a_file_in_its_way_is_named(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for words in (("check",), ("status",), ("account", "list"), ("run", "--json")):
        ended = shell.optout(*words, OPTOUT_HOME=str(tmp_path / "file" / "home"))
        assert (ended.status, ended.out) == (ExitBit.UNFORESEEN, "")
        assert f"{tmp_path}/file/home/ledger.sqlite3 cannot be opened or written" in ended.err
        assert "point OPTOUT_HOME elsewhere" in ended.err


def test_a_ledger_that_is_none_is_left_as_it_is(shell: Shell) -> None:
    shell.home.data.mkdir()
    shell.home.ledger.write_text("my notes, not a database\n" * 50)
    ended = shell.optout("run")
    assert (ended.status, ended.out) == (ExitBit.UNFORESEEN, "")
    assert "is not a database" in ended.err
    assert "Move that file away" in ended.err
    assert shell.home.ledger.read_text().startswith("my notes")


def test_a_ledger_of_a_newer_version_is_left_as_it_is(desk: Desk) -> None:
    desk.list(ADA)
    with sqlite3.connect(desk.shell.home.ledger) as connection:
        connection.execute("UPDATE optout_version SET version_num = '9999'")
    connection.close()
    before = desk.shell.home.ledger.read_bytes()
    ended = desk.shell.optout("status")
    assert (ended.status, ended.out) == (ExitBit.UNFORESEEN, "")
    assert "was written by a newer optout" in ended.err
    assert "Upgrade optout" in ended.err
    assert desk.shell.home.ledger.read_bytes() == before


def test_a_full_disk_costs_the_proof_and_neither_the_ledger_nor_the_next_account(desk: Desk) -> None:
    desk.add("bob@example.org", "already-out")
    desk.add(ADA)
    evidence = str(desk.shell.home.evidence)
    ended = desk.shell.optout("run", *desk.site, "--json", under=in_own_mounts(SMALL, evidence))
    said = [(each["outcome"], each["why"], each["evidence"]) for each in ended.data]
    assert said == [(Outcome.FAILED, Why.EVIDENCE_NOT_WRITTEN, None)] * 2, ended
    assert "No space left on device" in ended.data[0]["reason"]
    assert "Make room" in ended.data[0]["next"]
    assert ended.status == ExitBit.UNFORESEEN
    with desk.shell.ledger() as ledger:
        rows = [row for row in status(ledger, practice=True) if row.practice]
        assert [row.outcome for row in rows] == [Outcome.FAILED] * 2


def test_an_evidence_folder_that_cannot_be_made_stops_a_visit_before_it_begins(desk: Desk) -> None:
    ada = desk.add(ADA)
    desk.shell.home.evidence.write_text("in the way")
    ended = desk.shell.optout("run", *desk.site, "--json")
    (result,) = ended.data
    assert (result["outcome"], result["why"]) == (Outcome.FAILED, Why.EVIDENCE_NOT_WRITTEN)
    assert (ended.status, ada.counters.requests) == (ExitBit.UNFORESEEN, 0)
