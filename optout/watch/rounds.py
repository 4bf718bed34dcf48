"""Looking again: what is due, and switching off again what came back on."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from optout.campaign.targets import Job, find_flow, select
from optout.ledger.accounts import list_accounts
from optout.model import Reading
from optout.visit.site import loopback_origin
from optout.watch.digest import digest
from optout.watch.drift import DriftName
from optout.watch.due import Due, calendar, due_jobs

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from optout.campaign.run import Run
    from optout.campaign.surroundings import Audience
    from optout.flow.discovery import Flows
    from optout.ledger.ledger import Ledger
    from optout.model import Account, Result


@dataclasses.dataclass(frozen=True)
class DueNow:
    """What the calendar says at one moment.

    Attributes:
        jobs: what is to be visited now.
        later: what is not, the soonest first.
    """

    jobs: tuple[Job, ...]
    later: tuple[Due, ...]


def due_now(
    ledger: Ledger,
    flows: Flows,
    now: datetime.datetime,
    *,
    targets: Sequence[str] = (),
    site: str | None = None,
    group: str | None = None,
) -> DueNow:
    """What is due among some targets: of every account where none is named.

    Args:
        ledger: where.
        flows: what is installed.
        now: now, with its zone.
        targets: as typed; an account or a platform stands for all that is watched there.
        site: a practice site's origin; None for the platforms themselves.
        group: only accounts of this group; None for all.

    Raises:
        UsageProblem: a target names something that does not exist, or there are no accounts.
        LedgerProblem: the ledger cannot be read.
    """
    accounts = [listed.account for listed in list_accounts(ledger, group=group)]
    chosen = select(targets, flows, accounts)
    practice = loopback_origin(site) if site else ""
    asked = [job.account for job in chosen]
    dues = calendar(ledger, tuple(flows), asked, practice=practice, now=now)
    if named := _named_settings(targets, chosen):
        dues = [each for each in dues if (each.place.target.account, each.place.target.setting) in named]
    jobs = due_jobs(dues, tuple(flows), now)
    return DueNow(tuple(jobs), tuple(each for each in dues if not each.is_due(now)))


def _named_settings(targets: Sequence[str], chosen: Sequence[Job]) -> set[tuple[Account, str]]:
    """The settings that targets name; none where they leave that open."""
    if not targets or not all("/" in text.partition(":")[0] for text in targets):
        return set()
    return {(job.account, setting.name) for job in chosen for setting in job.settings}


def jobs_to_fix(ledger: Ledger, flows: Flows, results: Sequence[Result]) -> list[Job]:
    """What came back on, as far as these results say, and can be switched off again.

    Raises:
        LedgerProblem: the ledger cannot be read.
    """
    seen_in = [result for result in results if result.reading is Reading.IN]
    jobs: dict[Account, Job] = {}
    for drift in digest(ledger, seen_in).drifts:
        target = drift.found.target
        flow = find_flow(flows, target.account.platform)
        setting = flow.setting(target.setting)
        if drift.name is DriftName.CAME_BACK_ON and not drift.fixed and setting:
            earlier = jobs[target.account].settings if target.account in jobs else ()
            jobs[target.account] = Job(target.account, flow, (*earlier, setting))
    return list(jobs.values())


def fixing(check: Run, audience: Audience) -> Run:
    """The run that switches off again what a check has found on: after it, at the same pace."""
    wishes = dataclasses.replace(check.wishes, command="check --fix", may_change=True)
    return dataclasses.replace(check, wishes=wishes, audience=audience, id="")
