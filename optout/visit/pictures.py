"""The pictures of one target, captioned while the visit goes on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from optout.accounts.pseudonyms import without_names
from optout.evidence.caption import Caption, captioned
from optout.evidence.capture import Shot, photograph, photograph_page, photograph_stop
from optout.evidence.discreet import without_tokens
from optout.model import Observation, Reading

if TYPE_CHECKING:
    from datetime import datetime

    from optout.model import Target
    from optout.visit.listing import Listed
    from optout.visit.order import Order
    from optout.visit.read import Sight
    from optout.visit.survey import ControlSeen, Survey
    from optout.visit.tab import Tab

_TITLES = {
    "before": "Before: what the page showed",
    "after": "After: what the page shows after a fresh load",
    "filled": "The form as it was filled in, before the person sent it",
    "sent": "What the page said once the person had sent the form",
    "stopped": "Stopped here: a person is needed, or the page is not as expected",
}


class Pictures:
    """Collects pictures and snapshots of one target.

    Attributes:
        masks: how many elements each declared mask matched at most.
    """

    def __init__(self, order: Order, target: Target) -> None:
        self.order = order
        self.target = target
        self.masks: dict[str, int] = {}
        self._captioned: dict[str, asyncio.Task[bytes]] = {}
        self._snapshots: dict[str, str] = {}

    async def of_setting(self, name: str, tab: Tab, sight: Sight, seen_as: str, at: datetime) -> str:
        """Photograph a setting that was read.

        Returns:
            The picture's file name.
        """
        control = sight.understood.control
        if control is None:
            self._snapshots[f"{name}.controls.txt"] = self._controls(sight, seen_as)
            return await self.of_stop(name, tab, seen_as, at)
        also, headings = sight.understood.also, control.headings
        shot = await self._photograph(tab, sight.survey, (control,), also, headings=headings)
        if self.order.whole_page:
            page = await photograph_page(tab.page, self.order.flow.masks)
            self._keep(f"{name}-whole-page", page, sight.observation, seen_as, at)
        return self._keep(name, shot, sight.observation, seen_as, at)

    async def of_list(self, tab: Tab, listed: Listed, seen_as: str, at: datetime) -> str:
        """Photograph the rows of the list a setting would stand in.

        Returns:
            The picture's file name.
        """
        if not listed.rows:
            return await self.of_stop("before", tab, seen_as, at)
        shot = await self._photograph(tab, listed.survey, listed.rows, outlined=False)
        return self._keep("before", shot, listed.observation, seen_as, at)

    async def of_stop(self, name: str, tab: Tab, seen_as: str, at: datetime) -> str:
        """Photograph the page a visit stopped at."""
        shot = await photograph_stop(tab.page, self.order.flow.masks)
        return self._keep(name, shot, Observation(Reading.UNKNOWN, path=tab.path), seen_as, at)

    async def files(self) -> dict[str, bytes]:
        """Every picture and snapshot, by file name."""
        pictures = {name: await task for name, task in self._captioned.items()}
        # With a ? for half a sign: pages cut an emoji in two, and bytes cannot.
        texts = {name: text.encode("utf-8", "replace") for name, text in self._snapshots.items()}
        return {**pictures, **texts}

    async def _photograph(
        self,
        tab: Tab,
        survey: Survey,
        controls: tuple[ControlSeen, ...],
        also: tuple[ControlSeen, ...] = (),
        *,
        headings: tuple[str, ...] = (),
        outlined: bool = True,
    ) -> Shot:
        return await photograph(
            tab.page,
            survey.frame(controls[0]),
            survey.held(controls),
            also=survey.held(also) if also else None,
            outlined=outlined,
            headings=headings,
            identity=[mark.selector for mark in self.order.flow.identity],
            masks=self.order.flow.masks,
        )

    def _controls(self, sight: Sight, seen_as: str) -> str:
        """A line per control of a page without the setting's own, for the flow's author."""
        lines = [str(each) for each in sight.seen.controls if each.role != "link"]
        text = "\n".join(lines or ["no controls"])
        return without_names(text, self.order.account, [seen_as]) + "\n"

    def _keep(self, name: str, shot: Shot, read: Observation, seen_as: str, at: datetime) -> str:
        caption = self._caption(name, read, seen_as, at)
        # In a thread, because drawing takes as long as the next page needs to load.
        task = asyncio.create_task(asyncio.to_thread(captioned, shot, caption))
        self._captioned[f"{name}.png"] = task
        for mask, matched in shot.masks.items():
            self.masks[mask] = max(matched, self.masks.get(mask, 0))
        if shot.snapshot:
            self._snapshots[f"{name}.snapshot.yml"] = shot.snapshot + "\n"
        return f"{name}.png"

    def _caption(self, name: str, read: Observation, seen_as: str, at: datetime) -> Caption:
        # Imported here because the package's version is only needed in writing.
        from optout import __version__  # noqa: PLC0415

        order = self.order
        setting = order.flow.setting(self.target.setting)
        title = _TITLES.get(name.partition("-")[0], name)
        return Caption(
            title=title,
            lines=(
                f"{self.target}" + (f', signed in as "{seen_as}"' if seen_as else ""),
                f"{setting.title if setting else self.target.setting}{_read_as(read)}",
                f"{order.site.origin}{without_tokens(read.path)}",
                f"{at:%Y-%m-%d %H:%M:%S} UTC, optout {__version__}, visit {order.visit}",
            ),
            practice=order.site.practice,
        )


def _read_as(read: Observation) -> str:
    if read.reading is Reading.UNKNOWN:
        return f": not read ({read.why})" if read.why else ""
    locked = f', locked to "{read.locked}"' if read.locked else ""
    return f': read as "{read.reading}"{locked}'
