"""`optout demo`: the whole job with no accounts, no keyring and no display."""

from __future__ import annotations

import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from optout.model import ExitBit, Outcome
from tests.cli.shell import Ended, Shell


@dataclass(frozen=True)
class Demos:
    """Two demos in one home, an awkward place; at the second one a database is named, too.

    Attributes:
        home: that place.
        database: the variable that names the database.
        first: what the first one said, as data.
        second: what the second one said.
    """

    shell: Shell
    home: Path
    database: dict[str, str]
    first: Ended
    second: Ended


@pytest.fixture(scope="module")
def demos(tmp_path_factory: pytest.TempPathFactory, browsers: Path) -> Demos:
    folder = tmp_path_factory.mktemp("demos")
    shell = Shell.at(folder, browsers)
    home = folder / "home" / "what? 100%41 'odd'"
    database = {"OPTOUT_DATABASE": f"sqlite:///{folder}/elsewhere.sqlite3"}
    first = shell.optout("demo", "--json", OPTOUT_HOME=str(home))
    second = shell.optout("demo", OPTOUT_HOME=str(home), **database)
    return Demos(shell, home, database, first, second)


def test_it_opts_out_and_shows_that_a_second_run_changes_nothing(demos: Demos) -> None:
    ended = demos.first
    assert ended.status == ExitBit.OK, ended
    assert [each["outcome"] for each in ended.data] == [Outcome.OPTED_OUT, Outcome.ALREADY_OUT]
    assert all(each["practice"] for each in ended.data)


def test_a_second_demo_prints_a_command_that_verifies_evidence_in_an_awkward_place(demos: Demos) -> None:
    assert demos.second.status == ExitBit.OK, demos.second
    command = demos.second.out.splitlines()[-1].strip()
    folder = re.fullmatch(r"cd (.+) && (?:sha256sum|shasum -a 256) --check manifest\.sha256", command)
    assert folder is not None
    assert Path(shlex.split(folder[1])[0]).is_relative_to(demos.home)
    checked = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)
    assert "before.png: OK" in checked.stdout


def test_it_leaves_nothing_among_the_real_accounts(demos: Demos) -> None:
    for where in ({"OPTOUT_HOME": str(demos.home)}, demos.database):
        assert demos.shell.optout("status", "--json", **where).data == []


def test_without_a_browser_it_is_not_tried_twice(shell: Shell) -> None:
    ended = shell.optout("demo", "--json", OPTOUT_BROWSER="/no/such")
    assert (ended.status, len(ended.data)) == (ExitBit.NEEDS_PERSON, 1)
