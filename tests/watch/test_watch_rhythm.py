from __future__ import annotations

import datetime
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optout.errors import UsageProblem
from optout.watch.schedule.rhythm import Rhythm, parse_at, parse_every

AT = time(9)
SUNDAY = date(2026, 11, 22)


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def times(rhythm: Rhythm, after: str, until: str) -> list[str]:
    return [f"{each:%m-%d %H:%M}" for each in rhythm.times(moment(after), moment(until))]


def test_a_week_keeps_its_weekday() -> None:
    found = times(Rhythm("week", AT, SUNDAY), "2026-11-22T10:00", "2026-12-13T09:00")
    assert found == ["11-29 09:00", "12-06 09:00", "12-13 09:00"]


def test_a_month_keeps_its_day_where_every_month_has_it() -> None:
    found = times(Rhythm("month", AT, date(2027, 1, 31)), "2027-01-31T12:00", "2027-04-01T00:00")
    assert found == ["02-28 09:00", "03-28 09:00"]


def test_every_third_day_counts_from_the_first_through_the_end_of_a_month() -> None:
    found = times(Rhythm("3d", AT, date(2026, 11, 28)), "2026-11-28T08:00", "2026-12-05T00:00")
    assert found == ["11-28 09:00", "12-01 09:00", "12-04 09:00"]


def test_nothing_is_owed_before_the_first_time() -> None:
    assert times(Rhythm("day", AT, SUNDAY), "2026-11-01T00:00", "2026-11-22T08:59") == []


@settings(max_examples=60)
@given(
    every=st.sampled_from(["day", "week", "month", "2d", "30d", "365d"]),
    first=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    after=st.datetimes(moment("2020-01-01"), moment("2031-01-01")),
    days=st.integers(0, 800),
)
def test_times_lie_within_the_span_in_order_and_go_on_where_another_span_ended(
    every: str, first: date, after: datetime.datetime, days: int
) -> None:
    rhythm, until = Rhythm(every, AT, first), after + datetime.timedelta(days=days)
    found = rhythm.times(after, until)
    assert found == sorted(set(found))
    assert all(after < each <= until and each.time() == AT and each.date() >= first for each in found)
    middle = after + (until - after) / 2
    assert found == rhythm.times(after, middle) + rhythm.times(middle, until)
    assert rhythm.next_time(until) > until


@pytest.mark.parametrize(
    ("typed", "meant"), [("day", "day"), ("1d", "day"), ("7d", "week"), ("3d", "3d")]
)
def test_an_interval_is_understood(typed: str, meant: str) -> None:
    assert parse_every(typed) == meant


@pytest.mark.parametrize("typed", ["", "0d", "366d", "weeks", "-1d", "1.5d", "３d"])
def test_what_is_no_interval_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(UsageProblem, match="--every week"):
        parse_every(typed)


@pytest.mark.parametrize("typed", ["24:00", "9", "09:60", "9am", "09:00:00"])
def test_what_is_no_time_of_day_is_refused(typed: str) -> None:
    with pytest.raises(UsageProblem, match="such as 09:00"):
        parse_at(typed)


def test_a_rhythm_reads_as_a_sentence() -> None:
    said = [str(Rhythm(every, AT, SUNDAY)) for every in ("week", "3d")]
    assert said == ["every week at 09:00", "every 3 days at 09:00"]
