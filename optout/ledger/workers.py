"""The processes that visit: each is on the list from its beginning to its orderly end."""

from __future__ import annotations

import os
import platform
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from optout.ledger.schema import runs
from optout.ledger.task_tables import workers
from optout.ledger.visits import new_run

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection

    from optout.ledger.ledger import Ledger

BEAT_S = 20.0
"""How often a worker says that it is alive, in seconds."""

_ALIVE = timedelta(seconds=120)
_w = workers.c
# Any number, as long as nobody else's program takes the same: "begin" in ASCII.
_BEGINNING = 0x626567696E


@dataclass(frozen=True)
class Worker:
    """A process that visits, or one that has died while it did.

    Attributes:
        id: its own, `host:pid:…`; the owner of the tasks it claims.
        run_id: the run it works at; None for one that takes whatever it is given.
        host: the name of its machine.
        pid: its process.
        began_at: UTC.
        alive_until: unless it is heard of again by then, it is dead.
    """

    id: str
    run_id: str | None
    host: str
    pid: int
    began_at: datetime
    alive_until: datetime


def new_worker_id() -> str:
    """An id for this process that no other has had, even one with its number."""
    return f"{platform.node()}:{os.getpid()}:{uuid.uuid4().hex[:12]}"


def begin_alone(
    ledger: Ledger,
    worker_id: str,
    command: str,
    wishes: dict[str, Any],
    *,
    at: datetime,
    is_alive: Callable[[Worker], bool],
) -> str | Worker:
    """Begin a run that others can join, unless there is one.

    Args:
        ledger: where.
        worker_id: who begins it.
        command: its name.
        wishes: what was asked for.
        at: now, with its zone.
        is_alive: whether a worker still is.

    Returns:
        The run's id; a living worker of another such run, and nothing was begun.

    Raises:
        LedgerProblem: the ledger refused.
    """
    at_such = select(workers).join(runs, runs.c.id == _w.run_id).where(runs.c.wishes.is_not(None))
    with ledger.write() as connection:
        if not ledger.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_BEGINNING})")
        for row in connection.execute(at_such.order_by(_w.began_at)):
            if is_alive(other := _worker(row)):
                return other
        run_id = new_run(connection, command, at, wishes)
        _enter(connection, worker_id, run_id, at)
        return run_id


def enter(ledger: Ledger, worker_id: str, run_id: str | None, *, at: datetime) -> None:
    """Put this process on the list, or say that it is alive and at which run.

    To be called again every `BEAT_S` seconds.

    Raises:
        LedgerProblem: the ledger refused.
    """
    with ledger.write() as connection:
        _enter(connection, worker_id, run_id, at)


def leave(ledger: Ledger, worker_id: str) -> None:
    """Take a process off the list, because it has ended or because it is dead.

    Raises:
        LedgerProblem: the ledger refused.
    """
    with ledger.write() as connection:
        connection.execute(delete(workers).where(_w.id == worker_id))


def list_workers(ledger: Ledger, run_id: str | None = None) -> list[Worker]:
    """Every process on the list, or those at one run, the oldest first.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    query = select(workers).order_by(_w.began_at, _w.id)
    if run_id is not None:
        query = query.where(_w.run_id == run_id)
    with ledger.read() as connection:
        return [_worker(row) for row in connection.execute(query)]


def _enter(connection: Connection, worker_id: str, run_id: str | None, at: datetime) -> None:
    facts = {"run_id": run_id, "alive_until": at + _ALIVE}
    known = update(workers).where(_w.id == worker_id).values(facts)
    if connection.execute(known).rowcount:
        return
    own = {"id": worker_id, "host": platform.node(), "pid": os.getpid(), "began_at": at}
    connection.execute(insert(workers).values({**facts, **own}))


def _worker(row: Any) -> Worker:
    return Worker(row.id, row.run_id, row.host, row.pid, row.began_at, row.alive_until)
