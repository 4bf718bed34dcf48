"""Results as text: the outcome in words, then why, what to do, and where the proof is."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from optout.ledger.status import StatusRow
from optout.model import Account, Outcome, Reading, Result, Target
from optout.report.plain import result_text, status_text, summary_text

NOON = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
TARGET = Target(Account("linkedin", "ada@example.org"), "ai-training")


def result(outcome: Outcome, **facts: Any) -> Result:
    return Result(**{"target": TARGET, "at": NOON, "reading": Reading.UNKNOWN, **facts}, outcome=outcome)


def row(**facts: Any) -> str:
    """One line of status, as it looks an hour after the last look."""
    given = {"outcome": Outcome.ALREADY_OUT, "reading": Reading.OUT, "at": NOON, **facts}
    shown = StatusRow(TARGET, origin="https://www.linkedin.com", **given)
    return status_text([shown], Path("/evidence"), NOON + datetime.timedelta(hours=1))


def test_every_outcome_has_its_words() -> None:
    texts = {result_text(result(outcome)).partition(": ")[2] for outcome in Outcome}
    assert len(texts) == len(Outcome)


@pytest.mark.parametrize(
    ("outcome", "facts", "sign"),
    [
        (Outcome.OPTED_OUT, {}, "✓"),
        (Outcome.ALREADY_OUT, {}, "✓"),
        (Outcome.NOT_OFFERED, {}, "✓"),
        (Outcome.MANAGED, {"locked": Reading.OUT}, "✓"),
        (Outcome.MANAGED, {"locked": Reading.IN}, "✗"),
        (Outcome.SKIPPED, {"reading": Reading.IN}, "✗"),
        (Outcome.STILL_IN, {}, "✗"),
        (Outcome.FAILED, {}, "✗"),
    ],
)
def test_the_sign_tells_whether_all_is_well(outcome: Outcome, facts: dict[str, Any], sign: str) -> None:
    assert result_text(result(outcome, **facts)).startswith(f"{sign} linkedin/ai-training:ada@")


def test_what_follows_is_in_the_order_a_person_asks() -> None:
    text = result_text(
        result(
            Outcome.STILL_IN,
            reason="because",
            next_step="do this",
            notes=("one", "two"),
            evidence=Path("/evidence/bundle"),
            practice=True,
        )
    )
    assert text.splitlines() == [
        "✗ linkedin/ai-training:ada@example.org [practice site]: still in",
        "    why: because",
        "    next: do this",
        "    note: one",
        "    note: two",
        f"    evidence: {Path('/evidence/bundle')}",
    ]


def test_a_summary_counts_outcomes() -> None:
    results = [result(Outcome.FAILED), result(Outcome.OPTED_OUT), result(Outcome.FAILED)]
    assert summary_text(results) == "1 opted-out, 2 failed"


def test_status_says_since_when_it_is_out_and_where_the_proof_is() -> None:
    text = row(
        known_reading=Reading.OUT,
        since=NOON - datetime.timedelta(days=2),
        last_proof_at=NOON,
        last_proof_evidence="linkedin/0123/bundle",
        next_step="nothing that matters",
    )
    assert text.splitlines() == [
        "✓ linkedin/ai-training:ada@example.org: out since 2026-11-20 12:00 UTC (2 days ago)",
        "    last look 2026-11-22 12:00 UTC (1 hour ago)",
        f"    last proof 2026-11-22 12:00 UTC (1 hour ago): {Path('/evidence/linkedin/0123/bundle')}",
    ]


def test_status_keeps_the_known_reading_when_a_later_look_failed() -> None:
    text = row(
        outcome=Outcome.UNREACHABLE,
        reading=Reading.UNKNOWN,
        reason="load: no answer",
        next_step="Try again later.",
        known_reading=Reading.OUT,
        since=NOON - datetime.timedelta(days=2),
    )
    assert text.splitlines() == [
        "? linkedin/ai-training:ada@example.org: out since 2026-11-20 12:00 UTC (2 days ago)",
        "    last look 2026-11-22 12:00 UTC (1 hour ago): unreachable, load: no answer",
        "    next: Try again later.",
    ]


def test_status_of_a_locked_setting_says_to_what() -> None:
    text = row(
        outcome=Outcome.MANAGED,
        reading=Reading.MANAGED,
        known_reading=Reading.MANAGED,
        known_locked=Reading.OUT,
        since=NOON,
    )
    assert text.startswith("✓ linkedin/ai-training:ada@example.org: managed, locked out since ")


def test_an_account_that_was_never_looked_at_says_how_to() -> None:
    text = status_text([StatusRow(Target(TARGET.account, ""))], Path("/evidence"), NOON)
    assert text.splitlines() == [
        "? linkedin:ada@example.org: never looked at",
        "    next: optout check linkedin:ada@example.org",
    ]
