"""Where the secrets of a whole group come from: commands that are filled in for each account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from optout.ledger.roster_tables import group_secrets as table
from optout.model import SecretKind, SecretSource

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Row

    from optout.ledger.ledger import Ledger

_c = table.c


@dataclass(frozen=True)
class GroupSecrets:
    """Where a group's secrets on one platform come from.

    Attributes:
        platform: which.
        group: which.
        password: where passwords come from: nowhere, or a command.
        totp: where one-time codes come from.
    """

    platform: str
    group: str
    password: SecretSource
    totp: SecretSource


def set_group_secrets(ledger: Ledger, secrets: GroupSecrets) -> None:
    """Put a group's commands in force, in place of any there were; without any, none are kept.

    Raises:
        LedgerProblem: the ledger refused; nothing was changed.
    """
    commands = {
        "password_command": list(secrets.password.command) or None,
        "totp_command": list(secrets.totp.command) or None,
    }
    with ledger.write() as connection:
        connection.execute(delete(table).where(*_is(secrets.platform, secrets.group)))
        if any(commands.values()):
            key = {"platform": secrets.platform, "team": secrets.group}
            connection.execute(insert(table).values(key | commands))


def group_secrets(ledger: Ledger, platform: str, group: str) -> GroupSecrets | None:
    """A group's commands on one platform; None where there are none.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    return next(iter(_found(ledger, *_is(platform, group))), None)


def list_group_secrets(ledger: Ledger) -> list[GroupSecrets]:
    """The commands of every group, in order of platform and group.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    return _found(ledger)


def _is(platform: str, group: str) -> tuple[ColumnElement[bool], ...]:
    return _c.platform == platform, _c.team == group


def _found(ledger: Ledger, *conditions: ColumnElement[bool]) -> list[GroupSecrets]:
    query = select(table).where(*conditions).order_by(_c.platform, _c.team)
    with ledger.read() as connection:
        return [_secrets(row) for row in connection.execute(query)]


def _secrets(row: Row[Any]) -> GroupSecrets:
    password, totp = _source(row.password_command), _source(row.totp_command)
    return GroupSecrets(row.platform, row.team, password, totp)


def _source(command: list[str] | None) -> SecretSource:
    return SecretSource(SecretKind.COMMAND, tuple(command)) if command else SecretSource()
