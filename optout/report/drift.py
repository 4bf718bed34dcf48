"""What has changed since a target was last out, for people and for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optout.watch.drift import DriftName
from optout.watch.history import shown_by

if TYPE_CHECKING:
    from pathlib import Path

    from optout.ledger.history import Look
    from optout.watch.drift import Drift

_SAID = {
    DriftName.CAME_BACK_ON: "came back on",
    DriftName.PAGE_CHANGED: "page changed: it can no longer be read",
    DriftName.SIGNED_OUT: "signed out: it can no longer be seen",
    DriftName.SETTING_GONE: "setting gone: it is no longer offered",
}


def drift_text(drift: Drift, evidence: Path) -> str:
    """One drift: its name, since when, the last good and the newest evidence, and what to do."""
    place = f" [practice site {drift.found.origin}]" if drift.found.practice else ""
    head = f"{'!' if drift.alarming else '?'} {drift.found.target}{place}: {_said(drift)}"
    looks = "look" if drift.misses == 1 else "looks"
    lines = [head, f"    since: {drift.since:%Y-%m-%d %H:%M} UTC, {drift.misses} {looks}"]
    if not drift.alarming:
        lines[1] += "; not yet an alarm, the next look decides"
    lines.append(f"    last good: {_look(drift.good, evidence)}")
    lines.append(f"    found: {_look(drift.found, evidence)}")
    if drift.fixed:
        lines.append(f"    fixed: {_look(drift.fixed, evidence)}")
    return "\n".join((*lines, f"    next: {drift.what_to_do}"))


def drift_object(drift: Drift, evidence: Path) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "name": drift.name,
        "since": drift.since.isoformat(),
        "misses": drift.misses,
        "alarming": drift.alarming,
        "good": _object(drift.good, evidence),
        "found": _object(drift.found, evidence),
        "fixed": _object(drift.fixed, evidence) if drift.fixed else None,
        "next": drift.what_to_do,
    }


def drift_line(drift: Drift) -> str:
    """The gist of a drift in one line."""
    note = "" if drift.alarming else "; not yet an alarm, the next look decides"
    return f"{_said(drift)}, since {drift.since:%Y-%m-%d %H:%M} UTC{note}"


def _said(drift: Drift) -> str:
    if drift.fixed:
        return "came back on, and was switched off again"
    return _SAID[drift.name]


def _look(look: Look, evidence: Path) -> str:
    return f"{look.at:%Y-%m-%d %H:%M} UTC, {shown_by(look, evidence) or 'without a picture'}"


def _object(look: Look, evidence: Path) -> dict[str, Any]:
    shown = shown_by(look, evidence)
    return {
        "at": look.at.isoformat(),
        "reading": look.reading,
        "outcome": look.outcome,
        "evidence": str(evidence / look.evidence) if look.evidence else None,
        "picture": str(shown) if shown and shown.is_file() else None,
    }
