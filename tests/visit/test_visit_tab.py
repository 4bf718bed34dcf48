"""What a page is known to have under way and to have sent."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from optout.visit.fence import Fence
from optout.visit.patience import Patience
from optout.visit.site import Site
from optout.visit.tab import Tab, Write

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.visit.pages import Pages

FORM = "<form action='/in' method=post {target}><button>Send</button></form>"
SENT_S = 10


async def sent(page: Page, pages: Pages, target: str) -> list[Write]:
    """What a form of a page sends, as far as the page's tab knows."""
    pages.put("/in", "thanks")
    await page.goto(pages.put("/page", FORM.replace("{target}", target)))
    tab = Tab(page, Fence(Site(pages.origin)), Patience())
    tab.watch_writes()
    await page.click("button")
    await asyncio.wait_for(tab.wrote(), SENT_S)
    await tab.writes_done()
    return tab.writes


async def test_what_a_form_sends_counts(page: Page, pages: Pages) -> None:
    assert await sent(page, pages, "") == [Write("POST", "/in", 200)]


async def test_what_a_form_sends_into_a_window_only_just_being_made_counts(
    page: Page, pages: Pages
) -> None:
    assert await sent(page, pages, "target=_blank") == [Write("POST", "/in", 200)]


async def test_what_another_page_sends_does_not_count(page: Page, pages: Pages) -> None:
    tab = Tab(page, Fence(Site(pages.origin)), Patience())
    other = await page.context.new_page()
    tab.watch_writes()
    assert await sent(other, pages, "") == [Write("POST", "/in", 200)]
    assert not tab.has_written
