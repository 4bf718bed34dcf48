"""The accounts optout looks after, and where the secrets of each come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from optout.ledger.batches import asked_for
from optout.ledger.schema import accounts, identities
from optout.model import Account, SecretSource

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from optout.ledger.ledger import Ledger

_c = accounts.c


@dataclass(frozen=True)
class ListedAccount:
    """An account on the list.

    Attributes:
        account: the account.
        password: where its password comes from.
        totp: where its one-time codes come from.
        added_at: when it was first added, UTC.
        name: whose it is, as a roster says; empty where nobody said.
        group: the group it belongs to; empty for none.
        own: whether its owner added it; an account from a roster is somebody else's.
    """

    account: Account
    password: SecretSource
    totp: SecretSource
    added_at: datetime
    name: str = ""
    group: str = ""
    own: bool = True


def add_account(
    ledger: Ledger,
    account: Account,
    *,
    at: datetime,
    password: SecretSource | None = None,
    totp: SecretSource | None = None,
) -> bool:
    """Put an account of one's own on the list, or give a listed one these sources.

    A listed one stays whose it is: giving an account of a roster a password does not make it one's own.

    Args:
        ledger: where.
        account: which.
        at: now, with its zone.
        password: where its password comes from; None for nowhere.
        totp: where its one-time codes come from; None for nowhere.

    Returns:
        Whether the account is new.

    Raises:
        LedgerProblem: the ledger refused; nothing was changed.
    """
    password, totp = password or SecretSource(), totp or SecretSource()
    sources = {
        _c.password_source: password.kind,
        _c.password_command: list(password.command) or None,
        _c.totp_source: totp.kind,
        _c.totp_command: list(totp.command) or None,
    }
    with ledger.write() as connection:
        listed = connection.execute(update(accounts).where(*_is(account)).values(sources))
        if listed.rowcount:
            return False
        key = {_c.platform: account.platform, _c.login: account.login, _c.added_at: at}
        connection.execute(insert(accounts).values(sources | key))
    return True


def remove_account(ledger: Ledger, account: Account) -> bool:
    """Take an account off the list and forget who was signed in; its visits stay.

    Returns:
        Whether it was on the list.

    Raises:
        LedgerProblem: the ledger refused; nothing was changed.
    """
    with ledger.write() as connection:
        connection.execute(
            delete(identities).where(
                identities.c.platform == account.platform, identities.c.login == account.login
            )
        )
        return connection.execute(delete(accounts).where(*_is(account))).rowcount > 0


def find_account(ledger: Ledger, account: Account) -> ListedAccount | None:
    """The account as listed, or None when it is not.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    return next(iter(_listed(ledger, *_is(account))), None)


def list_accounts(
    ledger: Ledger, platform: str | None = None, *, group: str | None = None
) -> list[ListedAccount]:
    """The accounts on the list, in order of platform and login.

    Args:
        ledger: where.
        platform: only this platform's; None for all.
        group: only those of this group; None for all.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    conditions = [_c.platform == platform] if platform is not None else []
    return _listed(ledger, *conditions, *([_c.team == group] if group is not None else []))


def groups_of(ledger: Ledger, accounts: Collection[Account] | None = None) -> dict[Account, str]:
    """The group of each account that belongs to one.

    Args:
        ledger: where.
        accounts: whose; None for all.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    grouped = select(_c.platform, _c.login, _c.team).where(_c.team != "")
    with ledger.read() as connection:
        return {
            Account(row.platform, row.login): row.team
            for some in asked_for(accounts, _c.platform, _c.login)
            for row in connection.execute(grouped.where(some))
        }


def list_groups(ledger: Ledger) -> list[str]:
    """The groups that any account belongs to, in order.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    with ledger.read() as connection:
        return sorted(connection.scalars(select(_c.team).where(_c.team != "").distinct()))


def _is(account: Account) -> tuple[ColumnElement[bool], ...]:
    return _c.platform == account.platform, _c.login == account.login


def _listed(ledger: Ledger, *conditions: ColumnElement[bool]) -> list[ListedAccount]:
    found = select(accounts).where(*conditions).order_by(_c.platform, _c.login)
    with ledger.read() as connection:
        return [
            ListedAccount(
                account=Account(row.platform, row.login),
                password=SecretSource(row.password_source, tuple(row.password_command or ())),
                totp=SecretSource(row.totp_source, tuple(row.totp_command or ())),
                added_at=row.added_at,
                name=row.name,
                group=row.team,
                own=row.own,
            )
            for row in connection.execute(found)
        ]
