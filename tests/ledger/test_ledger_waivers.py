"""Exceptions in the ledger: the newest holds, until its last day is over or it is withdrawn."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from optout.ledger.waivers import list_waivers, waive, waivers_in_force, withdraw_waivers
from optout.model import Account, Target

if TYPE_CHECKING:
    from optout.ledger.ledger import Ledger

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADA = Target(Account("linkedin", "ada@example.org"), "ai-training")
ADS = Target(ADA.account, "ads")
BOB = Target(Account("linkedin", "bob@example.org"), "ai-training")


def waived(
    ledger: Ledger, *targets: Target, until: date = date(2026, 12, 31), reason: str = "trial"
) -> None:
    waive(ledger, targets, reason=reason, until=until, by="the board", at=NOW)


def test_it_holds_until_its_last_day_is_over(ledger: Ledger) -> None:
    waived(ledger, ADA)
    assert list(waivers_in_force(ledger, datetime(2026, 12, 31, 23, 59, tzinfo=UTC))) == [ADA]
    assert waivers_in_force(ledger, datetime(2027, 1, 1, tzinfo=UTC)) == {}


def test_an_expired_one_is_still_listed(ledger: Ledger) -> None:
    waived(ledger, ADA, until=date(2026, 1, 1))
    assert [each.target for each in list_waivers(ledger)] == [ADA]


def test_of_several_the_newest_one_holds(ledger: Ledger) -> None:
    waived(ledger, ADA, until=date(2027, 12, 31))
    waived(ledger, ADA, until=date(2026, 1, 1), reason="shorter")
    assert waivers_in_force(ledger, NOW) == {}


def test_it_is_for_one_setting_of_one_account(ledger: Ledger) -> None:
    waived(ledger, ADA, BOB)
    assert withdraw_waivers(ledger, [ADA, ADS], at=NOW) == 1
    assert list(waivers_in_force(ledger, NOW)) == [BOB]
    assert waivers_in_force(ledger, NOW, [ADA.account]) == {}


def test_it_says_by_whom_until_when_and_why(ledger: Ledger) -> None:
    waived(ledger, ADA)
    (found,) = list_waivers(ledger)
    assert str(found) == "waived by the board until 2026-12-31: trial"
