"""Where every target stands: its last outcome, the last known reading, and the last proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Select, and_, func, literal, or_, select, union_all

from optout.ledger.accounts import list_accounts
from optout.ledger.batches import asked_for
from optout.ledger.schema import accounts as accounts_table
from optout.ledger.schema import outcomes, visits
from optout.model import Account, Outcome, Reading, Target, Why

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from optout.ledger.ledger import Ledger

_a, _v, _o = accounts_table.c, visits.c, outcomes.c


@dataclass(frozen=True)
class StatusRow:
    """Where one target stands at one origin.

    Attributes:
        target: the target; its setting is empty for an account that has no outcome yet.
        origin: scheme, host and port; empty for an account that has no outcome yet.
        practice: whether that is a practice site.
        outcome: the last outcome, whatever it is; None when there is none yet.
        reading: what was read then.
        locked: for `managed`, the value it was locked to.
        why: the reason of the last outcome, as a word.
        reason: the same for people.
        next_step: what the person can do.
        at: when the last outcome was established, UTC.
        known_reading: the last reading that is not `unknown`; None when there is none yet.
        known_locked: for `managed`, the value it was locked to then.
        since: when the unbroken row of such readings began, UTC; `unknown` does not break it.
        last_proof_at: when evidence last showed it out, locked out or not offered, UTC.
        last_proof_evidence: that bundle, relative to the evidence folder, with `/` between.
    """

    target: Target
    origin: str = ""
    practice: bool = False
    outcome: Outcome | None = None
    reading: Reading | None = None
    locked: Reading | None = None
    why: Why = Why.NONE
    reason: str = ""
    next_step: str = ""
    at: datetime | None = None
    known_reading: Reading | None = None
    known_locked: Reading | None = None
    since: datetime | None = None
    last_proof_at: datetime | None = None
    last_proof_evidence: str | None = None


class _Key(NamedTuple):
    platform: str
    login: str
    setting: str
    practice: bool
    origin: str

    @property
    def account(self) -> Account:
        return Account(self.platform, self.login)


_KEY: tuple[ColumnElement[Any], ...] = (_v.platform, _v.login, _o.setting, _v.practice, _v.origin)
_PROVEN = and_(
    _o.evidence.is_not(None),
    or_(
        _o.reading.in_([Reading.OUT, Reading.NOT_OFFERED]),
        and_(_o.reading == Reading.MANAGED, _o.locked == Reading.OUT),
    ),
)


def status(
    ledger: Ledger, accounts: Collection[Account] | None = None, *, practice: bool = False
) -> list[StatusRow]:
    """Where every target of the accounts stands, in order of target, practice and origin.

    Args:
        ledger: where.
        accounts: which; None for all on the list and, with `practice`, all practice visits.
        practice: also rows of practice sites, apart from the real ones and marked as such.

    Returns:
        One row per account, setting and origin with an outcome, and one per account without any
        outcome on a real site.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    wanted = {listed.account for listed in list_accounts(ledger)} if accounts is None else set(accounts)
    with ledger.read() as connection:
        rows = [
            row
            for some in asked_for(accounts, _v.platform, _v.login)
            for row in _rows(connection, some, *_real_only(practice=practice))
            if row.target.account in wanted or (accounts is None and row.practice)
        ]
    visited = {row.target.account for row in rows if not row.practice}
    rows += [StatusRow(Target(account, setting="")) for account in wanted - visited]
    return sorted(rows, key=lambda row: (row.target, row.practice, row.origin))


def pages(
    ledger: Ledger, *, size: int, group: str | None = None, after: Account | None = None
) -> Iterator[dict[Account, bool]]:
    """Accounts and whether they are on the list, in order, some at a time.

    Where no group is named also those that are not, and were visited on practice sites.

    Args:
        ledger: where; each page is read by itself.
        size: accounts per page.
        group: only those of this group; None for all.
        after: begin after this one; None for the first.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    listed = select(_a.platform, _a.login)
    visited = select(_v.platform, _v.login).where(_v.practice.is_(True)).distinct()
    if group is not None:
        listed = listed.where(_a.team == group)
    last = after
    while True:
        # All ordering is the database's, which may have another idea of it than Python.
        halves = [_next(listed, (_a.platform, _a.login), last, size, on_list=1)]
        if group is None:
            halves.append(_next(visited, (_v.platform, _v.login), last, size, on_list=0))
        both = union_all(*halves).subquery().c
        query = select(both.platform, both.login, func.max(both.on_list))
        with ledger.read() as connection:
            rows = connection.execute(
                query.group_by(both.platform, both.login).order_by(both.platform, both.login).limit(size)
            )
            page = {Account(row[0], row[1]): bool(row[2]) for row in rows}
        if not page:
            return
        yield page
        last = list(page)[-1]


def _next(
    query: Select[*tuple[Any, ...]],
    key: tuple[ColumnElement[str], ColumnElement[str]],
    after: Account | None,
    size: int,
    *,
    on_list: int,
) -> Select[*tuple[Any, ...]]:
    platform, login = key
    if after is not None:
        later = and_(platform == after.platform, login > after.login)
        query = query.where(or_(platform > after.platform, later))
    some = query.add_columns(literal(on_list).label("on_list")).order_by(*key).limit(size)
    return select(*some.subquery().c)


def _rows(connection: Connection, *which: ColumnElement[bool]) -> Iterator[StatusRow]:
    last = _by_key(connection, _last(*which))
    changes = _by_key(connection, _last_change(*which))
    proofs = _by_key(connection, _last(_PROVEN, *which))
    for key, row in last.items():
        change, proof = changes.get(key), proofs.get(key)
        yield StatusRow(
            target=Target(key.account, key.setting),
            origin=key.origin,
            practice=key.practice,
            outcome=row.outcome,
            reading=row.reading,
            locked=row.locked,
            why=row.why,
            reason=row.reason,
            next_step=row.next_step,
            at=row.at,
            known_reading=change and change.reading,
            known_locked=change and change.locked,
            since=change and change.at,
            last_proof_at=proof and proof.at,
            last_proof_evidence=proof and proof.evidence,
        )


def _by_key(connection: Connection, query: Select[*tuple[Any, ...]]) -> dict[_Key, Row[Any]]:
    return {_Key(*row[: len(_KEY)]): row for row in connection.execute(query)}


def _last(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The newest outcome per key that meets the conditions."""
    place = func.row_number().over(partition_by=_KEY, order_by=(_o.at.desc(), _o.id.desc()))
    ranked = (
        select(*_KEY, *_o, place.label("place"))
        .join_from(outcomes, visits)
        .where(*conditions)
        .subquery()
    )
    return select(ranked).where(ranked.c.place == 1)


def _last_change(*which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The outcome per key with which the row of equal known readings began."""

    def before(column: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.lag(column).over(partition_by=_KEY, order_by=(_o.at, _o.id))

    known = (
        select(
            *_KEY,
            _o.id,
            _o.at,
            _o.reading,
            _o.locked,
            before(_o.reading).label("reading_before"),
            before(_o.locked).label("locked_before"),
        )
        .join_from(outcomes, visits)
        .where(_o.reading != Reading.UNKNOWN, *which)
        .subquery()
    )
    c = known.c
    began = or_(c.reading.is_distinct_from(c.reading_before), c.locked.is_distinct_from(c.locked_before))
    # In this order the newest change of a key is the last one, and the one `_by_key` keeps.
    return select(known).where(began).order_by(c.at, c.id)


def _real_only(*, practice: bool) -> tuple[ColumnElement[bool], ...]:
    return () if practice else (_v.practice.is_(False),)
