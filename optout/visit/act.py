"""Opting out on a page: operate the control, answer a known question, save."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from playwright.async_api import Error as BrowserError

from optout.errors import PageUnexpected, PersonNeeded
from optout.flow import MenuItem, Select
from optout.model import Why
from optout.visit.forbidden import refuse_forbidden
from optout.visit.locate import menu_items
from optout.visit.openers import open_menu, wait_for_opener
from optout.visit.overlays import put_away
from optout.visit.press import press
from optout.visit.survey import survey

if TYPE_CHECKING:
    from optout.flow import Flow, Setting
    from optout.visit.read import Sight
    from optout.visit.survey import ControlSeen, Survey
    from optout.visit.tab import Tab

# How long a page that saves by itself takes at most to send that, in seconds.
_AT_ONCE_S = 0.1


class Actor:
    """Operates settings. Only a run that may change something is given one."""

    def __init__(self, tab: Tab, flow: Flow) -> None:
        self.tab = tab
        self.flow = flow

    async def operate(self, setting: Setting, sight: Sight) -> None:
        """Operate a setting's control once, towards its `out`, and see it through to the saving.

        Args:
            setting: the setting, read as `in`.
            sight: the reading, on the page as it stands.

        Raises:
            PageUnexpected: the control cannot or must not be pressed.
            PersonNeeded: the page asks something the flow does not know.
        """
        tab = self.tab
        tab.watch_writes()
        await self._operate(setting, sight)
        await self._see_through(setting, sight.survey)
        if setting.save is not None:
            found, button = await wait_for_opener(tab, setting.save)
            await press(tab, found, button)
            await self._see_through(setting, found)
        await tab.writes_done()

    async def _operate(self, setting: Setting, sight: Sight) -> None:
        control = sight.understood.press
        if control is None:
            raise _nothing_to_press(sight.observation.detail or str(sight.understood.control))
        if isinstance(setting.control, Select):
            await self._choose(setting.control, sight.survey, control)
        elif isinstance(setting.control, MenuItem):
            again = await survey(self.tab.page, self.tab.fence.site)
            menu, _ = await open_menu(self.tab, self.flow, setting.control, again)
            items = menu_items(menu.seen, setting.control.switches_out)
            if len(items) != 1:
                raise _nothing_to_press(", ".join(map(str, items)) or "no such menu item")
            await press(self.tab, menu, items[0])
        else:
            await self._press(sight.survey, control)

    async def _press(self, found: Survey, control: ControlSeen) -> None:
        try:
            await press(self.tab, found, control)
        except PageUnexpected as error:
            # A banner may have come up after the page was read; what it hides has not moved.
            if error.why is not Why.COVERED or not await put_away(self.tab, self.flow.dismiss):
                raise
            await press(self.tab, found, control)

    async def _choose(self, control: Select, found: Survey, seen: ControlSeen) -> None:
        if seen.popup:
            await self._choose_in_menu(control, found, seen)
            return
        options = [option for option in seen.options if control.out.match(option)]
        if len(options) != 1:
            raise PageUnexpected(
                "the option that opts out is not in the list",
                step="press",
                expected=" or ".join(wording.text for wording in control.out),
                found=", ".join(seen.options) or "no options",
                next_step="The page may have changed; report it to the flow's author.",
                why=Why.CONTROL_MISSING,
            )
        refuse_forbidden(options[0])
        limit_ms = self.tab.patience.press * 1000
        try:
            element = await found.element(seen)
            await element.locator.select_option(label=options[0], timeout=limit_ms)
        except BrowserError as error:
            raise _nothing_to_press(str(error).splitlines()[0][:160]) from None

    async def _choose_in_menu(self, control: Select, found: Survey, seen: ControlSeen) -> None:
        """Open the list behind a button, and press the option that opts out."""
        await self._press(found, seen)
        await self.tab.settle()
        menu = await survey(self.tab.page, self.tab.fence.site)
        items = menu_items(menu.seen, control.out)
        if len(items) != 1:
            raise _nothing_to_press(
                ", ".join(map(str, items or menu_items(menu.seen))) or "no menu came up"
            )
        await press(self.tab, menu, items[0])

    async def _see_through(self, setting: Setting, before: Survey) -> None:
        """Wait for what follows a press, and answer the known question if the page asks it."""
        await self._until_something_happens(setting)
        while (now := await self._answer(setting, before)) is not None:
            before = now
            await self._until_something_happens(setting)

    async def _until_something_happens(self, setting: Setting) -> None:
        """Wait for a request that saves, or until the page has come to rest without one."""
        if setting.confirm is not None:
            await self.tab.settle()  # some other request may go out before the question comes up
            return
        wrote = asyncio.create_task(self.tab.wrote())
        # Most pages save at once: only where this one does not is it worth asking it whether it rests.
        await asyncio.wait({wrote}, timeout=_AT_ONCE_S)
        if wrote.done():
            return
        rest = asyncio.create_task(self.tab.settle())
        await asyncio.wait({rest, wrote}, return_when=asyncio.FIRST_COMPLETED)
        for task in (rest, wrote):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, BrowserError):
                await task

    async def _answer(self, setting: Setting, before: Survey) -> Survey | None:
        """Agree to the known question; None where the page asks nothing."""
        if self.tab.dialogs:
            raise _unknown_question(self.tab.dialogs[-1])
        if await before.nothing_opened_since(self.tab.page):
            return None
        found = await survey(self.tab.page, self.tab.fence.site)
        asking = await found.dialogs_since(before)
        if not asking:
            return None
        question, confirm = found.seen.dialogs[asking[-1]], setting.confirm
        if confirm is None or confirm.asks.match(question) is None:
            raise _unknown_question(question)
        agree = [
            button
            for button in found.seen.of_role(("button",))
            if button.dialog in asking and confirm.button.match(button.name) and not button.disabled
        ]
        if len(agree) != 1:
            raise _unknown_question(question)
        await press(self.tab, found, agree[0])
        return found


def _nothing_to_press(found: str) -> PageUnexpected:
    return PageUnexpected(
        "there is nothing to press that opts out",
        step="press",
        found=found,
        next_step="Change the setting by hand: run again with --mode guided.",
        why=Why.CONTROL_MISSING,
    )


def _unknown_question(text: str) -> PersonNeeded:
    return PersonNeeded(
        "the page asks something before it changes the setting",
        step="confirm",
        expected="no question, or one the flow knows",
        found=f'"{text[:160]}"',
        next_step="Answer it yourself: run again with --mode guided.",
        why=Why.CONFIRM_UNKNOWN,
    )
