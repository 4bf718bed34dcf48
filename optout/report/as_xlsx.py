"""A report as XLSX: the totals, every target, and what it does not prove. Every text is only text."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

import xlsxwriter

from optout.report.cells import guarded
from optout.report.lines import COLUMNS
from optout.report.words import LIMITS, MEANINGS, STANDINGS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from optout.report.coverage import Report

# Excel's own limits; what is longer would be left out without a word.
_MOST_ROWS = 1_048_576
_LONGEST = 32_767
_WIDTHS = {"account": 30, "reason": 44, "details": 44, "next": 44, "proof_bundle": 44, "last_bundle": 44}
_WIDTH = 20
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": False,
}
_SKIES = {"bold": True, "bg_color": "#EEF1F5", "bottom": 1, "text_wrap": True, "valign": "top"}


def write(report: Report, out: IO[bytes]) -> None:
    """Write a workbook, a row at a time.

    Raises:
        OSError: the file cannot be written.
    """
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        book.set_properties({"title": "optout coverage", "created": report.made_at})
        head = book.add_format(_SKIES)
        _totals(book.add_worksheet("Coverage"), report, head)
        _groups(book, report, head)
        _targets(book, report, head)
        limits = book.add_worksheet("What it does not prove")
        limits.set_column(0, 0, 120, book.add_format({"text_wrap": True}))
        for at, text in enumerate(LIMITS):
            _texts(limits, at, [text])


def _totals(sheet: Worksheet, report: Report, head: Format) -> None:
    shown = report.summary.standings
    sheet.set_column(0, 1, _WIDTH)
    practice = (
        "PRACTICE: made on practice sites, says nothing about any platform. " if report.practice else ""
    )
    _texts(sheet, 0, [f"{practice}Coverage on {report.made_at:%Y-%m-%d %H:%M} UTC"])
    _texts(sheet, 1, ["Platform", "Setting", "Targets", *(STANDINGS[each] for each in shown)], head)
    rows = [(*key, counts) for key, counts in report.summary.settings.items()]
    for at, (platform, setting, counts) in enumerate([*rows, ("All", "", report.summary.totals)], 2):
        _texts(sheet, at, [platform, setting])
        for column, number in enumerate([counts.total(), *(counts[each] for each in shown)], 2):
            sheet.write_number(at, column, number)
    for at, each in enumerate(shown, len(rows) + 4):
        _texts(sheet, at, [STANDINGS[each], MEANINGS[each]])


def _groups(book: xlsxwriter.Workbook, report: Report, head: Format) -> None:
    if not report.summary.by_group:
        return
    shown = report.summary.standings
    sheet = book.add_worksheet("Groups")
    sheet.set_column(0, 2, _WIDTH)
    titles = ["Platform", "Group", "Setting", "Targets", *(STANDINGS[each] for each in shown)]
    _texts(sheet, 0, titles, head)
    for at, (*texts, counts) in enumerate(report.summary.by_group, 1):
        _texts(sheet, at, texts)
        for column, number in enumerate([counts.total(), *(counts[each] for each in shown)], len(texts)):
            sheet.write_number(at, column, number)


def _targets(book: xlsxwriter.Workbook, report: Report, head: Format) -> None:
    sheet, row = None, _MOST_ROWS
    for line in report.lines():
        if sheet is None or row >= _MOST_ROWS:
            sheet, row = _new_sheet(book, head), 1
        _texts(sheet, row, line)
        row += 1
    if sheet is None:
        _new_sheet(book, head)


def _new_sheet(book: xlsxwriter.Workbook, head: Format) -> Worksheet:
    number = sum(str(each.name).startswith("Targets") for each in book.worksheets()) + 1
    sheet = book.add_worksheet("Targets" if number == 1 else f"Targets {number}")
    for column, name in enumerate(COLUMNS):
        sheet.set_column(column, column, _WIDTHS.get(name, _WIDTH))
    sheet.freeze_panes(1, 3)
    _texts(sheet, 0, COLUMNS.values(), head)
    return sheet


def _texts(sheet: Worksheet, row: int, texts: Iterable[str], style: Format | None = None) -> None:
    for column, text in enumerate(texts):
        shown = guarded(text)
        sheet.write_string(
            row, column, shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…", style
        )
