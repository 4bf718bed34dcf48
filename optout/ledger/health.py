"""How the flows are doing: when each last worked, and which looks say that a page has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select

from optout.ledger.history import Look, in_order, look_of, looks_query
from optout.ledger.schema import outcomes, visits
from optout.model import Outcome, Reading

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Subquery

    from optout.ledger.ledger import Ledger

    _Key = tuple[ColumnElement[Any], ...]

_o, _v = outcomes.c, visits.c
_WORKED = and_(_o.reading != Reading.UNKNOWN, _o.outcome != Outcome.UNREADABLE)


@dataclass(frozen=True)
class Worked:
    """How one version of a flow has done on the platform itself.

    Attributes:
        accounts: on how many accounts it has read a setting.
        last: when it last did, UTC.
    """

    platform: str
    flow_version: str
    accounts: int
    last: datetime


def worked(ledger: Ledger) -> list[Worked]:
    """What each version of each flow has read, the newest first. Practice does not count.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    last = func.max(_o.at, type_=_o.at.type)
    query = (
        select(_v.platform, _v.flow_version, func.count(_v.login.distinct()), last)
        .join_from(outcomes, visits)
        .where(_WORKED, _v.practice.is_(False))
        .group_by(_v.platform, _v.flow_version)
        .order_by(last.desc())
    )
    with ledger.read() as connection:
        return [Worked(*row) for row in connection.execute(query)]


def tripping_looks(ledger: Ledger) -> list[Look]:
    """What tells a page that changed from an account that is odd, oldest first.

    For each flow's version, setting and origin: the newest look that worked; and for each account the
    first looks that could not read the page, since one last worked for it.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    key = (_v.platform, _v.origin, _v.flow_version, _o.setting)
    newest, own = _newest(key, "newest"), _newest((*key, _v.login), "own")
    failed_first = (
        func.row_number()
        .over(partition_by=(*key, _v.login, _o.why), order_by=(_o.at, _o.id))
        .label("place")
    )
    failed = (
        select(_o.id, failed_first)
        .join_from(outcomes, visits)
        .outerjoin(own, _same(own, (*key, _v.login)))
        .where(_o.outcome == Outcome.UNREADABLE, or_(own.c.at.is_(None), _o.at > own.c.at))
        .subquery("failed")
    )
    query = (
        looks_query()
        .outerjoin(newest, _same(newest, key))
        .where(
            or_(
                and_(_WORKED, _o.at == newest.c.at),
                _o.id.in_(select(failed.c.id).where(failed.c.place == 1)),
            )
        )
    )
    with ledger.read() as connection:
        return [look_of(row) for row in connection.execute(in_order(query))]


def last_outcome(ledger: Ledger) -> int:
    """The number of the newest outcome; 0 where there is none.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    with ledger.read() as connection:
        return connection.scalar(select(func.max(_o.id))) or 0


def looks_after(ledger: Ledger, run_id: str, outcome: int) -> tuple[list[Look], int]:
    """What has been entered for a run since a certain outcome, by whatever process.

    Args:
        ledger: where.
        run_id: the run.
        outcome: the number of the last outcome that is known already; 0 for none.

    Returns:
        The looks in the order they were entered, and the number to ask with the next time.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    query = looks_query().where(_o.id > outcome, _v.run_id == run_id).order_by(_o.id)
    with ledger.read() as connection:
        rows = connection.execute(query).all()
    return [look_of(row) for row in rows], rows[-1].id if rows else outcome


def _newest(key: _Key, name: str) -> Subquery:
    """When a flow last worked, by a key."""
    at = func.max(_o.at, type_=_o.at.type).label("at")
    return select(*key, at).join_from(outcomes, visits).where(_WORKED).group_by(*key).subquery(name)


def _same(found: Subquery, key: _Key) -> ColumnElement[bool]:
    return and_(*(found.c[column.key] == column for column in key if column.key))
