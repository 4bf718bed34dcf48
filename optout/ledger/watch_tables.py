"""The table of rules for looking again, on the ledger's own metadata."""

from __future__ import annotations

import enum

# The annotations of the columns are evaluated by SQLAlchemy to infer their types.
from datetime import datetime  # noqa: TC003

from sqlalchemy import Column, Float, Named, Table, TypedColumns

from optout.ledger.columns import UtcDateTime, Word
from optout.ledger.schema import metadata


class Scope(enum.StrEnum):
    """What a rule applies to, from the widest to the narrowest: the narrowest one wins."""

    EVERYWHERE = "everywhere"
    PLATFORM = "platform"
    GROUP = "group"
    ACCOUNT = "account"


class _RuleColumns(TypedColumns):
    scope: Named[Scope] = Column(Word(Scope), primary_key=True)
    # A platform, a group, or an account as typed; empty for everywhere.
    name: Named[str] = Column(primary_key=True)
    rule: Named[str] = Column(primary_key=True)
    number: Named[float] = Column(Float)
    set_at: Named[datetime] = Column(UtcDateTime)


watch_rules = Table("watch_rules", metadata, _RuleColumns)
