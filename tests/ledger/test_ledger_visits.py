from __future__ import annotations

import dataclasses
import os
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from optout.errors import LedgerProblem
from optout.ledger.outcomes import evidence_paths, record_result, record_results, results_of
from optout.ledger.visits import end_run, end_visit, open_visits, start_visit
from optout.model import Account, Mode, Outcome, Reading, Target, Why

if TYPE_CHECKING:
    from optout.home import Home
    from optout.ledger.ledger import Ledger
    from optout.model import Result
    from tests.ledger.conftest import Diary


@pytest.fixture
def full(diary: Diary, ada: Account) -> Result:
    """A result in which everything is said."""
    return dataclasses.replace(
        diary.result(Reading.MANAGED, proof="2026/03/01-ada"),
        locked=Reading.IN,
        why=Why.LOCKED_IN,
        reason="Your organisation keeps this on",
        next_step="Ask your administrator",
        evidence_digest="ab" * 32,
        origin="https://exemplar.test",
        notes=("another switch moved", "ünïcode"),
    )


def test_a_visit_is_open_until_it_ends(ledger: Ledger, diary: Diary) -> None:
    visit_id = diary.visit()
    assert [(visit.id, visit.pid) for visit in open_visits(ledger)] == [(visit_id, os.getpid())]
    end_visit(ledger, visit_id, at=diary.result(Reading.OUT).at)
    assert open_visits(ledger) == []


def test_a_visit_of_no_run_is_refused(ledger: Ledger, ada: Account, full: Result) -> None:
    with pytest.raises(LedgerProblem, match="no run"):
        start_visit(
            ledger,
            "0" * 32,
            ada,
            origin="",
            practice=False,
            mode=Mode.GUIDED,
            flow_version="",
            browser="",
            at=full.at,
        )


def test_ending_what_never_began_is_refused(ledger: Ledger, full: Result) -> None:
    with pytest.raises(LedgerProblem, match="no run"):
        end_run(ledger, "nothing", at=full.at)
    with pytest.raises(LedgerProblem, match="no visit"):
        end_visit(ledger, "nothing", at=full.at)


def test_a_result_comes_back_as_it_was_recorded(
    ledger: Ledger, home: Home, diary: Diary, full: Result
) -> None:
    visit_id = diary.visit()
    assert record_result(ledger, visit_id, full, home.evidence)
    assert results_of(ledger, open_visits(ledger)[0].run_id, home.evidence) == [full]


def test_evidence_is_known_by_its_place_in_the_evidence_folder(
    ledger: Ledger, home: Home, diary: Diary, full: Result
) -> None:
    record_result(ledger, diary.visit(), full, home.evidence)
    diary.record(Reading.UNKNOWN)
    assert evidence_paths(ledger) == {"2026/03/01-ada"}


def test_evidence_outside_the_evidence_folder_is_refused(
    ledger: Ledger, home: Home, diary: Diary, full: Result
) -> None:
    stray = dataclasses.replace(full, evidence=home.evidence / ".." / "elsewhere")
    with pytest.raises(LedgerProblem, match="not in the evidence folder"):
        record_result(ledger, diary.visit(), stray, home.evidence)


def test_recording_the_same_result_twice_does_no_harm(
    ledger: Ledger, home: Home, diary: Diary, full: Result
) -> None:
    visit_id = diary.visit()
    record_result(ledger, visit_id, full, home.evidence)
    assert not record_result(ledger, visit_id, full, home.evidence)
    assert len(results_of(ledger, open_visits(ledger)[0].run_id, home.evidence)) == 1


def test_a_second_outcome_of_one_visit_for_one_setting_is_refused(
    ledger: Ledger, home: Home, diary: Diary, full: Result
) -> None:
    visit_id = diary.visit()
    record_result(ledger, visit_id, full, home.evidence)
    other = dataclasses.replace(full, outcome=Outcome.FAILED)
    with pytest.raises(LedgerProblem, match="different outcome"):
        record_result(ledger, visit_id, other, home.evidence)


@pytest.mark.parametrize(
    "change",
    [
        {"target": Target(Account("exemplar", "mallory"), "ai-training")},
        {"origin": "https://exemplar.test:444"},
        {"practice": True},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_result_is_never_booked_to_another_visit(
    ledger: Ledger, home: Home, diary: Diary, full: Result, change: dict[str, object]
) -> None:
    wrong = dataclasses.replace(full, **change)  # type: ignore[arg-type]
    with pytest.raises(LedgerProblem, match="is not of visit"):
        record_result(ledger, diary.visit(), wrong, home.evidence)


def test_a_result_of_no_visit_is_refused(ledger: Ledger, home: Home, full: Result) -> None:
    with pytest.raises(LedgerProblem, match="no visit"):
        record_result(ledger, "nothing", full, home.evidence)


def test_several_results_are_recorded_together_or_not_at_all(
    ledger: Ledger, home: Home, diary: Diary, full: Result
) -> None:
    visit_id = diary.visit()
    other = dataclasses.replace(full, target=dataclasses.replace(full.target, setting="ads"))
    naive = dataclasses.replace(other, at=other.at.replace(tzinfo=None))
    with pytest.raises(LedgerProblem):
        record_results(ledger, visit_id, [full, naive], home.evidence)
    assert evidence_paths(ledger) == set()
    assert record_results(ledger, visit_id, [full, other], home.evidence) == 2


def test_the_results_of_a_run_are_in_the_order_they_were_established(
    ledger: Ledger, home: Home, diary: Diary, full: Result
) -> None:
    visit_id = diary.visit()
    earlier = dataclasses.replace(
        full,
        target=dataclasses.replace(full.target, setting="ads"),
        at=full.at - timedelta(seconds=1),
    )
    record_results(ledger, visit_id, [full, earlier], home.evidence)
    run_id = open_visits(ledger)[0].run_id
    assert results_of(ledger, run_id, home.evidence) == [earlier, full]
