"""Starting a browser for visits to one site."""

from __future__ import annotations

import asyncio
import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error as BrowserError
from playwright.async_api import async_playwright

from optout.accounts.browser_state import Binding
from optout.accounts.redact import quiet_playwright_debug, redact
from optout.errors import NotUsableHere
from optout.model import Why
from optout.visit.fence import Fence
from optout.visit.finder import Found, has_display
from optout.visit.install import find_or_install

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from playwright.async_api import Browser, BrowserContext, Playwright

    from optout.visit.site import Site

# Wide enough for a settings page, high enough for one section with its heading.
VIEWPORT = (1280, 1000)


@dataclass(frozen=True)
class OpenBrowser:
    """A running browser.

    Attributes:
        found: which one.
        headed: whether it has a window.
        version: as it says itself.
        product: its name in its user agent, such as `HeadlessChrome`.
    """

    found: Found
    headed: bool
    version: str
    product: str
    _browser: Browser

    @property
    def name(self) -> str:
        """For records: channel, version, and whether it had a window."""
        return f"{self.found.channel} {self.version}{'' if self.headed else ' headless'}"

    async def new_context(self, session: dict[str, Any] | None) -> BrowserContext:
        """A context of its own, empty or with a kept session.

        Service workers are blocked because their requests pass the fence's router by.
        """
        width, height = VIEWPORT
        return await self._browser.new_context(
            storage_state=session,  # type: ignore[arg-type]
            service_workers="block",
            viewport={"width": width, "height": height},
            accept_downloads=False,
        )


@contextlib.asynccontextmanager
async def open_browser(
    site: Site, *, headed: bool, fenced: bool, tell: Callable[[str], None]
) -> AsyncIterator[OpenBrowser]:
    """Start a browser for visits to one site, and end it with everything it started.

    Args:
        site: where the visits go.
        headed: with a visible window.
        fenced: whether it may reach that site's hosts only (automatic mode).
        tell: called with a sentence where something takes long.

    Raises:
        NotUsableHere: no browser, no display, or a browser that does not keep the fence.
    """
    if headed and not has_display():
        raise NotUsableHere(
            "a visible window is needed and there is no display here",
            step="browser",
            next_step="Run it on a desktop, or under `xvfb-run -a`; or use --mode automatic.",
            why=Why.NO_DISPLAY,
        )
    quiet_playwright_debug(os.environ)
    async with async_playwright() as playwright:
        bundled = Path(playwright.chromium.executable_path)
        found = await asyncio.to_thread(find_or_install, bundled, headed=headed, tell=tell)
        fence = Fence(site)
        browser = await _launch(playwright, found, fence if fenced else None, headed=headed)
        try:
            if fenced:
                await fence.prove(browser)
            product = Binding.from_user_agent(await _user_agent(browser), found.channel).product
            yield OpenBrowser(found, headed, browser.version, product, browser)
        finally:
            # Ctrl-C reaches the browser too; that it is gone already is what was wanted.
            with contextlib.suppress(BrowserError):
                await browser.close()


async def _user_agent(browser: Browser) -> str:
    session = await browser.new_browser_cdp_session()
    version = await session.send("Browser.getVersion")
    await session.detach()
    return str(version["userAgent"])


async def _launch(playwright: Playwright, found: Found, fence: Fence | None, *, headed: bool) -> Browser:
    # Playwright leaves the sandbox off; a program that types passwords wants it. Root cannot have it.
    sandbox = getattr(os, "geteuid", lambda: 1)() != 0
    try:
        return await playwright.chromium.launch(
            executable_path=found.path,
            headless=not headed,
            chromium_sandbox=sandbox,
            args=fence.launch_arguments if fence else [],
        )
    except BrowserError as error:
        raise NotUsableHere(
            f"the browser {found} does not start",
            step="browser",
            found=redact(str(error).splitlines()[0][:200]),
            next_step="Run `optout doctor`, or name another browser in OPTOUT_BROWSER.",
        ) from None
