"""One target within a visit: read, act, read again after a fresh load, and keep the proof."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from playwright.async_api import Error as BrowserError

from optout.errors import EvidenceNotWritten, OptoutError, PageUnexpected
from optout.evidence.bundle import Bundle, write_bundle
from optout.evidence.texts import ordinary_words, texts_of
from optout.model import Mode, Observation, Reading, Result, Target, Why
from optout.page_scripts import script
from optout.visit.findings import Findings, now
from optout.visit.guide import until_clicked
from optout.visit.listing import look_up
from optout.visit.moved import went_away
from optout.visit.pictures import Pictures
from optout.visit.read import Reader, Sight
from optout.visit.shapes import look_at
from optout.visit.tab import Tab
from optout.visit.understand import OPPOSITE
from optout.visit.verdict import Verdict, accepted, changed, moved_neighbours, of_error, unchanged, worst

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping
    from pathlib import Path

    from playwright.async_api import Page

    from optout.evidence.bundle import Sealer
    from optout.evidence.record import Record
    from optout.evidence.step import Step
    from optout.flow import Setting
    from optout.visit.act import Actor
    from optout.visit.entry import Entry
    from optout.visit.order import Order

_GLANCE_S = 1.0
_UNREAD = Observation(Reading.UNKNOWN)
_TOUCHED = Observation(Reading.UNKNOWN, detail="it was touched and has not been read back yet")


class TargetVisit:
    """Takes one target from its first reading to a result with its bundle in place.

    Attributes:
        wanted: the reading that a change is for.
    """

    wanted = Reading.OUT

    def __init__(
        self, order: Order, setting: Setting, tab: Tab, entry: Entry, browser: str, *, last: bool
    ) -> None:
        self.order = order
        self.setting = setting
        self.tab = tab
        self.entry = entry
        self.target = Target(order.account, setting.name)
        self.reader = Reader(tab, order.flow)
        self.pictures = Pictures(order, self.target)
        self.last = _UNREAD
        self.findings = Findings(order, self.target, browser)
        self._last = last
        self._touched = False
        self._spare: asyncio.Future[Page] | None = None
        self._closing: list[asyncio.Future[None]] = []
        self._glances: list[asyncio.Future[None]] = []

    async def run(self, actor: Actor | None) -> Result:
        """Establish an outcome.

        Args:
            actor: what may operate the setting; None for a check, which then cannot.

        Raises:
            OptoutError: the visit had to stop; `stop` makes a result of that.
        """
        verdict = await self._establish(actor)
        await self.entry.session_kept()
        return await self._conclude(verdict)

    async def _establish(self, actor: Actor | None) -> Verdict:
        found = await self._find()
        if found is None:
            return self._unchanged()
        place, sight = found
        paths = await self.reader.objects(self.setting, sight)
        if not paths:
            return await self._one(place, sight, "", actor)
        verdicts: list[Verdict] = []
        readings: list[Observation] = []
        for number, path in enumerate(paths, start=1):
            verdict = await self._object(path, f"-{number}", actor)
            readings.append(self.last)
            verdicts.append(replace(verdict, reason=verdict.reason and f"{path}: {verdict.reason}"))
            self.findings.notes.append(f"{path}: {verdict.outcome}")
        speaks_for_all = worst(verdicts)
        self.last = readings[verdicts.index(speaks_for_all)]
        return speaks_for_all

    async def stop(self, error: OptoutError) -> Result:
        """Make a result of what stopped the visit, with a picture of where that was."""
        # What the site handed out must be known as secret before anything is written down; whatever went
        # wrong with keeping it is not what stopped the visit, or has been said.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.order.patience.press):
                await asyncio.gather(self.entry.session_kept(), return_exceptions=True)
        await self._picture_of_stop("stopped", self.tab)
        if self.last is _TOUCHED:
            self.findings.notes.append(_TOUCHED.detail)
        return await self._conclude(of_error(error, self.last))

    async def _picture_of_stop(self, name: str, tab: Tab) -> None:
        """Photograph where it stopped, unless that was done already or no page has arrived there."""
        if not tab.status or self.findings.has(f"{name}.png"):
            return
        # A page that is stuck on its way to another answers nothing any more.
        with contextlib.suppress(EvidenceNotWritten, TimeoutError):
            at = now()
            async with asyncio.timeout(self.order.patience.load):
                picture = await self.pictures.of_stop(name, tab, self._name, at)
            steps = self.findings.after if self._touched else self.findings.before
            steps.append(self._step(replace(self.last, path=tab.path), at, picture, tab))

    async def _find(self) -> tuple[str, Sight] | None:
        """Read the setting where it lives; None where its list had the last word."""
        for place in self.setting.places:
            await self.entry.open(self.tab, place)
            self.setting, sight = await look_at(self.reader, self.setting, place, self.order)
            if sight.observation.why is not Why.CONTROL_MISSING:
                return place, sight
        listing = self.setting.listing
        if listing is None:
            return place, sight
        await self.entry.open(self.tab, listing.path)
        listed = await look_up(self.tab, self.setting, listing)
        if listed.place and listed.place not in self.setting.places:
            self.findings.notes.append(f"found at {listed.place}, through its list")
            await self.entry.open(self.tab, listed.place)
            return listed.place, await self.reader.look(self.setting, listed.place)
        self.last = listed.observation
        if listed.place:
            there = f"{sight.observation.detail}; its list at {listing.path} has a row for it"
            self.last = replace(sight.observation, detail=there)
        at = now()
        picture = await self.pictures.of_list(self.tab, listed, self._name, at)
        self.findings.before.append(self._step(self.last, at, picture))
        return None

    async def _object(self, path: str, suffix: str, actor: Actor | None) -> Verdict:
        """One object of several; a page that is not as expected keeps no other from its turn."""
        self.last, self._touched = _UNREAD, False
        try:
            await self.entry.open(self.tab, path)
            sight = await self.reader.look(self.setting, path)
            return await self._one(path, sight, suffix, actor)
        except PageUnexpected as error:
            await self._picture_of_stop(f"stopped{suffix}", self.tab)
            return of_error(error, self.last)

    async def _one(self, place: str, sight: Sight, suffix: str, actor: Actor | None) -> Verdict:
        self.last = sight.observation
        at = now()
        picture = await self.pictures.of_setting(f"before{suffix}", self.tab, sight, self._name, at)
        self.findings.before.append(self._step(self.last, at, picture))
        if actor is None or self.last.reading is not OPPOSITE[self.wanted]:
            return self._unchanged()
        try:
            return await self._change_and_prove(place, sight, suffix, actor)
        finally:
            self.findings.writes += self.tab.writes
            self.findings.notes += [
                f'the page asked, and was not answered: "{q}"' for q in self.tab.dialogs
            ]

    def _unchanged(self) -> Verdict:
        expected = f'"{self.setting.title}", on or off'
        verdict = unchanged(self.last, self.target, expected=expected, dry_run=self.order.dry_run)
        waived = self.order.waived.get(self.setting.name)
        if waived and Reading.IN in (self.last.reading, self.last.locked):
            return accepted(self.last, self.target, waived)
        if self.setting.absence and verdict.why is Why.CONTROL_MISSING:
            return replace(verdict, reason=f"{verdict.reason}. {self.setting.absence}")
        return verdict

    async def _change_and_prove(self, place: str, sight: Sight, suffix: str, actor: Actor) -> Verdict:
        try:
            await self._change(place, sight, actor)
        except (OptoutError, BrowserError) as error:
            # Whatever went wrong, what counts is what a fresh load shows now.
            try:
                after = await self._prove(place, sight, suffix)
            except BrowserError:
                raise error from None  # the browser is gone, and the error says why
            if after.reading is not self.wanted:
                return of_error(error if isinstance(error, OptoutError) else went_away(error), self.last)
        else:
            await self._prove(place, sight, suffix)
        await asyncio.gather(*self._glances)
        if self.order.mode is Mode.GUIDED:
            self.findings.changed_by = "person"
        return self._changed()

    def _changed(self) -> Verdict:
        return changed(self.last, self.tab.writes, self.target)

    async def _change(self, place: str, sight: Sight, actor: Actor) -> None:
        order = self.order
        await self.entry.session_kept()
        self.last, self._touched = _TOUCHED, True
        if order.mode is Mode.GUIDED:
            await until_clicked(
                self.reader,
                self.setting,
                sight,
                place=place,
                account=order.account,
                person=order.person,
            )
        else:
            self.findings.changed_by = "tool"
            # Nobody watches: the page for the proof is made while this one is being operated.
            self._spare = asyncio.ensure_future(self.tab.page.context.new_page())
            await self._operate(actor, place, sight)
        # Asked while the page for the proof is under way; nothing waits for it before that.
        self._glances.append(asyncio.ensure_future(self._glance(sight)))

    async def _glance(self, sight: Sight) -> None:
        """Note what the control stands on where it was operated, which proves nothing."""
        control = sight.understood.press or sight.understood.control
        with contextlib.suppress(BrowserError, TimeoutError):
            if control is not None:
                async with asyncio.timeout(_GLANCE_S):
                    state = str(await sight.survey.ask(control, script("stands-on")))
                self.findings.after_click.append((sight.observation.path, control.name, state))

    async def _operate(self, actor: Actor, place: str, sight: Sight) -> None:  # noqa: ARG002 - see UndoVisit
        await actor.operate(self.setting, sight)

    async def _prove(self, place: str, before: Sight, suffix: str) -> Observation:
        """Read the setting in a page of its own, after a GET of its own."""
        page = await (self._spare or self.tab.page.context.new_page())
        self._spare = None
        tab = Tab(page, self.tab.fence, self.tab.patience)
        reader = Reader(tab, self.order.flow)
        try:
            await self.entry.open(tab, place)
            _, sight = await look_at(reader, self.setting, place, self.order)
            if sight.observation.reading is not self.wanted:
                # Saving may take longer than the page lets on: let it finish, then look once more.
                await self.tab.settle()
                await self.tab.writes_done()
                await self.entry.open(tab, place)
                _, sight = await look_at(reader, self.setting, place, self.order)
            self.last = sight.observation
            self.findings.notes += moved_neighbours(before.seen, sight.seen, before.understood.control)
            at = now()
            picture = await self.pictures.of_setting(f"after{suffix}", tab, sight, self._name, at)
            self.findings.after.append(self._step(self.last, at, picture, tab))
        except OptoutError:
            await self._picture_of_stop(f"stopped{suffix}", tab)
            raise
        finally:
            if suffix or not self._last:  # otherwise it goes with the others
                self._closing.append(asyncio.ensure_future(tab.close()))
        return self.last

    async def _conclude(self, verdict: Verdict) -> Result:
        bundle: Bundle | None = None
        # Pages close while captions are drawn and files are written.
        if self._last:
            self._closing.append(asyncio.ensure_future(self.tab.page.context.close()))
        closing = asyncio.gather(*self._closing, return_exceptions=True)
        try:
            bundle = await self._bundle(verdict)
        except EvidenceNotWritten as error:
            verdict = of_error(error, self.last)
        await closing
        return Result(
            target=self.target,
            at=now(),
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
            notes=tuple(self.findings.notes),
        )

    async def _bundle(self, verdict: Verdict) -> Bundle | None:
        self.findings.masks = self.pictures.masks
        record = self.findings.record(verdict, self.tab)
        in_words, files = await asyncio.gather(
            asyncio.to_thread(_in_words, record), self.pictures.files()
        )
        if not files:
            return None
        folder = self.order.folder / self.findings.folder_name
        return await asyncio.to_thread(_written, folder, in_words, files, self.order.sealers)

    @property
    def _name(self) -> str:
        return self.entry.signed_in_as

    def _step(
        self, observation: Observation, at: datetime.datetime, picture: str, tab: Tab | None = None
    ) -> Step:
        return self.findings.step(
            observation, tab or self.tab, at=at, seen_as=self._name, picture=picture
        )


def _in_words(record: Record) -> tuple[Mapping[str, bytes], str]:
    """A record as texts, and the words that stand in them by nature; for a thread beside the page."""
    return texts_of(record), ordinary_words(record)


def _written(
    folder: Path,
    in_words: tuple[Mapping[str, bytes], str],
    files: Mapping[str, bytes],
    sealers: tuple[Sealer, ...],
) -> Bundle:
    """A bundle of what a visit says and shows; for a thread beside the page."""
    texts, ordinary = in_words
    return write_bundle(folder, {**texts, **files}, sealers, ordinary=ordinary)
