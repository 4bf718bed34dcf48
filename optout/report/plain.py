"""Results as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.model import ExitBit, Outcome, Reading, Why

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from optout.ledger.status import StatusRow
    from optout.model import Result

OUTCOMES = {
    Outcome.OPTED_OUT: "opted out, and proven by a fresh load",
    Outcome.ALREADY_OUT: "already out; nothing was changed",
    Outcome.STILL_IN: "still in",
    Outcome.NOT_SAVED: "NOT saved: changed, but in again after a fresh load",
    Outcome.NOT_OFFERED: "not offered to this account",
    Outcome.MANAGED: "managed: locked for this account",
    Outcome.NEEDS_PERSON: "needs a person",
    Outcome.CLAIMED: "claimed, not proven",
    Outcome.UNREADABLE: "unreadable: the page is not as expected",
    Outcome.UNREACHABLE: "unreachable",
    Outcome.SKIPPED: "skipped",
    Outcome.FAILED: "failed",
    Outcome.UNDONE: "undone: back to what it was, and proven by a fresh load",
}
_UNIT_S = (("day", 86_400), ("hour", 3_600), ("minute", 60))


def result_text(result: Result) -> str:
    """One result: the target and its outcome, then why, what to do, and where the proof is."""
    sign = "✓" if result.exit_bit is ExitBit.OK else "✗"
    if result.outcome is Outcome.CLAIMED:
        sign = "?"
    elif result.why is Why.WAIVED:
        sign = "~"  # accepted, and in all the same
    place = " [practice site]" if result.practice else ""
    lines = [f"{sign} {result.target}{place}: {OUTCOMES[result.outcome]}"]
    facts = (
        ("why", result.reason),
        ("next", result.next_step),
        *(("note", note) for note in result.notes),
        ("evidence", str(result.evidence) if result.evidence else ""),
    )
    lines += [f"    {name}: {text}" for name, text in facts if text]
    return "\n".join(lines)


def summary_text(results: Sequence[Result]) -> str:
    """How many targets ended in which outcome, in one line."""
    counts = {
        outcome: sum(result.outcome is outcome for result in results)
        for outcome in Outcome
        if any(result.outcome is outcome for result in results)
    }
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.items())


def status_text(
    rows: Sequence[StatusRow],
    evidence: Path,
    now: datetime,
    more: Callable[[StatusRow], Sequence[str]] = lambda _: (),
) -> str:
    """Every account and setting: reading, since when, last proof.

    Args:
        rows: where each stands.
        evidence: the folder that all bundles are in.
        now: now, with its zone.
        more: further lines about a row.
    """
    return "\n".join("\n    ".join((_status_lines(row, evidence, now), *more(row))) for row in rows)


def _status_lines(row: StatusRow, evidence: Path, now: datetime) -> str:
    if row.outcome is None:
        account = row.target.account
        return f"? {account}: never looked at\n    next: optout check {account}"
    known = row.known_reading
    out = known in (Reading.OUT, Reading.NOT_OFFERED) or row.known_locked is Reading.OUT
    place = f" [practice site {row.origin}]" if row.practice else ""
    # Out as far as is known, but not seen so at the last look, is neither.
    unclear = known is None or (out and row.reading is not known)
    sign = "?" if unclear else "✓" if out else "✗"
    lines = [f"{sign} {row.target}{place}: {_reading(row)}"]
    if row.since:
        lines[0] += f" since {_when(row.since, now)}"
    if row.reading is not known and row.at:
        lines.append(f"    last look {_when(row.at, now)}: {row.outcome}, {row.reason}")
    elif row.at:
        lines.append(f"    last look {_when(row.at, now)}")
    if row.last_proof_at and row.last_proof_evidence:
        where = evidence / row.last_proof_evidence
        out_then = "" if out else " of being out"
        lines.append(f"    last proof{out_then} {_when(row.last_proof_at, now)}: {where}")
    if row.next_step and not (out and row.reading is known):
        lines.append(f"    next: {row.next_step}")
    return "\n".join(lines)


def _reading(row: StatusRow) -> str:
    if row.known_reading is None and row.outcome is Outcome.CLAIMED:
        return "claimed by hand, not proven"
    if row.known_reading is None:
        return f"unknown ({row.outcome})"
    return f"managed, locked {row.known_locked}" if row.known_locked else str(row.known_reading)


def _when(at: datetime, now: datetime) -> str:
    seconds = (now - at).total_seconds()
    for unit, size in _UNIT_S:
        if (count := int(seconds // size)) >= 1:
            return f"{at:%Y-%m-%d %H:%M} UTC ({count} {unit}{'s' if count > 1 else ''} ago)"
    return f"{at:%Y-%m-%d %H:%M} UTC (just now)"
