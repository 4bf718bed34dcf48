from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from optout.watch.missed import Owed, owed
from optout.watch.schedule.rhythm import Rhythm

BERLIN = ZoneInfo("Europe/Berlin")
WEEKLY = Rhythm("week", time(9), date(2026, 10, 5))
INSTALLED = datetime(2026, 10, 5, 6, tzinfo=UTC)


def at(month: int, day: int, hour: int = 8) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def look(now: datetime, last: datetime | None = None) -> Owed:
    return owed(WEEKLY, since=INSTALLED, last=last, now=now, zone=BERLIN)


def test_before_the_first_time_nothing_is_owed() -> None:
    assert look(at(10, 5, hour=6)) == Owed(now=False)


def test_at_its_time_a_run_is_owed_and_none_was_missed() -> None:
    assert look(at(10, 5, hour=7)) == Owed(now=True)


def test_after_a_run_nothing_is_owed_until_the_next_time() -> None:
    assert not look(at(10, 12, hour=6), last=at(10, 5, hour=7)).now


def test_a_run_that_is_only_late_is_not_missed() -> None:
    assert look(at(10, 18), last=at(10, 5)) == Owed(now=True)


def test_after_a_month_switched_off_each_time_that_passed_is_named() -> None:
    missed = look(at(11, 3), last=at(10, 5)).missed
    assert [f"{each:%m-%d %H:%M}" for each in missed] == ["10-12 09:00", "10-19 09:00", "10-26 09:00"]


def test_the_end_of_summer_time_neither_owes_a_run_twice_nor_misses_one() -> None:
    # 09:00 in Berlin is 07:00 UTC on the 19th and 08:00 UTC on the 26th.
    last = datetime(2026, 10, 19, 7, 0, 5, tzinfo=UTC)
    assert not look(datetime(2026, 10, 26, 7, 59, tzinfo=UTC), last=last).now
    assert look(datetime(2026, 10, 26, 8, 0, tzinfo=UTC), last=last) == Owed(now=True)


def test_a_clock_that_was_ahead_does_not_owe_runs_in_the_past() -> None:
    assert look(at(10, 12), last=at(12, 24)) == Owed(now=False)
