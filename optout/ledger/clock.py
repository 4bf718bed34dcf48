"""What time it is for everybody who shares a ledger."""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from optout.ledger.ledger import Ledger

_FRESH_S = 60.0


def clock_of(ledger: Ledger) -> Callable[[], datetime.datetime]:
    """The clock that leases and paces are measured by: the machine's own, or the database's.

    Raises:
        LedgerProblem: the database cannot be asked; also raised by the clock, once in a while.
    """
    return _now if ledger.is_sqlite else DatabaseClock(ledger)


@dataclass
class DatabaseClock:
    """The clock of a ledger's database: setting a worker's own clock changes nothing.

    It is asked once a minute; between two answers the time is counted and not read off.
    """

    ledger: Ledger
    steady: Callable[[], float] = field(default_factory=lambda: _steady)
    _then: datetime.datetime | None = None
    _since: float = 0.0

    def __call__(self) -> datetime.datetime:
        """Now, UTC.

        Raises:
            LedgerProblem: the database cannot be asked.
        """
        if self._then is None or self.steady() - self._since > _FRESH_S:
            with self.ledger.read() as connection:
                # When the answer was made lies between the two: the later one is never ahead of it.
                answer = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
                self._since = self.steady()
            self._then = answer.astimezone(datetime.UTC)
        return self._then + datetime.timedelta(seconds=self.steady() - self._since)


def _steady() -> float:
    """Seconds that go on while the machine sleeps, where the system can tell."""
    return (
        time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
    )


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
