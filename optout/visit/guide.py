"""Guided mode: the person clicks, and the tool points, waits and watches."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from playwright.async_api import Error as BrowserError

from optout.errors import PageUnexpected
from optout.flow import Checkbox, Choice, MenuItem, Select
from optout.model import Reading, Why
from optout.page_scripts import script
from optout.visit.moved import moved_on
from optout.visit.person import window_closed
from optout.visit.words import person_needed

if TYPE_CHECKING:
    from playwright.async_api import Frame

    from optout.flow import Setting
    from optout.model import Account
    from optout.visit.person import Person
    from optout.visit.read import Reader, Sight
    from optout.visit.tab import Tab


async def until_clicked(
    reader: Reader, setting: Setting, sight: Sight, *, place: str, account: Account, person: Person
) -> None:
    """Point at the control and wait until the person has switched it, and saved where it takes that.

    Raises:
        PersonNeeded: the time is over, or the window was closed.
    """
    tab = reader.tab
    loop = asyncio.get_running_loop()
    deadline = loop.time() + tab.patience.person
    person.tell(f"{advice(setting, sight)} optout then checks by itself that the change was kept.")
    tab.watch_writes()
    pointer, first = _Pointer(tab), sight
    moving = listen(tab, sight, deadline)
    try:
        while not await _is_through(setting, first, sight, tab):
            if loop.time() >= deadline:
                raise person_needed(
                    Why.TIMED_OUT, account, expected="the setting switched off by you", step="guided"
                )
            await pointer.point(sight, advice(setting, sight))
            await moving
            # Listening begins before the next look, so that no click falls in between.
            moving = listen(tab, sight, deadline)
            with contextlib.suppress(PageUnexpected):  # the person has opened something over it
                sight = await reader.look(setting, place)
        await tab.settle()
        await tab.writes_done()
    except BrowserError:
        if tab.page.is_closed():
            raise window_closed(account) from None
        raise
    finally:
        moving.cancel()
        await asyncio.gather(moving, pointer.clear(), return_exceptions=True)


def advice(setting: Setting, sight: Sight) -> str:
    """What the person has to do next, in one sentence."""
    control, understood = setting.control, sight.understood
    name = sight.observation.label or setting.title
    if sight.observation.reading is Reading.OUT:
        return f'Please save the change to "{name}".'
    if isinstance(control, MenuItem):
        name = understood.press.name if understood.press else name
        return f'Please choose "{name}" (outlined in red).'
    if isinstance(control, Select):
        options = understood.control.options if understood.control else ()
        out = next(filter(control.out.match, options), control.out.wordings[0].text)
        return f'Please choose "{out}" in "{name}" (outlined in red).'
    if isinstance(control, Choice):
        return f'Please choose "{name}" (outlined in red).'
    on = understood.control is not None and understood.control.state == "on"
    if isinstance(control, Checkbox):
        return f'Please {"untick" if on else "tick"} "{name}" (outlined in red).'
    return f'Please switch {"off" if on else "on"} "{name}" (outlined in red).'


async def _is_through(setting: Setting, first: Sight, sight: Sight, tab: Tab) -> bool:
    """Whether what the person did has come to an end, as far as the page shows."""
    if sight.observation.reading is not Reading.OUT:
        return False
    if tab.has_written:
        return True
    still_to_do = setting.save or setting.confirm or await sight.survey.dialogs_since(first.survey)
    return not still_to_do


class _Pointer:
    """The outline around what the person is to press, and the note above the page."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self._frame: Frame | None = None

    async def point(self, sight: Sight, text: str) -> None:
        control = sight.understood.press or sight.understood.control
        try:
            if control is not None:
                self._frame = sight.survey.frame(control)
                await sight.survey.ask(control, script("point"))
            await self.tab.page.evaluate(script("note"), text)
        except BrowserError as error:
            # The page has changed since it was read; the next look points at what is there then.
            if self.tab.page.is_closed() or not moved_on(error):
                raise

    async def clear(self) -> None:
        """Leave the page as it was."""
        with contextlib.suppress(BrowserError):
            await self.tab.page.evaluate(script("note"), "")
        if self._frame is not None:
            with contextlib.suppress(BrowserError):
                await self._frame.evaluate(script("point"))


def listen(tab: Tab, sight: Sight | None, deadline: float) -> asyncio.Task[None]:
    """Begin to wait for the next sign of life in a page.

    Args:
        tab: the page.
        sight: what it showed last; None for the page alone.
        deadline: when there will be none, by the running loop's clock, in seconds.
    """
    return asyncio.create_task(_stirred(tab, sight, deadline - asyncio.get_running_loop().time()))


async def _stirred(tab: Tab, sight: Sight | None, limit_s: float) -> None:
    """Wait for a sign of life in the page or in the frame that the control stands in."""
    control = sight.understood.control if sight else None
    frames = {tab.page.main_frame}
    if sight and control:
        frames.add(sight.survey.frame(control))
    waits = [asyncio.create_task(_stir(tab, frame, limit_s)) for frame in frames]
    try:
        done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for each in done:
            each.result()
    finally:
        for each in waits:
            each.cancel()
        await asyncio.gather(*waits, return_exceptions=True)


async def _stir(tab: Tab, frame: Frame, limit_s: float) -> None:
    try:
        await frame.evaluate(script("stir"), limit_s * 1000)
    except BrowserError as error:
        if tab.page.is_closed() or not moved_on(error):
            raise
        await tab.page.wait_for_load_state("domcontentloaded")
