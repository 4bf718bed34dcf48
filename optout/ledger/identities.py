"""Who a page said is signed in to an account, pinned at the first visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from optout.errors import LedgerProblem
from optout.ledger.batches import asked_for
from optout.ledger.problems import mistake
from optout.ledger.schema import identities
from optout.model import Account, Why

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from optout.ledger.ledger import Ledger

_c = identities.c


def pinned_identity(ledger: Ledger, account: Account, origin: str) -> str | None:
    """Who is known to be signed in there, or None before the first visit.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    with ledger.read() as connection:
        return connection.scalar(select(_c.who).where(*_is(account, origin)))


def pin_identity(ledger: Ledger, account: Account, origin: str, who: str, at: datetime) -> None:
    """Remember who is signed in; the first one wins, and pinning them again changes nothing.

    Args:
        ledger: where.
        account: which.
        origin: scheme, host and port of the page that said so.
        who: what the page said.
        at: now, with its zone.

    Raises:
        LedgerProblem: another person is pinned, or the ledger refused; nothing was changed.
    """
    with ledger.write() as connection:
        pinned = connection.scalar(select(_c.who).where(*_is(account, origin)))
        if pinned is None:
            key = {"platform": account.platform, "login": account.login, "origin": origin}
            facts = {"who": who, "pinned_at": at, "last_seen_at": at}
            connection.execute(insert(identities).values(key | facts))
        elif pinned != who:
            raise LedgerProblem(
                f"another person is signed in to {account} at {origin} than at its first visit",
                step="ledger",
                expected=pinned,
                found=who,
                next_step="Sign in as the expected person; if the account was renamed, forget the "
                "old identity first.",
                why=Why.OTHER_PERSON,
            )


def saw_identity(ledger: Ledger, account: Account, origin: str, at: datetime) -> None:
    """Note that the pinned person was seen again.

    Raises:
        LedgerProblem: nobody is pinned there, or the ledger refused.
    """
    with ledger.write() as connection:
        seen = update(identities).where(*_is(account, origin)).values(last_seen_at=at)
        if not connection.execute(seen).rowcount:
            raise mistake(f"nobody is pinned for {account} at {origin}")


def last_signed_in(
    ledger: Ledger, accounts: Collection[Account] | None = None
) -> dict[tuple[Account, str], datetime]:
    """When the pinned person was last seen signed in, UTC, by account and origin.

    Args:
        ledger: where.
        accounts: whose; None for all.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    seen = select(_c.platform, _c.login, _c.origin, _c.last_seen_at)
    with ledger.read() as connection:
        return {
            (Account(row.platform, row.login), row.origin): row.last_seen_at
            for some in asked_for(accounts, _c.platform, _c.login)
            for row in connection.execute(seen.where(some))
        }


def forget_identity(ledger: Ledger, account: Account, origin: str) -> bool:
    """Forget who is signed in there, so that the next visit pins anew.

    Returns:
        Whether somebody was pinned.

    Raises:
        LedgerProblem: the ledger refused; nothing was changed.
    """
    with ledger.write() as connection:
        return connection.execute(delete(identities).where(*_is(account, origin))).rowcount > 0


def _is(account: Account, origin: str) -> tuple[ColumnElement[bool], ...]:
    return _c.platform == account.platform, _c.login == account.login, _c.origin == origin
