"""The exceptions of one account, as a visit is told about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.ledger.waivers import waivers_in_force

if TYPE_CHECKING:
    from datetime import datetime

    from optout.ledger.ledger import Ledger
    from optout.model import Account


def waived_settings(ledger: Ledger, account: Account, now: datetime) -> dict[str, str]:
    """By name the settings of an account that are only read, with the exception that says so.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    found = waivers_in_force(ledger, now, (account,))
    return {target.setting: str(waiver) for target, waiver in found.items()}
