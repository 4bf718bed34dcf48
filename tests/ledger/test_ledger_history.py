"""What became of targets over time, as the ledger gives it back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from optout.ledger.health import tripping_looks, worked
from optout.ledger.history import looks_at, recent_looks
from optout.ledger.watch_rules import WatchRule, list_rules, set_rule, unset_rule
from optout.ledger.watch_tables import Scope
from optout.model import Account, Reading, Target

if TYPE_CHECKING:
    from optout.ledger.ledger import Ledger
    from tests.ledger.conftest import Diary

OUT, IN, UNKNOWN = Reading.OUT, Reading.IN, Reading.UNKNOWN
BOB = Account("exemplar", "bob@example.org")
SITE = "http://127.0.0.1:8001"


def readings(ledger: Ledger, *, practice: str = "") -> list[list[Reading]]:
    return [[look.reading for look in row] for row in recent_looks(ledger, practice=practice).values()]


def test_every_look_is_kept_oldest_first(ledger: Ledger, diary: Diary, ada: Account) -> None:
    days = [diary.record(reading, proof=f"p{n}") for n, reading in enumerate((IN, OUT, UNKNOWN))]
    looks = looks_at(ledger, Target(ada, "ai-training"))
    assert [(look.reading, look.at, look.evidence) for look in looks] == [
        (IN, days[0], "p0"),
        (OUT, days[1], "p1"),
        (UNKNOWN, days[2], "p2"),
    ]
    assert {(look.command, look.flow_version) for look in looks} == {("run", "2026.3")}


def test_recent_looks_begin_at_the_last_time_but_one_it_was_out(ledger: Ledger, diary: Diary) -> None:
    for reading in (OUT, IN, OUT, UNKNOWN, OUT, IN, UNKNOWN):
        diary.record(reading)
    assert readings(ledger) == [[OUT, UNKNOWN, OUT, IN, UNKNOWN]]


def test_a_target_that_was_never_out_has_all_its_looks(ledger: Ledger, diary: Diary) -> None:
    for reading in (IN, UNKNOWN, IN):
        diary.record(reading)
    assert readings(ledger) == [[IN, UNKNOWN, IN]]


def test_practice_says_nothing_about_the_platform(ledger: Ledger, diary: Diary) -> None:
    diary.record(OUT)
    diary.record(IN, practice=True)
    diary.record(UNKNOWN, practice=True, origin="http://127.0.0.1:9999")
    assert readings(ledger) == [[OUT]]
    assert readings(ledger, practice=SITE) == [[IN]]


def test_only_the_accounts_asked_for(ledger: Ledger, diary: Diary, ada: Account) -> None:
    diary.record(OUT)
    diary.record(IN, account=BOB)
    for accounts in ([BOB], [BOB, Account("exemplar", "eve@example.org")]):
        assert {place.target.account for place in recent_looks(ledger, accounts=accounts)} == {BOB}
    assert {place.target.account for place in recent_looks(ledger)} == {ada, BOB}


def test_of_what_a_flow_did_the_last_that_worked_and_the_first_that_did_not_are_told(
    ledger: Ledger, diary: Diary
) -> None:
    diary.record(UNKNOWN, account=BOB)  # he was read since
    first = diary.record(UNKNOWN)
    diary.record(OUT, account=BOB)
    worked_last = diary.record(OUT, account=BOB)
    diary.record(UNKNOWN)  # as she did before
    began = diary.record(UNKNOWN, account=BOB)
    elsewhere = diary.record(OUT, practice=True)
    assert [look.at for look in tripping_looks(ledger)] == [first, worked_last, began, elsewhere]


def test_health_counts_accounts_and_leaves_practice_out(ledger: Ledger, diary: Diary) -> None:
    diary.record(OUT)
    last = diary.record(IN, account=BOB)
    diary.record(UNKNOWN)
    diary.record(OUT, practice=True, account=Account("exemplar", "eve@example.org"))
    (found,) = worked(ledger)
    assert (found.platform, found.flow_version, found.accounts, found.last) == (
        "exemplar",
        "2026.3",
        2,
        last,
    )


NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_a_rule_is_set_replaced_and_taken_back(ledger: Ledger) -> None:
    first = WatchRule(Scope.PLATFORM, "exemplar", "proven-out", 30)
    second = WatchRule(Scope.PLATFORM, "exemplar", "proven-out", 14.5)
    set_rule(ledger, first, at=NOW)
    set_rule(ledger, second, at=NOW + timedelta(days=1))
    assert list_rules(ledger) == [second]
    assert unset_rule(ledger, Scope.PLATFORM, "exemplar", "proven-out") is True
    assert unset_rule(ledger, Scope.PLATFORM, "exemplar", "proven-out") is False
    assert list_rules(ledger) == []
