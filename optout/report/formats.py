"""Every format a report can be written in, by the name of its option."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from optout.report import as_csv, as_html, as_json, as_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable

    from optout.report.coverage import Report

FORMATS: dict[str, Callable[[Report, IO[bytes]], None]] = {
    "html": as_html.write,
    "csv": as_csv.write,
    "json": as_json.write,
    "xlsx": as_xlsx.write,
}
