"""Every target there is, with all its looks: what a report of any size is made from, row by row."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, select, true

from optout.ledger.history import Place, in_order, look_of, looks_query
from optout.ledger.roster_tables import seen_settings
from optout.ledger.schema import accounts, outcomes, runs, visits
from optout.model import Account, Target

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from optout.ledger.history import Look
    from optout.ledger.ledger import Ledger

_o, _v = outcomes.c, visits.c
_AT_ONCE = 1000
_same_account = (_v.platform == accounts.c.platform, _v.login == accounts.c.login)


class History(NamedTuple):
    """One target with its looks, oldest first; none where nobody has looked yet.

    Attributes:
        group: the group its account belongs to; empty for none.
    """

    place: Place
    looks: tuple[Look, ...]
    group: str = ""


class Asked(NamedTuple):
    """A part of all targets: a platform's, one setting's, one account's."""

    platform: str
    setting: str | None = None
    login: str | None = None


def histories(
    ledger: Ledger,
    *,
    usual: Mapping[str, str] | None = None,
    asked: Collection[Asked] = (),
    group: str | None = None,
) -> Iterator[History]:
    """The targets of every listed account, in order of platform, setting and login.

    A setting's population is every listed account of its platform, so that totals add up to the
    list. The settings are those that were ever looked at, and the usual one of each platform.

    Args:
        ledger: where; it is read in one transaction, a row at a time, while this is iterated.
        usual: by platform, the setting that a run would visit.
        asked: only these; all where there is none.
        group: only accounts of this group; None for all.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    in_group = true() if group is None else accounts.c.team == group
    with ledger.read() as connection:
        for platform, setting in _settings(connection, usual or {}, in_group):
            here = [each for each in asked if each[:2] in ((platform, None), (platform, setting))]
            if here or not asked:
                logins = [each.login for each in here if each.login is not None]
                named = accounts.c.login.in_(logins) if len(logins) == len(here) > 0 else true()
                yield from _of_setting(connection, platform, setting, and_(in_group, named))


def practice_histories(ledger: Ledger) -> Iterator[History]:
    """The targets that were visited on practice sites, in the same order, per site.

    Args:
        ledger: where; read as in `histories`.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    key = (_v.platform, _o.setting, _v.login, _v.origin)
    query = in_order(looks_query().where(_v.practice.is_(True)).order_by(*key))
    with ledger.read() as connection:
        looks = map(look_of, _streamed(connection, query))
        for place, same in itertools.groupby(looks, key=lambda look: look.place):
            yield History(place, tuple(same))


def _settings(
    connection: Connection, usual: Mapping[str, str], in_group: ColumnElement[bool]
) -> list[tuple[str, str]]:
    """Every pair of platform and setting; a platform nobody knows anything about has one without."""
    platforms = set(connection.scalars(select(accounts.c.platform).where(in_group).distinct()))
    pairs = {(row.platform, row.setting) for row in connection.execute(select(seen_settings))}
    pairs |= {(platform, setting) for platform, setting in usual.items() if setting}
    pairs |= {(platform, "") for platform in platforms - {platform for platform, _ in pairs}}
    return sorted(pair for pair in pairs if pair[0] in platforms)


def _of_setting(
    connection: Connection, platform: str, setting: str, which: ColumnElement[bool]
) -> Iterator[History]:
    # One left join after the other, each by an index: a visit to other settings leaves an empty row.
    query = (
        select(*_o, _v.platform, _v.login, _v.origin, _v.practice, _v.flow_version, _v.run_id)
        .add_columns(accounts.c.login.label("listed"), accounts.c.team, runs.c.command)
        .select_from(accounts)
        .outerjoin(visits, and_(*_same_account, _v.practice.is_(False)))
        .outerjoin(outcomes, and_(_o.visit_id == _v.id, _o.setting == setting))
        .outerjoin(runs, runs.c.id == _v.run_id)
        .where(accounts.c.platform == platform, which)
        .order_by(accounts.c.login, _o.at, _o.id)
    )
    rows = _streamed(connection, query)
    for (login, group), same in itertools.groupby(rows, key=lambda row: (row.listed, row.team)):
        found = tuple(look_of(row) for row in same if row.id is not None)
        target = Target(Account(platform, login), setting)
        yield History(Place(target, found[-1].origin if found else "", practice=False), found, group)


def _streamed(connection: Connection, query: Select[*tuple[Any, ...]]) -> Iterator[Row[Any]]:
    return iter(connection.execute(query, execution_options={"yield_per": _AT_ONCE}))
