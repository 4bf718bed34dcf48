"""Results as JSON: every fact under its name, readable in any encoding."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

from optout.ledger.status import StatusRow
from optout.model import Account, Outcome, Reading, Result, Target, Why
from optout.report.machine import as_json, result_object, status_object

NOON = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
TARGET = Target(Account("linkedin", "andré@example.org"), "ai-training")
RESULT = Result(
    target=TARGET,
    at=NOON,
    reading=Reading.OUT,
    outcome=Outcome.OPTED_OUT,
    evidence=Path("/evidence/bundle"),
    evidence_digest="ab12",
    origin="https://www.linkedin.com",
    notes=('"Other" is new on the page',),
)


def test_a_result_has_every_fact_under_its_name() -> None:
    assert json.loads(as_json(result_object(RESULT))) == {
        "platform": "linkedin",
        "setting": "ai-training",
        "account": "andré@example.org",
        "reading": "out",
        "locked": None,
        "outcome": "opted-out",
        "why": "",
        "reason": "",
        "next": "",
        "evidence": "/evidence/bundle",
        "evidence_digest": "ab12",
        "origin": "https://www.linkedin.com",
        "practice": False,
        "notes": ['"Other" is new on the page'],
        "at": "2026-11-22T12:00:00+00:00",
    }


def test_without_evidence_there_is_null_and_not_an_empty_text() -> None:
    bare = Result(TARGET, NOON, Reading.UNKNOWN, Outcome.FAILED, why=Why.INTERRUPTED)
    found = result_object(bare)
    assert (found["evidence"], found["evidence_digest"], found["why"]) == (None, None, "interrupted")


def test_it_is_json_in_whatever_encoding_it_is_written() -> None:
    for text in ("andré", "データ", "\udcff"):
        assert json.loads(as_json(text).encode("ascii")) == text


def test_status_names_the_known_reading_the_last_look_and_the_last_proof() -> None:
    row = StatusRow(
        target=TARGET,
        origin="http://127.0.0.1:8000",
        practice=True,
        outcome=Outcome.UNREACHABLE,
        reading=Reading.UNKNOWN,
        reason="load: no answer",
        at=NOON,
        known_reading=Reading.OUT,
        since=NOON - datetime.timedelta(days=3),
        last_proof_at=NOON - datetime.timedelta(days=1),
        last_proof_evidence="linkedin/0123/bundle",
    )
    found = status_object(row, Path("/evidence"))
    assert (found["reading"], found["last_reading"], found["last_outcome"]) == (
        "out",
        "unknown",
        "unreachable",
    )
    assert (found["since"], found["last_look"]) == (
        "2026-11-19T12:00:00+00:00",
        "2026-11-22T12:00:00+00:00",
    )
    assert found["last_proof_evidence"] == str(Path("/evidence/linkedin/0123/bundle"))
    assert found["practice"] is True


def test_an_account_never_looked_at_has_no_setting_and_no_times() -> None:
    found = status_object(StatusRow(Target(TARGET.account, "")), Path("/evidence"))
    assert [found[name] for name in ("setting", "reading", "since", "last_look", "last_proof")] == [
        None
    ] * 5
