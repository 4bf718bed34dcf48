"""How often and at what time checks run, and which of those times have passed."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from optout.errors import UsageProblem

_DAYS = {"day": 1, "week": 7}
_MONTH = "month"
_LONGEST_DAYS = 365
# The 29th is not in every month.
_LAST_SAFE_DAY = 28


@dataclass(frozen=True)
class Rhythm:
    """A time of day, every so many days or once a month, by the clock on the wall.

    Attributes:
        every: as typed: `day`, `week`, `month` or `3d`.
        at: the time of day.
        first: the first day; a week keeps its weekday, a month its day (the 28th at most).
    """

    every: str
    at: datetime.time
    first: datetime.date

    def __str__(self) -> str:
        """`every week at 09:00`, `every 3 days at 09:00`."""
        interval = f"{self.days} days" if self.every.endswith("d") else self.every
        return f"every {interval} at {self.at:%H:%M}"

    @property
    def days(self) -> int | None:
        """How many days lie between two times; None for a month."""
        return None if self.every == _MONTH else _DAYS.get(self.every) or int(self.every[:-1])

    @property
    def day_of_month(self) -> int:
        """The day that a monthly rhythm keeps."""
        return min(self.first.day, _LAST_SAFE_DAY)

    def times(self, after: datetime.datetime, until: datetime.datetime) -> list[datetime.datetime]:
        """The times after one moment and not after another, the oldest first.

        Args:
            after: a moment on the wall, without a zone.
            until: another.
        """
        found: list[datetime.datetime] = []
        time = self._first_after(after)
        while time <= until:
            found.append(time)
            time = self._following(time)
        return found

    def next_time(self, after: datetime.datetime) -> datetime.datetime:
        """The first time after a moment on the wall, without a zone."""
        return self._first_after(after)

    def _first_after(self, after: datetime.datetime) -> datetime.datetime:
        start = datetime.datetime.combine(self.first, self.at)
        if self.days is not None:
            passed = (after - start) // datetime.timedelta(days=self.days) + 1
            return start + datetime.timedelta(days=self.days * max(0, passed))
        later = max(after, start - datetime.timedelta(microseconds=1))
        time = datetime.datetime.combine(later.date().replace(day=self.day_of_month), self.at)
        return time if time > later else self._following(time)

    def _following(self, time: datetime.datetime) -> datetime.datetime:
        if self.days is not None:
            return time + datetime.timedelta(days=self.days)
        in_next_month = time.replace(day=1) + datetime.timedelta(days=31)
        return in_next_month.replace(day=self.day_of_month)


def parse_every(text: str) -> str:
    """An interval as typed, checked; `1d` is a day and `7d` a week.

    Raises:
        UsageProblem: it is none.
    """
    match = re.fullmatch(r"([1-9][0-9]{0,2})d", text)
    if text in _DAYS or text == _MONTH or (match and int(match[1]) <= _LONGEST_DAYS):
        return {"1d": "day", "7d": "week"}.get(text, text)
    raise UsageProblem(
        f'"{text[:40]}" is not how often a check can run',
        expected=f"day, week, month, or a number of days such as 3d (at most {_LONGEST_DAYS}d)",
        next_step="Once a week suits most people: --every week",
    )


def parse_at(text: str) -> datetime.time:
    """A time of day as typed.

    Raises:
        UsageProblem: it is none.
    """
    if match := re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", text):
        return datetime.time(int(match[1]), int(match[2]))
    raise UsageProblem(
        f'"{text[:40]}" is not a time of day', expected="hours and minutes, such as 09:00"
    )
