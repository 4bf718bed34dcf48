"""What every system's scheduler is asked for, and how its programs are run."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from optout.errors import NotUsableHere

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optout.watch.schedule.entry import Entry

LIMIT_S = 20.0
"""Seconds a system's own program may take; they answer at once, or never."""


OTHER_SYSTEM = "this is not "
"""How a lack begins that nobody can do anything about, such as the Task Scheduler's on Linux."""


@dataclass(frozen=True)
class Written:
    """A text and where it stands: what is shown to the person is what is written.

    Attributes:
        place: a path, or the name of a table that has none.
        text: the text itself.
    """

    place: str
    text: str


@dataclass(frozen=True)
class Planned:
    """Everything that installing an entry does.

    Attributes:
        texts: what is written.
        commands: what is run afterwards, in this order.
    """

    texts: tuple[Written, ...]
    commands: tuple[tuple[str, ...], ...] = ()


class System(Protocol):
    """A system's scheduler.

    Attributes:
        name: as on the command line.
        title: as people know it.
        note: when it runs and when not, in a sentence.
    """

    name: str
    title: str
    note: str

    def lack(self) -> str:
        """What is missing to use it here, in a phrase; empty when nothing is."""

    def planned(self, entry: Entry) -> Planned:
        """What `install` will do."""

    def install(self, entry: Entry) -> None:
        """Put the entry in place of an earlier one of its name.

        Raises:
            NotUsableHere: the system refuses; nothing of the entry is left.
            OSError: its files cannot be written.
        """

    def found(self, name: str) -> tuple[Written, ...]:
        """What is there under this name; nothing where nothing is."""

    def remove(self, name: str) -> bool:
        """Take the entry away, with whatever the system keeps about it.

        Returns:
            Whether there was one.

        Raises:
            NotUsableHere: the system refuses.
        """


def has(program: str) -> bool:
    """Whether a program is installed."""
    return shutil.which(program) is not None


def ask(words: Sequence[str], *, typed: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a system's own program and wait for its end; its exit status is the caller's to judge.

    Raises:
        NotUsableHere: it is not there, or does not end.
    """
    try:
        return subprocess.run(
            list(words),
            input=typed,
            stdin=subprocess.DEVNULL if typed is None else None,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=LIMIT_S,
            check=False,
            env=os.environ | {"LC_ALL": "C", "SYSTEMD_PAGER": "", "SYSTEMD_COLORS": "0"},
        )
    except subprocess.TimeoutExpired:
        raise _refused(words, f"no answer within {LIMIT_S:g} s") from None
    except OSError as error:
        raise _refused(words, error.strerror or type(error).__name__) from None


def tell(words: Sequence[str], *, typed: str | None = None) -> str:
    """Run a system's own program that has to succeed.

    Returns:
        What it printed.

    Raises:
        NotUsableHere: it failed, is not there, or does not end.
    """
    done = ask(words, typed=typed)
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).split()) or f"exit status {done.returncode}"
        raise _refused(words, said[:300])
    return done.stdout


def _refused(words: Sequence[str], found: str) -> NotUsableHere:
    return NotUsableHere(
        f"`{' '.join(words)}` was refused",
        step="schedule",
        found=found,
        next_step="Try another scheduler (optout schedule install --help), or see docs/server.md.",
    )
