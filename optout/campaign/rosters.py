"""Importing a roster: all of it or nothing, in one transaction, with every bad row named."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import IO, TYPE_CHECKING

from optout.accounts.roster import Roster
from optout.accounts.roster_text import Fault
from optout.ledger.mandates import day_of
from optout.ledger.roster import Entry, take_in

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from optout.ledger.ledger import Ledger
    from optout.ledger.roster import Difference

_AT_ONCE = 1000


@dataclass
class Intake:
    """What became of a roster.

    Attributes:
        kept: whether it is in the ledger now: not after a dry run, nor where a bad row stood in the way.
        new: how many accounts were not on the list before.
        changed: how many were, and are described otherwise now.
        same: how many rows say what the ledger says already.
        refused: how many rows cannot be taken.
        ignored: the columns that were not read.
    """

    kept: bool = False
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    ignored: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many there were."""
        return self.new + self.changed + self.same + self.refused


class _NotToBeKeptError(Exception):
    """Takes back the transaction."""


def import_roster(
    ledger: Ledger,
    file: IO[bytes],
    platforms: Collection[str],
    *,
    at: datetime,
    dry_run: bool,
    skip_bad: bool,
    on_difference: Callable[[Difference], None],
    on_fault: Callable[[Fault], None],
) -> Intake:
    """Read a roster once, and put what it says into the ledger.

    Args:
        ledger: where; nobody else can write to it meanwhile.
        file: the roster, in bytes.
        platforms: the names of those there are.
        at: now, with its zone.
        dry_run: do all of it, and take it back.
        skip_bad: leave bad rows out instead of importing nothing.
        on_difference: called for each account that is new or changes, in order.
        on_fault: called for each bad row, in order.

    Raises:
        UsageProblem: it cannot be read as a roster, or it may hold secrets; nothing was imported.
        LedgerProblem: the ledger refused; nothing was imported.
    """
    roster = Roster(file, platforms, day_of(at))
    intake = Intake(ignored=roster.ignored)
    rows = iter(roster)
    try:
        with ledger.write() as connection:
            while some := list(islice(rows, _AT_ONCE)):
                entries = [row for row in some if isinstance(row, Entry)]
                differences = take_in(connection, entries, at)
                _count(intake, len(some), entries, differences)
                for difference in differences:
                    on_difference(difference)
                for row in some:
                    if isinstance(row, Fault):
                        on_fault(row)
            if dry_run or (intake.refused and not skip_bad):
                raise _NotToBeKeptError  # noqa: TRY301 - only an exception takes back a transaction
        intake.kept = True
    except _NotToBeKeptError:
        pass
    return intake


def _count(
    intake: Intake, rows: int, entries: Collection[Entry], differences: Collection[Difference]
) -> None:
    new = sum(difference.new for difference in differences)
    intake.new += new
    intake.changed += len(differences) - new
    intake.same += len(entries) - len(differences)
    intake.refused += rows - len(entries)
