"""Reading the text of a roster line by line, whatever program has written it: bytes to cells."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import re
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, cast

from optout.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LONGEST_LINE = 65_536
"""Characters in the longest line that is read; a longer one is no row of anybody's."""

_DELIMITERS = (",", ";", "\t")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_ZIP = b"PK\x03\x04"
# What the decoders leave in place of bytes that are not text.
_NOT_TEXT = re.compile("[\udc80-\udcff\ufffd]")
_AS_UTF8 = 'Save it as "CSV UTF-8" (in Excel: Save as, CSV UTF-8) and import that.'


@dataclass(frozen=True)
class Fault:
    """A row that cannot be taken.

    Attributes:
        line: the line of the file it begins on.
        reason: what is wrong with it, without any of its cells: one may hold a secret.
    """

    line: int
    reason: str


@dataclass(frozen=True)
class Cells:
    """A row as it stands in the file."""

    line: int
    cells: tuple[str, ...]


class RosterText:
    """The header and the rows of a roster.

    Args:
        file: the roster; it is read once, and no more than a row of it is kept.
        is_header: tells whether these are the names of a roster's columns.

    Attributes:
        header: the cells of its first row.

    Raises:
        UsageProblem: it is no text that a roster can be read from.
    """

    def __init__(self, file: IO[bytes], is_header: Callable[[Sequence[str]], bool]) -> None:
        self._lines = _lines(_as_text(file))
        self._before = 0
        first = self._first_line()
        if "\0" in first:
            raise _not_readable("bytes that are no text; UTF-16 without its mark looks so", _AS_UTF8)
        tried = (tuple(_cells(first, delimiter)) for delimiter in _DELIMITERS)
        found = [(cells, at) for cells, at in zip(tried, _DELIMITERS, strict=True) if is_header(cells)]
        if not found:
            raise _no_header(first)
        self.header, self._delimiter = found[0]

    def __iter__(self) -> Iterator[Cells | Fault]:
        """The rows after the header; empty ones are left out."""
        reader = csv.reader(self._lines, delimiter=self._delimiter, strict=True, skipinitialspace=True)
        while True:
            line = self._before + reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                said = (
                    "its quotes do not match: each that opens has to close, and one in a cell is doubled"
                )
                yield Fault(line, said)
                continue
            if any(cells):
                broken = _NOT_TEXT.search("\n".join(cells))
                yield (
                    Fault(line, f"it is not in UTF-8. {_AS_UTF8}")
                    if broken
                    else Cells(line, tuple(cells))
                )

    def _first_line(self) -> str:
        """The header's line, after empty ones and the one in which Excel names the delimiter."""
        for line in self._lines:
            self._before += 1
            if line.strip() and not _SEPARATOR_LINE.fullmatch(line):
                return line
        raise _not_readable("nothing", "Give a file with a header and a row per account.")


def _as_text(file: IO[bytes]) -> io.TextIOWrapper:
    buffered = isinstance(file, io.BufferedReader | io.BufferedRandom)
    raw: Any = file if buffered else io.BufferedReader(cast("io.RawIOBase", file))
    start = raw.peek(len(_ZIP))
    if start.startswith(_ZIP):
        raise _not_readable("an Excel workbook or another archive", _AS_UTF8)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return io.TextIOWrapper(raw, "utf-16", errors="replace", newline="")
    # What cannot be decoded is kept apart, so that its own line can be named.
    return io.TextIOWrapper(raw, "utf-8-sig", errors="surrogateescape", newline="")


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    try:
        while line := text.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                raise _not_readable(
                    f"line {number} with more than {LONGEST_LINE} characters",
                    "See whether it is the file you meant, and whether a quote on it never closes.",
                )
            yield line
    finally:
        with contextlib.suppress(ValueError):  # it may be closed by now, which is its owner's business
            text.detach()


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True, skipinitialspace=True))
    except csv.Error:
        return []


def _no_header(first: str) -> UsageProblem:
    if _NOT_TEXT.search(first):
        return _not_readable("a first line that is not in UTF-8", _AS_UTF8)
    # The line is not repeated: without a header it is somebody's row.
    return _not_readable(
        "a first line without these names",
        "Name the columns in the first line. A roster holds no passwords; where they come from is said "
        "with: optout account secrets --help",
        expected="a first line that names the columns platform and login, divided by comma, semicolon "
        "or tab",
    )


def _not_readable(found: str, next_step: str, expected: str = "") -> UsageProblem:
    return UsageProblem(
        "the roster cannot be read, and nothing was imported",
        step="import",
        expected=expected,
        found=found,
        next_step=next_step,
    )
