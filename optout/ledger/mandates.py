"""Mandates: who authorised optout to act for an account, when, and where that is written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from optout.ledger.batches import asked_for, in_batches
from optout.ledger.roster_tables import mandates
from optout.model import Account

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection

    from optout.ledger.ledger import Ledger

_c = mandates.c


@dataclass(frozen=True)
class Mandate:
    """Somebody's word that optout may act for an account.

    Attributes:
        authorised_by: who gave it.
        given_on: the day it was given.
        written_down: where that can be read.
        until: the last day it holds, in UTC; None where it holds until it is revoked.
    """

    authorised_by: str
    given_on: date
    written_down: str
    until: date | None = None

    def holds_at(self, now: datetime) -> bool:
        """Whether it has not expired."""
        return self.until is None or day_of(now) <= self.until

    def __str__(self) -> str:
        """All of it in one phrase, as evidence names it."""
        until = f", until {self.until}" if self.until else ""
        return f"authorised by {self.authorised_by} on {self.given_on}{until}: {self.written_down}"


def day_of(now: datetime) -> date:
    """The day in UTC."""
    return now.astimezone(UTC).date()


def give_mandate(ledger: Ledger, accounts: Iterable[Account], mandate: Mandate, *, at: datetime) -> None:
    """Record a mandate for each of some accounts; of several the newest one holds.

    Raises:
        LedgerProblem: the ledger refused; nothing was recorded.
    """
    with ledger.write() as connection:
        add_mandates(connection, dict.fromkeys(accounts, mandate), at)


def add_mandates(connection: Connection, given: dict[Account, Mandate], at: datetime) -> None:
    """Record mandates in a transaction that is open."""
    rows: list[dict[str, Any]] = [
        {
            "platform": account.platform,
            "login": account.login,
            "authorised_by": mandate.authorised_by,
            "given_on": mandate.given_on,
            "written_down": mandate.written_down,
            "until": mandate.until,
            "recorded_at": at,
        }
        for account, mandate in given.items()
    ]
    if rows:
        connection.execute(insert(mandates), rows)


def revoke_mandates(ledger: Ledger, accounts: Iterable[Account], *, at: datetime) -> int:
    """Take back every mandate of some accounts; that they were given stays on record.

    Returns:
        Of how many accounts there was one.

    Raises:
        LedgerProblem: the ledger refused; nothing was changed.
    """
    wanted = set(accounts)
    with ledger.write() as connection:
        there = newest_mandates(connection, wanted)
        for some in in_batches(there, _c.platform, _c.login):
            taken_back = update(mandates).where(some, _c.revoked_at.is_(None)).values(revoked_at=at)
            connection.execute(taken_back)
    return len(there)


def mandate_of(ledger: Ledger, account: Account) -> Mandate | None:
    """The newest mandate of an account, expired or not; None where there is none, or it was revoked.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    return mandates_of(ledger, (account,)).get(account)


def mandates_of(ledger: Ledger, accounts: Collection[Account] | None = None) -> dict[Account, Mandate]:
    """The newest mandate of each account that has one, expired or not.

    Args:
        ledger: where.
        accounts: whose; None for all.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    with ledger.read() as connection:
        return newest_mandates(connection, accounts)


def newest_mandates(
    connection: Connection, accounts: Collection[Account] | None = None
) -> dict[Account, Mandate]:
    """`mandates_of` in a transaction that is open."""
    found: dict[Account, Mandate] = {}
    for some in asked_for(accounts, _c.platform, _c.login):
        newest = (
            select(func.max(_c.id)).where(_c.revoked_at.is_(None), some).group_by(_c.platform, _c.login)
        )
        for row in connection.execute(select(mandates).where(_c.id.in_(newest))):
            mandate = Mandate(row.authorised_by, row.given_on, row.written_down, row.until)
            found[Account(row.platform, row.login)] = mandate
    return found
