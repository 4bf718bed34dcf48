"""Whether an account may be visited: its owner added it, or signed in, or somebody has authorised it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.ledger.accounts import find_account
from optout.ledger.mandates import Mandate, day_of, give_mandate, mandate_of
from optout.model import Mode, Outcome, Why
from optout.visit.verdict import Verdict

if TYPE_CHECKING:
    from datetime import datetime

    from optout.ledger.ledger import Ledger
    from optout.model import Account

IN_PERSON = "signed in personally at this machine"
"""Where a mandate is written down that somebody gave by signing in at the window."""

AT_THE_WINDOW = "in this visit, by being at its window"
"""Where it is written down before they have signed in: in the visit's own record."""


def may_visit(ledger: Ledger, account: Account, now: datetime, mode: Mode) -> Mandate | Verdict | None:
    """Whether an account may be visited now.

    Args:
        ledger: where.
        account: which.
        now: now, with its zone.
        mode: of the visit; whoever sits at the window can authorise it by signing in.

    Returns:
        The mandate; None where it needs none; a verdict where it may not be visited.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    mandate = mandate_of(ledger, account)
    if mandate and mandate.holds_at(now):
        return mandate
    listed = find_account(ledger, account)
    # What is on no list is visited by the demo and by tests of flows only.
    if listed is None or listed.own:
        return None
    if mode is not Mode.AUTOMATIC:
        return Mandate("whoever signs in", day_of(now), AT_THE_WINDOW)
    renew = (
        f"Record who authorises it: optout account mandate {account} --by … --on … --where …, or let "
        f"its owner sign in: optout sign-in {account.platform} {account.login}"
    )
    if mandate is None:
        return Verdict(
            Outcome.SKIPPED,
            Why.NO_MANDATE,
            "nobody has authorised optout to act for this account, so it was not visited",
            renew,
        )
    return Verdict(
        Outcome.SKIPPED,
        Why.MANDATE_EXPIRED,
        f"the mandate for this account expired on {mandate.until}, so it was not visited ({mandate})",
        renew,
    )


def signed_in_personally(ledger: Ledger, account: Account, who: str, now: datetime) -> None:
    """Take it as a mandate that somebody has signed in at the window, where one is needed.

    Args:
        ledger: where.
        account: which.
        who: whom the page named.
        now: now, with its zone.

    Raises:
        LedgerProblem: the ledger refused.
    """
    listed = find_account(ledger, account)
    if listed is None or listed.own:
        return
    mandate = mandate_of(ledger, account)
    if mandate is None or not mandate.holds_at(now):
        give_mandate(ledger, (account,), Mandate(who, day_of(now), IN_PERSON), at=now)
