"""A check over a saved session against a full visit with sign-in, and the requests that each sends.

Each account is visited twice, in one process and one running browser: first a run that signs in,
switches the setting off and proves it; then a check with the session that the run was left with. Both
kinds take turns, so that whatever slows the machine down slows down both. The practice site counts every
request of a signed-in page: a check must not send one that changes anything, and no password. Run:
`python bench/check.py [ROUNDS]`.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optout.accounts.credentials import Credentials
from optout.accounts.pseudonyms import Pseudonyms
from optout.accounts.secret import Secret
from optout.flow.discovery import discover
from optout.model import Account, Mode, Outcome
from optout.practice.load import practice_site_of
from optout.practice.server import serve
from optout.visit.browser import open_browser
from optout.visit.order import Order
from optout.visit.site import site_for
from optout.visit.visit import visit

if TYPE_CHECKING:
    from optout.flow import Flow
    from optout.model import Result
    from optout.practice.switchboard import Counters
    from optout.visit.browser import OpenBrowser
    from optout.visit.site import Site

PASSWORD = "Correct-horse 7 battery"  # noqa: S105
GOAL = 0.6


class Quiet:
    """Nobody is there."""

    def tell(self, message: str) -> None:
        """Say nothing."""


@dataclass
class Bench:
    """One browser, one site, and what was measured so far.

    Attributes:
        run_ms: milliseconds of each full visit.
        check_ms: milliseconds of each check.
        requests: how many requests each check sent.
        changing: how many of all these would have changed something.
    """

    browser: OpenBrowser
    flow: Flow
    site: Site
    folder: Path
    run_ms: list[float] = field(default_factory=list)
    check_ms: list[float] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)
    changing: int = 0

    async def round(self, login: str, counters: Counters) -> None:
        """A full visit to an account, then a check of it."""
        session = await self._full_visit(login)
        before = (counters.requests, counters.state_changing_requests, counters.credential_submissions)
        began = time.perf_counter()
        await self._visit(login, Outcome.ALREADY_OUT, may_change=False, session=session)
        self.check_ms.append((time.perf_counter() - began) * 1000)
        self.requests.append(counters.requests - before[0])
        self.changing += counters.state_changing_requests - before[1]
        self.changing += counters.credential_submissions - before[2]

    async def _full_visit(self, login: str) -> dict[str, Any]:
        credentials = Credentials(Account(self.flow.name, login), password=Secret(PASSWORD))
        began = time.perf_counter()
        session = await self._visit(login, Outcome.OPTED_OUT, may_change=True, credentials=credentials)
        self.run_ms.append((time.perf_counter() - began) * 1000)
        return session

    async def _visit(self, login: str, expected: Outcome, **facts: Any) -> dict[str, Any]:
        """One visit; anything but the expected outcome ends the measurement."""
        results: list[Result] = []
        sessions: list[dict[str, Any]] = []
        order = Order(
            visit=uuid.uuid4().hex,
            account=Account(self.flow.name, login),
            flow=self.flow,
            settings=self.flow.settings[:1],
            site=self.site,
            mode=Mode.AUTOMATIC,
            pseudonyms=Pseudonyms(b"bench"),
            person=Quiet(),
            folder=self.folder / login,
            on_result=results.append,
            on_signed_in=lambda state, _who: sessions.append(state),
            **facts,
        )
        await visit(order, self.browser)
        if [result.outcome for result in results] != [expected]:
            raise SystemExit(f"expected {expected}: {results}")
        return sessions[-1]


async def measure(rounds: int) -> Bench:
    """Measure; the first round of each kind is a warm-up and is thrown away."""
    flow = discover().flows["linkedin"]
    practice = practice_site_of(flow)
    with serve(practice) as server, tempfile.TemporaryDirectory() as name:
        site = site_for(flow, server.origin)
        async with open_browser(site, headed=False, fenced=True, tell=print) as browser:
            bench = Bench(browser, flow, site, Path(name))
            for number in range(rounds + 1):
                account = practice.switchboard.add(f"ada{number}@example.org", PASSWORD)
                await bench.round(account.login, account.counters)
    return bench


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    bench = asyncio.run(measure(rounds))
    print("| visit | median ms | fastest | slowest |")
    print("| --- | --- | --- | --- |")
    for kind, values in (("run, signing in", bench.run_ms[1:]), ("check, session", bench.check_ms[1:])):
        print(f"| {kind} | {statistics.median(values):.0f} | {min(values):.0f} | {max(values):.0f} |")
    ratio = statistics.median(bench.check_ms[1:]) / statistics.median(bench.run_ms[1:])
    print(f"\n{rounds} rounds; check / run = {ratio:.2f} (goal: at most {GOAL})")
    print(f"requests of a check: {max(bench.requests)} for pages; changing anything: {bench.changing}")
    if bench.changing or ratio > GOAL:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
