"""The list in which a setting would stand: where else it is, or the proof that it is not offered."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from optout.model import Observation, Reading, Why
from optout.visit.survey import survey

if TYPE_CHECKING:
    from optout.flow import Listing, Setting
    from optout.visit.survey import ControlSeen, Survey
    from optout.visit.tab import Tab

_ENOUGH_NEIGHBOURS = 2


@dataclass(frozen=True)
class Listed:
    """What the list says.

    Attributes:
        place: the path the setting's own row leads to; empty where it has no row.
        observation: `not-offered` where the list was read and has no such row, else `unknown`.
        survey: the page.
        rows: the rows that were recognised.
    """

    place: str
    observation: Observation
    survey: Survey
    rows: tuple[ControlSeen, ...]


async def look_up(tab: Tab, setting: Setting, listing: Listing) -> Listed:
    """Read the list on the page, as soon as it is there and has come to rest."""
    deadline = asyncio.get_running_loop().time() + tab.patience.render
    last = await _read(tab, setting, listing)
    while True:
        rested = await tab.settle()
        now = await _read(tab, setting, listing)
        same = rested and (now.place, now.observation) == (last.place, last.observation)
        over = asyncio.get_running_loop().time() >= deadline
        if same and (over or now.place or now.observation.reading is Reading.NOT_OFFERED):
            return now
        if over:
            return now if now.observation.reading is Reading.UNKNOWN else _restless(now)
        last = now


async def _read(tab: Tab, setting: Setting, listing: Listing) -> Listed:
    found = await survey(tab.page, tab.fence.site)
    rows = [link for link in found.seen.of_role(("link",)) if link.href]
    neighbours = [row for row in rows if _last_segment(row) in listing.neighbours]
    own = [row for row in rows if _is_own(row, listing)]
    known = {_last_segment(row) for row in neighbours}
    here = found.seen.path == listing.path and tab.status < 400  # noqa: PLR2004 - HTTP errors
    if own:
        observation = _observed(found, Reading.UNKNOWN, "the list has a row for it")
    elif here and known and not listing.title.knows(found.seen.language):
        detail = (
            f"the list at {listing.path} has no row with its address, and in this language its name is "
            "not known, so it may stand there under another address"
        )
        observation = _observed(found, Reading.UNKNOWN, detail)
    elif here and len(known) >= _ENOUGH_NEIGHBOURS:
        detail = (
            f'the list at {listing.path} shows {len(known)} of its known rows and none for "'
            f'{setting.title}"'
        )
        observation = _observed(found, Reading.NOT_OFFERED, detail)
    else:
        detail = (
            f"neither the setting at {setting.places[0]} nor the list it stands in at {listing.path} "
            "is as the flow expects"
        )
        observation = _observed(found, Reading.UNKNOWN, detail)
    place = (own[0].href or "") if own else ""
    return Listed(place, observation, found, (*own, *neighbours))


def _last_segment(row: ControlSeen) -> str:
    return (row.href or "").rstrip("/").rpartition("/")[2]


def _is_own(row: ControlSeen, listing: Listing) -> bool:
    if _last_segment(row) == listing.row:
        return True
    # A row's name may carry its state ("… On"), so the title is looked for at its start.
    return any(replace(wording, part="start").matches(row.name) for wording in listing.title)


def _restless(listed: Listed) -> Listed:
    detail = f"the list at {listed.observation.path} did not come to rest"
    unclear = replace(listed.observation, reading=Reading.UNKNOWN, detail=detail)
    return replace(listed, observation=replace(unclear, why=Why.CONTROL_MISSING))


def _observed(found: Survey, reading: Reading, detail: str) -> Observation:
    return Observation(
        reading=reading,
        why=Why.NONE if reading is Reading.NOT_OFFERED else Why.CONTROL_MISSING,
        detail=detail,
        language=found.seen.language,
        path=found.seen.path,
    )
