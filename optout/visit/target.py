"""One target within a visit: read, act, read again after a fresh load, and keep the proof."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from optout.errors import EvidenceNotWritten, OptoutError
from optout.evidence.bundle import Bundle, write_bundle
from optout.evidence.record import Record, Step
from optout.model import Mode, Observation, Reading, Result, Target, Why
from optout.visit.listing import look_up
from optout.visit.person import until_clicked
from optout.visit.pictures import Pictures
from optout.visit.read import Reader, Sight, ask_flow
from optout.visit.tab import Tab
from optout.visit.verdict import Verdict, changed, moved_neighbours, of_error, unchanged, worst

if TYPE_CHECKING:
    from optout.flow import Setting
    from optout.visit.act import Actor
    from optout.visit.entry import Entry
    from optout.visit.order import Order
    from optout.visit.tab import Write

_TOUCHED = Observation(Reading.UNKNOWN, detail="it was touched and has not been read back yet")


class TargetVisit:
    """Takes one target from its first reading to a result with its bundle in place."""

    def __init__(self, order: Order, setting: Setting, tab: Tab, entry: Entry, browser: str) -> None:
        self.order = order
        self.setting = setting
        self.tab = tab
        self.entry = entry
        self.browser = browser
        self.target = Target(order.account, setting.name)
        self.reader = Reader(tab, order.flow)
        self.pictures = Pictures(order, self.target)
        self.last = Observation(Reading.UNKNOWN)
        self._before: list[Step] = []
        self._after: list[Step] = []
        self._writes: tuple[Write, ...] = ()
        self._notes: list[str] = []
        self._changed_by = "none"
        self._started = _now()
        self._clock = time.monotonic()

    async def run(self, actor: Actor | None) -> Result:
        """Establish an outcome.

        Args:
            actor: what may operate the setting; None for a check, which then cannot.

        Raises:
            OptoutError: the visit had to stop; `stop` makes a result of that.
        """
        found = await self._find()
        if found is None:
            return await self._conclude(unchanged(self.last, self.target))
        place, sight = found
        paths = await self._objects(sight)
        if not paths:
            return await self._conclude(await self._one(place, sight, "", actor))
        verdicts = []
        for number, path in enumerate(paths, start=1):
            await self.entry.open(self.tab, path)
            sight = await self.reader.look(self.setting, path)
            verdicts.append(await self._one(path, sight, f"-{number}", actor))
            self._notes.append(f"{path}: {verdicts[-1].outcome}")
        return await self._conclude(worst(verdicts))

    async def stop(self, error: OptoutError) -> Result:
        """Make a result of what stopped the visit, with a picture of where that was."""
        if self.tab.page.url.startswith("http"):
            with contextlib.suppress(EvidenceNotWritten):
                at = _now()
                picture = await self.pictures.of_stop("stopped", self.tab, self._name, at)
                stopped = self._after if self._changed_by != "none" else self._before
                stopped.append(self._step(replace(self.last, path=self.tab.path), at, picture))
        return await self._conclude(of_error(error, self.last))

    async def _find(self) -> tuple[str, Sight] | None:
        """Read the setting where it lives; None where its list had the last word."""
        for place in self.setting.places:
            await self.entry.open(self.tab, place)
            sight = await self.reader.look(self.setting, place)
            if sight.observation.why is not Why.CONTROL_MISSING:
                return place, sight
        listing = self.setting.listing
        if listing is None:
            return place, sight
        await self.entry.open(self.tab, listing.path)
        listed = await look_up(self.tab, self.setting, listing)
        if listed.place and listed.place not in self.setting.places:
            self._notes.append(f"found at {listed.place}, through its list")
            await self.entry.open(self.tab, listed.place)
            return listed.place, await self.reader.look(self.setting, listed.place)
        self.last = listed.observation
        if listed.place:
            there = f"{sight.observation.detail}; its list at {listing.path} has a row for it"
            self.last = replace(sight.observation, detail=there)
        at = _now()
        picture = await self.pictures.of_list(self.tab, listed, self._name, at)
        self._before.append(self._step(self.last, at, picture))
        return None

    async def _objects(self, sight: Sight) -> tuple[str, ...]:
        flow, setting = self.order.flow, self.setting
        links = tuple(link.href for link in sight.seen.of_role(("link",)) if link.href)
        return tuple(
            await ask_flow(lambda: flow.objects(setting, links), flow.name, self.tab.patience.flow)
        )

    async def _one(self, place: str, sight: Sight, suffix: str, actor: Actor | None) -> Verdict:
        self.last = sight.observation
        at = _now()
        picture = await self.pictures.of_setting(f"before{suffix}", self.tab, sight, self._name, at)
        self._before.append(self._step(self.last, at, picture))
        if actor is None or self.last.reading is not Reading.IN:
            return unchanged(self.last, self.target, dry_run=self.order.dry_run)
        try:
            await self._change(place, sight, actor)
        except OptoutError as error:
            # Whatever went wrong, what counts is what a fresh load shows now.
            after = await self._prove(place, sight, suffix)
            return self._verdict() if after.reading is Reading.OUT else of_error(error, self.last)
        await self._prove(place, sight, suffix)
        return self._verdict()

    async def _change(self, place: str, sight: Sight, actor: Actor) -> None:
        order = self.order
        self.last = _TOUCHED
        if order.mode is Mode.GUIDED:
            self._changed_by = "person"
            await until_clicked(
                self.reader,
                self.setting,
                sight,
                place=place,
                account=order.account,
                person=order.person,
            )
        else:
            self._changed_by = "tool"
            self._writes = await actor.opt_out(self.setting, sight)

    async def _prove(self, place: str, before: Sight, suffix: str) -> Observation:
        """Read the setting in a page of its own, after a GET of its own."""
        page = await self.tab.page.context.new_page()
        tab = Tab(page, self.tab.fence, self.tab.patience)
        reader = Reader(tab, self.order.flow)
        try:
            await self.entry.open(tab, place)
            sight = await reader.look(self.setting, place)
            if sight.observation.reading is not Reading.OUT:
                # Saving may take longer than the page lets on: let it finish, then look once more.
                await self.tab.settle()
                await self.tab.writes_done()
                await self.entry.open(tab, place)
                sight = await reader.look(self.setting, place)
            self.last = sight.observation
            own = before.understood.control.handle if before.understood.control else ""
            self._notes += moved_neighbours(before.seen, sight.seen, own)
            at = _now()
            picture = await self.pictures.of_setting(f"after{suffix}", tab, sight, self._name, at)
            self._after.append(self._step(self.last, at, picture, tab))
        finally:
            await page.close()
        return self.last

    def _verdict(self) -> Verdict:
        return changed(self.last, self._writes, self.target)

    async def _conclude(self, verdict: Verdict) -> Result:
        bundle: Bundle | None = None
        try:
            bundle = await self._bundle(verdict)
        except EvidenceNotWritten as error:
            verdict = of_error(error, self.last)
        return Result(
            target=self.target,
            at=_now(),
            reading=self.last.reading,
            locked=self.last.locked,
            outcome=verdict.outcome,
            why=verdict.why,
            reason=verdict.reason,
            next_step=verdict.next_step,
            evidence=bundle.folder if bundle else None,
            evidence_digest=bundle.digest if bundle else "",
            origin=self.order.site.origin,
            practice=self.order.site.practice,
            notes=tuple(self._notes),
        )

    async def _bundle(self, verdict: Verdict) -> Bundle | None:
        files = await self.pictures.files()
        if not files:
            return None
        order = self.order
        record = Record(
            target=self.target,
            visit=order.visit,
            origin=order.site.origin,
            practice=order.site.practice,
            mode=order.mode,
            method=self._changed_by,
            outcome=verdict.outcome,
            why=verdict.why,
            reason=verdict.reason,
            before=tuple(self._before),
            after=tuple(self._after),
            writes=tuple((write.method, write.path, write.status) for write in self._writes),
            notes=tuple(self._notes),
            kept_out=dict(self.tab.fence.kept_out),
            flow_version=order.flow.version,
            browser=self.browser,
            started=self._started,
            ended=_now(),
            elapsed_s=time.monotonic() - self._clock,
        )
        name = f"{self._started:%Y%m%dT%H%M%SZ}-{self.setting.name}-{order.visit[:8]}"
        content = {"record.json": record.as_bytes(), **files}
        return await asyncio.to_thread(write_bundle, order.folder / name, content)

    @property
    def _name(self) -> str:
        return self.entry.signed_in_as

    def _step(
        self, observation: Observation, at: datetime.datetime, picture: str, tab: Tab | None = None
    ) -> Step:
        date = (tab or self.tab).server_date
        return Step(observation, at, server_date=date, seen_as=self._name, picture=picture)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
