"""`optout doctor`: each finding is usable, or says why not and what to do."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from optout.model import ExitBit
from tests.cli.shell import PASSWORD

if TYPE_CHECKING:
    from tests.cli.shell import Shell

KEY = f"echo {PASSWORD}-and-some-more-characters"
# Spares those that are not about it the time to open one.
NO_BROWSER = {"OPTOUT_BROWSER": "/no/such"}


def finding(shell: Shell, what: str, **environ: str) -> dict[str, Any]:
    ended = shell.optout("doctor", "--json", **environ)
    return next(each for each in ended.data if each["what"] == what)


def test_on_a_server_it_says_what_works_and_what_to_do_about_the_rest(shell: Shell) -> None:
    ended = shell.optout("doctor")
    assert ended.status == ExitBit.OK, ended
    first = [line.partition(":")[0] for line in ended.out.splitlines() if not line.startswith(" ")]
    assert first == [
        "✓ browser",
        "– display",
        "– keyring",
        "– sessions",
        "✓ folders",
        "✓ ledger",
        "✓ flows",
    ]
    for line, then in zip(ended.out.splitlines(), ended.out.splitlines()[1:], strict=False):
        if line.startswith("–"):
            assert ": not usable here because " in line
            assert then.startswith("    do: ")
        elif line.startswith("✓"):
            assert ": usable, " in line


def test_its_json_has_the_same_findings(shell: Shell) -> None:
    for each in shell.optout("doctor", "--json").data:
        assert each.keys() == {"what", "usable", "detail", "next_step", "needed"}
        assert each["usable"] or each["next_step"], each


def test_a_lack_that_stops_everything_sets_the_bit_for_a_person(shell: Shell) -> None:
    ended = shell.optout("doctor", **NO_BROWSER)
    assert ended.status == ExitBit.NEEDS_PERSON
    assert "✗ browser: not usable here because OPTOUT_BROWSER names /no/such" in ended.out


def test_a_home_that_cannot_be_written_is_found(shell: Shell) -> None:
    (shell.folder / "file").write_text("in the way")
    ended = shell.optout("doctor", OPTOUT_HOME=str(shell.folder / "file"))
    assert ended.status == ExitBit.NEEDS_PERSON
    assert "✗ folders: not usable here because " in ended.out
    assert "set OPTOUT_HOME to another folder" in ended.out


def test_a_key_from_a_program_keeps_sessions_and_is_never_printed(shell: Shell) -> None:
    ended = shell.optout("doctor", OPTOUT_KEY_COMMAND=KEY, **NO_BROWSER)
    assert "✓ sessions: usable, sealed with the key that OPTOUT_KEY_COMMAND prints" in ended.out
    assert PASSWORD not in ended.out + ended.err


@pytest.mark.parametrize(
    ("command", "said"), [("echo short", "too short a key"), ("no-such-program", "it was not found")]
)
def test_a_key_program_that_gives_none_is_found(shell: Shell, command: str, said: str) -> None:
    found = finding(shell, "sessions", OPTOUT_KEY_COMMAND=command, **NO_BROWSER)
    assert not found["usable"]
    assert said in found["detail"]


def test_a_broken_flow_is_found_and_stops_nothing(shell: Shell) -> None:
    (shell.folder / "flows" / "bad").mkdir(parents=True)
    (shell.folder / "flows" / "bad" / "flow.py").write_text("1 / 0")
    shell.accept(shell.folder / "flows")
    ended = shell.optout("--flows", str(shell.folder / "flows"), "doctor")
    assert ended.status == ExitBit.OK
    assert "bad/flow.py: not usable here because ZeroDivisionError" in ended.out


@pytest.mark.skipif(not shutil.which("xvfb-run"), reason="needs the program xvfb-run")
def test_with_a_display_windows_can_be_opened(shell: Shell) -> None:
    ended = shell.optout("doctor", under=("xvfb-run", "-a"))
    assert "✓ display: usable, visible windows can be opened" in ended.out
