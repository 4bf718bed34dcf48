"""Putting away what lies over a page without agreeing to anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.page_scripts import script
from optout.visit.element import Element
from optout.visit.forbidden import refuse_forbidden

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optout.visit.tab import Tab


async def put_away(tab: Tab, selectors: Sequence[str]) -> bool:
    """Press the first visible button of those a flow names for this, such as a banner's refusal.

    Returns:
        Whether there was one.
    """
    if not selectors:
        return False
    limit_ms = tab.patience.press * 1000
    for found in await tab.page.locator(", ".join(selectors)).all():
        if await found.is_visible():
            element = Element(tab.page.main_frame)
            await found.evaluate(script("mark"), element.mark, timeout=limit_ms)
            refuse_forbidden(await element.locator.inner_text(timeout=limit_ms))
            await element.locator.click(timeout=limit_ms, no_wait_after=True)
            await element.locator.wait_for(state="hidden", timeout=limit_ms)
            return True
    return False
