"""Importing a roster: all of it or nothing, and again as an update."""

from __future__ import annotations

import io
import time
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from optout.campaign.rosters import Intake, import_roster
from optout.ledger.accounts import ListedAccount, find_account, list_accounts, list_groups
from optout.ledger.mandates import Mandate, mandates_of
from optout.model import Account, SecretKind
from tests.campaign.conftest import ADA

if TYPE_CHECKING:
    from optout.accounts.roster_text import Fault
    from optout.campaign.surroundings import Surroundings
    from optout.ledger.ledger import Ledger
    from optout.ledger.roster import Difference

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BOB, EVE = Account("workshop", "bob@example.org"), Account("workshop", "eve@example.org")
HEAD = "platform,login,name,group,mandate_by,mandate_on,mandate_where\n"
STAFF = (
    f"{HEAD}workshop,bob@example.org,Bob,sales,Grace,2026-11-01,letter\n"
    "workshop,eve@example.org,Eve,press,,,\n"
)


@pytest.fixture
def ledger(around: Surroundings) -> Ledger:
    return around.ledger


class Taken:
    """What an import has said."""

    def __init__(
        self, ledger: Ledger, text: str, *, dry_run: bool = False, skip_bad: bool = False
    ) -> None:
        self.differences: list[Difference] = []
        self.faults: list[Fault] = []
        self.intake: Intake = import_roster(
            ledger,
            io.BytesIO(text.encode()),
            ["workshop"],
            at=NOW,
            dry_run=dry_run,
            skip_bad=skip_bad,
            on_difference=self.differences.append,
            on_fault=self.faults.append,
        )

    @property
    def counts(self) -> tuple[bool, int, int, int, int]:
        found = self.intake
        return found.kept, found.new, found.changed, found.same, found.refused


def listed(ledger: Ledger, account: Account) -> ListedAccount:
    found = find_account(ledger, account)
    assert found
    return found


def test_its_accounts_are_listed_as_somebody_elses_with_name_group_and_mandate(ledger: Ledger) -> None:
    assert Taken(ledger, STAFF).counts == (True, 2, 0, 0, 0)
    bob = listed(ledger, BOB)
    assert (bob.name, bob.group, bob.own, bob.password.kind) == ("Bob", "sales", False, SecretKind.NONE)
    assert mandates_of(ledger) == {BOB: Mandate("Grace", date(2026, 11, 1), "letter")}
    assert list_groups(ledger) == ["press", "sales"]
    assert [each.account for each in list_accounts(ledger, group="press")] == [EVE]


def test_one_bad_row_keeps_all_out_and_every_bad_row_is_named(ledger: Ledger) -> None:
    found = Taken(ledger, f"{STAFF}nowhere,a,,,,,\nworkshop,bob@example.org,,,,,\n")
    assert found.counts == (False, 2, 0, 0, 2)
    assert [fault.line for fault in found.faults] == [4, 5]
    assert [each.account for each in list_accounts(ledger)] == [ADA]
    assert mandates_of(ledger) == {}


def test_bad_rows_can_be_left_out(ledger: Ledger) -> None:
    assert Taken(ledger, f"{STAFF}nowhere,a,,,,,\n", skip_bad=True).counts == (True, 2, 0, 0, 1)
    assert len(list_accounts(ledger)) == 3


def test_a_dry_run_says_the_same_and_writes_nothing(ledger: Ledger) -> None:
    dry = Taken(ledger, STAFF, dry_run=True)
    assert [each.account for each in list_accounts(ledger)] == [ADA]
    wet = Taken(ledger, STAFF)
    assert dry.differences == wet.differences
    assert (dry.intake.kept, wet.intake.kept) == (False, True)


def test_importing_again_changes_nothing_and_says_so(ledger: Ledger) -> None:
    Taken(ledger, STAFF)
    again = Taken(ledger, STAFF)
    assert again.counts == (True, 0, 0, 2, 0)
    assert again.differences == []


def test_importing_again_is_an_update_that_shows_what_it_changes(ledger: Ledger) -> None:
    Taken(ledger, STAFF)
    moved = STAFF.replace("sales", "press").replace("letter", "contract")
    (found,) = Taken(ledger, moved).differences
    assert found.changes == (
        ("group", "sales", "press"),
        (
            "mandate",
            "authorised by Grace on 2026-11-01: letter",
            "authorised by Grace on 2026-11-01: contract",
        ),
    )
    assert listed(ledger, BOB).group == "press"
    assert mandates_of(ledger)[BOB].written_down == "contract"


def test_what_a_roster_does_not_say_stays_as_it_is(ledger: Ledger) -> None:
    Taken(ledger, STAFF)
    Taken(ledger, "platform,login\nworkshop,bob@example.org\n")
    assert (listed(ledger, BOB).name, listed(ledger, BOB).group) == ("Bob", "sales")
    assert BOB in mandates_of(ledger)


def test_an_account_that_its_owner_added_stays_theirs(ledger: Ledger) -> None:
    Taken(ledger, f"{HEAD}workshop,{ADA.login},Ada,sales,,,\n")
    assert (listed(ledger, ADA).own, listed(ledger, ADA).group) == (True, "sales")


@pytest.mark.parametrize("rows", [3_000, pytest.param(50_000, marks=pytest.mark.thorough)])
def test_fifty_thousand_rows_take_seconds(ledger: Ledger, rows: int) -> None:
    lines = (f"workshop,u{each}@example.org,U,g{each % 9},Grace,2026-11-01,x" for each in range(rows))
    text = HEAD + "\n".join(lines)
    began = time.process_time()
    assert Taken(ledger, text).counts == (True, rows, 0, 0, 0)
    assert time.process_time() - began < rows / 3_000
