"""When each target falls due, and the rules behind it, for people and for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optout.watch.rules import DEFAULTS, MISSES, meaning

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from optout.ledger.watch_rules import WatchRule
    from optout.watch.due import Due


def due_text(dues: Sequence[Due], now: datetime) -> str:
    """A line per target: when it is due, and because of what."""
    return "\n".join(f"{when_due(each, now):<20}  {each.place.target}  ({each.event})" for each in dues)


def when_due(due: Due, now: datetime) -> str:
    """The date a target falls due."""
    return "now" if due.is_due(now) else f"{due.at:%Y-%m-%d %H:%M} UTC"


def due_object(due: Due, now: datetime) -> dict[str, Any]:
    """One target's date as plain data."""
    target = due.place.target
    return {
        "platform": target.account.platform,
        "setting": target.setting,
        "account": target.account.login,
        "event": due.event,
        "since": due.since.isoformat() if due.since else None,
        "due": due.at.isoformat() if due.at else None,
        "is_due": due.is_due(now),
        "origin": due.place.origin,
        "practice": due.place.practice,
    }


def rules_text(chosen: Sequence[WatchRule]) -> str:
    """The defaults, each followed by what was chosen instead of it."""
    lines = []
    for rule, number in DEFAULTS.items():
        lines.append(f"{rule:<13} {_number(rule, number):>8}  {meaning(rule)}")
        for each in chosen:
            if each.rule == rule:
                place = f"for {each.name}" if each.name else "everywhere"
                lines.append(f"{'':13} {_number(rule, each.number):>8}  {place}")
    return "\n".join(lines)


def _number(rule: str, number: float) -> str:
    if rule == MISSES:
        return f"{number:g}"
    return f"{number:g} day{'' if number == 1 else 's'}"


def rules_object(chosen: Sequence[WatchRule]) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "defaults": DEFAULTS,
        "chosen": [
            {"scope": each.scope, "name": each.name, "rule": each.rule, "number": each.number}
            for each in chosen
        ],
    }
