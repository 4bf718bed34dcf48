"""Whose turn it is: the next task that the pace of its platform and the other visits allow."""

from __future__ import annotations

import enum
import itertools
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update

from optout.ledger.task_tables import TaskState, paces, tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Row

_t, _p = tasks.c, paces.c
_other = tasks.alias("other").c
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Limits:
    """How often one origin may be visited, by all workers together.

    Attributes:
        gap_s: seconds from the beginning of a visit to that of the next, at least.
        jitter_s: by up to how many seconds that gap is longer, by chance.
        per_hour: how many visits may begin in an hour; None for any number.
        at_once: how many visits may go on at the same time; None for any number.
    """

    gap_s: float = 0.0
    jitter_s: float = 0.0
    per_hour: int | None = None
    at_once: int | None = None


NO_LIMITS = Limits()


class Hold(enum.StrEnum):
    """What a visit has to wait for."""

    PACE = "pace"
    PER_HOUR = "per-hour"
    AT_ONCE = "at-once"
    LATER = "later"
    LEASED = "leased"


@dataclass(frozen=True)
class Wait:
    """No task may begin now.

    Attributes:
        until: when one may, at the latest; a visit that ends can let one begin sooner.
        hold: what for.
        origin: where.
    """

    until: datetime
    hold: Hold
    origin: str


@dataclass(frozen=True)
class Turn:
    """The task that may begin.

    Attributes:
        at: now.
    """

    task_id: str
    fence: int
    origin: str
    at: datetime
    _limits: Limits
    _pace: Row[Any]

    @property
    def is_free(self) -> ColumnElement[bool]:
        """Whether it still can be claimed."""
        return or_(_t.state == TaskState.OPEN, _lapsed(self.at))

    def take(self, connection: Connection) -> None:
        """Note the visit that begins now in the pace of its origin."""
        # Not for secrets: a robot's even beat is what it is to avoid.
        gap = self._limits.gap_s + random.uniform(0, self._limits.jitter_s)  # noqa: S311
        values = {"next_at": self.at + timedelta(seconds=gap), "in_hour": self._pace.in_hour + 1}
        if not _same_hour(self._pace, self.at):
            values |= {"hour_began_at": self.at, "in_hour": 1}
        connection.execute(update(paces).where(_p.origin == self.origin).values(values))


def next_turn(
    connection: Connection,
    run_id: str,
    limits: Callable[[str], Limits],
    now: datetime,
    task_id: str | None,
) -> Turn | Wait | None:
    """The next task of a run that may begin now, or that one task if it may.

    Returns:
        The task; until when to wait; None where nothing is left.
    """
    mine = and_(_t.run_id == run_id, *([_t.id == task_id] if task_id else []))
    turns: list[tuple[tuple[int, int], Turn]] = []
    waits: list[Wait] = []
    for pace in _paces(connection, mine):
        limit = limits(pace.origin)
        wait = _hold_of_pace(pace, limit, now) or _hold_of_visits(connection, pace.origin, limit, now)
        found = None if wait else _first_free(connection, and_(mine, _t.origin == pace.origin), now)
        if found:
            turn = Turn(found.id, found.fence, pace.origin, now, limit, pace)
            turns.append(((found.attempts, found.place), turn))
        else:
            waits.append(wait or _hold_of_tasks(connection, mine, pace.origin, now))
    if turns:
        return min(turns, key=lambda each: each[0])[1]
    return first_hold(waits)


def first_hold(waits: list[Wait]) -> Wait | None:
    """The one of several that is over first."""
    return min(waits, key=lambda wait: wait.until, default=None)


def _paces(connection: Connection, mine: ColumnElement[bool]) -> Iterator[Row[Any]]:
    """The pace of every origin where something is left to do."""
    left = (
        exists().where(mine, _t.state == state, _t.origin == _p.origin)
        for state in (TaskState.OPEN, TaskState.CLAIMED)
    )
    yield from connection.execute(select(paces).where(or_(*left)).order_by(_p.origin)).all()


def _hold_of_pace(pace: Row[Any], limits: Limits, now: datetime) -> Wait | None:
    """What the pace of an origin says against another visit now."""
    # A clock that was set back must not stop everything until it is there again.
    furthest = now + _HOUR + timedelta(seconds=limits.gap_s + limits.jitter_s)
    if pace.next_at and now < pace.next_at <= furthest:
        return Wait(pace.next_at, Hold.PACE, pace.origin)
    if limits.per_hour and _same_hour(pace, now) and pace.in_hour >= limits.per_hour:
        return Wait(pace.hour_began_at + _HOUR, Hold.PER_HOUR, pace.origin)
    return None


def _hold_of_visits(connection: Connection, origin: str, limits: Limits, now: datetime) -> Wait | None:
    """Whether as many visits as may are going on at an origin, of whatever run."""
    if limits.at_once is None:
        return None
    query = select(func.count(), func.min(_t.lease_until)).where(_going_on(now), _t.origin == origin)
    count, first_end = connection.execute(query).one()
    return Wait(first_end or now, Hold.AT_ONCE, origin) if count >= limits.at_once else None


def _first_free(connection: Connection, mine: ColumnElement[bool], now: datetime) -> Row[Any] | None:
    """The task to begin with, of those that nobody has and whose account nobody visits."""
    busy = exists().where(
        _other.state == TaskState.CLAIMED,
        _other.origin == _t.origin,
        _other.platform == _t.platform,
        _other.login == _t.login,
        _other.id != _t.id,
        _other.lease_until > now,
    )
    due = and_(_t.state == TaskState.OPEN, or_(_t.not_before.is_(None), _t.not_before <= now))
    query = select(_t.id, _t.fence, _t.attempts, _t.place).order_by(_t.attempts, _t.place).limit(1)
    # Two questions, because an index answers each of them.
    answers = (connection.execute(query.where(mine, free, ~busy)).all() for free in (due, _lapsed(now)))
    found = list[Any](itertools.chain.from_iterable(answers))
    return min(found, key=lambda row: (row.attempts, row.place), default=None)


def _hold_of_tasks(
    connection: Connection, mine: ColumnElement[bool], origin: str, now: datetime
) -> Wait:
    """Why none of the tasks that are left at an origin may begin."""
    here = _t.origin == origin
    later = select(func.min(_t.not_before)).where(
        mine, here, _t.state == TaskState.OPEN, _t.not_before > now
    )
    leased = select(func.min(_t.lease_until)).where(here, _going_on(now))
    holds = ((connection.scalar(later), Hold.LATER), (connection.scalar(leased), Hold.LEASED))
    waits = [Wait(until, hold, origin) for until, hold in holds if until is not None]
    return first_hold(waits) or Wait(now, Hold.LEASED, origin)


def _going_on(now: datetime) -> ColumnElement[bool]:
    return and_(_t.state == TaskState.CLAIMED, _t.lease_until > now)


def _lapsed(now: datetime) -> ColumnElement[bool]:
    return and_(_t.state == TaskState.CLAIMED, _t.lease_until <= now)


def _same_hour(pace: Row[Any], now: datetime) -> bool:
    began = pace.hour_began_at
    return began is not None and timedelta() <= now - began < _HOUR
