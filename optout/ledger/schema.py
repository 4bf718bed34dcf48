"""The tables of the ledger, the same on SQLite and PostgreSQL."""

from __future__ import annotations

# The annotations of the columns are evaluated by SQLAlchemy to infer their types.
from datetime import datetime  # noqa: TC003
from typing import Any

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
    true,
)

from optout.ledger.columns import UtcDateTime, Word
from optout.model import Mode, Outcome, Reading, SecretKind, Why

HEAD = "0007"
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
    # Whose account it is, and the group it belongs to.
    name: Named[str] = Column(server_default="")
    team: Named[str] = Column(server_default="")
    # Whether its owner added it; an account from a roster is somebody else's.
    own: Named[bool] = Column(server_default=true())


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
    # What was asked for, so that whoever goes on with the run does the same; none where nobody can.
    wishes: Named[dict[str, Any] | None] = Column(JSON(none_as_null=True))


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
    worker: Named[str] = Column(server_default="")


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


accounts = Table("accounts", metadata, _AccountColumns, Index(None, "team", "platform", "login"))
identities = Table("identities", metadata, _IdentityColumns)
runs = Table("runs", metadata, _RunColumns)
# Visits name platform and login themselves: removing an account keeps its history.
visits = Table("visits", metadata, _VisitColumns, Index(None, "platform", "login", "origin"))
# One outcome per setting and visit: adopting a bundle twice after a crash records it once.
outcomes = Table("outcomes", metadata, _OutcomeColumns, UniqueConstraint("visit_id", "setting"))

# Last, because they are made on the metadata above: so that whoever has it has all of its tables.
from optout.ledger import (  # noqa: E402
    chain_table,  # noqa: F401
    roster_tables,  # noqa: F401
    schedule_tables,  # noqa: F401
    shared_tables,  # noqa: F401
    task_tables,  # noqa: F401
    watch_tables,  # noqa: F401
)
