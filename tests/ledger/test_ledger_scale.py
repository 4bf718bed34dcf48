"""On a ledger ten times as large a page costs the same, and all of it ten times: in steps of SQLite."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert

from optout.home import Home
from optout.ledger.coverage import Asked, histories
from optout.ledger.history import recent_looks
from optout.ledger.mandates import Mandate, mandates_of
from optout.ledger.open import open_ledger
from optout.ledger.roster import Entry, take_in
from optout.ledger.roster_tables import seen_settings
from optout.ledger.schema import outcomes, visits
from optout.ledger.status import pages, status
from optout.ledger.visits import start_run
from optout.ledger.waivers import list_waivers, waive
from optout.model import Account, Mode, Outcome, Reading, Target, Why

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from optout.ledger.ledger import Ledger

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FEW, MANY = 100, 1000
SETTINGS = tuple(f"setting-{number}" for number in range(10))
READ = (Reading.OUT, Reading.IN, Reading.UNKNOWN)
GROUP = "group 3"


def account(number: int) -> Account:
    return Account("exemplar", f"user{number:05}@example.org")


def fill(ledger: Ledger, accounts: int) -> None:
    """Accounts in groups of ten, each visited twice for every setting."""
    run = start_run(ledger, "run", at=NOW)
    mandate = Mandate("Grace Hopper", NOW.date(), "agreement 7")
    entries = [
        Entry(each, account(each), group=f"group {each // 10}", mandate=mandate)
        for each in range(accounts)
    ]
    with ledger.write() as connection:
        take_in(connection, entries, NOW)
        made = [_visit(each, turn, run) for each in range(accounts) for turn in range(2)]
        connection.execute(insert(visits), made)
        rows = [_outcome(visit["id"], at) for visit in made for at in range(len(SETTINGS))]
        connection.execute(insert(outcomes), rows)
        seen = [{"platform": "exemplar", "setting": setting} for setting in SETTINGS]
        connection.execute(insert(seen_settings), seen)
    waived = [Target(account(each), SETTINGS[0]) for each in range(0, accounts, 5)]
    waive(ledger, waived, reason="trial", until=NOW.date(), by="", at=NOW)


def _visit(number: int, turn: int, run: str) -> dict[str, Any]:
    return {
        "id": f"{number}-{turn}",
        "run_id": run,
        "platform": "exemplar",
        "login": account(number).login,
        "origin": "https://exemplar.test",
        "practice": False,
        "mode": Mode.AUTOMATIC,
        "flow_version": "1",
        "browser": "",
        "host": "h",
        "pid": 1,
        "started_at": NOW,
        "ended_at": NOW,
    }


def _outcome(visit: str, at: int) -> dict[str, Any]:
    return {
        "visit_id": visit,
        "setting": SETTINGS[at],
        "reading": READ[at % len(READ)],
        "locked": None,
        "outcome": Outcome.ALREADY_OUT,
        "why": Why.NONE,
        "reason": "",
        "next_step": "",
        "evidence": None,
        "evidence_digest": "",
        "notes": [],
        "at": NOW,
    }


@dataclass
class Counted:
    """A ledger whose database counts what it does."""

    ledger: Ledger
    steps: int = 0

    def of(self, question: Callable[[Ledger], int]) -> tuple[int, int]:
        """How much a question finds, and how many steps of SQLite that takes, in hundreds."""
        with self.ledger.read() as connection:
            raw: Any = connection.connection.driver_connection
        raw.set_progress_handler(self._step, 100)
        self.steps = 0
        found = question(self.ledger)
        raw.set_progress_handler(None, 0)
        return found, self.steps

    def _step(self) -> int:
        self.steps += 1
        return 0


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Counted, Counted]]:
    """Two ledgers, the second ten times the first."""
    homes = [Home.at(tmp_path_factory.mktemp("home")) for _ in range(2)]
    with (
        open_ledger(homes[0], f"sqlite:///{homes[0].ledger}") as few,
        open_ledger(homes[1], f"sqlite:///{homes[1].ledger}") as many,
    ):
        fill(few, FEW)
        fill(many, MANY)
        yield Counted(few), Counted(many)


PAGES: dict[str, Callable[[Ledger], int]] = {
    "status": lambda ledger: len(status(ledger, list(next(pages(ledger, size=20))), practice=True)),
    "status of a group": lambda ledger: len(
        status(ledger, list(next(pages(ledger, size=20, group=GROUP))), practice=True)
    ),
    "status from the middle": lambda ledger: len(
        status(ledger, list(next(pages(ledger, size=20, after=account(50)))), practice=True)
    ),
    "report of a group": lambda ledger: len(list(histories(ledger, group=GROUP))),
    "looks at an account": lambda ledger: len(recent_looks(ledger, accounts=[account(7)])),
    "mandates of a group": lambda ledger: len(
        mandates_of(ledger, [account(each) for each in range(10)])
    ),
}
WHOLE: dict[str, Callable[[Ledger], int]] = {
    "status": lambda ledger: sum(len(status(ledger, list(page))) for page in pages(ledger, size=50)),
    "report": lambda ledger: len(list(histories(ledger))),
    "looks": lambda ledger: len(recent_looks(ledger)),
    "looks by name": lambda ledger: len(
        recent_looks(ledger, accounts=[account(each) for each in range(MANY)])
    ),
    "mandates": lambda ledger: len(mandates_of(ledger)),
    "waivers": lambda ledger: len(list_waivers(ledger)),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_no_more_on_a_larger_ledger(sizes: tuple[Counted, Counted], page: str) -> None:
    (found, before), (found_there, after) = (each.of(PAGES[page]) for each in sizes)
    assert found == found_there > 0
    # What is left of growth is the depth of indexes, and a glance at each platform.
    assert after < 2 * before + 100, (before, after)


@pytest.mark.parametrize("whole", WHOLE)
def test_what_reads_everything_grows_as_the_ledger_does(
    sizes: tuple[Counted, Counted], whole: str
) -> None:
    (found, before), (found_there, after) = (each.of(WHOLE[whole]) for each in sizes)
    assert found_there == found * MANY // FEW
    assert after < 1.3 * before * MANY // FEW + 100, (before, after)


def test_one_account_is_a_report_of_its_own(sizes: tuple[Counted, Counted]) -> None:
    one = [Asked("exemplar", None, account(7).login)]
    found = [str(each.place.target.account) for each in histories(sizes[0].ledger, asked=one)]
    assert found == [str(account(7))] * len(SETTINGS)
    ads = [Asked("exemplar", SETTINGS[4])]
    assert len(list(histories(sizes[0].ledger, asked=ads))) == FEW
