"""What a run does not visit, and why: said of each setting before its account's turn begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.model import Mode, Outcome, Why
from optout.visit.verdict import Verdict

if TYPE_CHECKING:
    from optout.campaign.common import Common
    from optout.campaign.plan import Plan
    from optout.campaign.targets import Job
    from optout.ledger.mandates import Mandate

MOST_ATTEMPTS = 10
"""How often an account's turn may begin in one run without ever coming to an end."""


def left_out(
    common: Common, job: Job, chosen: Plan, may: Mandate | Verdict | None, attempts: int
) -> dict[str, Verdict]:
    """The settings of a job that are not visited.

    Args:
        common: what visits share.
        job: the account and its settings.
        chosen: how it would be visited.
        may: whether it may be; see `may_visit`.
        attempts: how often its turn has begun in this run, this time included.

    Returns:
        A verdict for each of them, by name.
    """
    names = [setting.name for setting in job.settings]
    whole = (
        _never_ends(job, attempts)
        or (may if isinstance(may, Verdict) else None)
        or _nobody_there(common, job, chosen)
        or _stopped(common, chosen)
    )
    if whole is not None:
        return dict.fromkeys(names, whole)
    if common.wishes.despite_quarantine:
        return {}
    held = common.breaker.held_settings(job, chosen.site.origin)
    return {
        name: Verdict(Outcome.SKIPPED, Why.FLOW_QUARANTINED, found.reason, found.next_step)
        for name, found in held.items()
    }


def _never_ends(job: Job, attempts: int) -> Verdict | None:
    if attempts <= MOST_ATTEMPTS:
        return None
    return Verdict(
        Outcome.FAILED,
        Why.UNFORESEEN,
        f"campaign: its visit was begun {attempts - 1} times in this run, and each time the program "
        "ended before the visit did",
        f"Visit it alone and see what happens: optout --debug check {job.account}",
    )


def _nobody_there(common: Common, job: Job, chosen: Plan) -> Verdict | None:
    """A person cannot be at several visits at once, so none of those waits for one."""
    if common.wishes.parallel == 1 or chosen.mode is Mode.AUTOMATIC:
        return None
    return Verdict(
        Outcome.NEEDS_PERSON,
        Why.PERSON_SIGNS_IN if not job.flow.sign_in.password else Why.NO_CREDENTIALS,
        "campaign: this visit needs a person, and several accounts are visited at the same time",
        f"When the others are done: optout attend {job.account}",
    )


def _stopped(common: Common, chosen: Plan) -> Verdict | None:
    stop = common.stops.at(chosen.site.origin)
    if stop is None or common.wishes.despite_quarantine:
        return None
    return Verdict(Outcome.SKIPPED, Why.PLATFORM_STOPPED, f"campaign: {stop.reason}", stop.next_step)
