"""Whether a browser is still there."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

from playwright.async_api import Error as BrowserError

from optout.visit.browser import open_browser
from optout.visit.site import Site
from tests.visit.pages import Pages


def browsers_started_by(parent: int) -> list[int]:
    """The main processes of the browsers below a process."""
    below = [parent]
    for each in below:
        below += map(int, Path(f"/proc/{each}/task/{each}/children").read_text().split())
    told = {each: Path(f"/proc/{each}/cmdline").read_text() for each in below}
    return [
        each for each, line in told.items() if "--remote-debugging-pipe" in line and "--type=" not in line
    ]


async def test_a_running_browser_answers() -> None:
    async with open_browser(Site("http://127.0.0.1"), headed=False, fenced=False, tell=print) as browser:
        assert await browser.answers()


async def test_a_browser_that_was_killed_is_known_to_be_gone_as_soon_as_its_page_is(pages: Pages) -> None:
    before = set(browsers_started_by(os.getpid()))
    async with open_browser(Site("http://127.0.0.1"), headed=False, fenced=False, tell=print) as browser:
        (started,) = set(browsers_started_by(os.getpid())) - before
        page = await (await browser.new_context(None)).new_page()
        await page.goto(pages.put("/page", "here"))
        waiting = asyncio.create_task(page.evaluate("() => new Promise(() => {})"))
        await page.title()  # so that the question before it has arrived
        os.kill(started, signal.SIGKILL)
        try:
            await waiting
        except BrowserError:
            assert not await browser.answers()
