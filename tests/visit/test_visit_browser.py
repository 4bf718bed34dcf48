"""Whether a browser is still there."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Error as BrowserError

from optout.visit import browser as browsers
from optout.visit.browser import open_browser
from optout.visit.site import Site

if TYPE_CHECKING:
    from tests.visit.pages import Pages

pytestmark = pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks into /proc")
ANYWHERE = Site("http://127.0.0.1")


def browsers_here() -> set[int]:
    """The browsers that this process has started."""
    below, found = [os.getpid()], set()
    for each in below:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            below += map(int, Path(f"/proc/{each}/task/{each}/children").read_text().split())
            line = Path(f"/proc/{each}/cmdline").read_text()
            if "remote-debugging" in line and "--type=" not in line:
                found.add(each)
    return found


async def test_a_running_browser_answers() -> None:
    async with open_browser(ANYWHERE, headed=False, fenced=False, tell=print) as browser:
        assert await browser.answers()


async def test_a_killed_browser_is_known_to_be_gone_as_soon_as_its_page_is(pages: Pages) -> None:
    before = browsers_here()
    async with open_browser(ANYWHERE, headed=False, fenced=False, tell=print) as browser:
        page = await (await browser.new_context(None)).new_page()
        await page.goto(pages.put("/page", "here"))
        waiting = asyncio.create_task(page.evaluate("() => new Promise(() => {})"))
        await page.title()  # so that the question before it has arrived
        for started in browsers_here() - before:
            os.kill(started, signal.SIGKILL)
        with pytest.raises(BrowserError):
            await waiting
        assert not await browser.answers()


async def test_a_browser_that_does_nothing_any_more_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(browsers, "_ANSWER_S", 0.3)
    before = browsers_here()
    async with open_browser(ANYWHERE, headed=False, fenced=False, tell=print) as browser:
        stopped = browsers_here() - before
        for each in stopped:
            os.kill(each, signal.SIGSTOP)
        try:
            assert not await browser.answers()
            assert not browser.alive  # it is given to no further visit
        finally:
            for each in stopped:
                os.kill(each, signal.SIGCONT)
