"""What a system is told to run: one command, its folder and its environment."""

from __future__ import annotations

import hashlib
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from optout.home import Home
    from optout.watch.schedule.rhythm import Rhythm

# What decides how a visit goes and would be missing where no shell has set it.
_CARRIED = (
    "PATH",
    "OPTOUT_BROWSER",
    "OPTOUT_CHECKPOINT_TO",
    "OPTOUT_DATABASE",
    "OPTOUT_KEY_COMMAND",
    "OPTOUT_KEYRING_BACKEND",
    "OPTOUT_SMTP",
    "OPTOUT_TSA",
    "PLAYWRIGHT_BROWSERS_PATH",
)
_WITH_PASSWORD = re.compile(r"://[^/@\s]*:[^/@\s]+@")


@dataclass(frozen=True)
class Entry:
    """One entry in a system's scheduler.

    Attributes:
        name: what it is called there; other folders of this user have other names.
        rhythm: when it runs.
        command: the program and its arguments.
        environment: variables it is given where the system allows that.
        log: where a system without mail and journal is to put what the command prints.
    """

    name: str
    rhythm: Rhythm
    command: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path


def entry_name(home: Home) -> str:
    """The name of an installation's entry: `optout-` and eight letters that stand for its folder."""
    return f"optout-{hashlib.sha256(str(home.data).encode()).hexdigest()[:8]}"


def entry_for(home: Home, rhythm: Rhythm, environ: Mapping[str, str], flows: str | None) -> Entry:
    """The entry that runs this very optout, on this very installation.

    Args:
        home: the installation.
        rhythm: when.
        environ: the environment of the command that installs it.
        flows: a folder with further flows, as given on the command line.

    Raises:
        UsageProblem: something in it cannot be written where others may read it, or not at all.
    """
    words = [sys.executable, "-P", "-m", "optout"]  # -P: nothing is imported from where it starts
    words += ["--flows", flows] if flows else []
    words += ["schedule", "run", "--catch-up", "--home", str(home.data)]
    carried = {name: environ[name] for name in _CARRIED if environ.get(name)}
    for name, value in carried.items():
        _refuse_password(name, value)
    for text in (*words, *carried.values()):
        if not text.isprintable():
            raise UsageProblem(
                "a schedule cannot hold a line break or a control character",
                found=repr(text[:80]),
                next_step="Rename the folder, or correct the variable.",
            )
    return Entry(entry_name(home), rhythm, tuple(words), carried, home.data / "logs" / "schedule.log")


def _refuse_password(name: str, value: str) -> None:
    if _WITH_PASSWORD.search(value):
        raise UsageProblem(
            f"{name} holds a password, and a schedule's entry would show it in clear",
            next_step="Leave it out of the URL; a database's belongs in ~/.pgpass (mode 0600).",
        )
