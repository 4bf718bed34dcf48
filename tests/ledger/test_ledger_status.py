from __future__ import annotations

import dataclasses
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from optout.ledger.accounts import add_account
from optout.ledger.outcomes import record_result
from optout.ledger.schema import outcomes, runs, visits
from optout.ledger.status import StatusRow, status
from optout.model import Account, Mode, Outcome, Reading, Target, Why

if TYPE_CHECKING:
    from optout.home import Home
    from optout.ledger.ledger import Ledger
    from tests.ledger.conftest import Diary

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
OUT, IN, UNKNOWN = Reading.OUT, Reading.IN, Reading.UNKNOWN


def only(ledger: Ledger, account: Account) -> StatusRow:
    (row,) = status(ledger, [account])
    return row


def test_an_account_never_visited_has_a_row_without_a_reading(ledger: Ledger, ada: Account) -> None:
    assert status(ledger, [ada]) == [StatusRow(Target(ada, ""))]


def test_the_last_outcome_is_shown_whatever_it_is(ledger: Ledger, ada: Account, diary: Diary) -> None:
    diary.record(OUT)
    at = diary.record(UNKNOWN)
    row = only(ledger, ada)
    assert (row.reading, row.outcome, row.at) == (UNKNOWN, Outcome.UNREADABLE, at)


def test_an_unknown_reading_does_not_hide_what_is_known(
    ledger: Ledger, ada: Account, diary: Diary
) -> None:
    diary.record(OUT)
    diary.record(UNKNOWN)
    assert only(ledger, ada).known_reading is OUT


def test_nothing_is_known_from_unknown_readings_alone(
    ledger: Ledger, ada: Account, diary: Diary
) -> None:
    diary.record(UNKNOWN)
    row = only(ledger, ada)
    assert (row.known_reading, row.since, row.last_proof_at) == (None, None, None)


def test_unknown_readings_do_not_break_a_row_of_equal_ones(
    ledger: Ledger, ada: Account, diary: Diary
) -> None:
    diary.record(IN)
    since = diary.record(OUT)
    for reading in (UNKNOWN, OUT, UNKNOWN):
        diary.record(reading)
    assert only(ledger, ada).since == since


def test_a_reading_that_comes_back_counts_from_its_return(
    ledger: Ledger, ada: Account, diary: Diary
) -> None:
    diary.record(OUT)
    diary.record(IN)
    since = diary.record(OUT)
    assert only(ledger, ada).since == since


def test_a_lock_that_turns_begins_anew(ledger: Ledger, ada: Account, diary: Diary, home: Home) -> None:
    for locked in (OUT, IN):
        result = dataclasses.replace(diary.result(Reading.MANAGED), locked=locked)
        record_result(ledger, diary.visit(), result, home.evidence)
    row = only(ledger, ada)
    assert (row.known_reading, row.known_locked, row.since) == (Reading.MANAGED, IN, result.at)


def test_the_last_proof_outlives_later_doubt(ledger: Ledger, ada: Account, diary: Diary) -> None:
    diary.record(OUT, proof="first")
    at = diary.record(OUT, proof="second")
    diary.record(UNKNOWN, proof="third")
    diary.record(IN, proof="fourth")
    diary.record(OUT)
    row = only(ledger, ada)
    assert (row.last_proof_at, row.last_proof_evidence) == (at, "second")


@pytest.mark.parametrize(
    ("shown", "proves"),
    [
        ((OUT, None), True),
        ((Reading.NOT_OFFERED, None), True),
        ((Reading.MANAGED, OUT), True),
        ((Reading.MANAGED, IN), False),
        ((Reading.MANAGED, None), False),
        ((IN, None), False),
        ((UNKNOWN, None), False),
    ],
)
def test_only_out_locked_out_and_not_offered_are_proof(
    ledger: Ledger, diary: Diary, home: Home, shown: tuple[Reading, Reading | None], proves: bool
) -> None:
    reading, locked = shown
    result = dataclasses.replace(diary.result(reading, proof="bundle"), locked=locked)
    record_result(ledger, diary.visit(), result, home.evidence)
    row = only(ledger, result.target.account)
    assert row.last_proof_evidence == ("bundle" if proves else None)


def test_an_older_result_adopted_late_does_not_pass_for_the_last(
    ledger: Ledger, ada: Account, diary: Diary, home: Home
) -> None:
    older, newer = diary.result(IN), diary.result(OUT)
    for result in (newer, older):
        record_result(ledger, diary.visit(), result, home.evidence)
    assert only(ledger, ada).reading is OUT


def test_settings_and_origins_have_a_row_each(
    ledger: Ledger, ada: Account, diary: Diary, home: Home
) -> None:
    diary.record(OUT)
    diary.record(IN, origin="https://other.exemplar.test")
    result = diary.result(OUT)
    other = dataclasses.replace(result, target=Target(ada, "ads"))
    record_result(ledger, diary.visit(), other, home.evidence)
    assert [(row.target.setting, row.origin, row.reading) for row in status(ledger, [ada])] == [
        ("ads", "https://exemplar.test", OUT),
        ("ai-training", "https://exemplar.test", OUT),
        ("ai-training", "https://other.exemplar.test", IN),
    ]


def test_practice_never_passes_for_the_real_thing(ledger: Ledger, ada: Account, diary: Diary) -> None:
    diary.record(OUT, practice=True, proof="practice")
    assert status(ledger, [ada]) == [StatusRow(Target(ada, ""))]


def test_practice_is_shown_apart_when_asked_for_even_at_the_same_origin(
    ledger: Ledger, ada: Account, diary: Diary
) -> None:
    diary.record(IN, origin="http://127.0.0.1:8001")
    diary.record(OUT, practice=True, origin="http://127.0.0.1:8001")
    rows = status(ledger, [ada], practice=True)
    assert [(row.practice, row.known_reading) for row in rows] == [(False, IN), (True, OUT)]


def test_by_default_the_accounts_on_the_list_are_shown(
    ledger: Ledger, ada: Account, diary: Diary
) -> None:
    eve = Account("exemplar", "eve")
    diary.record(OUT)
    diary.record(OUT, account=eve)
    add_account(ledger, eve, at=diary.result(OUT).at)
    assert [row.target.account for row in status(ledger)] == [eve]


def test_practice_visits_of_accounts_not_on_the_list_are_shown_when_asked_for(
    ledger: Ledger, ada: Account, diary: Diary
) -> None:
    diary.record(OUT, practice=True)
    assert [row.target.account for row in status(ledger, practice=True)] == [ada]


def test_fifty_thousand_outcomes_take_less_than_a_second(sqlite: Ledger) -> None:
    run = {"id": "run", "command": "run", "started_at": START, "tool_version": "1"}
    ids = [(user, day) for user in range(50) for day in range(100)]
    with sqlite.write() as connection:
        connection.execute(insert(runs), [run])
        connection.execute(insert(visits), [_visit(*key) for key in ids])
        connection.execute(insert(outcomes), [_outcome(*key, nr) for key in ids for nr in range(10)])
    accounts = [Account("exemplar", f"user{user}") for user in range(50)]
    began = time.process_time()
    rows = status(sqlite, accounts)
    assert time.process_time() - began < 1
    assert len(rows) == 500


def _visit(user: int, day: int) -> dict[str, object]:
    return {
        "id": f"{user}-{day}",
        "run_id": "run",
        "platform": "exemplar",
        "login": f"user{user}",
        "origin": "https://exemplar.test",
        "practice": False,
        "mode": Mode.AUTOMATIC,
        "flow_version": "1",
        "browser": "",
        "host": "",
        "pid": 1,
        "started_at": START,
    }


def _outcome(user: int, day: int, setting: int) -> dict[str, object]:
    return {
        "visit_id": f"{user}-{day}",
        "setting": f"setting-{setting}",
        "reading": (OUT, IN)[day // 10 % 2],
        "outcome": (Outcome.ALREADY_OUT, Outcome.STILL_IN)[day // 10 % 2],
        "why": Why.NONE,
        "reason": "",
        "next_step": "",
        "evidence": f"{user}/{day}",
        "evidence_digest": "ab" * 32,
        "notes": [],
        "at": START + timedelta(days=day),
    }
