"""From readings to outcomes, exit bits and words for people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from optout.errors import (
    EvidenceNotWritten,
    FlowBroken,
    OptoutError,
    PageUnexpected,
    PersonNeeded,
    SiteUnreachable,
)
from optout.model import Account, ExitBit, Observation, Outcome, Reading, Result, Target, Why
from optout.visit.survey import ControlSeen, PageSeen
from optout.visit.tab import Write
from optout.visit.verdict import Verdict, changed, moved_neighbours, of_error, unchanged, worst

TARGET = Target(Account("exemplar", "ada@example.org"), "ai-training")
SEEN_OUT, SEEN_IN = Observation(Reading.OUT), Observation(Reading.IN)
LOCKED_OUT = Observation(Reading.MANAGED, locked=Reading.OUT)
LOCKED_IN = Observation(Reading.MANAGED, locked=Reading.IN)
NOT_OFFERED = Observation(Reading.NOT_OFFERED, detail="no such row")
UNCLEAR = Observation(Reading.UNKNOWN, why=Why.STATE_UNCLEAR, detail="two minds")


def bit(verdict: Verdict, observation: Observation) -> ExitBit:
    return Result(
        target=TARGET,
        at=datetime.now(UTC),
        reading=observation.reading,
        locked=observation.locked,
        outcome=verdict.outcome,
    ).exit_bit


@pytest.mark.parametrize(
    ("observation", "outcome", "why", "exit_bit"),
    [
        (SEEN_OUT, Outcome.ALREADY_OUT, Why.NONE, ExitBit.OK),
        (SEEN_IN, Outcome.STILL_IN, Why.NONE, ExitBit.STILL_IN),
        (NOT_OFFERED, Outcome.NOT_OFFERED, Why.NONE, ExitBit.OK),
        (LOCKED_OUT, Outcome.MANAGED, Why.LOCKED_OUT, ExitBit.OK),
        (LOCKED_IN, Outcome.MANAGED, Why.LOCKED_IN, ExitBit.NEEDS_PERSON),
        (UNCLEAR, Outcome.UNREADABLE, Why.STATE_UNCLEAR, ExitBit.UNREADABLE),
    ],
)
def test_a_reading_after_which_nothing_was_touched(
    observation: Observation, outcome: Outcome, why: Why, exit_bit: ExitBit
) -> None:
    verdict = unchanged(observation, TARGET)
    assert (verdict.outcome, verdict.why, bit(verdict, observation)) == (outcome, why, exit_bit)


@pytest.mark.parametrize(
    ("observation", "outcome", "exit_bit"),
    [
        (SEEN_IN, Outcome.SKIPPED, ExitBit.STILL_IN),
        (SEEN_OUT, Outcome.ALREADY_OUT, ExitBit.OK),
        (UNCLEAR, Outcome.UNREADABLE, ExitBit.UNREADABLE),
    ],
)
def test_a_dry_run_skips_what_it_would_have_changed(
    observation: Observation, outcome: Outcome, exit_bit: ExitBit
) -> None:
    verdict = unchanged(observation, TARGET, dry_run=True)
    assert (verdict.outcome, bit(verdict, observation)) == (outcome, exit_bit)


@pytest.mark.parametrize(
    ("after", "status", "outcome", "why"),
    [
        (SEEN_OUT, 200, Outcome.OPTED_OUT, Why.NONE),
        (SEEN_OUT, 500, Outcome.OPTED_OUT, Why.NONE),
        (SEEN_OUT, None, Outcome.OPTED_OUT, Why.NONE),
        (LOCKED_OUT, 200, Outcome.OPTED_OUT, Why.LOCKED_OUT),
        (SEEN_IN, 403, Outcome.NOT_SAVED, Why.SAVE_REFUSED),
        (SEEN_IN, 200, Outcome.NOT_SAVED, Why.NOT_KEPT),
        (SEEN_IN, 0, Outcome.NOT_SAVED, Why.NOT_KEPT),
        (SEEN_IN, None, Outcome.NOT_SAVED, Why.NOT_KEPT),
        (LOCKED_IN, 200, Outcome.NOT_SAVED, Why.NOT_KEPT),
        (UNCLEAR, 200, Outcome.UNREADABLE, Why.STATE_UNCLEAR),
    ],
)
def test_only_the_reading_after_a_fresh_load_tells_whether_a_change_was_kept(
    after: Observation, status: int | None, outcome: Outcome, why: Why
) -> None:
    writes = [] if status is None else [Write("PUT", "/setting", status)]
    verdict = changed(after, writes, TARGET)
    assert (verdict.outcome, verdict.why) == (outcome, why)


@pytest.mark.parametrize(
    ("error", "last", "outcome", "why"),
    [
        (PersonNeeded("x", why=Why.CAPTCHA), UNCLEAR, Outcome.NEEDS_PERSON, Why.CAPTCHA),
        (PageUnexpected("x", why=Why.COVERED), SEEN_IN, Outcome.STILL_IN, Why.COVERED),
        (PageUnexpected("x", why=Why.FORBIDDEN), SEEN_IN, Outcome.STILL_IN, Why.FORBIDDEN),
        (PageUnexpected("x", why=Why.COVERED), UNCLEAR, Outcome.UNREADABLE, Why.COVERED),
        (PageUnexpected("x", why=Why.CONTROL_MISSING), SEEN_IN, Outcome.UNREADABLE, None),
        (SiteUnreachable("x", why=Why.SITE_DOWN), SEEN_OUT, Outcome.UNREACHABLE, None),
        (EvidenceNotWritten("x"), SEEN_OUT, Outcome.FAILED, Why.EVIDENCE_NOT_WRITTEN),
        (FlowBroken("x", why=Why.FLOW_RAISED), UNCLEAR, Outcome.FAILED, None),
        (OptoutError("x"), UNCLEAR, Outcome.FAILED, Why.UNFORESEEN),
    ],
)
def test_what_stopped_a_visit_becomes_its_outcome(
    error: OptoutError, last: Observation, outcome: Outcome, why: Why | None
) -> None:
    verdict = of_error(error, last)
    assert (verdict.outcome, verdict.why) == (outcome, error.why if why is None else why)


def test_a_setting_is_as_good_as_its_worst_object() -> None:
    verdicts = [Verdict(outcome) for outcome in (Outcome.OPTED_OUT, Outcome.STILL_IN)]
    assert worst([*verdicts, Verdict(Outcome.NOT_OFFERED)]).outcome is Outcome.STILL_IN


def test_every_outcome_has_its_place_among_the_others() -> None:
    for outcome in Outcome:
        assert worst([Verdict(outcome)]).outcome is outcome


def neighbours(*states: tuple[str, bool]) -> PageSeen:
    controls: list[Any] = [
        ControlSeen(frame=0, index=i, role="switch", name=name, keys={"id": name}, checked=on)
        for i, (name, on) in enumerate(states)
    ]
    return PageSeen(language="en", path="/", controls=tuple(controls))


@pytest.mark.parametrize(
    ("before", "after", "notes"),
    [
        ([("own", True), ("b", True)], [("own", False), ("b", True)], ()),
        (
            [("own", True), ("b", True)],
            [("own", False), ("b", False)],
            ('"b" went from on to off as well',),
        ),
        ([("own", True), ("b", True)], [("own", False)], ('"b" is no longer on the page',)),
        ([("own", True)], [("own", False), ("c", False)], ('"c" is new on the page',)),
    ],
)
def test_neighbours_that_moved_are_named(
    before: list[tuple[str, bool]], after: list[tuple[str, bool]], notes: tuple[str, ...]
) -> None:
    was = neighbours(*before)
    assert moved_neighbours(was, neighbours(*after), was.controls[0]) == notes
