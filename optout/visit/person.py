"""The person at a visible window, and waiting for them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from playwright.async_api import Error as BrowserError

from optout.errors import PersonNeeded
from optout.model import Reading, Why
from optout.visit.press import visible_part
from optout.visit.scene import THROUGH, until_elsewhere, where
from optout.visit.scripts import script
from optout.visit.words import person_needed

if TYPE_CHECKING:
    from optout.flow import Flow, Setting
    from optout.model import Account
    from optout.visit.read import Reader, Sight
    from optout.visit.tab import Tab


class Person(Protocol):
    """Whoever sits in front of the terminal."""

    def tell(self, message: str) -> None:
        """Say one sentence to them."""


async def until_signed_in(tab: Tab, flow: Flow, account: Account, person: Person) -> None:
    """Wait while the person signs in, any way they like; nothing is typed or pressed meanwhile.

    The time is generous, and longer where the page itself says that it will wait longer.

    Raises:
        PersonNeeded: the time is over, or the window was closed.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + tab.patience.person
    person.tell(f"Please sign in as {account.login} in the window. The rest happens by itself.")
    try:
        here = await where(tab, flow)
        while here.kind not in THROUGH:
            deadline = max(deadline, loop.time() + await _page_waits(tab, flow))
            later = await until_elsewhere(tab, flow, here, deadline - loop.time())
            if later is None:
                raise person_needed(Why.TIMED_OUT, account)
            here = later
    except BrowserError:
        if tab.page.is_closed():
            raise _window_closed(account) from None
        raise


async def _page_waits(tab: Tab, flow: Flow) -> float:
    if not flow.sign_in.polling_limit:
        return 0.0
    element = await tab.page.query_selector(flow.sign_in.polling_limit)
    text = (await element.text_content() or "").strip() if element else ""
    return float(text) if text.isdecimal() else 0.0


async def until_clicked(
    reader: Reader, setting: Setting, sight: Sight, *, place: str, account: Account, person: Person
) -> None:
    """Point at the control and wait until the person has switched it.

    Raises:
        PersonNeeded: the time is over, or the window was closed.
    """
    tab = reader.tab
    loop = asyncio.get_running_loop()
    deadline = loop.time() + tab.patience.person
    name = sight.observation.label or setting.title
    advice = f'Please switch off "{name}" (outlined in red).'
    person.tell(f"{advice} optout then checks that it stayed off.")
    tab.watch_writes()
    try:
        while sight.observation.reading is not Reading.OUT:
            if loop.time() >= deadline:
                raise person_needed(Why.TIMED_OUT, account, step="guided")
            await _point(sight, advice)
            await _stirred(tab, deadline - loop.time())
            sight = await reader.look(setting, place)
        await tab.page.evaluate(script("point"), [None, ""])
        await tab.settle()
        await tab.writes_done()
    except BrowserError:
        if tab.page.is_closed():
            raise _window_closed(account) from None
        raise


async def _point(sight: Sight, advice: str) -> None:
    control = sight.understood.control
    if control is None:
        return
    element = await sight.survey.element(control)
    part, _, _ = await visible_part(element)
    frame = await element.owner_frame()
    if frame is not None:
        await frame.evaluate(script("point"), [part or element, advice])


async def _stirred(tab: Tab, limit_s: float) -> None:
    try:
        await tab.page.evaluate(script("stir"), limit_s * 1000)
    except BrowserError:
        if tab.page.is_closed():
            raise
        await tab.page.wait_for_load_state("domcontentloaded")


def _window_closed(account: Account) -> PersonNeeded:
    return PersonNeeded(
        "the window was closed before the visit was through",
        step="attended",
        next_step=f"Start again: optout run {account} --mode attended",
        why=Why.INTERRUPTED,
    )
