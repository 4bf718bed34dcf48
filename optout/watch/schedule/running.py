"""One scheduled run from its beginning to its end: what it owes, what it tells, what it records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.ledger.notifications import post_message
from optout.ledger.schedules import (
    ScheduledRun,
    begin_scheduled_run,
    end_scheduled_run,
    find_schedule,
)
from optout.watch.missed import Owed, owed
from optout.watch.notify.outbox import send_waiting
from optout.watch.schedule.manage import rhythm_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from optout.accounts.keyring_store import KeyringStore
    from optout.ledger.ledger import Ledger
    from optout.watch.notify.message import News


@dataclass(frozen=True)
class Begun:
    """A scheduled run that has begun.

    Attributes:
        number: its number in the ledger.
        at: when it began, UTC.
        missed: the times at which a run should have happened and did not, on the clock on the wall.
        cut_short: when the run before it began, where that never came to its end.
    """

    number: int
    at: datetime.datetime
    missed: tuple[datetime.datetime, ...] = ()
    cut_short: datetime.datetime | None = None

    @property
    def label(self) -> str:
        """An id for a run that visited nobody, and so has none in the list of runs."""
        return f"scheduled-{self.number}"


def begin(ledger: Ledger, name: str, now: datetime.datetime, *, catch_up: bool) -> Begun | None:
    """Begin a scheduled run, and find out what should have happened before it.

    Args:
        ledger: which remembers schedules and runs.
        name: the installation's name in the system's scheduler.
        now: now, with its zone.
        catch_up: begin only if one of the schedule's times has passed since the last run.

    Returns:
        The run; None where none is owed.

    Raises:
        LedgerProblem: the ledger refused.
    """
    stored = find_schedule(ledger, name)
    before: list[ScheduledRun] = []
    due = Owed(now=True)

    def wanted(last: ScheduledRun | None) -> bool:
        nonlocal due
        before.extend([last] if last else [])
        if stored:
            began = last.started_at if last else None
            due = owed(rhythm_of(stored), since=stored.installed_at, last=began, now=now)
        return due.now or not catch_up

    number = begin_scheduled_run(ledger, name, now, wanted)
    if number is None:
        return None
    cut_short = before[0].started_at if before and before[0].ended_at is None else None
    return Begun(number, now, due.missed, cut_short)


def end(
    ledger: Ledger,
    keyring: KeyringStore,
    begun: Begun,
    *,
    news: News,
    exit_status: int,
    now: Callable[[], datetime.datetime],
) -> list[str]:
    """Record how a run ended; tell whoever is to be told, and whoever could not be told before.

    Args:
        ledger: which remembers it.
        keyring: where the channels' URLs are.
        begun: the run.
        news: what there is to tell; nothing new is sent where it is empty.
        exit_status: the run's, which telling cannot change.
        now: tells the time, with its zone.

    Returns:
        A sentence for each channel that could not be reached.

    Raises:
        LedgerProblem: the ledger refused.
    """
    # Recorded first: however long a mail server takes, the run is done.
    end_scheduled_run(ledger, begun.number, now(), exit_status)
    if news:
        post_message(ledger, news.run, news.title, news.text, now())
    return send_waiting(ledger, keyring, now)
