"""How each platform's flow is doing on the platform itself."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from optout.home import Home
from optout.ledger.open import open_ledger
from optout.ledger.outcomes import record_result
from optout.ledger.visits import start_run, start_visit
from optout.model import Account, Mode, Result, Target
from optout.watch.health import Health, health
from tests.watch.looks import KINDS, START
from tests.workshop.flow import Workshop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optout.ledger.ledger import Ledger

PRACTICE = "http://127.0.0.1:8000"


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    monkeypatch.delenv("OPTOUT_DATABASE", raising=False)
    with open_ledger(Home.at(tmp_path)) as opened:
        yield opened


def enter(ledger: Ledger, *story: tuple[str, str], origin: str = Workshop.origin) -> Health:
    """Enter a visit a minute, and say how the flow is doing then."""
    practice = origin == PRACTICE
    for minute, (login, kind) in enumerate(story):
        account = Account("workshop", login)
        at = START + datetime.timedelta(minutes=minute)
        visit_id = start_visit(
            ledger,
            start_run(ledger, "check", at=at),
            account,
            origin=origin,
            practice=practice,
            mode=Mode.AUTOMATIC,
            flow_version=Workshop.version,
            browser="",
            at=at,
        )
        reading, outcome, why = KINDS[kind]
        target = Target(account, "auto")
        found = Result(target, at, reading, outcome, why=why, origin=origin, practice=practice)
        record_result(ledger, visit_id, found, Path(ledger.place).parent)
    return health(ledger, [Workshop()])["workshop"]


def test_it_says_when_it_last_worked_on_how_many_accounts_with_which_version(ledger: Ledger) -> None:
    doing = enter(ledger, ("a", "out"), ("b", "in"), ("b", "out"), ("c", "signed out"))
    assert str(doing) == (
        f"last worked 2026-03-01 12:02 UTC, on 2 accounts, with version {Workshop.version}"
    )


def test_three_accounts_that_fail_alike_put_it_in_quarantine(ledger: Ledger) -> None:
    doing = enter(ledger, ("a", "out"), ("a", "changed"), ("b", "changed"), ("c", "changed"))
    assert [each.part.setting for each in doing.quarantines] == ["auto"]
    assert "on 3 accounts in a row, each time with control-missing" in str(doing)


def test_what_happens_in_practice_says_nothing_about_it(ledger: Ledger) -> None:
    story = (("a", "out"), ("a", "changed"), ("b", "changed"), ("c", "changed"))
    doing = enter(ledger, *story, origin=PRACTICE)
    assert (doing.worked, doing.quarantines) == (None, ())
