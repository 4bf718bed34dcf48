"""The rows of a roster: which columns it has, and what each row says about an account."""

from __future__ import annotations

import difflib
import re
from typing import IO, TYPE_CHECKING

from optout.accounts import phrases
from optout.accounts.phrases import Unfit
from optout.accounts.roster_text import Cells, Fault, RosterText
from optout.accounts.secret_columns import secret_word
from optout.errors import UsageProblem
from optout.ledger.roster import Entry
from optout.model import Account

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date

    from optout.ledger.mandates import Mandate

NEEDED = ("platform", "login")
MANDATE = ("mandate_by", "mandate_on", "mandate_where")
UNTIL = "mandate_until"
COLUMNS = (*NEEDED, "name", "group", *MANDATE, UNTIL)
"""The columns that are read; others are named and left alone."""

MOST_ROWS = 1_000_000
_OTPAUTH = re.compile("otpauth", re.IGNORECASE)


class Roster:
    """The rows of one roster, read as they are asked for.

    Args:
        file: the roster, in bytes.
        platforms: the names of those there are.
        today: the day in UTC.

    Attributes:
        ignored: the columns that are not read, as the header calls them.

    Raises:
        UsageProblem: it has no header, a column that looks like a secret, or a column twice.
    """

    def __init__(self, file: IO[bytes], platforms: Collection[str], today: date) -> None:
        self._text = RosterText(file, _is_header)
        self._platforms = platforms
        self._today = today
        self._first_lines: dict[tuple[str, str], int] = {}
        _refuse_secrets(self._text.header)
        header = [_column(cell) for cell in self._text.header]
        if twice := [name for name in COLUMNS if header.count(name) > 1]:
            raise _refused(f"it has the column {twice[0]} twice", "Leave one of them.")
        self.ignored = tuple(
            cell.strip() for cell in self._text.header if cell.strip() and _column(cell) not in COLUMNS
        )
        _refuse_misspelt(self.ignored)
        lacking = [name for name in MANDATE if name not in header]
        if 0 < len(lacking) < len(MANDATE) or (lacking and UNTIL in header):
            raise _refused(
                f"it has columns for mandates, but no {' and no '.join(lacking)}",
                f"A mandate needs {', '.join(MANDATE)}; only {UNTIL} may be left out.",
            )
        self._at = {name: header.index(name) for name in COLUMNS if name in header}

    def __iter__(self) -> Iterator[Entry | Fault]:
        """Every row that is not empty, as an entry or with what is wrong with it."""
        for number, row in enumerate(self._text, start=1):
            if number > MOST_ROWS:
                raise _refused(f"it has more than {MOST_ROWS} rows", "Divide it, and import the parts.")
            if isinstance(row, Fault):
                yield row
                continue
            try:
                yield self._entry(row)
            except Unfit as unfit:
                yield Fault(row.line, str(unfit))

    def _entry(self, row: Cells) -> Entry:
        columns = len(self._text.header)
        if len(row.cells) < columns or any(row.cells[columns:]):
            raise Unfit(f"it has {len(row.cells)} cells, and the header {columns}")
        for at, cell in enumerate(row.cells, start=1):
            if _OTPAUTH.search(cell):
                raise Unfit(f"column {at} holds an authenticator's seed, and no roster may hold secrets")
        cells = {name: row.cells[at] for name, at in self._at.items()}
        account = Account(self._platform(cells["platform"]), phrases.login(cells["login"]))
        self._refuse_again(account, row.line)
        return Entry(
            line=row.line,
            account=account,
            name=phrases.phrase(cells["name"], "name") if "name" in cells else None,
            group=phrases.phrase(cells["group"], "group") if "group" in cells else None,
            mandate=self._mandate(cells),
        )

    def _platform(self, cell: str) -> str:
        name = cell.strip().lower()
        if name in self._platforms:
            return name
        near = difflib.get_close_matches(name, list(self._platforms), n=2, cutoff=0.6)
        hint = f"did you mean {' or '.join(near)}?" if near else "see: optout platforms"
        raise Unfit(f"its platform is none that optout knows; {hint}" if name else "it has no platform")

    def _refuse_again(self, account: Account, line: int) -> None:
        # Sites take capitals for small letters: one account would be visited as two.
        first = self._first_lines.setdefault((account.platform, account.login.casefold()), line)
        if first != line:
            raise Unfit(f"it is about the same account as line {first}: {account}")

    def _mandate(self, cells: Mapping[str, str]) -> Mandate | None:
        by, on, where, until = (cells.get(name, "") for name in (*MANDATE, UNTIL))
        if not f"{by}{on}{where}{until}".strip():
            return None
        return phrases.mandate_from(by, on, where, until, self._today)


def _column(cell: str) -> str:
    """A column's name, however it is written: `Mandate by`, `mandate-by`."""
    return re.sub(r"[\s_-]+", "_", cell.strip().casefold())


def _is_header(cells: Sequence[str]) -> bool:
    return set(NEEDED) <= {_column(cell) for cell in cells}


def _refuse_secrets(header: Sequence[str]) -> None:
    found = [(at, word) for at, cell in enumerate(header, start=1) if (word := secret_word(cell))]
    if found:
        columns = ", ".join(f"column {at} ({word})" for at, word in found)
        raise _refused(
            f"it looks as if it held secrets: {columns}",
            "Delete that column, wherever the file has been: a roster holds no secrets. Where they come "
            "from is said with: optout account secrets",
        )


def _refuse_misspelt(ignored: Sequence[str]) -> None:
    """A column that is nearly one of ours would be missed without anybody noticing."""
    for cell in ignored:
        if near := difflib.get_close_matches(_column(cell), COLUMNS, n=1, cutoff=0.8):
            raise _refused(
                f"it has a column that is nearly called {near[0]}",
                f"Call it {near[0]}, or something else.",
            )


def _refused(what: str, next_step: str) -> UsageProblem:
    return UsageProblem(
        "the roster is refused, and nothing was imported", step="import", found=what, next_step=next_step
    )
