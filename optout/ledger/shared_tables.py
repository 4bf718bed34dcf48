"""The tables of what machines that share a ledger have in common, on the ledger's own metadata."""

from __future__ import annotations

# The annotations of the columns are evaluated by SQLAlchemy to infer their types.
from datetime import datetime  # noqa: TC003

from sqlalchemy import Column, Named, Table, TypedColumns

from optout.ledger.columns import UtcDateTime
from optout.ledger.schema import metadata


class _KeyColumns(TypedColumns):
    # The public half, as a line of OpenSSH's.
    key: Named[str] = Column(primary_key=True)
    host: Named[str]
    first_seen_at: Named[datetime] = Column(UtcDateTime)


class _FactColumns(TypedColumns):
    name: Named[str] = Column(primary_key=True)
    value: Named[str]


evidence_keys = Table("evidence_keys", metadata, _KeyColumns)
shared_facts = Table("shared_facts", metadata, _FactColumns)
