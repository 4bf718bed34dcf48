"""A launch agent of this user, on macOS."""

from __future__ import annotations

import contextlib
import os
import platform
import plistlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optout.errors import NotUsableHere
from optout.home import private_folder, write_private
from optout.watch.schedule.system import OTHER_SYSTEM, Planned, Written, ask, has, tell

if TYPE_CHECKING:
    from optout.watch.schedule.entry import Entry
    from optout.watch.schedule.rhythm import Rhythm

_PRIVATE = 0o077


class Launchd:
    """Launch agents of this user."""

    name = "launchd"
    title = "a launch agent of this user"
    note = (
        "It runs while you are logged in, and makes up for a time that was slept through or switched "
        "off at the next login."
    )

    def lack(self) -> str:
        """What is missing to use it here, in a phrase; empty when nothing is."""
        if platform.system() != "Darwin":
            return f"{OTHER_SYSTEM}macOS"
        return "" if has("launchctl") else "there is no launchctl"

    def planned(self, entry: Entry) -> Planned:
        """The agent's property list, and how launchd is told of it."""
        path = self._path(entry.name)
        text = plistlib.dumps(agent(entry), sort_keys=False).decode()
        return Planned((Written(str(path), text),), (("launchctl", "bootstrap", _domain(), str(path)),))

    def install(self, entry: Entry) -> None:
        """Write the property list, and load it.

        Raises:
            NotUsableHere: launchd refuses; nothing of the entry is left.
            OSError: the file cannot be written.
        """
        self.remove(entry.name)
        planned = self.planned(entry)
        try:
            private_folder(entry.log.parent)
            for written in planned.texts:
                write_private(Path(written.place), written.text.encode())
            for command in planned.commands:
                tell(command)
        except (NotUsableHere, OSError):
            self._path(entry.name).unlink(missing_ok=True)
            raise

    def found(self, name: str) -> tuple[Written, ...]:
        """The property list as it is now."""
        path = self._path(name)
        return (Written(str(path), path.read_text(errors="replace")),) if path.exists() else ()

    def remove(self, name: str) -> bool:
        """Unload the agent; take away its property list and its log."""
        path = self._path(name)
        if not path.exists():
            return False
        # Fails where it is not loaded, which is as good.
        ask(("launchctl", "bootout", f"{_domain()}/{_label(name)}"))
        with contextlib.suppress(plistlib.InvalidFileException, KeyError, OSError):
            Path(plistlib.loads(path.read_bytes())["StandardOutPath"]).unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        return True

    def _path(self, name: str) -> Path:
        return Path.home() / "Library" / "LaunchAgents" / f"{_label(name)}.plist"


def agent(entry: Entry) -> dict[str, Any]:
    """The launch agent as launchd.plist(5) describes it."""
    return {
        "Label": _label(entry.name),
        "ProgramArguments": list(entry.command),
        "EnvironmentVariables": dict(entry.environment),
        "StartCalendarInterval": calendar_interval(entry.rhythm),
        # After a time switched off; the command itself knows whether a time has passed.
        "RunAtLoad": True,
        "ProcessType": "Background",
        # launchd has neither mail nor journal.
        "StandardOutPath": str(entry.log),
        "StandardErrorPath": str(entry.log),
        "Umask": _PRIVATE,
        # It may be suspended half way when the machine goes to sleep again.
        "ExitTimeOut": 60,
    }


def calendar_interval(rhythm: Rhythm) -> dict[str, int]:
    """A rhythm in launchd's words; every third day starts daily, and the command knows its days."""
    when = {"Hour": rhythm.at.hour, "Minute": rhythm.at.minute}
    if rhythm.every == "week":
        return {"Weekday": rhythm.first.isoweekday() % 7, **when}
    return {"Day": rhythm.day_of_month, **when} if rhythm.days is None else when


def _label(name: str) -> str:
    return f"org.optout.{name}"


def _domain() -> str:
    return f"gui/{os.getuid()}"
