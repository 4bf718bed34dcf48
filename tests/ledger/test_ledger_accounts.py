from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from optout.errors import LedgerProblem
from optout.ledger.accounts import (
    ListedAccount,
    add_account,
    find_account,
    list_accounts,
    remove_account,
)
from optout.ledger.identities import (
    forget_identity,
    pin_identity,
    pinned_identity,
    saw_identity,
)
from optout.ledger.schema import identities
from optout.ledger.status import status
from optout.model import Account, Reading, SecretKind, SecretSource, Why

if TYPE_CHECKING:
    from optout.ledger.ledger import Ledger
    from tests.ledger.conftest import Diary

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
SITE = "https://exemplar.test"
KEYRING = SecretSource(SecretKind.KEYRING)
COMMAND = SecretSource(SecretKind.COMMAND, ("pass", "show", "a b"))


def test_an_added_account_is_found_as_it_was_added(ledger: Ledger, ada: Account) -> None:
    assert add_account(ledger, ada, password=COMMAND, totp=KEYRING, at=NOW)
    assert find_account(ledger, ada) == ListedAccount(ada, COMMAND, KEYRING, NOW)


def test_adding_again_changes_the_sources_and_says_it_is_not_new(ledger: Ledger, ada: Account) -> None:
    add_account(ledger, ada, password=COMMAND, at=NOW)
    assert not add_account(ledger, ada, password=KEYRING, at=LATER)
    assert find_account(ledger, ada) == ListedAccount(ada, KEYRING, SecretSource(), NOW)


def test_an_account_that_is_not_listed_is_not_found(ledger: Ledger, ada: Account) -> None:
    assert find_account(ledger, ada) is None


def test_accounts_are_listed_in_order_and_by_platform(ledger: Ledger, ada: Account) -> None:
    bob, eve = Account("exemplar", "bob"), Account("another", "eve")
    for account in (bob, ada, eve):
        add_account(ledger, account, at=NOW)
    assert [listed.account for listed in list_accounts(ledger)] == [eve, ada, bob]
    assert [listed.account for listed in list_accounts(ledger, "exemplar")] == [ada, bob]


@pytest.mark.parametrize(
    ("kind", "command"), [(SecretKind.COMMAND, ()), (SecretKind.KEYRING, ("pass",))]
)
def test_a_source_that_contradicts_itself_is_refused(kind: SecretKind, command: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="a secret from"):
        SecretSource(kind, command)


def test_removing_says_whether_the_account_was_listed(ledger: Ledger, ada: Account) -> None:
    add_account(ledger, ada, at=NOW)
    assert remove_account(ledger, ada)
    assert not remove_account(ledger, ada)
    assert list_accounts(ledger) == []


def test_a_removed_account_keeps_its_history(ledger: Ledger, ada: Account, diary: Diary) -> None:
    add_account(ledger, ada, at=NOW)
    diary.record(Reading.OUT)
    remove_account(ledger, ada)
    assert [row.reading for row in status(ledger, [ada])] == [Reading.OUT]


def test_a_removed_account_is_no_longer_pinned_to_a_person(ledger: Ledger, ada: Account) -> None:
    pin_identity(ledger, ada, SITE, "Ada L.", NOW)
    remove_account(ledger, ada)
    assert pinned_identity(ledger, ada, SITE) is None


def test_nobody_is_pinned_before_the_first_visit(ledger: Ledger, ada: Account) -> None:
    assert pinned_identity(ledger, ada, SITE) is None


def test_a_person_is_pinned_per_origin(ledger: Ledger, ada: Account) -> None:
    pin_identity(ledger, ada, SITE, "Ada L.", NOW)
    pin_identity(ledger, ada, "http://127.0.0.1:8001", "Practice Ada", NOW)
    assert pinned_identity(ledger, ada, SITE) == "Ada L."


def test_the_first_person_pinned_wins(ledger: Ledger, ada: Account) -> None:
    pin_identity(ledger, ada, SITE, "Ada L.", NOW)
    with pytest.raises(LedgerProblem, match=r"expected Ada L\.; found Mallory") as caught:
        pin_identity(ledger, ada, SITE, "Mallory", LATER)
    assert caught.value.why is Why.OTHER_PERSON
    assert pinned_identity(ledger, ada, SITE) == "Ada L."


def test_pinning_the_same_person_again_changes_nothing(ledger: Ledger, ada: Account) -> None:
    pin_identity(ledger, ada, SITE, "Ada L.", NOW)
    pin_identity(ledger, ada, SITE, "Ada L.", LATER)
    assert _seen(ledger) == [(NOW, NOW)]


def test_seeing_the_person_again_is_noted(ledger: Ledger, ada: Account) -> None:
    pin_identity(ledger, ada, SITE, "Ada L.", NOW)
    saw_identity(ledger, ada, SITE, LATER)
    assert _seen(ledger) == [(NOW, LATER)]


def test_seeing_somebody_who_was_never_pinned_is_refused(ledger: Ledger, ada: Account) -> None:
    with pytest.raises(LedgerProblem, match="nobody is pinned"):
        saw_identity(ledger, ada, SITE, NOW)


def test_a_forgotten_person_makes_room_for_another(ledger: Ledger, ada: Account) -> None:
    pin_identity(ledger, ada, SITE, "Ada L.", NOW)
    assert forget_identity(ledger, ada, SITE)
    assert not forget_identity(ledger, ada, SITE)
    pin_identity(ledger, ada, SITE, "Ada King", LATER)
    assert pinned_identity(ledger, ada, SITE) == "Ada King"


def _seen(ledger: Ledger) -> list[tuple[datetime, datetime]]:
    with ledger.read() as connection:
        return [(row.pinned_at, row.last_seen_at) for row in connection.execute(identities.select())]
