"""What is left to visit: tasks are added, claimed by one worker at a time, kept, and finished.

A claim is a lease. Whoever dies stops extending it, and somebody else may claim the task after that;
a task's fence tells the two apart, so that whoever was slow cannot finish what is no longer theirs.
"""

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, select, update

from optout.ledger.schema import runs
from optout.ledger.task_tables import TaskState, paces, tasks
from optout.ledger.turns import NO_LIMITS, Hold, Limits, Turn, Wait, next_turn
from optout.model import Account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from optout.ledger.ledger import Ledger

__all__ = ["NO_LIMITS", "Hold", "Limits", "NewTask", "Task", "UnfinishedRun", "Wait", "claim"]

LEASE = timedelta(seconds=120)
"""How long a claim holds unless it is kept."""

_t = tasks.c
_CHUNK = 500
# Any number, as long as nobody else's program takes the same: "turns" in ASCII.
_CLAIMING = 0x7475726E73


@dataclass(frozen=True)
class NewTask:
    """One account to visit, and for which of its settings."""

    account: Account
    origin: str
    settings: tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """A task that was claimed, or that is still to be.

    Attributes:
        attempts: how often it was claimed, this time included.
        fence: which claim of it this is.
    """

    id: str
    run_id: str
    account: Account
    origin: str
    settings: tuple[str, ...]
    attempts: int
    fence: int


@dataclass(frozen=True)
class UnfinishedRun:
    """A run that somebody can go on with.

    Attributes:
        wishes: what was asked for.
        left: how many of its tasks are not done.
    """

    id: str
    command: str
    started_at: datetime
    wishes: dict[str, Any]
    left: int


def add_tasks(ledger: Ledger, run_id: str, new: Iterable[NewTask]) -> int:
    """Put tasks at the end of a run's list, all of them or none.

    Args:
        ledger: where.
        run_id: the run.
        new: at most one per account; taken one after the other, however many there are.

    Returns:
        How many there were.

    Raises:
        LedgerProblem: an account is among the run's tasks already, or the ledger refused.
    """
    count, origins = 0, set[str]()
    with ledger.write() as connection:
        _one_at_a_time(ledger, connection)
        last = connection.scalar(select(func.max(_t.place)).where(_t.run_id == run_id))
        first = 0 if last is None else last + 1
        pending = iter(new)
        while chunk := list(itertools.islice(pending, _CHUNK)):
            rows = [_row(run_id, task, first + count + number) for number, task in enumerate(chunk)]
            connection.execute(insert(tasks), rows)
            origins |= {task.origin for task in chunk}
            count += len(chunk)
        known = connection.scalars(select(paces.c.origin).where(paces.c.origin.in_(sorted(origins))))
        if fresh := sorted(origins - set(known)):
            connection.execute(insert(paces), [{"origin": each, "in_hour": 0} for each in fresh])
    return count


def claim(
    ledger: Ledger,
    run_id: str,
    owner: str,
    limits: Callable[[str], Limits],
    *,
    now: Callable[[], datetime],
    task_id: str | None = None,
) -> Task | Wait | None:
    """Take the next task of a run whose platform may be visited now, by nobody else from then on.

    The next one is that which was begun least often, and of those the first. A task whose lease has
    run out is claimed anew. No account is visited twice at the same time at one origin, by whatever run.

    Args:
        ledger: where.
        run_id: the run.
        owner: who claims it.
        limits: how often an origin may be visited.
        now: the clock; it is read once nobody else can claim anything.
        task_id: that task and no other; None for whichever is next.

    Returns:
        The task; until when to wait, where none may begin now; None where all are done.

    Raises:
        LedgerProblem: the ledger refused; nothing was claimed.
    """
    with ledger.write() as connection:
        _one_at_a_time(ledger, connection)
        turn = next_turn(connection, run_id, limits, now(), task_id)
        if not isinstance(turn, Turn):
            return turn
        lease = {"state": TaskState.CLAIMED, "owner": owner, "lease_until": turn.at + LEASE}
        counts = {"attempts": _t.attempts + 1, "fence": _t.fence + 1}
        # Whoever holds it may have come back to life in this very moment, and kept it.
        mine = update(tasks).where(_t.id == turn.task_id, _t.fence == turn.fence, turn.is_free)
        if not connection.execute(mine.values({**lease, **counts})).rowcount:
            return Wait(turn.at, Hold.LEASED, turn.origin)
        turn.take(connection)
        return _task(connection.execute(select(tasks).where(_t.id == turn.task_id)).one())


def keep(ledger: Ledger, task: Task, owner: str, *, now: datetime) -> bool:
    """Extend the lease of a task.

    Returns:
        False where it was lost to somebody else.

    Raises:
        LedgerProblem: the ledger refused.
    """
    return _change(ledger, task, owner, {"lease_until": now + LEASE})


def finish(ledger: Ledger, task: Task, owner: str, *, now: datetime) -> bool:
    """Note that a task is done.

    Returns:
        False where it was lost to somebody else, who has yet to finish it.

    Raises:
        LedgerProblem: the ledger refused.
    """
    done = {"state": TaskState.DONE, "lease_until": None, "ended_at": now}
    return _change(ledger, task, owner, done)


def give_back(ledger: Ledger, task: Task, owner: str, *, not_before: datetime | None) -> bool:
    """Let somebody else, or the same worker later, claim a task anew.

    Args:
        ledger: where.
        task: the task.
        owner: who has claimed it.
        not_before: not before then; None for at once.

    Returns:
        False where it was lost to somebody else.

    Raises:
        LedgerProblem: the ledger refused.
    """
    again = {"state": TaskState.OPEN, "owner": "", "lease_until": None, "not_before": not_before}
    return _change(ledger, task, owner, again)


def release(ledger: Ledger, owner: str) -> int:
    """Give back everything that a worker who has died had claimed.

    Returns:
        How many tasks that were.

    Raises:
        LedgerProblem: the ledger refused.
    """
    held = update(tasks).where(_t.owner == owner, _t.state == TaskState.CLAIMED)
    free = held.values(state=TaskState.OPEN, owner="", lease_until=None)
    with ledger.write() as connection:
        return connection.execute(free).rowcount


def open_tasks(ledger: Ledger, run_id: str) -> Iterator[Task]:
    """The tasks of a run that are not done, claimed or not, in order; read as they are asked for.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    query = select(tasks).where(_t.run_id == run_id, _NOT_DONE).order_by(_t.place)
    with ledger.read() as connection:
        for row in connection.execution_options(yield_per=_CHUNK).execute(query):
            yield _task(row)


def count_tasks(ledger: Ledger, run_id: str) -> tuple[int, int]:
    """How many tasks of a run are not done, and how many there are at all.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    left, total = func.count().filter(_NOT_DONE), func.count()
    with ledger.read() as connection:
        row = connection.execute(select(left, total).where(_t.run_id == run_id)).one()
        return row[0], row[1]


def unfinished_runs(ledger: Ledger) -> list[UnfinishedRun]:
    """The runs with tasks left that somebody can go on with, the newest first.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    left = select(func.count()).where(_t.run_id == runs.c.id, _NOT_DONE).scalar_subquery()
    open_too = exists().where(_t.run_id == runs.c.id, _NOT_DONE)
    query = (
        select(runs, left.label("left"))
        .where(runs.c.wishes.is_not(None), open_too)
        .order_by(runs.c.started_at.desc())
    )
    with ledger.read() as connection:
        return [
            UnfinishedRun(row.id, row.command, row.started_at, row.wishes, row.left)
            for row in connection.execute(query)
        ]


def drop_tasks(ledger: Ledger, run_id: str) -> None:
    """Remove the tasks of a run that nobody is to go on with.

    Raises:
        LedgerProblem: the ledger refused.
    """
    with ledger.write() as connection:
        connection.execute(delete(tasks).where(_t.run_id == run_id))


def forget_tasks(ledger: Ledger, *, ended_before: datetime) -> int:
    """Remove the tasks of runs that are over and done: the visits say what became of them.

    Returns:
        How many were removed.

    Raises:
        LedgerProblem: the ledger refused.
    """
    going_on = and_(runs.c.wishes.is_not(None), runs.c.id.in_(select(_t.run_id).where(_NOT_DONE)))
    over = select(runs.c.id).where(runs.c.ended_at < ended_before, ~going_on)
    with ledger.write() as connection:
        return connection.execute(delete(tasks).where(_t.run_id.in_(over))).rowcount


_NOT_DONE = _t.state.in_((TaskState.OPEN, TaskState.CLAIMED))


def _change(ledger: Ledger, task: Task, owner: str, values: dict[str, Any]) -> bool:
    own: ColumnElement[bool] = and_(
        _t.id == task.id, _t.owner == owner, _t.fence == task.fence, _t.state == TaskState.CLAIMED
    )
    with ledger.write() as connection:
        return connection.execute(update(tasks).where(own).values(values)).rowcount > 0


def _one_at_a_time(ledger: Ledger, connection: Connection) -> None:
    """Let nobody else claim until the transaction ends; on SQLite that is so for every writer."""
    if not ledger.is_sqlite:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_CLAIMING})")


def _row(run_id: str, task: NewTask, place: int) -> dict[str, Any]:
    return {
        "id": uuid.uuid4().hex,
        "run_id": run_id,
        "platform": task.account.platform,
        "login": task.account.login,
        "origin": task.origin,
        "settings": list(task.settings),
        "place": place,
        "state": TaskState.OPEN,
        "attempts": 0,
        "fence": 0,
        "owner": "",
    }


def _task(row: Any) -> Task:
    return Task(
        id=row.id,
        run_id=row.run_id,
        account=Account(row.platform, row.login),
        origin=row.origin,
        settings=tuple(row.settings),
        attempts=row.attempts,
        fence=row.fence,
    )
