"""How every target stands: what is wrong with it, and when it is looked at again."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.ledger.accounts import groups_of
from optout.ledger.history import Place, recent_looks
from optout.ledger.waivers import waivers_in_force
from optout.ledger.watch_rules import list_rules
from optout.watch.drift import Drift, standing
from optout.watch.due import Due, calendar
from optout.watch.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Collection

    from optout.flow import Flow
    from optout.ledger.ledger import Ledger
    from optout.model import Account


@dataclass(frozen=True)
class Stand:
    """How one target stands at one origin.

    Attributes:
        drift: what is wrong with it; None where nothing is.
        due: when it is looked at again; None where it is not watched.
    """

    drift: Drift | None
    due: Due | None


def overview(
    ledger: Ledger, flows: Collection[Flow], accounts: Collection[Account], *, practice: str = ""
) -> dict[Place, Stand]:
    """How the targets of some accounts stand.

    Args:
        ledger: where.
        flows: what is installed.
        accounts: whose targets.
        practice: the origin of a practice site; empty for the platforms themselves.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    rules = Rules(tuple(list_rules(ledger)))
    now = datetime.datetime.now(datetime.UTC)
    accepted, groups = waivers_in_force(ledger, now, accounts), groups_of(ledger, accounts)
    dues = {each.place: each for each in calendar(ledger, flows, accounts, practice=practice)}
    looks = recent_looks(ledger, practice=practice, accounts=accounts)
    found: dict[Place, Stand] = {}
    for place in {*dues, *looks}:
        account = place.target.account
        misses = rules.misses(account, [groups[account]] if account in groups else [])
        drift = standing(looks.get(place, ()), misses=misses, accepted=place.target in accepted)
        found[place] = Stand(drift, dues.get(place))
    return found
