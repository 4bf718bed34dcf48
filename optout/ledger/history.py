"""What became of each target over time: its looks, oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, case, func, or_, select

from optout.ledger.batches import asked_for
from optout.ledger.schema import outcomes, runs, visits
from optout.model import Account, Outcome, Reading, Target, Why

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select

    from optout.ledger.ledger import Ledger

_o, _v = outcomes.c, visits.c
_OUT = or_(_o.reading == Reading.OUT, and_(_o.reading == Reading.MANAGED, _o.locked == Reading.OUT))

UNDO = "undo"
"""The command that puts settings back, as the ledger calls it."""


class Place(NamedTuple):
    """A target at one origin. What a practice site shows says nothing about the platform."""

    target: Target
    origin: str
    practice: bool


@dataclass(frozen=True, kw_only=True)
class Look:
    """One outcome of a target, with what its visit knew.

    Attributes:
        evidence: the bundle, relative to the evidence folder, with `/` between; None without one.
        flow_version: the version of the flow that looked.
        run_id: the run it was part of.
        command: the command that run was: `run`, `check`, `undo`.
    """

    target: Target
    origin: str
    practice: bool
    at: datetime
    reading: Reading
    outcome: Outcome
    locked: Reading | None = None
    why: Why = Why.NONE
    reason: str = ""
    next_step: str = ""
    evidence: str | None = None
    evidence_digest: str = ""
    flow_version: str = ""
    run_id: str = ""
    command: str = ""

    @property
    def place(self) -> Place:
        """What it is a look at."""
        return Place(self.target, self.origin, self.practice)

    @property
    def is_out(self) -> bool:
        """Whether the setting was seen out, by choice or locked so."""
        return self.reading is Reading.OUT or self.locked is Reading.OUT

    @property
    def wanted_in(self) -> bool:
        """Whether somebody had asked for it to be in, and so it was."""
        return self.is_in and self.command == UNDO

    @property
    def is_in(self) -> bool:
        """Whether the setting was seen in, by choice or locked so."""
        return self.reading is Reading.IN or self.locked is Reading.IN


def looks_at(ledger: Ledger, target: Target) -> list[Look]:
    """Every look at one target, on the platform and on practice sites alike, oldest first.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    with ledger.read() as connection:
        return [look_of(row) for row in connection.execute(in_order(looks_query().where(*_is(target))))]


def recent_looks(
    ledger: Ledger, *, practice: str = "", accounts: Collection[Account] | None = None
) -> dict[Place, list[Look]]:
    """The looks that say where each target stands now: from the last time but one it was out.

    Args:
        ledger: where.
        practice: the origin of a practice site; empty for the platforms themselves.
        accounts: only theirs; None for all.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    here = and_(_v.practice.is_(True), _v.origin == practice) if practice else _v.practice.is_(False)
    key: tuple[ColumnElement[Any], ...] = (_v.platform, _v.login, _o.setting, _v.origin)
    out = case((_OUT, 1), else_=0)
    newest_first = (_o.at.desc(), _o.id.desc())
    # How many newer looks saw it out: in one pass, because a join with itself grows as its square.
    counted = func.sum(out).over(partition_by=key, order_by=newest_first, rows=(None, 0))
    newer = (counted - out).label("newer")
    found: dict[Place, list[Look]] = {}
    with ledger.read() as connection:
        for some in asked_for(accounts, _v.platform, _v.login):
            ranked = select(_o.id, newer).join_from(outcomes, visits).where(here, some).subquery()
            wanted = select(ranked.c.id).where(ranked.c.newer < 2)  # noqa: PLR2004 - the last but one
            looks = connection.execute(in_order(looks_query().where(_o.id.in_(wanted))))
            found |= by_place(map(look_of, looks))
    return found


def by_place(looks: Iterable[Look]) -> dict[Place, list[Look]]:
    """Looks sorted by what they are looks at, each in the order given."""
    sorted_: dict[Place, list[Look]] = {}
    for look in looks:
        sorted_.setdefault(look.place, []).append(look)
    return sorted_


def looks_query() -> Select[*tuple[Any, ...]]:
    """Everything that makes a look, for queries that choose among them."""
    visit = (_v.platform, _v.login, _v.origin, _v.practice, _v.flow_version, _v.run_id)
    return (
        select(*_o, *visit, runs.c.command)
        .join_from(outcomes, visits)
        .join(runs, runs.c.id == _v.run_id)
    )


def in_order(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The same, oldest first."""
    return query.order_by(_o.at, _o.id)


def _is(target: Target) -> tuple[ColumnElement[bool], ...]:
    account = target.account
    return (
        _v.platform == account.platform,
        _v.login == account.login,
        _o.setting == target.setting,
    )


def look_of(row: Row[Any]) -> Look:
    """A row of such a query as a look."""
    return Look(
        target=Target(Account(row.platform, row.login), row.setting),
        origin=row.origin,
        practice=row.practice,
        at=row.at,
        reading=row.reading,
        outcome=row.outcome,
        locked=row.locked,
        why=row.why,
        reason=row.reason,
        next_step=row.next_step,
        evidence=row.evidence,
        evidence_digest=row.evidence_digest,
        flow_version=row.flow_version,
        run_id=row.run_id,
        command=row.command,
    )
