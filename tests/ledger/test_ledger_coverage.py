"""Every target with its looks: nobody left out, nobody counted twice, in the order of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.ledger.accounts import add_account
from optout.ledger.bundles import newest_bundle
from optout.ledger.coverage import histories, practice_histories
from optout.model import Account, Reading
from tests.ledger.conftest import START

if TYPE_CHECKING:
    from optout.ledger.ledger import Ledger
    from tests.ledger.conftest import Diary

BOB = Account("exemplar", "bob@example.org")


def listed(ledger: Ledger, *accounts: Account) -> None:
    for account in accounts:
        add_account(ledger, account, at=START)


def found(ledger: Ledger, **usual: str) -> list[tuple[str, int]]:
    return [(str(each.place.target), len(each.looks)) for each in histories(ledger, usual=usual)]


def test_looks_come_oldest_first_and_whole(ledger: Ledger, ada: Account, diary: Diary) -> None:
    listed(ledger, ada)
    days = [diary.record(reading) for reading in (Reading.IN, Reading.OUT, Reading.UNKNOWN)]
    ((place, looks, _),) = histories(ledger)
    assert [look.at for look in looks] == days
    assert place.origin == "https://exemplar.test"


def test_an_account_nobody_looked_at_has_a_history_without_looks(
    ledger: Ledger, ada: Account, diary: Diary
) -> None:
    listed(ledger, ada, BOB)
    diary.record(Reading.OUT)
    assert found(ledger) == [
        ("exemplar/ai-training:ada@example.org", 1),
        ("exemplar/ai-training:bob@example.org", 0),
    ]


def test_the_usual_setting_is_there_before_anybody_looked(ledger: Ledger, ada: Account) -> None:
    listed(ledger, ada)
    assert found(ledger, exemplar="ai-training", other="x") == [
        ("exemplar/ai-training:ada@example.org", 0)
    ]


def test_practice_visits_and_accounts_off_the_list_are_kept_apart(
    ledger: Ledger, ada: Account, diary: Diary
) -> None:
    listed(ledger, ada)
    diary.record(Reading.OUT, practice=True)
    diary.record(Reading.OUT, account=BOB)
    assert found(ledger) == [("exemplar/ai-training:ada@example.org", 0)]
    assert [place.practice for place, *_ in practice_histories(ledger)] == [True]


def test_two_practice_sites_are_two_histories(ledger: Ledger, diary: Diary) -> None:
    for origin in ("http://127.0.0.1:2", "http://127.0.0.1:1", "http://127.0.0.1:2"):
        diary.record(Reading.OUT, practice=True, origin=origin)
    assert [(place.origin[-1], len(looks)) for place, looks, _ in practice_histories(ledger)] == [
        ("1", 1),
        ("2", 2),
    ]


def test_the_newest_bundle_is_that_of_what_is_named(ledger: Ledger, ada: Account, diary: Diary) -> None:
    for account, proof in ((ada, "a/1"), (BOB, "b/1"), (ada, "a/2"), (ada, "")):
        diary.record(Reading.OUT, account=account, proof=proof)
    assert newest_bundle(ledger) == "a/2"
    assert newest_bundle(ledger, "exemplar", login=BOB.login) == "b/1"
    assert newest_bundle(ledger, "exemplar", "another") is None
