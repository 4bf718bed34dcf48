"""What is kept of a sign-in: who it was, and the session, so that the next visit needs neither again."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from optout.accounts.sessions import SignedInProof
from optout.campaign.mandates import signed_in_personally
from optout.campaign.session import binding_of
from optout.ledger import identities
from optout.model import Mode

if TYPE_CHECKING:
    from optout.campaign.common import Common
    from optout.campaign.plan import Plan
    from optout.campaign.targets import Job
    from optout.visit.browser import OpenBrowser


def keep_sign_in(  # noqa: PLR0917 - whoever calls it has just these
    common: Common, job: Job, chosen: Plan, browser: OpenBrowser, state: dict[str, Any], who: str
) -> None:
    """Remember who is signed in to an account, and keep the session where that is wanted.

    Args:
        common: what visits share.
        job: whose account.
        chosen: how it is visited.
        browser: the browser the session was made in.
        state: the session, as Playwright hands it over.
        who: the name that the platform's page shows.

    Raises:
        LedgerProblem: the ledger refused.
        OSError: the session could not be kept, and keeping it was all that was asked for.
    """
    ledger, account, origin, now = common.around.ledger, job.account, chosen.site.origin, _now()
    if common.wishes.new_owner:
        identities.forget_identity(ledger, account, origin)
    if identities.pinned_identity(ledger, account, origin) is None:
        identities.pin_identity(ledger, account, origin, who, now)
        common.audience.tell(f'{account} is signed in as "{who}"; from now on nobody else is accepted.')
    else:
        identities.saw_identity(ledger, account, origin, now)
    if chosen.mode is not Mode.AUTOMATIC:
        signed_in_personally(ledger, account, who, now)
    if common.wishes.keep_sessions and not common.keyless:
        _keep_session(common, job, chosen, browser, state, who)


def _keep_session(  # noqa: PLR0917 - as above
    common: Common, job: Job, chosen: Plan, browser: OpenBrowser, state: dict[str, Any], who: str
) -> None:
    try:
        no_key = common.around.sessions.save(
            job.account,
            SignedInProof(who, chosen.site.origin, _now()),
            binding_of(browser),
            state,
            hosts=(chosen.site.host, *job.flow.hosts),
        )
    except OSError as error:
        if not job.settings:
            raise
        common.audience.tell(f"The session is not kept: {error.strerror or error}.")
        return
    if no_key is not None:
        common.keyless = True
        common.audience.tell(
            f"Sessions are not kept because {no_key.reason}. What to do about it: optout doctor"
        )


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
