"""The tables for many accounts: mandates, waivers, secrets of groups, and which settings were seen.

A group of accounts is stored as `team`: GROUP is a word of SQL.
"""

from __future__ import annotations

# The annotations of the columns are evaluated by SQLAlchemy to infer their types.
from datetime import date, datetime  # noqa: TC003

from sqlalchemy import JSON, Column, Index, Integer, Named, Table, TypedColumns

from optout.ledger.columns import UtcDateTime
from optout.ledger.schema import metadata


class _MandateColumns(TypedColumns):
    id: Named[int] = Column(Integer, primary_key=True)
    platform: Named[str]
    login: Named[str]
    authorised_by: Named[str]
    given_on: Named[date]
    written_down: Named[str]
    # The last day it holds, in UTC; none where it holds until it is revoked.
    until: Named[date | None]
    recorded_at: Named[datetime] = Column(UtcDateTime)
    revoked_at: Named[datetime | None] = Column(UtcDateTime)


class _WaiverColumns(TypedColumns):
    id: Named[int] = Column(Integer, primary_key=True)
    platform: Named[str]
    login: Named[str]
    setting: Named[str]
    reason: Named[str]
    # The last day it holds, in UTC.
    until: Named[date]
    by: Named[str]
    recorded_at: Named[datetime] = Column(UtcDateTime)
    withdrawn_at: Named[datetime | None] = Column(UtcDateTime)


class _GroupSecretColumns(TypedColumns):
    platform: Named[str] = Column(primary_key=True)
    team: Named[str] = Column(primary_key=True)
    password_command: Named[list[str] | None] = Column(JSON(none_as_null=True))
    totp_command: Named[list[str] | None] = Column(JSON(none_as_null=True))


class _SeenColumns(TypedColumns):
    platform: Named[str] = Column(primary_key=True)
    setting: Named[str] = Column(primary_key=True)


# No foreign keys: who authorised what stays on record when an account is removed.
mandates = Table("mandates", metadata, _MandateColumns, Index(None, "platform", "login"))
waivers = Table("waivers", metadata, _WaiverColumns, Index(None, "platform", "login"))
group_secrets = Table("group_secrets", metadata, _GroupSecretColumns)
# Which settings were ever looked at: a report would have to read every outcome to tell.
seen_settings = Table("seen_settings", metadata, _SeenColumns)
