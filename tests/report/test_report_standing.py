"""Where a target stands: unknown is never out, and neither is what has lost its evidence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optout.ledger.history import Look
from optout.model import Account, Outcome, Reading, Target, Why
from optout.report.standing import Kept, Standing, stand
from optout.report.words import MEANINGS, READINGS, REASONS, STANDINGS
from tests.report.book import READ, SEEN

if TYPE_CHECKING:
    from collections.abc import Sequence

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
TARGET = Target(Account("exemplar", "ada@example.org"), "ai-training")


def look(day: int, outcome: Outcome, **facts: Any) -> Look:
    """A look with what such an outcome comes with."""
    given = {
        "reading": READ.get(outcome, Reading.UNKNOWN),
        "locked": Reading.OUT if outcome is Outcome.MANAGED else None,
        "evidence": f"bundle-{day}" if outcome in SEEN else None,
        "command": "undo" if outcome is Outcome.UNDONE else "run",
        **facts,
    }
    at = START + timedelta(days=day)
    return Look(
        target=TARGET, origin="https://exemplar.test", practice=False, at=at, outcome=outcome, **given
    )


def stands(*outcomes: Outcome, kept: Kept = Kept.KEPT) -> Standing:
    looks = [look(day, outcome) for day, outcome in enumerate(outcomes)]
    return stand(looks, lambda _: kept).standing


def test_a_target_nobody_looked_at_is_said_to_be_so() -> None:
    assert stands() is Standing.NEVER_LOOKED


@pytest.mark.parametrize(
    ("outcome", "standing"),
    [
        (Outcome.OPTED_OUT, Standing.PROVEN_OUT),
        (Outcome.ALREADY_OUT, Standing.PROVEN_OUT),
        (Outcome.MANAGED, Standing.PROVEN_OUT),
        (Outcome.NOT_OFFERED, Standing.NOT_OFFERED),
        (Outcome.STILL_IN, Standing.IN),
        (Outcome.NOT_SAVED, Standing.IN),
        (Outcome.NEEDS_PERSON, Standing.NEEDS_PERSON),
        (Outcome.CLAIMED, Standing.CLAIMED),
        (Outcome.UNREADABLE, Standing.UNREADABLE),
        (Outcome.UNREACHABLE, Standing.UNREACHABLE),
        (Outcome.SKIPPED, Standing.SKIPPED),
        (Outcome.FAILED, Standing.FAILED),
        (Outcome.UNDONE, Standing.UNDONE),
    ],
)
def test_each_outcome_alone_has_its_standing(outcome: Outcome, standing: Standing) -> None:
    assert stands(outcome) is standing


def test_what_an_organisation_locked_in_is_in() -> None:
    locked = look(0, Outcome.MANAGED, locked=Reading.IN)
    assert stand([locked], lambda _: Kept.KEPT).standing is Standing.IN


@pytest.mark.parametrize("kept", [Kept.MISSING, Kept.CHANGED, Kept.PURGED])
@pytest.mark.parametrize("outcome", [Outcome.OPTED_OUT, Outcome.NOT_OFFERED])
def test_without_its_evidence_nothing_is_proven(outcome: Outcome, kept: Kept) -> None:
    assert stands(outcome, kept=kept) is Standing.NO_EVIDENCE


def test_an_older_proof_does_not_stand_in_for_a_newer_one_that_is_missing() -> None:
    looks = [look(0, Outcome.OPTED_OUT), look(1, Outcome.ALREADY_OUT, evidence=None)]
    found = stand(looks, lambda _: Kept.KEPT)
    assert (found.standing, found.proof) == (Standing.NO_EVIDENCE, looks[0])


@pytest.mark.parametrize("blind", [Outcome.NEEDS_PERSON, Outcome.UNREADABLE, Outcome.SKIPPED])
def test_what_was_proven_before_is_told_apart_from_what_is_seen_now(blind: Outcome) -> None:
    assert stands(Outcome.OPTED_OUT, blind) is Standing.OUT_BEFORE


def test_what_was_seen_in_since_is_not_out_before() -> None:
    assert stands(Outcome.OPTED_OUT, Outcome.STILL_IN, Outcome.UNREACHABLE) is Standing.UNREACHABLE


def test_a_setting_that_is_in_after_it_was_out_came_back_on() -> None:
    assert stands(Outcome.OPTED_OUT, Outcome.STILL_IN) is Standing.CAME_BACK_ON


def test_a_setting_that_somebody_wanted_in_again_did_not_come_back_by_itself() -> None:
    assert stands(Outcome.OPTED_OUT, Outcome.UNDONE) is Standing.UNDONE
    assert stands(Outcome.OPTED_OUT, Outcome.UNDONE, Outcome.STILL_IN) is Standing.IN


def test_since_is_the_first_of_the_unbroken_row_whatever_could_not_be_seen_between() -> None:
    rows = (Outcome.STILL_IN, Outcome.OPTED_OUT, Outcome.UNREACHABLE, Outcome.ALREADY_OUT)
    looks = [look(day, outcome) for day, outcome in enumerate(rows)]
    assert stand(looks, lambda _: Kept.KEPT).since == looks[1].at


looks_of_any_kind = st.lists(
    st.tuples(
        st.sampled_from(Outcome),
        st.sampled_from(Reading),
        st.sampled_from([None, Reading.OUT, Reading.IN]),
        st.sampled_from([None, "bundle"]),
    ),
    max_size=6,
)


@given(looks_of_any_kind, st.sampled_from(Kept))
@settings(max_examples=100, deadline=None)
def test_whatever_happened_only_a_kept_proof_of_the_newest_look_is_proven_out(
    rows: Sequence[tuple[Outcome, Reading, Reading | None, str | None]], kept: Kept
) -> None:
    looks = [
        look(day, outcome, reading=reading, locked=locked, evidence=evidence)
        for day, (outcome, reading, locked, evidence) in enumerate(rows)
    ]
    found = stand(looks, lambda _: kept)
    if found.standing is Standing.PROVEN_OUT:
        last = looks[-1]
        assert kept is Kept.KEPT
        assert last.evidence == "bundle"
        assert last.reading is Reading.OUT or last.locked is Reading.OUT
        assert last.outcome in (Outcome.OPTED_OUT, Outcome.ALREADY_OUT, Outcome.MANAGED)


def test_every_word_has_its_words() -> None:
    assert set(READINGS) == set(Reading)
    assert set(REASONS) == set(Why)
    assert set(STANDINGS) == set(MEANINGS) == set(Standing)


@given(st.lists(st.sampled_from(Outcome), max_size=3), st.sampled_from(Kept))
def test_a_waiver_changes_where_a_target_stands_only_if_it_is_not_out(
    outcomes: list[Outcome], kept: Kept
) -> None:
    looks = [look(day, outcome) for day, outcome in enumerate(outcomes)]
    before, after = (stand(looks, lambda _: kept, waived=waived).standing for waived in (False, True))
    seen_out = (
        Standing.PROVEN_OUT,
        Standing.NOT_OFFERED,
        Standing.OUT_BEFORE,
        Standing.CLAIMED,
        Standing.NO_EVIDENCE,
    )
    assert after is (before if before in seen_out else Standing.WAIVED)
