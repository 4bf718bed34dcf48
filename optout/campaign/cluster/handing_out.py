"""What the ledger says is left to do and nobody has been brought: it is handed out again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, cast, column, exists, or_, select, table

from optout.errors import UsageProblem
from optout.ledger.schema import runs
from optout.ledger.task_tables import TaskState, tasks
from optout.ledger.tasks import Task, unfinished_runs
from optout.model import Account

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from optout.ledger.ledger import Ledger

ON_WORKERS = "on_workers"
"""What stands in a run's wishes where its tasks are brought to workers."""

_AT_ONCE = 500
_t = tasks.c
_FOR_WORKERS = runs.c.wishes[ON_WORKERS].as_boolean()
_on_the_way = table("procrastinate_jobs", column("queueing_lock"), column("status"))


def refuse_beside_workers(ledger: Ledger) -> None:
    """See that no run is begun while workers are at one: it would visit the same accounts again.

    Raises:
        UsageProblem: they are.
        LedgerProblem: the ledger cannot be read.
    """
    for run in unfinished_runs(ledger):
        if run.wishes.get(ON_WORKERS):
            raise UsageProblem(
                f"workers are still at the run of {run.started_at:%Y-%m-%d %H:%M} UTC",
                found=f"{run.left} accounts left",
                next_step="Follow it: optout run --resume",
            )


def to_hand_out(ledger: Ledger, now: datetime, run_id: str | None = None) -> list[Task]:
    """The tasks that are left, that nobody visits now, and that are not on their way either.

    Args:
        ledger: one on PostgreSQL, with Procrastinate's tables.
        now: by the clock that leases are measured by.
        run_id: of that run only; None for every run that is made for workers.

    Returns:
        Some of them, in order; all of them after some calls.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    underway = exists().where(
        _on_the_way.c.queueing_lock == _t.id,
        cast(_on_the_way.c.status, Text).in_(("todo", "doing")),
    )
    free = or_(_t.state == TaskState.OPEN, (_t.state == TaskState.CLAIMED) & (_t.lease_until <= now))
    query = (
        select(_t.id, _t.run_id, _t.platform, _t.login, _t.origin, _t.settings, _t.attempts, _t.fence)
        .join(runs, runs.c.id == _t.run_id)
        .where(_FOR_WORKERS, free, ~underway)
        .order_by(runs.c.started_at, _t.place)
        .limit(_AT_ONCE)
    )
    if run_id is not None:
        query = query.where(_t.run_id == run_id)
    with ledger.read() as connection:
        return [
            Task(
                id=row.id,
                run_id=row.run_id,
                account=Account(row.platform, row.login),
                origin=row.origin,
                settings=tuple(row.settings),
                attempts=row.attempts,
                fence=row.fence,
            )
            for row in connection.execute(query)
        ]


def platforms_at_work(ledger: Ledger) -> list[str]:
    """The platforms that tasks for workers are left of.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    return _left(ledger, _t.platform)


def runs_at_work(ledger: Ledger) -> list[str]:
    """The runs that tasks for workers are left of.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    return _left(ledger, _t.run_id)


def wishes_of_run(ledger: Ledger, run_id: str) -> dict[str, Any] | None:
    """What a run was asked for; None where it cannot be gone on with.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    with ledger.read() as connection:
        found: dict[str, Any] | None = connection.scalar(
            select(runs.c.wishes).where(runs.c.id == run_id)
        )
        return found


def _left(ledger: Ledger, what: ColumnElement[str]) -> list[str]:
    query = (
        select(what).join(runs, runs.c.id == _t.run_id).where(_FOR_WORKERS, _t.state != TaskState.DONE)
    )
    with ledger.read() as connection:
        return sorted(connection.scalars(query.distinct()))
