"""Which system's scheduler there is, and which one fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.errors import NotUsableHere
from optout.watch.schedule.cron import Cron
from optout.watch.schedule.elsewhere import Elsewhere
from optout.watch.schedule.launchd import Launchd
from optout.watch.schedule.system import OTHER_SYSTEM
from optout.watch.schedule.systemd import Systemd
from optout.watch.schedule.windows import Windows

if TYPE_CHECKING:
    from optout.watch.schedule.system import System

# The best of what a machine can have comes first.
_AUTOMATIC = (Windows, Launchd, Systemd, Cron)
NAMES = ("cron", "systemd", "launchd", "windows", "elsewhere")


def system_named(name: str) -> System:
    """The scheduler of this name, whether or not it can be used here."""
    made: tuple[System, ...] = (Windows(), Launchd(), Systemd(), Cron(), Elsewhere())
    return next(system for system in made if system.name == name)


def choose_system(name: str | None) -> System:
    """The scheduler that was asked for, or the best that is here.

    Raises:
        NotUsableHere: it, or every one, lacks something; says what.
    """
    candidates: list[System] = [system_named(name)] if name else [kind() for kind in _AUTOMATIC]
    lacks: list[str] = []
    for system in candidates:
        lack = system.lack()
        if not lack:
            return system
        if name or not lack.startswith(OTHER_SYSTEM):
            lacks.append(f"{system.name}: {lack}")
    raise NotUsableHere(
        f"{name} cannot be used here" if name else "there is no scheduler to use here",
        step="schedule",
        found="; ".join(lacks),
        next_step="Let something of your own call `optout schedule run`, and have missed runs noticed "
        "all the same: optout schedule install --every week --system elsewhere (see docs/server.md)",
    )
