"""Taking the accounts of a roster into the ledger: what is new, what changes, what stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from optout.ledger.batches import in_batches
from optout.ledger.mandates import add_mandates, newest_mandates
from optout.ledger.schema import accounts
from optout.model import Account, SecretKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from optout.ledger.mandates import Mandate

    _Listed = Row[str, str, str, str]

_c = accounts.c


@dataclass(frozen=True)
class Entry:
    """One row of a roster.

    Attributes:
        line: the line of the file it begins on.
        account: which.
        name: whose it is; None where the roster has no such column.
        group: the group it belongs to; None as above.
        mandate: who authorised optout to act for it; None where the row does not say.
    """

    line: int
    account: Account
    name: str | None = None
    group: str | None = None
    mandate: Mandate | None = None


@dataclass(frozen=True)
class Difference:
    """What a row changes in the ledger.

    Attributes:
        line: the line of the file.
        account: whose.
        new: whether the account was not on the list before.
        changes: each field that changes, with what stood there before and what does after.
    """

    line: int
    account: Account
    new: bool
    changes: tuple[tuple[str, str, str], ...] = ()


def take_in(connection: Connection, entries: Sequence[Entry], at: datetime) -> list[Difference]:
    """Put some rows of a roster on the list of accounts, in a transaction that is open.

    A new account is somebody else's; a listed one keeps its secrets, and its owner. What a row does not
    say stays as it is.

    Args:
        connection: of a transaction that may write.
        entries: rows, each about another account.
        at: now, with its zone.

    Returns:
        One difference per row that changes anything, in order.
    """
    wanted = [entry.account for entry in entries]
    listed = {
        Account(row.platform, row.login): row
        for some in in_batches(wanted, _c.platform, _c.login)
        for row in connection.execute(select(_c.platform, _c.login, _c.name, _c.team).where(some))
    }
    mandates = newest_mandates(connection, wanted)
    found = [_difference(entry, listed.get(entry.account), mandates) for entry in entries]
    _write(connection, [entry for entry in entries if entry.account not in listed], at)
    _rewrite(
        connection, [(entry, listed[entry.account]) for entry in entries if entry.account in listed]
    )
    given = {each.account: each.mandate for each in entries if each.mandate is not None}
    add_mandates(connection, {who: what for who, what in given.items() if mandates.get(who) != what}, at)
    return [each for each in found if each.new or each.changes]


def _difference(entry: Entry, listed: _Listed | None, mandates: dict[Account, Mandate]) -> Difference:
    mandate = mandates.get(entry.account)
    fields = (
        ("name", listed.name if listed else "", entry.name),
        ("group", listed.team if listed else "", entry.group),
        ("mandate", str(mandate or ""), str(entry.mandate) if entry.mandate else None),
    )
    changes = ((name, before, after) for name, before, after in fields if after not in (None, before))
    return Difference(entry.line, entry.account, listed is None, tuple(changes))


def _write(connection: Connection, entries: Sequence[Entry], at: datetime) -> None:
    rows: list[dict[str, Any]] = [
        {
            "platform": entry.account.platform,
            "login": entry.account.login,
            "password_source": SecretKind.NONE,
            "totp_source": SecretKind.NONE,
            "added_at": at,
            "name": entry.name or "",
            "team": entry.group or "",
            "own": False,
        }
        for entry in entries
    ]
    if rows:
        connection.execute(insert(accounts), rows)


def _rewrite(connection: Connection, pairs: Sequence[tuple[Entry, _Listed]]) -> None:
    rows: list[dict[str, Any]] = [
        {
            "of_platform": entry.account.platform,
            "of_login": entry.account.login,
            "name": listed.name if entry.name is None else entry.name,
            "team": listed.team if entry.group is None else entry.group,
        }
        for entry, listed in pairs
    ]
    changed = [
        row
        for row, (_, listed) in zip(rows, pairs, strict=True)
        if (row["name"], row["team"]) != (listed.name, listed.team)
    ]
    if changed:
        which = (_c.platform == bindparam("of_platform"), _c.login == bindparam("of_login"))
        connection.execute(
            update(accounts).where(*which).values(name=bindparam("name"), team=bindparam("team")),
            changed,
        )
