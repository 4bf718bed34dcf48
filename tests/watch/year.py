"""A year on two platforms, written beforehand: what becomes of each account in which week."""

from __future__ import annotations

import random
from dataclasses import dataclass

from optout.model import Account
from tests.workshop.flow import Workshop

WEEKS = 52
BROKEN = (range(20, 24), range(40, 42))
"""Weeks in which no page of Beta can be read: until there is a newer flow, then until it is back."""


class Alpha(Workshop):
    """A platform on which every account has its own troubles."""

    name = "alpha"
    origin = "https://alpha.test"


class Beta(Workshop):
    """A platform that rebuilds its page twice."""

    name = "beta"
    origin = "https://beta.test"


class NewerBeta(Beta):
    """The flow that knows the first rebuilt page."""

    version = "2099-01-01"


@dataclass(frozen=True)
class Episode:
    """Some weeks in which an account is not as it was left.

    Attributes:
        first: the week in which it begins.
        weeks: how many weekly checks see it.
        kind: what a check finds; see `tests.watch.looks`.
        fixed: whether the check itself may switch it off again.
    """

    first: int
    weeks: int
    kind: str
    fixed: bool = False

    def week(self, week: int) -> int:
        """Which week of the episode it is, from 1; 0 outside of it."""
        return week - self.first + 1 if self.first <= week < self.first + self.weeks else 0


Script = dict[Account, list[Episode]]


def script(alphas: int, betas: int) -> Script:
    """What happens to whom: always the same."""
    chance = random.Random(20261122)  # noqa: S311 - a script, not a secret
    return {
        **{Account("alpha", f"a{n:03}@example.org"): list(_episodes(chance)) for n in range(alphas)},
        **{Account("beta", f"b{n:03}@example.org"): [] for n in range(betas)},
    }


def _episodes(chance: random.Random) -> list[Episode]:
    made: list[Episode] = []
    week = 1 + chance.randrange(12)
    while week < WEEKS - 6:
        kind = chance.choice(["in", "in", "changed", "signed out", "gone", "down"])
        fixed = kind == "in" and chance.random() < 0.5
        made.append(Episode(week, 1 if fixed else chance.randint(1, 4), kind, fixed))
        week += made[-1].weeks + chance.randint(2, 14)
    return made
