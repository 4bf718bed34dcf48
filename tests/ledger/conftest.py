"""A ledger of its own for every test, and a short way to fill it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from optout.home import Home
from optout.ledger.open import open_ledger
from optout.ledger.outcomes import record_result
from optout.ledger.visits import start_run, start_visit
from optout.model import Account, Mode, Outcome, Reading, Result, Target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optout.ledger.ledger import Ledger
    from tests import postgres

ADA = Account("exemplar", "ada@example.org")
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Diary:
    """Fills a ledger one visit a day."""

    ledger: Ledger
    home: Home
    days: Iterator[int] = field(default_factory=itertools.count)

    def visit(self, account: Account = ADA, *, practice: bool = False, origin: str = "") -> str:
        at = START
        run_id = start_run(self.ledger, "run", at=at)
        return start_visit(
            self.ledger,
            run_id,
            account,
            origin=origin or ("http://127.0.0.1:8001" if practice else "https://exemplar.test"),
            practice=practice,
            mode=Mode.AUTOMATIC,
            flow_version="2026.3",
            browser="chromium 141",
            at=at,
        )

    def result(
        self, reading: Reading, *, account: Account = ADA, proof: str = "", practice: bool = False
    ) -> Result:
        outcome = {
            Reading.OUT: Outcome.ALREADY_OUT,
            Reading.IN: Outcome.STILL_IN,
            Reading.NOT_OFFERED: Outcome.NOT_OFFERED,
            Reading.MANAGED: Outcome.MANAGED,
            Reading.UNKNOWN: Outcome.UNREADABLE,
        }[reading]
        return Result(
            target=Target(account, "ai-training"),
            at=START + timedelta(days=next(self.days)),
            reading=reading,
            outcome=outcome,
            evidence=self.home.evidence / proof if proof else None,
            practice=practice,
        )

    def record(
        self,
        reading: Reading,
        *,
        account: Account = ADA,
        proof: str = "",
        practice: bool = False,
        origin: str = "",
    ) -> datetime:
        """Record one outcome on the next day."""
        result = self.result(reading, account=account, proof=proof, practice=practice)
        visit_id = self.visit(account, practice=practice, origin=origin)
        record_result(self.ledger, visit_id, result, self.home.evidence)
        return result.at


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


@pytest.fixture
def sqlite(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    monkeypatch.delenv("OPTOUT_DATABASE", raising=False)
    with open_ledger(home) as ledger:
        yield ledger


@pytest.fixture(scope="session")
def empty_ledger(postgresql: postgres.Server) -> str:
    """A database with an empty ledger in it, to be copied."""
    name = postgresql.database()
    url = postgresql.url(name).render_as_string()
    open_ledger(Home.at(postgresql.folder / "unused"), url).close()
    return name


@pytest.fixture
def on_postgresql(postgresql: postgres.Server, empty_ledger: str, home: Home) -> Iterator[Ledger]:
    name = postgresql.database(empty_ledger)
    with open_ledger(home, postgresql.url(name).render_as_string()) as ledger:
        yield ledger
    postgresql.drop(name)


@pytest.fixture(params=["sqlite", "on_postgresql"], ids=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    """A ledger on each database: what is said of one holds for the other."""
    opened: Ledger = request.getfixturevalue(request.param)
    return opened


@pytest.fixture
def diary(ledger: Ledger, home: Home) -> Diary:
    return Diary(ledger, home)


@pytest.fixture
def ada() -> Account:
    return ADA
