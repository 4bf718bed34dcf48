"""Every reading of a target with its picture, and what was different from the one before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from optout.model import Outcome, Reading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from optout.ledger.history import Look, Place


@dataclass(frozen=True)
class Entry:
    """One look at a target, and what it changed about what is known.

    Attributes:
        look: the look.
        bundle: the folder of its evidence; None without one.
        picture: the newest picture in it; None where there is none, or not any more.
        differences: what was different from the look before, one sentence each.
    """

    look: Look
    bundle: Path | None
    picture: Path | None
    differences: tuple[str, ...]


@dataclass(frozen=True)
class _Seen:
    """What a bundle says about its last reading; empty where there is none."""

    label: str = ""
    path: str = ""
    picture: str = ""


def entries(looks: Sequence[Look], evidence: Path) -> list[Entry]:
    """The looks with their pictures and differences, in the order given.

    Args:
        looks: looks at one target, oldest first; those at different origins are compared apart.
        evidence: the folder that all bundles are in.
    """
    last: dict[Place, tuple[Look, _Seen]] = {}
    made = []
    for look in looks:
        bundle = evidence / look.evidence if look.evidence else None
        seen = _seen(bundle) if bundle else _Seen()
        earlier = last.get(look.place)
        picture = bundle / seen.picture if bundle and seen.picture else None
        different = tuple(_differences(*earlier, look, seen)) if earlier else ()
        made.append(Entry(look, bundle, picture if picture and picture.is_file() else None, different))
        last[look.place] = (look, seen)
    return made


def shown_by(look: Look, evidence: Path) -> Path | None:
    """The picture of what a look found, else its bundle; None where it left no evidence.

    Args:
        look: the look.
        evidence: the folder that all bundles are in.
    """
    if look.evidence is None:
        return None
    bundle = evidence / look.evidence
    picture = _seen(bundle).picture
    return bundle / picture if picture and (bundle / picture).is_file() else bundle


def _seen(bundle: Path) -> _Seen:
    """The last reading of a bundle, as far as it is there and says so."""
    try:
        record = json.loads((bundle / "record.json").read_bytes())
        readings = [*record.get("before", ()), *record.get("after", ())]
    except (OSError, ValueError, AttributeError, TypeError):
        return _Seen()  # moved away or purged: the ledger still knows what was read
    texts = [each for each in readings if isinstance(each, dict)]
    return (
        _Seen(*(_text(texts[-1], name) for name in ("label", "path", "picture"))) if texts else _Seen()
    )


def _text(reading: dict[str, Any], name: str) -> str:
    value = reading.get(name)
    return value if isinstance(value, str) else ""


def _differences(before: Look, seen_before: _Seen, now: Look, seen: _Seen) -> list[str]:
    said = []
    was, is_ = _reading(before), _reading(now)
    if was != is_:
        who = {Outcome.OPTED_OUT: " by optout", Outcome.UNDONE: ", put back by optout"}.get(
            now.outcome, ""
        )
        said.append(f"from {was} to {is_}{who}")
    elif now.outcome is Outcome.OPTED_OUT:
        said.append("it was in when this visit began, and was switched off by optout")
    pairs = (
        ("label", seen_before.label, seen.label),
        ("address", seen_before.path, seen.path),
        ("flow", before.flow_version, now.flow_version),
    )
    for name, then, since in pairs:
        if then and since and then != since:
            said.append(f'the {name} was "{then}" and is "{since}"')
    return said


def _reading(look: Look) -> str:
    if look.reading is Reading.UNKNOWN:
        return f"unknown ({look.why or look.outcome})"
    return f"managed, locked {look.locked}" if look.locked else str(look.reading)
