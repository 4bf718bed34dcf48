"""A systemd timer of this user: it survives a reboot, and makes up for what was missed."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from optout.errors import NotUsableHere
from optout.home import write_private
from optout.watch.schedule.system import Planned, Written, ask, has, tell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optout.watch.schedule.entry import Entry
    from optout.watch.schedule.rhythm import Rhythm

_SERVICE = """\
# Written by `optout schedule install`; taken away by `optout schedule remove`.
[Unit]
Description=optout: look whether what was switched off is still off

[Service]
Type=oneshot
{environment}
ExecStart={command}
# A visit that hangs must not keep the next run from starting.
TimeoutStartSec=6h
"""

_TIMER = """\
# Written by `optout schedule install`; taken away by `optout schedule remove`.
[Unit]
Description=optout, {rhythm}

[Timer]
OnCalendar={calendar}
# After sleep or a time switched off: once, as soon as possible.
Persistent=true
# Not every machine at the same second.
RandomizedDelaySec=10min

[Install]
WantedBy=timers.target
"""

# Whatever else a word may hold, it is quoted for.
_PLAIN = re.compile(r"[\w@+=:,./-]+", re.ASCII)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_CONTROL = ("systemctl", "--user")


class Systemd:
    """Timers of the user's own systemd.

    Args:
        environ: where the user's folders are looked up.
    """

    name = "systemd"
    title = "a systemd timer of this user"
    note = (
        "It runs while you are logged in, and makes up for a time that was slept through or switched "
        "off. To run without a login: loginctl enable-linger (no keyring is open then: docs/server.md)."
    )

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        home = Path.home()
        self._units = Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "systemd" / "user"
        data = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
        self._stamps = data / "systemd" / "timers"

    def lack(self) -> str:
        """What is missing to use it here, in a phrase; empty when nothing is."""
        if not has("systemctl"):
            return "there is no systemctl"
        done = ask((*_CONTROL, "show-environment"))
        said = " ".join(done.stderr.split())
        return f"no systemd runs for this user ({said[:120]})" if done.returncode else ""

    def planned(self, entry: Entry) -> Planned:
        """The two units, and how systemd is told of them."""
        environment = "\n".join(
            f"Environment={_quoted(f'{name}={value}')}" for name, value in entry.environment.items()
        )
        command = " ".join(_quoted(word, command=True) for word in entry.command)
        service, timer = self._paths(entry.name)
        texts = (
            Written(str(service), _SERVICE.format(environment=environment, command=command)),
            Written(str(timer), _TIMER.format(rhythm=entry.rhythm, calendar=on_calendar(entry.rhythm))),
        )
        return Planned(
            texts,
            ((*_CONTROL, "daemon-reload"), (*_CONTROL, "enable", "--now", timer.name)),
        )

    def install(self, entry: Entry) -> None:
        """Write the units, and start the timer.

        Raises:
            NotUsableHere: systemd refuses; nothing of the entry is left.
            OSError: the units cannot be written.
        """
        self.remove(entry.name)
        planned = self.planned(entry)
        try:
            for written in planned.texts:
                write_private(Path(written.place), written.text.encode())
            for command in planned.commands:
                tell(command)
        except (NotUsableHere, OSError):
            with contextlib.suppress(NotUsableHere):
                self.remove(entry.name)
            raise

    def found(self, name: str) -> tuple[Written, ...]:
        """The units as they are now."""
        there = [path for path in self._paths(name) if path.exists()]
        return tuple(Written(str(path), path.read_text(errors="replace")) for path in there)

    def remove(self, name: str) -> bool:
        """Stop the timer; take away the units, the mark of its last run, and folders left empty.

        Raises:
            NotUsableHere: systemd cannot be told.
        """
        service, timer = self._paths(name)
        if not self.found(name):
            return False
        tell((*_CONTROL, "disable", "--now", timer.name))
        for path in (service, timer, self._stamps / f"stamp-{timer.name}"):
            path.unlink(missing_ok=True)
        tell((*_CONTROL, "daemon-reload"))
        # A run that found something counts as failed, and systemd would go on listing it.
        ask((*_CONTROL, "reset-failed", service.name))
        for folder in (self._units, self._stamps):
            for each in (folder, folder.parent):
                with contextlib.suppress(OSError):  # somebody else's units are in it
                    each.rmdir()
        return True

    def _paths(self, name: str) -> tuple[Path, Path]:
        return self._units / f"{name}.service", self._units / f"{name}.timer"


def on_calendar(rhythm: Rhythm) -> str:
    """A rhythm in systemd's words.

    It has none for "every third day": such an entry starts daily, and the command itself knows
    which days are its own.
    """
    at = f"{rhythm.at:%H:%M}:00"
    if rhythm.every == "week":
        return f"{_WEEKDAYS[rhythm.first.weekday()]} *-*-* {at}"
    return f"*-*-{rhythm.day_of_month:02} {at}" if rhythm.days is None else f"*-*-* {at}"


def _quoted(word: str, *, command: bool = False) -> str:
    """A word as a unit needs it; in a command line a dollar sign starts a variable, too."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    escaped = escaped.replace("$", "$$") if command else escaped
    return escaped if _PLAIN.fullmatch(word) else f'"{escaped}"'
