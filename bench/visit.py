"""An optout visit against a hand-written Playwright script that does the same pages.

Both use one running browser with a new context each, visit the same practice site on this machine, and
take turns in one process, so that whatever slows the machine down slows down both. The script reads,
clicks, reads again after a fresh load and takes two screenshots; it keeps no record, checks no identity,
compares no neighbours and seals nothing. Run: `python bench/visit.py [ROUNDS]`.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.async_api import async_playwright

from optout.accounts.credentials import Credentials
from optout.accounts.secret import Secret
from optout.flow.discovery import discover
from optout.model import Account, Mode, Outcome
from optout.practice.load import practice_site_of
from optout.practice.server import serve
from optout.visit.browser import open_browser
from optout.visit.order import Order
from optout.visit.site import site_for
from optout.visit.visit import visit
from scripts import PASSWORD, by_playwright

if TYPE_CHECKING:
    from optout.flow import Flow
    from optout.model import Result
    from optout.practice.switchboard import Switchboard
    from optout.visit.browser import OpenBrowser
    from optout.visit.site import Site


class Quiet:
    """Nobody is there."""

    def tell(self, message: str) -> None:
        """Say nothing."""


async def product(browser: OpenBrowser, flow: Flow, site: Site, login: str, folder: Path) -> None:
    """One optout visit, with everything it does."""
    account = Account(flow.name, login)
    results: list[Result] = []
    order = Order(
        visit=uuid.uuid4().hex,
        account=account,
        flow=flow,
        settings=flow.settings[:1],
        site=site,
        mode=Mode.AUTOMATIC,
        may_change=True,
        credentials=Credentials(account, password=Secret(PASSWORD)),
        person=Quiet(),
        folder=folder,
        on_result=results.append,
        on_signed_in=lambda _state, _who: None,
    )
    await visit(order, browser)
    if [result.outcome for result in results] != [Outcome.OPTED_OUT]:
        raise SystemExit(f"the visit did not opt out: {results}")


def add(switchboard: Switchboard, kind: str, number: int) -> str:
    login = f"{kind}-{number}@example.org"
    switchboard.add(login, PASSWORD)
    return login


async def measure(rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each visit, by kind; one warm-up of each is thrown away."""
    flow = discover().flows["linkedin"]
    practice = practice_site_of(flow)
    times: dict[str, list[float]] = {"script": [], "optout": []}
    with serve(practice) as server, tempfile.TemporaryDirectory() as name:
        folder, site = Path(name), site_for(flow, server.origin)
        async with (
            open_browser(site, headed=False, fenced=True, tell=print) as browser,
            async_playwright() as playwright,
        ):
            plain = await playwright.chromium.launch(executable_path=browser.found.path)
            for number in range(rounds + 1):
                login = add(practice.switchboard, "script", number)
                began = time.perf_counter()
                await by_playwright(plain, server.origin, login, folder)
                times["script"].append((time.perf_counter() - began) * 1000)
                login = add(practice.switchboard, "optout", number)
                began = time.perf_counter()
                await product(browser, flow, site, login, folder / str(number))
                times["optout"].append((time.perf_counter() - began) * 1000)
            await plain.close()
    return {kind: values[1:] for kind, values in times.items()}


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    times = asyncio.run(measure(rounds))
    medians = {kind: statistics.median(values) for kind, values in times.items()}
    print("| visit | median ms | fastest | slowest |")
    print("| --- | --- | --- | --- |")
    for kind, values in times.items():
        print(f"| {kind} | {medians[kind]:.0f} | {min(values):.0f} | {max(values):.0f} |")
    print(f"\n{rounds} rounds; optout / script = {medians['optout'] / medians['script']:.2f}")


if __name__ == "__main__":
    main()
