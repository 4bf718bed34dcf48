"""Waivers: targets that somebody has accepted to be in, for a reason and until a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from optout.ledger.batches import asked_for, in_batches
from optout.ledger.mandates import day_of
from optout.ledger.roster_tables import waivers
from optout.model import Account, Target

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from sqlalchemy import Row

    from optout.ledger.ledger import Ledger

_c = waivers.c


@dataclass(frozen=True)
class Waiver:
    """One exception.

    Attributes:
        target: which setting of which account may be in.
        reason: why.
        until: the last day it holds, in UTC.
        by: who accepted it; empty where nobody said.
        recorded_at: when it was written into the ledger, UTC.
    """

    target: Target
    reason: str
    until: date
    by: str
    recorded_at: datetime

    def holds_at(self, now: datetime) -> bool:
        """Whether it has not expired."""
        return day_of(now) <= self.until

    def __str__(self) -> str:
        """All of it in one phrase, without a target."""
        by = f" by {self.by}" if self.by else ""
        return f"waived{by} until {self.until}: {self.reason}"


def waive(
    ledger: Ledger, targets: Iterable[Target], *, reason: str, until: date, by: str, at: datetime
) -> None:
    """Record an exception for each of some targets; of several the newest one holds.

    Args:
        ledger: where.
        targets: which.
        reason: why.
        until: the last day it holds, in UTC.
        by: who accepted it, or nothing.
        at: now, with its zone.

    Raises:
        LedgerProblem: the ledger refused; nothing was recorded.
    """
    rows: list[dict[str, Any]] = [
        {
            "platform": target.account.platform,
            "login": target.account.login,
            "setting": target.setting,
            "reason": reason,
            "until": until,
            "by": by,
            "recorded_at": at,
        }
        for target in targets
    ]
    with ledger.write() as connection:
        connection.execute(insert(waivers), rows)


def withdraw_waivers(ledger: Ledger, targets: Collection[Target], *, at: datetime) -> int:
    """Take back the exceptions of some targets; that they were made stays on record.

    Returns:
        Of how many targets there was one.

    Raises:
        LedgerProblem: the ledger refused; nothing was changed.
    """
    by_setting: dict[str, set[Account]] = {}
    for target in targets:
        by_setting.setdefault(target.setting, set()).add(target.account)
    taken: set[tuple[str, str, str]] = set()
    with ledger.write() as connection:
        for setting, accounts in by_setting.items():
            for some in in_batches(accounts, _c.platform, _c.login):
                here = (some, _c.setting == setting, _c.withdrawn_at.is_(None))
                rows = connection.execute(select(_c.platform, _c.login).where(*here).distinct())
                taken |= {(row.platform, row.login, setting) for row in rows}
                connection.execute(update(waivers).where(*here).values(withdrawn_at=at))
    return len(taken)


def waivers_in_force(
    ledger: Ledger, now: datetime, accounts: Collection[Account] | None = None
) -> dict[Target, Waiver]:
    """The exceptions that hold now.

    Args:
        ledger: where.
        now: now, with its zone.
        accounts: whose; None for all.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    found = {each.target: each for each in list_waivers(ledger, accounts)}
    return {target: waiver for target, waiver in found.items() if waiver.holds_at(now)}


def list_waivers(ledger: Ledger, accounts: Collection[Account] | None = None) -> list[Waiver]:
    """The newest exception of each target, expired or not, in order of target.

    Args:
        ledger: where.
        accounts: whose; None for all.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    found: list[Waiver] = []
    with ledger.read() as connection:
        for some in asked_for(accounts, _c.platform, _c.login):
            newest = (
                select(func.max(_c.id))
                .where(_c.withdrawn_at.is_(None), some)
                .group_by(_c.platform, _c.login, _c.setting)
            )
            rows = connection.execute(select(waivers).where(_c.id.in_(newest)))
            found += [_waiver(row) for row in rows]
    return sorted(found, key=lambda each: each.target)


def _waiver(row: Row[Any]) -> Waiver:
    target = Target(Account(row.platform, row.login), row.setting)
    return Waiver(target, row.reason, row.until, row.by, row.recorded_at)
