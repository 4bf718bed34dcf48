"""Which scheduled times have passed without a run: a pure function of rhythm and last run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime

    from optout.watch.schedule.rhythm import Rhythm


@dataclass(frozen=True)
class Owed:
    """What a schedule owes at one moment.

    Attributes:
        now: whether a run is to happen now, because a time has passed since the last one.
        missed: the times at which a run should have happened and did not, the oldest first; the
            newest of the times that passed is not among them, because the run now stands for it.
    """

    now: bool
    missed: tuple[datetime.datetime, ...] = ()


def owed(
    rhythm: Rhythm,
    *,
    since: datetime.datetime,
    last: datetime.datetime | None,
    now: datetime.datetime,
    zone: datetime.tzinfo | None = None,
) -> Owed:
    """What a schedule owes.

    Args:
        rhythm: how often, and when.
        since: when the schedule was installed, with its zone.
        last: when its last run began, with its zone; None where there was none.
        now: now, with its zone.
        zone: whose clock on the wall counts; None for this system's.
    """
    after = max(since, last) if last else since
    passed = rhythm.times(_wall(after, zone), _wall(now, zone))
    return Owed(bool(passed), tuple(passed[:-1]))


def _wall(moment: datetime.datetime, zone: datetime.tzinfo | None) -> datetime.datetime:
    """What the clock on the wall shows: times of day are kept through summer and winter."""
    return moment.astimezone(zone).replace(tzinfo=None)
