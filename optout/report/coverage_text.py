"""The totals of a report as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.report.cells import visible
from optout.report.standing import Standing
from optout.report.words import STANDINGS

if TYPE_CHECKING:
    from collections import Counter

    from optout.report.coverage import Report


def coverage_text(report: Report) -> str:
    """Where the targets of each setting stand, one setting after the other, then all of them."""
    summary = report.summary
    practice = (
        ["PRACTICE: made on practice sites, says nothing about any platform."] if report.practice else []
    )
    parts = [
        _part(f"{platform}/{setting}" if setting else platform, counts)
        for (platform, setting), counts in summary.settings.items()
    ]
    grouped = [
        _part(
            f"{platform}/{setting} {group or '(no group)'}" if setting else f"{platform} {group}", counts
        )
        for platform, group, setting, counts in summary.by_group
    ]
    total = [_part("all", summary.totals)] if len(parts) > 1 else []
    hint = "Names, reasons and proofs: optout report --html FILE (or --csv, --json, --xlsx)"
    return "\n".join([*practice, *parts, *grouped, *total, hint])


def _part(name: str, counts: Counter[Standing]) -> str:
    width = len(str(counts.total()))
    lines = [
        f"  {counts[standing]:{width}} {STANDINGS[standing].lower()}"
        for standing in Standing
        if counts[standing]
    ]
    return "\n".join(
        [f"{visible(name)}: {counts.total()} target{'s' if counts.total() != 1 else ''}", *lines]
    )
