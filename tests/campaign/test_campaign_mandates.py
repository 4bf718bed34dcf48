"""No mandate, no visit: which accounts may be visited, and what names the mandate."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from optout.campaign.mandates import IN_PERSON, may_visit, signed_in_personally
from optout.ledger.mandates import Mandate, give_mandate, mandate_of, mandates_of, revoke_mandates
from optout.ledger.roster import Entry, take_in
from optout.model import Account, ExitBit, Mode, Outcome, Reading, Result, Target, Why
from optout.visit.verdict import Verdict
from tests.campaign.conftest import ADA

if TYPE_CHECKING:
    from optout.campaign.surroundings import Surroundings
    from optout.ledger.ledger import Ledger

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BOB, EVE = Account("workshop", "bob@example.org"), Account("workshop", "eve@example.org")
GIVEN = Mandate("Grace Hopper", date(2026, 11, 1), "agreement 7", date(2026, 12, 31))


@pytest.fixture
def ledger(around: Surroundings) -> Ledger:
    with around.ledger.write() as connection:
        take_in(connection, [Entry(2, BOB), Entry(3, EVE)], NOW)
    return around.ledger


def why(ledger: Ledger, account: Account, now: datetime = NOW) -> Why | None:
    found = may_visit(ledger, account, now, Mode.AUTOMATIC)
    return found.why if isinstance(found, Verdict) else None


def test_ones_own_account_needs_no_mandate(ledger: Ledger) -> None:
    assert may_visit(ledger, ADA, NOW, Mode.AUTOMATIC) is None


def test_an_account_of_a_roster_is_not_visited_without_one(ledger: Ledger) -> None:
    found = may_visit(ledger, BOB, NOW, Mode.AUTOMATIC)
    assert isinstance(found, Verdict)
    assert (found.outcome, found.why) == (Outcome.SKIPPED, Why.NO_MANDATE)
    assert "optout account mandate workshop:bob@example.org" in found.next_step


@pytest.mark.parametrize("reason", [Why.NO_MANDATE, Why.MANDATE_EXPIRED])
def test_a_visit_that_was_not_made_is_no_success(reason: Why) -> None:
    result = Result(Target(BOB, "s"), NOW, Reading.UNKNOWN, Outcome.SKIPPED, why=reason)
    assert result.exit_bit is ExitBit.NEEDS_PERSON


def test_with_one_it_is_visited_until_its_last_day_is_over(ledger: Ledger) -> None:
    give_mandate(ledger, [BOB], GIVEN, at=NOW)
    last_moment = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    assert may_visit(ledger, BOB, last_moment, Mode.AUTOMATIC) == GIVEN
    assert why(ledger, BOB, last_moment + timedelta(minutes=1)) is Why.MANDATE_EXPIRED
    assert why(ledger, EVE) is Why.NO_MANDATE


def test_the_newest_one_holds_and_the_one_before_does_not_return(ledger: Ledger) -> None:
    give_mandate(ledger, [BOB], Mandate("Grace Hopper", date(2026, 1, 1), "letter"), at=NOW)
    give_mandate(ledger, [BOB], Mandate("Grace Hopper", date(2026, 1, 1), "x", date(2026, 2, 1)), at=NOW)
    assert why(ledger, BOB) is Why.MANDATE_EXPIRED


def test_revoking_takes_back_all_of_an_account_and_of_no_other(ledger: Ledger) -> None:
    for _ in range(2):
        give_mandate(ledger, [BOB, EVE], GIVEN, at=NOW)
    assert revoke_mandates(ledger, [BOB, ADA], at=NOW) == 1
    assert mandates_of(ledger) == {EVE: GIVEN}
    assert why(ledger, BOB) is Why.NO_MANDATE


def test_whoever_is_at_the_window_authorises_that_visit_and_evidence_says_so(ledger: Ledger) -> None:
    found = may_visit(ledger, BOB, NOW, Mode.ATTENDED)
    assert isinstance(found, Mandate)
    assert "at its window" in str(found)
    assert mandate_of(ledger, BOB) is None


def test_who_signed_in_personally_has_authorised_the_visits_after_it(ledger: Ledger) -> None:
    signed_in_personally(ledger, BOB, "Bob Babbage", NOW)
    assert mandate_of(ledger, BOB) == Mandate("Bob Babbage", NOW.date(), IN_PERSON)
    assert why(ledger, BOB) is None


def test_signing_in_personally_changes_nothing_for_ones_own_or_a_mandate_that_holds(
    ledger: Ledger,
) -> None:
    give_mandate(ledger, [BOB], GIVEN, at=NOW)
    signed_in_personally(ledger, BOB, "Bob Babbage", NOW)
    signed_in_personally(ledger, ADA, "Ada Lovelace", NOW)
    assert mandates_of(ledger) == {BOB: GIVEN}


def test_the_mandate_says_who_when_until_when_and_where() -> None:
    assert str(GIVEN) == "authorised by Grace Hopper on 2026-11-01, until 2026-12-31: agreement 7"
