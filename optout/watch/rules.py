"""How long after which event a target is looked at again: defaults, and what people chose instead."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from optout.errors import UsageProblem
from optout.ledger.watch_tables import Scope

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from optout.ledger.watch_rules import WatchRule
    from optout.model import Account

MISSES = "misses"
"""The rule that says how many looks it takes before something is alarming."""


class Event(enum.StrEnum):
    """What happened last to a target, as far as the calendar is concerned."""

    NEVER_LOOKED = "never-looked"
    PROVEN_OUT = "proven-out"
    STILL_IN = "still-in"
    DRIFTED = "drifted"
    NEEDS_PERSON = "needs-person"
    UNREADABLE = "unreadable"
    UNREACHABLE = "unreachable"
    WAIVED = "waived"
    FLOW_CHANGED = "flow-changed"
    SIGNED_IN = "signed-in"


DEFAULTS: dict[str, float] = {
    Event.NEVER_LOOKED: 0,
    Event.PROVEN_OUT: 7,
    Event.STILL_IN: 7,
    Event.DRIFTED: 1,
    # Sooner would knock at a door that only a person can open, and may lock it.
    Event.NEEDS_PERSON: 7,
    Event.UNREADABLE: 1,
    Event.UNREACHABLE: 1,
    Event.WAIVED: 30,
    Event.FLOW_CHANGED: 0,
    Event.SIGNED_IN: 0,
    MISSES: 2,
}
_MEANING = {
    Event.NEVER_LOOKED: "after the account was added",
    Event.PROVEN_OUT: "after it was seen out, or not offered",
    Event.STILL_IN: "after it was seen in, and never out before",
    Event.DRIFTED: "after it came back on",
    Event.NEEDS_PERSON: "after only a person could go on",
    Event.UNREADABLE: "after the page was not as expected",
    Event.UNREACHABLE: "after the site, or this machine, gave nothing to look at",
    Event.WAIVED: "after somebody wanted it in: waived, or undone",
    Event.FLOW_CHANGED: "after the platform's flow became another",
    Event.SIGNED_IN: "after somebody signed in again, or authorised it",
    MISSES: "looks that fail before it is an alarm; coming back on needs one",
}
_MOST = 3650.0


@dataclass(frozen=True)
class Rules:
    """The rules in force.

    Attributes:
        chosen: what people chose instead of the defaults.
    """

    chosen: tuple[WatchRule, ...] = ()

    def days(self, event: Event, account: Account, groups: Collection[str] = ()) -> float:
        """How many days after an event an account's targets are looked at again."""
        return self._number(event, account, groups)

    def misses(self, account: Account, groups: Collection[str] = ()) -> int:
        """How many looks it takes before something is alarming."""
        return int(self._number(MISSES, account, groups))

    def _number(self, rule: str, account: Account, groups: Collection[str]) -> float:
        chosen = {(each.scope, each.name): each.number for each in self.chosen if each.rule == rule}
        for owners in _narrowest_first(account, groups):
            if fitting := [chosen[owner] for owner in owners if owner in chosen]:
                return min(fitting)  # of several groups, the one that looks soonest
        return DEFAULTS[rule]


def _narrowest_first(account: Account, groups: Collection[str]) -> Sequence[Sequence[tuple[Scope, str]]]:
    return (
        [(Scope.ACCOUNT, str(account))],
        [(Scope.GROUP, group) for group in groups],
        [(Scope.PLATFORM, account.platform)],
        [(Scope.EVERYWHERE, "")],
    )


def meaning(rule: str) -> str:
    """What a rule's number counts, in words that follow it."""
    return _MEANING[rule]


def parse_rule(text: str) -> tuple[str, float]:
    """A rule as typed, such as `proven-out=30`.

    Returns:
        Its name and its number.

    Raises:
        UsageProblem: there is no such rule, or that is no number for it.
    """
    name, _, number = text.partition("=")
    check_rule(name)
    try:
        value = float(number)
    except ValueError:
        value = -1.0
    least = 1 if name == MISSES else 0
    if not least <= value <= _MOST or (name == MISSES and not value.is_integer()):
        kind = "a whole number from 1" if name == MISSES else f"days from 0 to {_MOST:g}"
        raise UsageProblem(
            f"{name} cannot be {number[:20]!r}", expected=kind, next_step=f"For example: --set {name}=2"
        )
    return name, value


def check_rule(name: str) -> None:
    """Refuse a rule that does not exist.

    Raises:
        UsageProblem: there is no such rule.
    """
    if name not in DEFAULTS:
        raise UsageProblem(
            f"there is no rule {name[:40]!r}",
            expected=f"one of {', '.join(DEFAULTS)}",
            next_step="To see them all: optout due --rules",
        )
