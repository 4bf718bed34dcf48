"""Which of its shapes a setting has where it stands, and waiting for whoever has to open it."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from playwright.async_api import Error as BrowserError

from optout.model import Why
from optout.page_scripts import script
from optout.visit.guide import listen
from optout.visit.person import window_closed

if TYPE_CHECKING:
    from optout.flow import Setting
    from optout.visit.order import Order
    from optout.visit.read import Reader, Sight
    from optout.visit.tab import Tab


async def look_at(reader: Reader, setting: Setting, place: str, order: Order) -> tuple[Setting, Sight]:
    """Read a setting at a place that is loaded, as it is there today or was on an older page.

    Returns:
        The setting in the shape it was found in, and the reading; where it was not found, as it was
        given, and the reading of that.

    Raises:
        PersonNeeded: the person was to open the way, and closed the window.
    """
    sight = await reader.look(setting, place)
    if setting.way and _is_missing(sight) and not order.automatic:
        sight = await _until_opened(reader, setting, place, order, sight)
    for control in setting.earlier if _is_missing(sight) else ():
        older = replace(setting, control=control, earlier=())
        seen = await reader.look(older, place)
        if not _is_missing(seen):
            return older, seen
    return setting, sight


def _is_missing(sight: Sight) -> bool:
    return sight.observation.why is Why.CONTROL_MISSING


async def _until_opened(
    reader: Reader, setting: Setting, place: str, order: Order, sight: Sight
) -> Sight:
    """Wait until the person has opened what the setting stands behind, or the time is over."""
    tab, loop = reader.tab, asyncio.get_running_loop()
    deadline = loop.time() + tab.patience.person
    text = (
        f'Please open {setting.way}, until "{setting.title}" shows; sign in first where it takes that. '
        "The rest happens by itself."
    )
    order.person.tell(text)
    moving = listen(tab, sight, deadline)
    try:
        # Signing in may lead elsewhere, and nothing that is read there counts.
        while (_is_missing(sight) or _is_astray(tab)) and loop.time() < deadline:
            await tab.page.evaluate(script("note"), text)
            await moving
            # Listening begins before the next look, so that no click falls in between.
            moving = listen(tab, sight, deadline)
            sight = await reader.look(setting, place)
    except BrowserError:
        if tab.page.is_closed():
            raise window_closed(order.account) from None
        raise
    finally:
        moving.cancel()
        with contextlib.suppress(BrowserError):
            await tab.page.evaluate(script("note"), "")
        await asyncio.gather(moving, return_exceptions=True)
    tab.stay_on_site()
    return sight


def _is_astray(tab: Tab) -> bool:
    return not tab.fence.site.is_own(tab.page.url)
