"""A process that runs over every account on the list, or goes on with the run that did not end.

It is killed in the middle of things, and started again.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from optout.campaign.asked import wishes_of
from optout.campaign.plan import Wishes
from optout.campaign.run import Run
from optout.campaign.surroundings import Surroundings
from optout.campaign.targets import select
from optout.flow.discovery import discover
from optout.home import Home
from optout.ledger.accounts import list_accounts
from optout.ledger.open import open_ledger
from optout.ledger.tasks import unfinished_runs
from tests.campaign.mix import PATIENT

if TYPE_CHECKING:
    from optout.campaign.targets import Job
    from optout.model import Result
    from optout.visit.browser import OpenBrowser


@dataclass
class Aloud:
    """Says everything on stdout."""

    def tell(self, message: str) -> None:
        say("told", message)

    def begins(self, job: Job) -> None:
        say("begins", job.account.login)

    def uses(self, browser: OpenBrowser) -> None:
        say("uses", browser.name)

    def established(self, result: Result) -> None:
        say("done", result.target.account.login, result.outcome)


def say(*words: str) -> None:
    print(*words, flush=True)  # noqa: T201 - this is how it reports


def main(root: str, origin: str, parallel: str) -> None:
    home, flows = Home.at(Path(root)), discover()
    with open_ledger(home) as ledger:
        around = Surroundings.of(home, ledger)
        unfinished = next(iter(unfinished_runs(ledger)), None)
        asked = (
            wishes_of(unfinished.wishes)
            if unfinished
            else Wishes(command="run", may_change=True, headed=False, site=origin)
        )
        run = Run(replace(asked, parallel=int(parallel), patience=PATIENT), around, Aloud())
        say("ready")
        if unfinished:
            asyncio.run(run.go_on(unfinished, flows.flows))
        else:
            accounts = [listed.account for listed in list_accounts(ledger)]
            asyncio.run(run.over(select([], flows, accounts)))
        say("ended", run.id)


if __name__ == "__main__":
    main(*sys.argv[1:])
