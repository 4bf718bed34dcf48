"""A ledger with a history, filled in one line per look, and bundles that are really there."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from optout.evidence.bundle import write_bundle
from optout.ledger.accounts import add_account
from optout.ledger.outcomes import record_result
from optout.ledger.visits import start_run, start_visit
from optout.model import Account, Mode, Outcome, Reading, Result, Target, Why

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optout.home import Home
    from optout.ledger.ledger import Ledger

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADA = Account("exemplar", "ada@example.org")
READ = {
    Outcome.OPTED_OUT: Reading.OUT,
    Outcome.ALREADY_OUT: Reading.OUT,
    Outcome.NOT_OFFERED: Reading.NOT_OFFERED,
    Outcome.STILL_IN: Reading.IN,
    Outcome.NOT_SAVED: Reading.IN,
    Outcome.UNDONE: Reading.IN,
    Outcome.MANAGED: Reading.MANAGED,
}
SEEN = tuple(READ)


@dataclass
class Book:
    """Writes one look a day."""

    ledger: Ledger
    home: Home
    days: Iterator[int] = field(default_factory=itertools.count)

    def account(self, login: str, platform: str = "exemplar") -> Account:
        """Put an account on the list."""
        account = Account(platform, login)
        add_account(self.ledger, account, at=START)
        return account

    def look(
        self,
        outcome: Outcome,
        *,
        account: Account = ADA,
        setting: str = "ai-training",
        practice: bool = False,
        proof: bool | None = None,
        why: Why = Why.NONE,
        **facts: Any,
    ) -> Result:
        """Record what one visit has established, with a bundle where it has seen something."""
        at = START + timedelta(days=next(self.days))
        origin = "http://127.0.0.1:8001" if practice else "https://exemplar.test"
        visit = start_visit(
            self.ledger,
            start_run(self.ledger, "run", at=at),
            account,
            origin=origin,
            practice=practice,
            mode=Mode.AUTOMATIC,
            flow_version="2026.3",
            browser="chromium 141",
            at=at,
        )
        given = {"reading": READ.get(outcome, Reading.UNKNOWN), **facts}
        if outcome in SEEN if proof is None else proof:
            made = write_bundle(self.folder(account) / visit, {"record.json": visit.encode()})
            given |= {"evidence": made.folder, "evidence_digest": made.digest}
        target = Target(account, setting)
        result = Result(target, at, outcome=outcome, why=why, origin=origin, practice=practice, **given)
        record_result(self.ledger, visit, result, self.home.evidence)
        return result

    def folder(self, account: Account) -> Path:
        """Where the bundles of an account lie."""
        return self.home.evidence / account.platform / "0123456789"
