"""The tables of the ledger, the same on SQLite and PostgreSQL."""

from __future__ import annotations

# The annotations of the columns are evaluated by SQLAlchemy to infer their types.
from datetime import datetime  # noqa: TC003

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Named,
    Table,
    TypedColumns,
    UniqueConstraint,
)

from optout.ledger.columns import UtcDateTime, Word
from optout.model import Mode, Outcome, Reading, SecretKind, Why

HEAD = "0004"
"""The newest revision under `migrations/versions`, known here without importing Alembic."""

VERSION_TABLE = "optout_version"
"""Our own name: a PostgreSQL database may be shared with programs that use Alembic's default."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class _AccountColumns(TypedColumns):
    platform: Named[str] = Column(primary_key=True)
    login: Named[str] = Column(primary_key=True)
    password_source: Named[SecretKind] = Column(Word(SecretKind))
    password_command: Named[list[str] | None] = Column(JSON(none_as_null=True))
    totp_source: Named[SecretKind] = Column(Word(SecretKind))
    totp_command: Named[list[str] | None] = Column(JSON(none_as_null=True))
    added_at: Named[datetime] = Column(UtcDateTime)


class _IdentityColumns(TypedColumns):
    platform: Named[str] = Column(primary_key=True)
    login: Named[str] = Column(primary_key=True)
    origin: Named[str] = Column(primary_key=True)
    who: Named[str]
    pinned_at: Named[datetime] = Column(UtcDateTime)
    last_seen_at: Named[datetime] = Column(UtcDateTime)


class _RunColumns(TypedColumns):
    id: Named[str] = Column(primary_key=True)
    command: Named[str]
    started_at: Named[datetime] = Column(UtcDateTime)
    ended_at: Named[datetime | None] = Column(UtcDateTime)
    tool_version: Named[str]


class _VisitColumns(TypedColumns):
    id: Named[str] = Column(primary_key=True)
    run_id: Named[str] = Column(ForeignKey("runs.id"), index=True)
    platform: Named[str]
    login: Named[str]
    origin: Named[str]
    practice: Named[bool]
    mode: Named[Mode] = Column(Word(Mode))
    flow_version: Named[str]
    browser: Named[str]
    # Which process holds the visit, so that a visit left open by a crash can be told from a live
    # one in another terminal.
    host: Named[str]
    pid: Named[int]
    started_at: Named[datetime] = Column(UtcDateTime)
    ended_at: Named[datetime | None] = Column(UtcDateTime)


class _OutcomeColumns(TypedColumns):
    id: Named[int] = Column(Integer, primary_key=True)
    visit_id: Named[str] = Column(ForeignKey("visits.id"))
    setting: Named[str] = Column(index=True)
    reading: Named[Reading] = Column(Word(Reading))
    locked: Named[Reading | None] = Column(Word(Reading))
    outcome: Named[Outcome] = Column(Word(Outcome))
    why: Named[Why] = Column(Word(Why))
    reason: Named[str]
    next_step: Named[str]
    evidence: Named[str | None]
    evidence_digest: Named[str]
    notes: Named[list[str]] = Column(JSON)
    at: Named[datetime] = Column(UtcDateTime)


accounts = Table("accounts", metadata, _AccountColumns)
identities = Table("identities", metadata, _IdentityColumns)
runs = Table("runs", metadata, _RunColumns)
# Visits name platform and login themselves: removing an account keeps its history.
visits = Table("visits", metadata, _VisitColumns, Index(None, "platform", "login", "origin"))
# One outcome per setting and visit: adopting a bundle twice after a crash records it once.
outcomes = Table("outcomes", metadata, _OutcomeColumns, UniqueConstraint("visit_id", "setting"))

# Last, because they are made on the metadata above: so that whoever has it has all of its tables.
from optout.ledger import chain_table, schedule_tables, watch_tables  # noqa: E402, F401
