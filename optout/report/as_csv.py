"""A report as CSV: one line per target, every cell quoted and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import IO, TYPE_CHECKING

from optout.report.cells import guarded
from optout.report.lines import COLUMNS

if TYPE_CHECKING:
    from optout.report.coverage import Report


def write(report: Report, out: IO[bytes]) -> None:
    """Write the lines in UTF-8, under the names of the columns.

    Raises:
        OSError: the file cannot be written.
    """
    text = io.TextIOWrapper(out, "utf-8", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for line in report.lines():
        writer.writerow(map(guarded, line))
    text.detach()
