"""A process that visits accounts one after the other, keeps what it proves, and says so each time.

It is killed in the middle of things. With an origin it makes real visits; without one it only does the
last part of each, writing the bundle and recording the result, as fast as it can.
"""

from __future__ import annotations

import asyncio
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from optout.accounts.credentials import Credentials
from optout.accounts.secret import Secret
from optout.evidence.bundle import write_bundle
from optout.flow.discovery import discover
from optout.home import Home
from optout.ledger.open import open_ledger
from optout.ledger.outcomes import record_result
from optout.ledger.visits import end_visit, start_run, start_visit
from optout.model import Account, Mode, Outcome, Reading, Result, Target
from optout.visit.browser import open_browser
from optout.visit.order import Order
from optout.visit.site import Site, site_for
from optout.visit.visit import visit
from tests.visit.rehearsal import PASSWORD, QUICK, Nobody

if TYPE_CHECKING:
    from optout.ledger.ledger import Ledger


def say(*words: str) -> None:
    print(*words, flush=True)  # noqa: T201 - this is how it reports


def begin(ledger: Ledger, run_id: str, account: Account, origin: str) -> str:
    return start_visit(
        ledger,
        run_id,
        account,
        origin=origin,
        practice=True,
        mode=Mode.AUTOMATIC,
        flow_version="2026-11-01",
        browser="",
        at=datetime.now(UTC),
    )


async def visits(home: Home, ledger: Ledger, run_id: str, site: Site, logins: list[str]) -> None:
    flow = discover().flows["linkedin"]
    async with open_browser(site, headed=False, fenced=True, tell=say) as browser:
        say("ready", run_id)
        for login in logins:
            account = Account(flow.name, login)
            visit_id = begin(ledger, run_id, account, site.origin)

            def keep(result: Result, visit_id: str = visit_id) -> None:
                record_result(ledger, visit_id, result, home.evidence)
                say("done", result.target.account.login, result.outcome)

            order = Order(
                visit=visit_id,
                account=account,
                flow=flow,
                settings=flow.settings[:1],
                site=site,
                mode=Mode.AUTOMATIC,
                may_change=True,
                credentials=Credentials(account, password=Secret(PASSWORD)),
                person=Nobody(),
                folder=home.evidence / flow.name / login,
                patience=QUICK,
                on_result=keep,
                on_signed_in=lambda _state, _who: None,
            )
            await visit(order, browser)
            end_visit(ledger, visit_id, at=datetime.now(UTC))


def papers(home: Home, ledger: Ledger, run_id: str) -> None:
    say("ready", run_id)
    pictures = {f"{name}.png": name.encode() * 20_000 for name in ("before", "after")}
    while True:
        login = f"{uuid.uuid4().hex}@example.org"
        account = Account("linkedin", login)
        visit_id = begin(ledger, run_id, account, "http://127.0.0.1:1")
        folder = home.evidence / "linkedin" / login / visit_id
        bundle = write_bundle(folder, {"record.json": login.encode(), **pictures})
        result = Result(
            target=Target(account, "ai-training"),
            at=datetime.now(UTC),
            reading=Reading.OUT,
            outcome=Outcome.OPTED_OUT,
            evidence=bundle.folder,
            evidence_digest=bundle.digest,
            practice=True,
        )
        record_result(ledger, visit_id, result, home.evidence)
        say("done", login, result.outcome)
        end_visit(ledger, visit_id, at=datetime.now(UTC))


def main(root: str, origin: str = "", *logins: str) -> None:
    home = Home.at(Path(root))
    with open_ledger(home) as ledger:
        run_id = start_run(ledger, "run", at=datetime.now(UTC))
        if not origin:
            papers(home, ledger, run_id)
        flow = discover().flows["linkedin"]
        asyncio.run(visits(home, ledger, run_id, site_for(flow, origin), list(logins)))


if __name__ == "__main__":
    main(*sys.argv[1:])
