"""Installing a schedule and taking it away: in the system's scheduler and in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.ledger.schedules import (
    ScheduledRun,
    StoredSchedule,
    find_schedule,
    forget_schedule,
    last_run,
    store_schedule,
)
from optout.watch.missed import owed
from optout.watch.schedule.rhythm import Rhythm, parse_at
from optout.watch.schedule.systems import NAMES, system_named

if TYPE_CHECKING:
    import datetime

    from optout.ledger.ledger import Ledger
    from optout.watch.schedule.entry import Entry
    from optout.watch.schedule.system import System, Written


@dataclass(frozen=True)
class State:
    """What there is of a schedule.

    Attributes:
        stored: what the ledger knows.
        rhythm: how often, and when.
        written: what stands in the system's scheduler now.
        last: the run that began last; None before the first.
        missed: the times at which a run should have happened by now and did not.
        next_time: when the next one is, on the clock on the wall.
    """

    stored: StoredSchedule
    rhythm: Rhythm
    written: tuple[Written, ...]
    last: ScheduledRun | None
    missed: tuple[datetime.datetime, ...]
    next_time: datetime.datetime

    @property
    def gone(self) -> bool:
        """Whether somebody has taken the entry out of the system behind our back."""
        return not self.written and self.stored.system != "elsewhere"


def install(ledger: Ledger, system: System, entry: Entry, now: datetime.datetime) -> None:
    """Put an entry into a system's scheduler, in place of an earlier one in whichever system.

    Args:
        ledger: which remembers it, to notice runs that do not happen.
        system: whose scheduler.
        entry: what it is to run.
        now: now, with its zone.

    Raises:
        NotUsableHere: the system refuses; nothing of the entry is left.
        OSError: its files cannot be written.
        LedgerProblem: the ledger refused.
    """
    earlier = find_schedule(ledger, entry.name)
    if earlier and earlier.system != system.name:
        system_named(earlier.system).remove(entry.name)
    system.install(entry)
    rhythm = entry.rhythm
    store_schedule(
        ledger, StoredSchedule(entry.name, system.name, rhythm.every, f"{rhythm.at:%H:%M}", now)
    )


def remove(ledger: Ledger, name: str) -> list[System]:
    """Take an installation's entry out of every system's scheduler, and out of the ledger.

    Returns:
        Where there was one.

    Raises:
        NotUsableHere: a system refuses.
        LedgerProblem: the ledger refused.
    """
    stored = find_schedule(ledger, name)
    systems = [system_named(each) for each in NAMES]
    removed = [
        system
        for system in systems
        if system.remove(name) or (stored is not None and stored.system == system.name)
    ]
    forget_schedule(ledger, name)
    return removed


def state(ledger: Ledger, name: str, now: datetime.datetime) -> State | None:
    """What there is of a schedule; None where none was installed.

    Args:
        ledger: which remembers it.
        name: the installation's.
        now: now, with its zone.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    stored = find_schedule(ledger, name)
    if stored is None:
        return None
    rhythm = rhythm_of(stored)
    last = last_run(ledger, name)
    due = owed(rhythm, since=stored.installed_at, last=last.started_at if last else None, now=now)
    return State(
        stored=stored,
        rhythm=rhythm,
        written=system_named(stored.system).found(name),
        last=last,
        missed=due.missed,
        next_time=rhythm.next_time(now.astimezone().replace(tzinfo=None)),
    )


def rhythm_of(stored: StoredSchedule) -> Rhythm:
    """A stored schedule's rhythm; it counts from the day on which it was installed."""
    return Rhythm(stored.every, parse_at(stored.at), stored.installed_at.astimezone().date())
