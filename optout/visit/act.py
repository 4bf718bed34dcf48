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
from optout.visit.openers import open_menu, wait_for_opener
from optout.visit.overlays import put_away
from optout.visit.press import press
from optout.visit.survey import survey

if TYPE_CHECKING:
    from optout.flow import Flow, Setting
    from optout.visit.read import Sight
    from optout.visit.survey import ControlSeen, Survey
    from optout.visit.tab import Tab, Write


class Actor:
    """Operates settings. Only a run that may change something is given one."""

    def __init__(self, tab: Tab, flow: Flow) -> None:
        self.tab = tab
        self.flow = flow

    async def opt_out(self, setting: Setting, sight: Sight) -> tuple[Write, ...]:
        """Operate a setting's control once, and see it through to the saving.

        Args:
            setting: the setting, read as `in`.
            sight: the reading, on the page as it stands.

        Returns:
            The state-changing requests that followed.

        Raises:
            PageUnexpected: the control cannot or must not be pressed.
            PersonNeeded: the page asks something the flow does not know.
        """
        tab = self.tab
        tab.watch_writes()
        asked_before = set(sight.seen.dialogs)
        await self._operate(setting, sight)
        await self._until_something_happens()
        await self._answer(setting, asked_before)
        if setting.save is not None:
            found, button = await wait_for_opener(tab, setting.save)
            await press(tab, found, button)
            await self._until_something_happens()
            await self._answer(setting, asked_before)
        await tab.writes_done()
        return tuple(tab.writes)

    async def _operate(self, setting: Setting, sight: Sight) -> None:
        control = sight.understood.press
        if control is None:
            raise PageUnexpected(
                "there is nothing to press that opts out",
                step="press",
                found=sight.observation.detail or str(sight.understood.control),
                next_step="Change the setting by hand: run again with --mode guided.",
                why=Why.CONTROL_MISSING,
            )
        if isinstance(setting.control, Select):
            await self._choose(setting.control, sight.survey, control)
        elif isinstance(setting.control, MenuItem):
            again = await survey(self.tab.page, self.tab.fence.site)
            menu = await open_menu(self.tab, self.flow, setting.control, again)
            items = menu.seen.of_role(("menuitem",))
            await press(self.tab, menu, next(item for item in items if item.name == control.name))
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
        element = await found.element(seen)
        await element.select_option(label=options[0], timeout=self.tab.patience.press * 1000)

    async def _until_something_happens(self) -> None:
        """Wait for a request that saves, or until the page has come to rest without one."""
        rest = asyncio.create_task(self.tab.settle())
        wrote = asyncio.create_task(self.tab.wrote())
        await asyncio.wait({rest, wrote}, return_when=asyncio.FIRST_COMPLETED)
        for task in (rest, wrote):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, BrowserError):
                await task

    async def _answer(self, setting: Setting, asked_before: set[str]) -> None:
        if self.tab.dialogs:
            raise _unknown_question(self.tab.dialogs[-1])
        found = await survey(self.tab.page, self.tab.fence.site)
        asked = [text for text in found.seen.dialogs if text not in asked_before]
        if not asked:
            return
        confirm = setting.confirm
        if confirm is None or confirm.asks.match(asked[-1]) is None:
            raise _unknown_question(asked[-1])
        agree = [
            button
            for button in found.seen.of_role(("button",))
            if confirm.button.match(button.name) and not button.disabled
        ]
        if len(agree) != 1:
            raise _unknown_question(asked[-1])
        refuse_forbidden(agree[0].name)
        asked_before.update(asked)
        await press(self.tab, found, agree[0])
        await self._until_something_happens()


def _unknown_question(text: str) -> PersonNeeded:
    return PersonNeeded(
        "the page asks something before it changes the setting",
        step="confirm",
        expected="no question, or one the flow knows",
        found=f'"{text[:160]}"',
        next_step="Answer it yourself: run again with --mode guided.",
        why=Why.CONFIRM_UNKNOWN,
    )
