"""The tables of schedules and notifications, on the ledger's own metadata."""

from __future__ import annotations

# The annotations of the columns are evaluated by SQLAlchemy to infer their types.
from datetime import datetime  # noqa: TC003

from sqlalchemy import JSON, Column, ForeignKey, Integer, Named, Table, TypedColumns

from optout.ledger.columns import UtcDateTime, Word
from optout.ledger.schema import metadata
from optout.model import SecretKind


class _ScheduleColumns(TypedColumns):
    # Several machines may share a ledger, and several installations a machine.
    host: Named[str] = Column(primary_key=True)
    name: Named[str] = Column(primary_key=True)
    system: Named[str]
    every: Named[str]
    at: Named[str]
    installed_at: Named[datetime] = Column(UtcDateTime)


class _ScheduledRunColumns(TypedColumns):
    id: Named[int] = Column(Integer, primary_key=True)
    host: Named[str] = Column(index=True)
    name: Named[str]
    started_at: Named[datetime] = Column(UtcDateTime)
    ended_at: Named[datetime | None] = Column(UtcDateTime)
    exit_status: Named[int | None]


class _ChannelColumns(TypedColumns):
    name: Named[str] = Column(primary_key=True)
    # The part of its URL before the colon: of the rest anything may be secret.
    service: Named[str]
    source: Named[SecretKind] = Column(Word(SecretKind))
    command: Named[list[str] | None] = Column(JSON(none_as_null=True))
    added_at: Named[datetime] = Column(UtcDateTime)


class _MessageColumns(TypedColumns):
    id: Named[int] = Column(Integer, primary_key=True)
    # One message per run; a scheduled run that visited nobody has a name of its own.
    run: Named[str] = Column(unique=True)
    title: Named[str]
    text: Named[str]
    made_at: Named[datetime] = Column(UtcDateTime)


class _DeliveryColumns(TypedColumns):
    message: Named[int] = Column(ForeignKey("messages.id"), primary_key=True)
    # No foreign key: what was delivered stays on record when the channel is removed.
    channel: Named[str] = Column(primary_key=True)
    attempts: Named[int]
    tried_at: Named[datetime | None] = Column(UtcDateTime)
    delivered_at: Named[datetime | None] = Column(UtcDateTime)
    problem: Named[str]


schedules = Table("schedules", metadata, _ScheduleColumns)
scheduled_runs = Table("scheduled_runs", metadata, _ScheduledRunColumns)
channels = Table("notify_channels", metadata, _ChannelColumns)
messages = Table("messages", metadata, _MessageColumns)
deliveries = Table("deliveries", metadata, _DeliveryColumns)
