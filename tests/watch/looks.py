"""Looks made up for tests: one a day, at one target on its platform."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING

from optout.ledger.history import Look
from optout.model import Account, Outcome, Reading, Target, Why

if TYPE_CHECKING:
    from collections.abc import Sequence

START = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
TARGET = Target(Account("exemplar", "ada@example.org"), "ai-training")
ORIGIN = "https://exemplar.test"
VERSION = "2026-03-01"

# What a visit can come to, by a short name.
KINDS = {
    "out": (Reading.OUT, Outcome.ALREADY_OUT, Why.NONE),
    "opted": (Reading.OUT, Outcome.OPTED_OUT, Why.NONE),
    "in": (Reading.IN, Outcome.STILL_IN, Why.NONE),
    "undone": (Reading.IN, Outcome.UNDONE, Why.NONE),
    "not saved": (Reading.IN, Outcome.NOT_SAVED, Why.NOT_KEPT),
    "gone": (Reading.NOT_OFFERED, Outcome.NOT_OFFERED, Why.NONE),
    "changed": (Reading.UNKNOWN, Outcome.UNREADABLE, Why.CONTROL_MISSING),
    "signed out": (Reading.UNKNOWN, Outcome.NEEDS_PERSON, Why.SIGNED_OUT),
    "no browser": (Reading.UNKNOWN, Outcome.NEEDS_PERSON, Why.UNFORESEEN),
    "down": (Reading.UNKNOWN, Outcome.UNREACHABLE, Why.SITE_DOWN),
    "failed": (Reading.UNKNOWN, Outcome.FAILED, Why.UNFORESEEN),
    "skipped": (Reading.UNKNOWN, Outcome.SKIPPED, Why.FLOW_QUARANTINED),
    "locked out": (Reading.MANAGED, Outcome.MANAGED, Why.LOCKED_OUT),
    "locked in": (Reading.MANAGED, Outcome.MANAGED, Why.LOCKED_IN),
}
_LOCKED = {"locked out": Reading.OUT, "locked in": Reading.IN}


def look(kind: str, day: int = 0) -> Look:
    """One look on a day."""
    reading, outcome, why = KINDS[kind]
    return Look(
        target=TARGET,
        origin=ORIGIN,
        practice=False,
        at=START + day * DAY,
        reading=reading,
        outcome=outcome,
        locked=_LOCKED.get(kind),
        why=why,
        evidence=f"exemplar/{day}",
        flow_version=VERSION,
        run_id=f"run-{day}",
        command={"undone": "undo", "opted": "run"}.get(kind, "check"),
    )


def looks(*kinds: str) -> list[Look]:
    """A look a day."""
    return [look(kind, day) for day, kind in enumerate(kinds)]


def by_version(row: Sequence[Look], version: str) -> list[Look]:
    """The same looks by another version of the flow."""
    return [replace(each, flow_version=version) for each in row]
