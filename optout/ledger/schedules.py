"""Schedules and their runs: what was installed where, and when it last did its work."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from optout.ledger.problems import mistake
from optout.ledger.schedule_tables import scheduled_runs, schedules

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from optout.ledger.ledger import Ledger

_s, _r = schedules.c, scheduled_runs.c


@dataclass(frozen=True)
class StoredSchedule:
    """A schedule of this machine.

    Attributes:
        name: the installation's name in the system's scheduler.
        system: which scheduler it was installed in.
        every: `day`, `week`, `month` or `3d`.
        at: the time of day, `09:00`.
        installed_at: UTC.
    """

    name: str
    system: str
    every: str
    at: str
    installed_at: datetime


@dataclass(frozen=True)
class ScheduledRun:
    """A run that the schedule began.

    Attributes:
        started_at: UTC.
        ended_at: UTC; None while it is going on, and for good where it was cut short.
        exit_status: None as long as it has not ended.
    """

    id: int
    started_at: datetime
    ended_at: datetime | None
    exit_status: int | None


def store_schedule(ledger: Ledger, schedule: StoredSchedule) -> None:
    """Remember a schedule of this machine in place of an earlier one of its name.

    Raises:
        LedgerProblem: the ledger refused; nothing was changed.
    """
    facts = {
        "host": platform.node(),
        "name": schedule.name,
        "system": schedule.system,
        "every": schedule.every,
        "at": schedule.at,
        "installed_at": schedule.installed_at,
    }
    with ledger.write() as connection:
        connection.execute(delete(schedules).where(*_here(schedule.name)))
        connection.execute(insert(schedules).values(facts))


def find_schedule(ledger: Ledger, name: str) -> StoredSchedule | None:
    """The schedule of this name on this machine.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    with ledger.read() as connection:
        row = connection.execute(select(schedules).where(*_here(name))).one_or_none()
        return StoredSchedule(row.name, row.system, row.every, row.at, row.installed_at) if row else None


def forget_schedule(ledger: Ledger, name: str) -> bool:
    """Forget a schedule; its runs stay on record.

    Returns:
        Whether there was one.

    Raises:
        LedgerProblem: the ledger refused; nothing was changed.
    """
    with ledger.write() as connection:
        return connection.execute(delete(schedules).where(*_here(name))).rowcount > 0


def last_run(ledger: Ledger, name: str) -> ScheduledRun | None:
    """The run of this schedule that began last.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    with ledger.read() as connection:
        return _last(connection, name)


def begin_scheduled_run(
    ledger: Ledger, name: str, at: datetime, wanted: Callable[[ScheduledRun | None], bool]
) -> int | None:
    """Note that a scheduled run begins, unless it turns out not to be wanted.

    Asking and noting are one transaction: of two that start at the same time one begins.

    Args:
        ledger: where.
        name: the schedule's.
        at: now, with its zone.
        wanted: called with the last run so far.

    Returns:
        The run's number, or None where it was not wanted.

    Raises:
        LedgerProblem: the ledger refused; nothing was noted.
    """
    facts = {"host": platform.node(), "name": name, "started_at": at}
    with ledger.write() as connection:
        # SQLite lets one writer in at a time anyway; PostgreSQL has to be asked for it.
        connection.execute(select(_s.name).where(*_here(name)).with_for_update())
        if not wanted(_last(connection, name)):
            return None
        (number,) = connection.execute(insert(scheduled_runs).values(facts)).inserted_primary_key or (0,)
        return int(number)


def end_scheduled_run(ledger: Ledger, number: int, at: datetime, exit_status: int) -> None:
    """Note how a scheduled run ended.

    Raises:
        LedgerProblem: there is no such run, or the ledger refused.
    """
    facts = {"ended_at": at, "exit_status": exit_status}
    with ledger.write() as connection:
        ended = update(scheduled_runs).where(_r.id == number).values(facts)
        if not connection.execute(ended).rowcount:
            raise mistake(f"there is no scheduled run {number}")


def _last(connection: Connection, name: str) -> ScheduledRun | None:
    here = (_r.host == platform.node(), _r.name == name)
    newest = select(scheduled_runs).where(*here).order_by(_r.started_at.desc(), _r.id.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return ScheduledRun(row.id, row.started_at, row.ended_at, row.exit_status) if row else None


def _here(name: str) -> tuple[ColumnElement[bool], ...]:
    return _s.host == platform.node(), _s.name == name
