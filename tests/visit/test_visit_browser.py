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


def option_in(process: int) -> str | None:
    """What Node is told in the environment of a process."""
    environment = Path(f"/proc/{process}/environ").read_text().split("\0")
    return dict(each.split("=", 1) for each in environment if "=" in each).get("NODE_OPTIONS")


async def test_a_running_browser_answers() -> None:
    async with open_browser(ANYWHERE, headed=False, fenced=False, tell=print) as browser:
        assert await browser.answers()


async def test_pages_are_asked_to_do_without_motion() -> None:
    async with open_browser(ANYWHERE, headed=False, fenced=False, tell=print) as browser:
        page = await (await browser.new_context(None)).new_page()
        assert await page.evaluate("() => matchMedia('(prefers-reduced-motion: reduce)').matches")


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


@pytest.mark.parametrize("own", [None, "--no-warnings"])
async def test_what_the_driver_is_told_of_its_memory_is_told_nobody_else(
    own: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NODE_OPTIONS", raising=False)
    if own:
        monkeypatch.setenv("NODE_OPTIONS", own)
    before = browsers_here()
    async with open_browser(ANYWHERE, headed=False, fenced=False, tell=print):
        # The driver hands on what it was told.
        told = [option_in(started) for started in browsers_here() - before]
        assert os.environ.get("NODE_OPTIONS") == own
    assert set(told) == {f"{own or ''} --max-semi-space-size=4".strip()}
