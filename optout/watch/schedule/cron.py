"""A line in this user's crontab, for Unix systems without systemd."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from optout.errors import UsageProblem
from optout.watch.schedule.system import Planned, Written, ask, has, tell

if TYPE_CHECKING:
    from optout.watch.schedule.entry import Entry

_BLOCK = """\
# {name}: written by `optout schedule install`, taken away by `optout schedule remove`.
# {rhythm}. cron makes up for nothing, so optout looks every hour whether a time has passed.
{line}
# {name}: end
"""
# What the oldest crons in use take.
_LONGEST_LINE = 998
_DAEMONS = {"cron", "crond", "fcron", "dcron", "busybox"}


class Cron:
    """The crontab of this user."""

    name = "cron"
    title = "a line in your crontab"
    note = (
        "It runs whenever the machine is on, and makes up for a missed time within the hour. cron has "
        "no open keyring and no display: see docs/server.md. What it finds, cron mails to you."
    )

    def lack(self) -> str:
        """What is missing to use it here, in a phrase; empty when nothing is."""
        if not has("crontab"):
            return "there is no crontab"
        return "" if _daemon_runs() else "no cron daemon is running"

    def planned(self, entry: Entry) -> Planned:
        """The lines in the crontab."""
        variables = [f"{name}={value}" for name, value in entry.environment.items()]
        words = ["env", *variables, *entry.command] if variables else entry.command
        # To cron a percent sign is a line break.
        line = f"{entry.rhythm.at.minute} * * * * {shlex.join(words)}".replace("%", "\\%")
        if len(line) > _LONGEST_LINE:
            raise UsageProblem(
                f"the line for cron would be {len(line)} characters long",
                expected=f"at most {_LONGEST_LINE}",
                next_step="Install with a shorter PATH: PATH=/usr/local/bin:/usr/bin:/bin optout …",
            )
        block = _BLOCK.format(name=entry.name, rhythm=str(entry.rhythm).capitalize(), line=line)
        return Planned((Written("your crontab", block),), (("crontab", "-"),))

    def install(self, entry: Entry) -> None:
        """Add the lines to the crontab, in place of earlier ones.

        Raises:
            NotUsableHere: cron refuses; the crontab is as it was.
        """
        (block,) = self.planned(entry).texts
        rest = _without(_crontab(), entry.name)
        if rest and not rest.endswith("\n"):
            rest += "\n"
        tell(("crontab", "-"), typed=rest + block.text)

    def found(self, name: str) -> tuple[Written, ...]:
        """The lines as they are now."""
        block = _pattern(name).search(_crontab() if has("crontab") else "")
        return (Written("your crontab", block[0]),) if block else ()

    def remove(self, name: str) -> bool:
        """Take the lines out of the crontab; a crontab that was nothing else goes with them.

        Raises:
            NotUsableHere: cron refuses.
        """
        if not self.found(name):
            return False
        rest = _without(_crontab(), name)
        tell(("crontab", "-"), typed=rest) if rest else tell(("crontab", "-r"))
        return True


def _crontab() -> str:
    """The whole crontab; a user who has none gets an error from `crontab`, which means: empty."""
    done = ask(("crontab", "-l"))
    return "" if done.returncode else done.stdout


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"^# {name}: written by .*?^# {name}: end\n?", re.MULTILINE | re.DOTALL)


def _without(crontab: str, name: str) -> str:
    return _pattern(name).sub("", crontab)


def _daemon_runs() -> bool:
    """Whether a cron daemon is among the processes; where they cannot be listed, it is assumed."""
    processes = list(Path("/proc").glob("[0-9]*/comm"))
    return not processes or any(_text(comm) in _DAEMONS for comm in processes)


def _text(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""  # it has ended meanwhile
