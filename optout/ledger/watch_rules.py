"""Rules for looking again that differ from the defaults: set, listed and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from optout.ledger.watch_tables import Scope, watch_rules

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from optout.ledger.ledger import Ledger

_c = watch_rules.c


@dataclass(frozen=True, order=True)
class WatchRule:
    """One number that somebody chose.

    Attributes:
        scope: how far it reaches.
        name: the platform, group or account it is for; empty for everywhere.
        rule: what it is about, as a word of the room that watches.
        number: the number itself.
    """

    scope: Scope
    name: str
    rule: str
    number: float


def set_rule(ledger: Ledger, rule: WatchRule, *, at: datetime) -> None:
    """Put a rule in force, in place of any there was.

    Args:
        ledger: where.
        rule: which.
        at: now, with its zone.

    Raises:
        LedgerProblem: the ledger refused; nothing was changed.
    """
    with ledger.write() as connection:
        connection.execute(delete(watch_rules).where(*_is(rule.scope, rule.name, rule.rule)))
        facts = {"scope": rule.scope, "name": rule.name, "rule": rule.rule, "number": rule.number}
        connection.execute(insert(watch_rules).values(facts | {"set_at": at}))


def unset_rule(ledger: Ledger, scope: Scope, name: str, rule: str) -> bool:
    """Take a rule back.

    Returns:
        Whether there was one.

    Raises:
        LedgerProblem: the ledger refused; nothing was changed.
    """
    with ledger.write() as connection:
        return connection.execute(delete(watch_rules).where(*_is(scope, name, rule))).rowcount > 0


def list_rules(ledger: Ledger) -> list[WatchRule]:
    """Every rule in force beside the defaults.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    with ledger.read() as connection:
        rows = connection.execute(select(watch_rules))
        return sorted(WatchRule(row.scope, row.name, row.rule, row.number) for row in rows)


def _is(scope: Scope, name: str, rule: str) -> tuple[ColumnElement[bool], ...]:
    return (_c.scope == scope, _c.name == name, _c.rule == rule)
