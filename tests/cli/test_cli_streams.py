"""What is printed where: whatever the terminal can show, however early its reader leaves."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.shell import PASSWORD

# What makes Playwright print every message, with what is typed in it.
NOISY = {"DEBUG": "pw:*", "PWDEBUG": "console", "DEBUGP": "1"}

if TYPE_CHECKING:
    from tests.cli.shell import Desk, Shell


def test_a_terminal_without_the_signs_gets_their_numbers(shell: Shell) -> None:
    ended = shell.optout("doctor", PYTHONIOENCODING="latin-1")
    assert (ended.status, ended.out.startswith("\\u2713 browser: usable")) == (0, True)


def test_data_is_data_in_an_encoding_that_cannot_hold_the_login(desk: Desk) -> None:
    desk.list("andré@example.org")
    listed = desk.shell.optout("account", "list", "--json", PYTHONIOENCODING="ascii").data
    assert [each["account"] for each in listed] == ["andré@example.org"]


def test_arguments_that_are_no_text_are_refused_and_not_choked_on(shell: Shell) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "optout", "account", "add", "linkedin", b"a\xff@example.org"],
        env=shell.environ,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert b"is not a login" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes of this kind")
def test_a_reader_that_leaves_early_is_no_failure_to_talk_about(shell: Shell) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "optout", "practice", "linkedin", "--conditions"],
            env=shell.environ,
            stdout=closed,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.stderr == ""


def test_where_an_error_came_from_is_shown_on_request_only(shell: Shell) -> None:
    shell.home.data.mkdir()
    shell.home.ledger.write_text("not a database " * 100)
    assert "Traceback" not in shell.optout("status").err
    assert "Traceback" in shell.optout("--debug", "status").err


def test_no_secret_is_in_what_a_failing_run_prints(desk: Desk) -> None:
    desk.add("ada@example.org", "challenge-captcha")
    ended = desk.shell.optout("--debug", "run", *desk.site, "--json", **NOISY)
    assert ended.data[0]["why"] == "captcha"
    assert PASSWORD not in ended.out + ended.err


@pytest.mark.skipif(not shutil.which("xvfb-run"), reason="needs the program xvfb-run")
def test_ctrl_c_while_the_person_is_waited_for_closes_the_window(desk: Desk) -> None:
    desk.add("ada@example.org", listed=False)
    signing_in = desk.shell.start(
        *("sign-in", "linkedin", "ada@example.org", *desk.site),
        under=("xvfb-run", "-a"),
        OPTOUT_KEY_COMMAND="echo a-key-of-more-than-32-random-characters",
    )
    assert signing_in.stderr is not None
    assert "Please sign in" in signing_in.stderr.readline()
    # Not to its group, for that would end the display first.
    (optout,) = (
        pid
        for pid, line in desk.shell.processes().items()
        if "-m optout sign-in" in line and "xvfb" not in line
    )
    os.kill(optout, signal.SIGINT)
    out, err = signing_in.communicate(timeout=20)
    assert (signing_in.returncode, out) == (1, "")
    assert "Aborted" in err
    assert not [line for line in desk.shell.processes().values() if "chrom" in line]
