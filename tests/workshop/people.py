"""People who sit in front of the window: the only thing here that is played."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from playwright.async_api import Page

    from optout.visit.browser import OpenBrowser


class Someone:
    """A person who begins to act, on the page that the tool has open, when they are told something.

    Attributes:
        told: every sentence they were told.
    """

    def __init__(self, browser: OpenBrowser, act: Callable[[Page], Awaitable[None]]) -> None:
        self.told: list[str] = []
        self._browser = browser
        self._act = act
        self._acting: asyncio.Future[None] | None = None

    def tell(self, message: str) -> None:
        """Listen, and begin where that was the first sentence."""
        self.told.append(message)
        if self._acting is None:
            page = self._browser._browser.contexts[-1].pages[0]
            self._acting = asyncio.ensure_future(self._act(page))

    async def rest(self) -> None:
        """Until they have done what they meant to do; a failure of theirs comes out here."""
        assert self._acting is not None, "nobody was told anything"
        await self._acting
