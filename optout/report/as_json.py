"""A report as JSON for machines: the totals, then one object per target, each on a line of its own."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING

from optout.report.words import LIMITS

if TYPE_CHECKING:
    from optout.report.coverage import Report


def write(report: Report, out: IO[bytes]) -> None:
    """Write a report as JSON: when and about what it is, every target on a line of its own, totals.

    Raises:
        OSError: the file cannot be written.
    """
    about = {
        "schema": "optout-report/1",
        "made_at": report.made_at.isoformat(),
        "targets_asked": list(report.targets),
        "group": report.group,
        "practice": report.practice,
        "population": report.summary.population,
        "totals": report.summary.totals,
        "settings": [
            {"platform": platform, "setting": setting, "population": counts.total(), "totals": counts}
            for (platform, setting), counts in report.summary.settings.items()
        ],
        "groups": [
            {
                "platform": platform,
                "group": group or None,
                "setting": setting,
                "population": counts.total(),
                "totals": counts,
            }
            for platform, group, setting, counts in report.summary.by_group
        ],
        "does_not_prove": LIMITS,
    }
    head = json.dumps(about, indent=2).removesuffix("\n}")
    out.write(f'{head},\n  "targets": ['.encode())
    for at, line in enumerate(report.lines()):
        out.write(f"{',' if at else ''}\n    {json.dumps(line._asdict())}".encode())
    out.write(b"\n  ]\n}\n")
