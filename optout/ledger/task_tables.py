"""The tables of what is left to visit, by whom, and at what pace, on the ledger's own metadata."""

from __future__ import annotations

import enum

# The annotations of the columns are evaluated by SQLAlchemy to infer their types.
from datetime import datetime  # noqa: TC003

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Named,
    Table,
    TypedColumns,
    UniqueConstraint,
)

from optout.ledger.columns import UtcDateTime, Word
from optout.ledger.schema import metadata


class TaskState(enum.StrEnum):
    """How far a task is."""

    OPEN = "open"
    CLAIMED = "claimed"
    DONE = "done"


class _TaskColumns(TypedColumns):
    id: Named[str] = Column(primary_key=True)
    run_id: Named[str] = Column(ForeignKey("runs.id"))
    platform: Named[str]
    login: Named[str]
    origin: Named[str]
    settings: Named[list[str]] = Column(JSON)
    place: Named[int]
    state: Named[TaskState] = Column(Word(TaskState))
    attempts: Named[int]
    # Grows with each claim: whoever has an older one has lost the task to somebody else.
    fence: Named[int]
    owner: Named[str]
    lease_until: Named[datetime | None] = Column(UtcDateTime)
    not_before: Named[datetime | None] = Column(UtcDateTime)
    ended_at: Named[datetime | None] = Column(UtcDateTime)


class _PaceColumns(TypedColumns):
    origin: Named[str] = Column(primary_key=True)
    next_at: Named[datetime | None] = Column(UtcDateTime)
    hour_began_at: Named[datetime | None] = Column(UtcDateTime)
    in_hour: Named[int]


class _WorkerColumns(TypedColumns):
    id: Named[str] = Column(primary_key=True)
    # None for one that takes whatever it is given.
    run_id: Named[str | None] = Column(ForeignKey("runs.id"), index=True)
    host: Named[str]
    pid: Named[int]
    began_at: Named[datetime] = Column(UtcDateTime)
    alive_until: Named[datetime] = Column(UtcDateTime)


tasks = Table(
    "tasks",
    metadata,
    _TaskColumns,
    UniqueConstraint("run_id", "platform", "login"),
    # Picks the next task of a run at an origin.
    Index("ix_tasks_next", "run_id", "state", "origin", "attempts", "place"),
    # Finds what is being visited at an origin, and the other visits of an account.
    Index("ix_tasks_now", "state", "origin", "platform", "login"),
)
paces = Table("paces", metadata, _PaceColumns)
# A row per process that visits, from its beginning to its orderly end.
workers = Table("workers", metadata, _WorkerColumns)
