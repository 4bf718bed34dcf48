"""Which bundle the ledger knows of a target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from optout.ledger.schema import outcomes, visits

if TYPE_CHECKING:
    from optout.ledger.ledger import Ledger

_o, _v = outcomes.c, visits.c


def newest_bundle(
    ledger: Ledger, platform: str | None = None, setting: str | None = None, login: str | None = None
) -> str | None:
    """The newest bundle of what is named; of everything where nothing is.

    Returns:
        The bundle, relative to the evidence folder, with `/` between; None where there is none.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    named = ((_v.platform, platform), (_o.setting, setting), (_v.login, login))
    conditions = [column == value for column, value in named if value is not None]
    newest = (
        select(_o.evidence)
        .join_from(outcomes, visits)
        .where(_o.evidence.is_not(None), *conditions)
        .order_by(_o.at.desc(), _o.id.desc())
        .limit(1)
    )
    with ledger.read() as connection:
        return connection.scalar(newest)
