"""A report as one page of HTML: how far it is, what is left and why, what is proven and where."""

from __future__ import annotations

import itertools
from typing import IO, TYPE_CHECKING

from optout.report.pages import template
from optout.report.standing import Standing
from optout.report.words import LIMITS, MEANINGS, STANDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optout.report.coverage import Report
    from optout.report.lines import Line

SETTLED = (Standing.PROVEN_OUT, Standing.NOT_OFFERED)
# A browser on a telephone still scrolls through this; whoever wants every line wants a table.
_MOST_LISTED = 2000


def write(report: Report, out: IO[bytes]) -> None:
    """Write the page, a piece at a time.

    Raises:
        OSError: the file cannot be written.
    """
    summary = report.summary
    totals = summary.totals
    pieces = template("report").generate(
        report=report,
        summary=summary,
        totals=totals,
        settled=sum(totals[each] for each in SETTLED),
        reasons=sorted(
            ((standing, reason, count) for (standing, reason), count in summary.reasons.items()),
            key=lambda row: (list(Standing).index(row[0]), -row[2], row[1]),
        ),
        left=lambda: _listed(report, settled=False),
        proven=lambda: _listed(report, settled=True),
        most=_MOST_LISTED,
        standings=STANDINGS,
        meanings=MEANINGS,
        limits=LIMITS,
        is_settled=SETTLED.__contains__,
    )
    for piece in pieces:
        out.write(piece.encode())


def _listed(report: Report, *, settled: bool) -> Iterator[Line]:
    lines = (line for line in report.lines() if (line.standing in SETTLED) is settled)
    return itertools.islice(lines, _MOST_LISTED)
