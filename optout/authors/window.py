"""Somebody at the window of an attended visit, on a practice site."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from playwright.async_api import Error as BrowserError

if TYPE_CHECKING:
    from playwright.async_api import Page

    from optout.visit.browser import OpenBrowser

_LIMIT_MS = 3000


class AtTheWindow:
    """A person who opens what they are asked to open, and does nothing else.

    Attributes:
        told: every sentence they were told.
    """

    def __init__(self, browser: OpenBrowser, origin: str) -> None:
        self.told: list[str] = []
        self._browser = browser
        self._origin = origin
        self._acting: list[asyncio.Future[None]] = []

    def tell(self, message: str) -> None:
        """Listen, and open the way where that is asked for."""
        self.told.append(message)
        if message.startswith("Please open"):
            self._acting.append(asyncio.ensure_future(self._open_the_way()))

    async def rest(self) -> None:
        """Until they have done what they meant to do."""
        await asyncio.gather(*self._acting)

    async def _open_the_way(self) -> None:
        page = self._newest_page()
        with contextlib.suppress(BrowserError):  # it may be covered, not there, or gone by now
            for opener in await page.locator("[data-opens]").all():
                await opener.click(timeout=_LIMIT_MS)

    def _newest_page(self) -> Page:
        return [page for page in self._browser.pages if page.url.startswith(self._origin)][-1]
