"""Putting away what lies over a page without agreeing to anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.visit.fill import first_visible
from optout.visit.forbidden import refuse_forbidden

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optout.visit.tab import Tab


async def put_away(tab: Tab, selectors: Sequence[str]) -> bool:
    """Press the first visible button of those a flow names for this, such as a banner's refusal.

    Returns:
        Whether there was one.
    """
    (found,) = await first_visible(tab, selectors)
    if found is None:
        return False
    button, limit_ms = found.locator, tab.patience.press * 1000
    refuse_forbidden(await button.inner_text(timeout=limit_ms))
    await button.click(timeout=limit_ms, no_wait_after=True)
    await button.wait_for(state="hidden", timeout=limit_ms)
    return True
