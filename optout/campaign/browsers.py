"""The browsers of one run: one per site and kind, shared by its visits, and replaced when worn out."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from playwright.async_api import Error as BrowserError

from optout.errors import NotUsableHere, OptoutError
from optout.model import Why
from optout.visit.browser import open_browser

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine
    from types import TracebackType

    from optout.campaign.plan import Plan
    from optout.campaign.surroundings import Audience
    from optout.visit.browser import OpenBrowser

WORN_OUT = 100
"""After how many visits a browser is replaced: what they leave behind in it goes with it."""


_STARTS = 3
_CLOSING_S = 15.0
# How long a new visit waits for those that go on in a worn-out browser: two of them take a third more
# memory, and one long visit must not hold up all the others.
_DRAIN_S = 20.0
# How long a visit may take to notice by itself that its browser has gone.
_NOTICE_S = 5.0


async def while_it_runs(browser: OpenBrowser, work: Coroutine[Any, Any, None]) -> None:
    """Do something in a browser, and do not wait for it once the browser has gone.

    A call that is under way at that moment may never come back.

    Raises:
        OptoutError: the browser has gone, and the work did not end by itself.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(browser.gone.wait())
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait((working,), timeout=_NOTICE_S)
        if not working.done():
            raise OptoutError(
                "the browser has gone",
                step="visit",
                expected="it to run until the visit ends",
                next_step="Run again; if it happens again, look for what ends it (see: optout doctor).",
                why=Why.UNFORESEEN,
            )
        await working
    finally:
        leaving.cancel()
        # Twice: what it tidies up with may be such a call, too.
        for _ in range(2):
            working.cancel()
            await asyncio.wait((working,), timeout=_NOTICE_S)
        if working.done() and not working.cancelled():
            working.exception()  # it was raised above, or says no more than that the browser has gone


@dataclass
class _Running:
    browser: OpenBrowser
    closing: contextlib.AsyncExitStack
    begun: int = 0
    going_on: int = 0
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_good(self) -> bool:
        return self.browser.alive and self.begun < WORN_OUT


@dataclass
class Browsers:
    """Hands out browsers, and ends them all at the end of its block."""

    audience: Audience
    _running: dict[tuple[str, bool, bool], _Running] = field(default_factory=dict)
    _retired: list[_Running] = field(default_factory=list)
    _opening: dict[tuple[str, bool, bool], asyncio.Lock] = field(default_factory=dict)

    async def __aenter__(self) -> Self:
        """Itself; nothing is started yet."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End every browser."""
        self._retired += self._running.values()
        self._running.clear()
        async with contextlib.AsyncExitStack() as stack:
            for each in self._retired:
                stack.push_async_callback(_ended, each)

    @contextlib.asynccontextmanager
    async def borrow(self, chosen: Plan) -> AsyncIterator[OpenBrowser]:
        """The browser for a visit, while the block lasts.

        One that has crashed or is worn out is given to no further visit, and ended once those that are
        in it are over. For a worn-out one that is waited for before there is another.

        Raises:
            NotUsableHere: no browser, no display, or a browser that does not keep the fence.
        """
        running = await self._for(chosen)
        running.begun += 1
        running.going_on += 1
        running.idle.clear()
        try:
            yield running.browser
        finally:
            running.going_on -= 1
            if not running.going_on:
                running.idle.set()
            await self._end_retired()

    async def _for(self, chosen: Plan) -> _Running:
        key = (chosen.site.origin, chosen.headed, chosen.fenced)
        async with self._opening.setdefault(key, asyncio.Lock()):
            known = self._running.get(key)
            if known is not None and known.is_good:
                return known
            if known is not None:
                self._retired.append(self._running.pop(key))
                if known.browser.alive:
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(_DRAIN_S):
                            await known.idle.wait()
                await self._end_retired()
            self._running[key] = await self._open(chosen)
            self.audience.uses(self._running[key].browser)
            return self._running[key]

    async def _open(self, chosen: Plan) -> _Running:
        for _ in range(_STARTS):
            opening = open_browser(
                chosen.site, headed=chosen.headed, fenced=chosen.fenced, tell=self.audience.tell
            )
            # One that ends before it has been tried out deserves another try.
            with contextlib.suppress(BrowserError, TimeoutError):
                async with contextlib.AsyncExitStack() as stack:
                    browser = await stack.enter_async_context(opening)
                    return _Running(browser, stack.pop_all())
        raise NotUsableHere(
            f"the browser ended {_STARTS} times while it was being started",
            step="browser",
            expected="one that keeps running",
            next_step="See what ends it (optout doctor), or name another browser in OPTOUT_BROWSER.",
        )

    async def _end_retired(self) -> None:
        idle = [each for each in self._retired if not each.going_on]
        for each in idle:
            self._retired.remove(each)
            await _ended(each)


async def _ended(running: _Running) -> None:
    """End a browser; one that is gone already may never answer to that."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_CLOSING_S):
            await running.closing.aclose()
