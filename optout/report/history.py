"""Every reading of a target, for people and for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optout.watch.history import Entry


def history_text(entries: Sequence[Entry]) -> str:
    """A block per look, oldest first: when, what was read, what was different, and the picture."""
    return "\n".join(map(_block, entries))


def history_object(entry: Entry) -> dict[str, Any]:
    """One look as plain data."""
    look = entry.look
    return {
        "at": look.at.isoformat(),
        "command": look.command,
        "reading": look.reading,
        "locked": look.locked,
        "outcome": look.outcome,
        "why": look.why,
        "reason": look.reason,
        "differences": list(entry.differences),
        "evidence": str(entry.bundle) if entry.bundle else None,
        "picture": str(entry.picture) if entry.picture else None,
        "flow_version": look.flow_version,
        "origin": look.origin,
        "practice": look.practice,
        "run": look.run_id,
    }


def _block(entry: Entry) -> str:
    look = entry.look
    place = f" [practice site {look.origin}]" if look.practice else ""
    locked = f", locked {look.locked}" if look.locked else ""
    head = f"{look.at:%Y-%m-%d %H:%M:%S} UTC  {look.reading}{locked}"
    head += f" ({look.outcome}, {look.command}){place}"
    facts = [
        *(("changed", text) for text in entry.differences),
        *([("why", look.reason)] if look.reason else []),
        *([("picture", str(entry.picture))] if entry.picture else []),
    ]
    if entry.bundle and not entry.picture:
        facts.append(("picture", f"none at {entry.bundle}"))
    return "\n".join((head, *(f"    {name}: {text}" for name, text in facts)))
