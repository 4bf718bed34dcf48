"""`optout demo`: the whole job with no accounts, no keyring and no display."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from optout.model import ExitBit, Outcome

if TYPE_CHECKING:
    from tests.cli.shell import Shell


def test_it_opts_out_and_shows_that_a_second_run_changes_nothing(shell: Shell) -> None:
    ended = shell.optout("demo", "--json")
    assert ended.status == ExitBit.OK, ended
    assert [each["outcome"] for each in ended.data] == [Outcome.OPTED_OUT, Outcome.ALREADY_OUT]
    assert all(each["practice"] for each in ended.data)


def test_a_second_demo_prints_a_command_that_verifies_evidence_in_an_awkward_place(
    shell: Shell,
) -> None:
    home = shell.folder / "home" / "what? 100%41 'odd'"
    for _ in range(2):
        ended = shell.optout("demo", OPTOUT_HOME=str(home))
        assert ended.status == ExitBit.OK, ended
    command = ended.out.splitlines()[-1].strip()
    folder = re.fullmatch(r"cd (.+) && (?:sha256sum|shasum -a 256) --check manifest\.sha256", command)
    assert folder is not None
    assert Path(shlex.split(folder[1])[0]).is_relative_to(home)
    checked = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)
    assert "before.png: OK" in checked.stdout


def test_it_leaves_nothing_among_the_real_accounts(shell: Shell) -> None:
    url = f"sqlite:///{shell.folder}/elsewhere.sqlite3"
    shell.optout("demo", OPTOUT_DATABASE=url)
    assert shell.optout("status", "--json", OPTOUT_DATABASE=url).data == []


def test_without_a_browser_it_is_not_tried_twice(shell: Shell) -> None:
    ended = shell.optout("demo", "--json", OPTOUT_BROWSER="/no/such")
    assert (ended.status, len(ended.data)) == (ExitBit.NEEDS_PERSON, 1)
