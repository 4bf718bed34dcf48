"""Starting a browser for visits to one site."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error as BrowserError
from playwright.async_api import async_playwright

from optout.accounts.browser_state import Binding
from optout.accounts.redact import redact
from optout.errors import NotUsableHere
from optout.model import Why
from optout.visit.driver import driver
from optout.visit.fence import Fence
from optout.visit.finder import Found, candidates, has_display
from optout.visit.install import find_or_install
from optout.visit.listen import listen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from playwright.async_api import Browser, BrowserContext, Page, Playwright

    from optout.visit.site import Site

# A laptop's window: what it does not show of a section is photographed beyond it.
VIEWPORT = (1280, 800)
_START_LIMIT_MS = 60_000
# The pages of one visit share a process; those of another context never share it with them.
_ARGUMENTS = ("--renderer-process-limit=1",)
_PROOF_LIMIT_S = 60
_ANSWER_S = 5
_COMPLAINT = re.compile(r"\[err\] \[[^\]]*:(FATAL|ERROR):[^\]]*\] (.+)")


@dataclass(frozen=True)
class OpenBrowser:
    """A running browser.

    Attributes:
        found: which one.
        headed: whether it has a window.
        version: as it says itself.
        product: its name in its user agent, such as `HeadlessChrome`.
        gone: set once it does not run any more.
    """

    found: Found
    headed: bool
    version: str
    product: str
    _browser: Browser
    gone: asyncio.Event
    _silent: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def name(self) -> str:
        """For records: channel, version, and whether it had a window."""
        return f"{self.found.channel} {self.version}{'' if self.headed else ' headless'}"

    @property
    def alive(self) -> bool:
        """Whether it is still running, and has answered whenever that was asked."""
        return self._browser.is_connected() and not self._silent.is_set()

    async def answers(self) -> bool:
        """Whether it is still there when asked: its pages are told of its end before `alive` is."""
        with contextlib.suppress(BrowserError, TimeoutError):
            async with asyncio.timeout(_ANSWER_S):
                await _user_agent(self._browser)
                return self.alive
        self._silent.set()
        return False

    @property
    def pages(self) -> list[Page]:
        """Every page that is open in it, the newest of each visit last."""
        return [page for context in self._browser.contexts for page in context.pages]

    async def new_context(self, session: dict[str, Any] | None) -> BrowserContext:
        """A context of its own, empty or with a kept session.

        Service workers are blocked because their requests pass the fence's router by. Pages are asked to
        do without motion, as for people who ask for that: what is read and photographed rests sooner.
        """
        width, height = VIEWPORT
        return await self._browser.new_context(
            storage_state=session,  # type: ignore[arg-type]
            service_workers="block",
            viewport={"width": width, "height": height},
            accept_downloads=False,
            reduced_motion="reduce",
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
        BrowserError: it ended while it was being tried out.
        TimeoutError: it did not answer while it was being tried out.
    """
    if headed and not has_display():
        raise NotUsableHere(
            "a visible window is needed and there is no display here",
            step="browser",
            next_step="Run it on a desktop, or under `xvfb-run -a` where nobody has to look; "
            "--mode automatic with a password needs no window.",
            why=Why.NO_DISPLAY,
        )
    async with driver() as playwright:
        bundled = Path(playwright.chromium.executable_path)
        found = await asyncio.to_thread(find_or_install, bundled, headed=headed, tell=tell)
        fence = Fence(site)
        browser = await _launch(playwright, found, fence if fenced else None, headed=headed)
        try:
            # One that dies meanwhile may leave a call unanswered.
            async with asyncio.timeout(_PROOF_LIMIT_S):
                if fenced:
                    await fence.prove(browser)
                product = Binding.from_user_agent(await _user_agent(browser), found.channel).product
            gone = asyncio.Event()
            listen(browser, "disconnected", lambda _: gone.set())
            yield OpenBrowser(found, headed, browser.version, product, browser, gone)
        finally:
            # That it is gone already, such as by a crash, is what was wanted.
            with contextlib.suppress(BrowserError):
                await browser.close()


async def browsers_here() -> list[Found]:
    """The browsers on this machine, best first; none is started."""
    async with async_playwright() as playwright:
        return candidates(Path(playwright.chromium.executable_path))


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
            timeout=_START_LIMIT_MS,
            # Ctrl-C ends the visit first, and the visit then closes the browser.
            handle_sigint=False,
            args=[*_ARGUMENTS, *(fence.launch_arguments if fence else [])],
        )
    except BrowserError as error:
        raise NotUsableHere(
            f"the browser {found} does not start",
            step="browser",
            found=redact(_last_words(str(error))),
            next_step="Start that program by hand, or name another browser in OPTOUT_BROWSER.",
        ) from None


def _last_words(told: str) -> str:
    """What a browser said that could not start; of many complaints the fatal one."""
    complaints = _COMPLAINT.findall(told)
    fatal = [text for level, text in complaints if level == "FATAL"]
    first = fatal or [text for _, text in complaints] or told.splitlines()
    return str(first[0])[:200].rstrip(".")
