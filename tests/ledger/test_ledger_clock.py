"""Leases are measured by one clock, whatever a machine's own says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from optout.ledger.clock import DatabaseClock, clock_of

if TYPE_CHECKING:
    from optout.ledger.ledger import Ledger


@dataclass
class Ticking:
    """Seconds that pass when a test says so."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_file_is_measured_by_the_machines_own_clock(sqlite: Ledger) -> None:
    assert abs(clock_of(sqlite)() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_database_is_measured_by_its_own(on_postgresql: Ledger) -> None:
    with on_postgresql.read() as connection:
        there = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    now = clock_of(on_postgresql)()
    assert now.tzinfo is UTC
    assert timedelta() <= now - there < timedelta(seconds=5)


def test_between_two_answers_time_is_counted_and_not_read_off(on_postgresql: Ledger) -> None:
    steady = Ticking()
    clock = DatabaseClock(on_postgresql, steady)
    first = clock()
    steady.seconds = 42.0
    assert clock() - first == timedelta(seconds=42)


def test_the_database_is_asked_again_after_a_while(on_postgresql: Ledger) -> None:
    steady = Ticking()
    clock = DatabaseClock(on_postgresql, steady)
    first = clock()
    # As if the counting had gone wrong by ten minutes.
    steady.seconds = 600.0
    assert clock() - first < timedelta(seconds=60)
