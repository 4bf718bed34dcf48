"""What a page is known to have under way and to have sent."""

from __future__ import annotations

import asyncio
import datetime
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Error as BrowserError

from optout.errors import SiteUnreachable
from optout.visit.fence import Fence
from optout.visit.patience import Patience
from optout.visit.site import Site
from optout.visit.tab import Tab, Write

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.visit.pages import Pages

DOOR, PLACE = "/door", "/place"
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


async def at_the_door(page: Page, pages: Pages, leads_on: str) -> Tab:
    """A tab on a page that leads on by itself, as one does after signing in."""
    tab = Tab(page, Fence(Site(pages.origin)), Patience())
    pages.put(DOOR, f"<button onclick='{leads_on}'>Sign in</button>")
    await tab.load(DOOR)
    await page.click("button", no_wait_after=True)
    return tab


async def test_a_document_that_the_site_led_to_counts_as_loaded(page: Page, pages: Pages) -> None:
    pages.put(PLACE, "there", status=404)
    pages.put("/on", status=302, headers={"Location": PLACE})
    tab = await at_the_door(page, pages, 'location = "/on"')
    await page.wait_for_url(f"**{PLACE}")
    assert (await tab.was_led_to(PLACE), tab.status) == (True, 404)


async def test_a_document_has_come_when_it_came_and_not_when_it_was_asked_about(
    page: Page, pages: Pages
) -> None:
    pages.put(PLACE, "there")
    tab = await at_the_door(page, pages, f'location = "{PLACE}"')
    await page.wait_for_url(f"**{PLACE}")
    known_by = datetime.datetime.now(datetime.UTC)
    assert await tab.was_led_to(PLACE)
    assert tab.connection is not None
    assert tab.connection.at < known_by


async def test_an_address_that_only_looks_like_the_place_was_not_led_to(
    page: Page, pages: Pages
) -> None:
    tab = await at_the_door(page, pages, f'history.pushState(0, "", "{PLACE}")')
    await page.wait_for_url(f"**{PLACE}")
    assert not await tab.was_led_to(PLACE)


async def test_a_place_that_was_left_again_was_not_led_to(page: Page, pages: Pages) -> None:
    pages.put(PLACE, "there")
    tab = await at_the_door(page, pages, f'location = "{PLACE}"')
    await page.wait_for_url(f"**{PLACE}")
    await page.evaluate("history.pushState(0, '', '/elsewhere')")
    assert not await tab.was_led_to(PLACE)


async def test_what_a_form_sent_to_the_place_was_answered_with_is_not_the_place(
    page: Page, pages: Pages
) -> None:
    pages.put(PLACE, "sent")
    form = 'const form = document.createElement("form"); document.body.append(form); '
    form += f'form.method = "post"; form.action = "{PLACE}"; form.submit()'
    tab = await at_the_door(page, pages, form)
    await page.wait_for_url(f"**{PLACE}")
    assert not await tab.was_led_to(PLACE)


@pytest.mark.parametrize("status", [429, 500])
async def test_an_error_in_the_places_stead_is_said(page: Page, pages: Pages, status: int) -> None:
    pages.put(PLACE, "not now", status=status)
    tab = await at_the_door(page, pages, f'location = "{PLACE}"')
    await page.wait_for_url(f"**{PLACE}")
    with pytest.raises(SiteUnreachable, match=str(status)):
        await tab.was_led_to(PLACE)


async def test_a_place_that_does_not_come_is_awaited(page: Page, pages: Pages) -> None:
    pages.put(PLACE, "at last", delay_s=1.5)
    async with page.expect_request(f"**{PLACE}"):
        tab = await at_the_door(page, pages, f'location = "{PLACE}"')
    assert tab.awaits(PLACE)
    await page.wait_for_url(f"**{PLACE}")
    assert not tab.awaits(PLACE)


async def test_only_a_failure_of_the_page_itself_is_one(page: Page, pages: Pages) -> None:
    tab = Tab(page, Fence(Site(pages.origin)), Patience())
    pages.put(DOOR, "<iframe src='http://127.0.0.1:9/'></iframe>")
    async with page.expect_event("framenavigated", lambda frame: frame.url.startswith("chrome-error:")):
        await tab.load(DOOR)
    assert not tab.shows_failure
    with pytest.raises(BrowserError):
        await page.goto("http://127.0.0.1:9/")
    await page.wait_for_url("chrome-error:**")
    assert tab.shows_failure
