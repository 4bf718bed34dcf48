"""A ledger of 100,000 accounts with ten settings each: what a person looks at, and what grows with it.

Three ledgers, each ten times the one before, are filled with visits of the last months, outcomes of all
kinds, groups, mandates and waivers. What a person looks at (a page of the status, a group's report, what
is due in a group, the next account of a run) has to take less than a second on the largest; what reads
everything may grow as the ledger does, and not faster. Seconds are the processor's: SQLite runs in this
process. Run: `python bench/ledger.py [ACCOUNTS]`.
"""

from __future__ import annotations

import datetime
import io
import itertools
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from optout.campaign.rosters import import_roster
from optout.flow.discovery import discover
from optout.home import Home
from optout.ledger.accounts import list_accounts
from optout.ledger.coverage import Asked, histories
from optout.ledger.mandates import mandates_of
from optout.ledger.open import open_ledger
from optout.ledger.roster_tables import seen_settings
from optout.ledger.schema import outcomes, visits
from optout.ledger.status import pages, status
from optout.ledger.tasks import NO_LIMITS, NewTask, Task, add_tasks, claim
from optout.ledger.visits import start_run
from optout.ledger.waivers import waive, waivers_in_force
from optout.model import Account, Mode, Outcome, Reading, Target, Why
from optout.report.coverage import gathered
from optout.watch.due import calendar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from optout.flow import Flow
    from optout.ledger.coverage import History
    from optout.ledger.ledger import Ledger

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
PLATFORM, ORIGIN = "linkedin", "https://www.linkedin.com"
SETTINGS = ("ai-training", *(f"setting-{number}" for number in range(1, 10)))
PER_GROUP = 100
PAGE = 100
PAGE_S = 1.0
# What fits in memory at one size and not at the next may cost a little more per row.
GROWTH = 15.0
_KINDS = (
    *[(Outcome.OPTED_OUT, Reading.OUT, Why.NONE)] * 6,
    (Outcome.STILL_IN, Reading.IN, Why.NONE),
    (Outcome.NEEDS_PERSON, Reading.UNKNOWN, Why.CAPTCHA),
    (Outcome.NOT_OFFERED, Reading.NOT_OFFERED, Why.NONE),
    (Outcome.UNREADABLE, Reading.UNKNOWN, Why.ANCHORS_DISAGREE),
)


def login(number: int) -> str:
    return f"user{number:06}@corp.example"


def roster(accounts: int) -> io.BytesIO:
    lines = ["platform,login,name,group,mandate_by,mandate_on,mandate_where,mandate_until\n"]
    lines += [
        f"{PLATFORM},{login(number)},User {number},group {number // PER_GROUP},"
        "Grace Hopper,2026-01-05,agreement 7,2027-12-31\n"
        for number in range(accounts)
    ]
    return io.BytesIO("".join(lines).encode())


def take_in(ledger: Ledger, accounts: int) -> int:
    """Import the roster."""
    return import_roster(
        ledger,
        roster(accounts),
        [PLATFORM],
        at=NOW,
        dry_run=False,
        skip_bad=False,
        on_difference=lambda _: None,
        on_fault=lambda _: None,
    ).rows


def fill(ledger: Ledger, accounts: int) -> None:
    """One visit per account, and an outcome per setting; every hundredth target is waived."""
    run = start_run(ledger, "run", at=NOW)
    with ledger.write() as connection:
        for some in _batched(range(accounts)):
            connection.execute(insert(visits), [_visit(number, run) for number in some])
            rows = [_outcome(number, at) for number in some for at in range(len(SETTINGS))]
            connection.execute(insert(outcomes), rows)
        seen = [{"platform": PLATFORM, "setting": setting} for setting in SETTINGS]
        connection.execute(insert(seen_settings), seen)
    waived = [Target(Account(PLATFORM, login(each)), SETTINGS[0]) for each in range(0, accounts, 100)]
    waive(ledger, waived, reason="trial", until=NOW.date(), by="", at=NOW)


def _batched(numbers: range) -> Iterator[list[int]]:
    every = iter(numbers)
    while some := list(itertools.islice(every, 2000)):
        yield some


def _visit(number: int, run: str) -> dict[str, Any]:
    at = NOW - datetime.timedelta(minutes=number % 100_000)
    return {
        "id": f"{number:032x}",
        "run_id": run,
        "platform": PLATFORM,
        "login": login(number),
        "origin": ORIGIN,
        "practice": False,
        "mode": Mode.AUTOMATIC,
        "flow_version": "2026.3",
        "browser": "chromium",
        "host": "bench",
        "pid": 1,
        "started_at": at,
        "ended_at": at,
    }


def _outcome(number: int, at: int) -> dict[str, Any]:
    outcome, reading, why = _KINDS[(number * 7 + at) % len(_KINDS)]
    return {
        "visit_id": f"{number:032x}",
        "setting": SETTINGS[at],
        "reading": reading,
        "locked": None,
        "outcome": outcome,
        "why": why,
        "reason": "",
        "next_step": "",
        "evidence": None,
        "evidence_digest": "",
        "notes": [],
        "at": NOW - datetime.timedelta(minutes=number % 100_000),
    }


def report(ledger: Ledger, found: Iterator[History], accounts: list[Account] | None = None) -> int:
    """The targets that a report counts."""
    waivers, mandates = waivers_in_force(ledger, NOW), mandates_of(ledger, accounts)
    nowhere = Path("/nonexistent")
    with gathered(found, nowhere, made_at=NOW, waivers=waivers, mandates=mandates) as made:
        return made.summary.population


def report_of(ledger: Ledger, group: str) -> int:
    accounts = [listed.account for listed in list_accounts(ledger, group=group)]
    return report(ledger, histories(ledger, group=group), accounts)


def page_of(ledger: Ledger, **where: Any) -> int:
    """The rows of one page of the status."""
    page = next(pages(ledger, size=PAGE, **where))
    return len(status(ledger, list(page), practice=True))


def due_in(ledger: Ledger, flow: Flow, group: str | None) -> int:
    accounts = [listed.account for listed in list_accounts(ledger, group=group)]
    return len(calendar(ledger, [flow], accounts, now=NOW))


def next_task(ledger: Ledger, run: str) -> int:
    return isinstance(claim(ledger, run, "bench", lambda _: NO_LIMITS, now=lambda: NOW), Task)


def measures(
    ledger: Ledger, accounts: int, flow: Flow, run: str
) -> dict[str, tuple[int, Callable[[], int]]]:
    """What is measured: how many there have to be of what, and how to get them; pages come first."""
    middle = Account(PLATFORM, login(accounts // 3))
    group, size, every = f"group {accounts // PER_GROUP // 2}", PER_GROUP, len(SETTINGS)
    return {
        "page: status, first 100": (PAGE * every, lambda: page_of(ledger)),
        "page: status, from the middle": (PAGE * every, lambda: page_of(ledger, after=middle)),
        "page: status of a group": (PAGE * every, lambda: page_of(ledger, group=group)),
        "page: report of a group": (
            size * every,
            lambda: report_of(ledger, group),
        ),
        "page: report of an account": (
            every,
            lambda: report(
                ledger, histories(ledger, asked=[Asked(PLATFORM, None, middle.login)]), [middle]
            ),
        ),
        "page: due in a group": (size, lambda: due_in(ledger, flow, group)),
        "page: next account of a run": (1, lambda: next_task(ledger, run)),
        "all: import again": (accounts, lambda: take_in(ledger, accounts)),
        "all: status": (
            accounts * every,
            lambda: sum(len(status(ledger, list(page))) for page in pages(ledger, size=200)),
        ),
        "all: report": (accounts * every, lambda: report(ledger, histories(ledger))),
        "all: due": (accounts, lambda: due_in(ledger, flow, None)),
    }


def measure(accounts: int, flow: Flow) -> dict[str, float]:
    """Seconds of everything that is measured, on a ledger of this many accounts."""
    with tempfile.TemporaryDirectory() as name:
        home = Home.at(Path(name))
        with open_ledger(home, f"sqlite:///{home.ledger}") as ledger:
            began = time.process_time()
            take_in(ledger, accounts)
            seconds = {"all: first import": time.process_time() - began}
            fill(ledger, accounts)
            run = start_run(ledger, "run", at=NOW)
            tasks = (
                NewTask(Account(PLATFORM, login(each)), ORIGIN, SETTINGS) for each in range(accounts)
            )
            add_tasks(ledger, run, tasks)
            for what, (expected, found) in measures(ledger, accounts, flow, run).items():
                began = time.process_time()
                count = found()
                seconds[what] = time.process_time() - began
                if count < expected:
                    raise SystemExit(f"{what}: {count} instead of {expected}")
                print(f"  {accounts} {what}: {seconds[what]:.2f} s", file=sys.stderr)
    return seconds


def main() -> None:
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    flow = discover().flows[PLATFORM]
    sizes = [max(PER_GROUP * 2, most // 100), max(PER_GROUP * 2, most // 10), most]
    found = [measure(size, flow) for size in sizes]
    print(f"| what | {' | '.join(f'{size:,} accounts' for size in sizes)} | growth |")
    print(f"| --- |{' --- |' * (len(sizes) + 1)}")
    missed = []
    for what in found[-1]:
        before, last = found[-2][what], found[-1][what]
        growth = last / before
        row = " | ".join(f"{each[what]:.2f} s" for each in found)
        print(f"| {what} | {row} | {growth:.1f} |")
        if (last > PAGE_S) if what.startswith("page") else (growth > GROWTH):
            missed.append(what)
    print(
        f"\nten settings each; goal: pages below {PAGE_S:g} s, all else at most linear. "
        f"Missed: {missed or 'none'}"
    )
    if missed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
