"""Putting away what lies over a page without agreeing to anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    for button in await tab.page.query_selector_all(", ".join(selectors)):
        if await button.is_visible():
            refuse_forbidden(await button.inner_text())
            await button.click(timeout=tab.patience.press * 1000, no_wait_after=True)
            await button.wait_for_element_state("hidden", timeout=tab.patience.press * 1000)
            return True
    return False
