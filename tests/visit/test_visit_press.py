"""Pressing controls the way a person would: once, on what is visible, if nothing is in the way."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Error as BrowserError

from optout.errors import PageUnexpected
from optout.model import Why
from optout.visit.fence import Fence
from optout.visit.patience import Patience
from optout.visit.press import press
from optout.visit.site import Site
from optout.visit.survey import survey
from optout.visit.tab import Tab

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.visit.pages import Pages

COUNTING = """<script>
const top_ = window.top;
top_.pressed = top_.pressed || 0;
document.addEventListener('click', (event) => {
  if (event.composedPath().some((node) => node.id === 'it')) top_.pressed += 1;
}, true);
</script>"""
BUTTON = "<button id=it>Go on</button>"
SWITCH = """<label for=it style="position:relative;display:block;width:60px;height:30px;background:#ccc">
<input id=it type=checkbox role=switch aria-label="Go on" style="width:0;height:0;opacity:0"></label>"""
BOXED = """<div style="width:60px;height:30px;background:#ccc" onclick="it.click()">
<input id=it type=checkbox role=switch aria-label="Go on" style="width:0;height:0"></div>"""
BESIDE = f"""<div style="position:relative;width:max-content">{BUTTON}
<span id=veil class="a b c" style="position:absolute;inset:0"></span></div>"""
OVER = "<div id=veil style='position:fixed;inset:0;background:#0008'></div>"


@pytest.fixture
async def tab(page: Page, pages: Pages) -> Tab:
    # Made within the loop that the page belongs to.
    return Tab(page, Fence(Site(pages.origin)), replace(Patience(), press=0.6))


async def press_on(tab: Tab, pages: Pages, body: str) -> None:
    """Press the one control named "Go on"."""
    await tab.page.goto(pages.put("/page", f"<!doctype html><body>{COUNTING}{body}"))
    for frame in tab.page.frames:
        await frame.wait_for_load_state()
    found = await survey(tab.page, tab.fence.site)
    (control,) = [control for control in found.seen.controls if control.name == "Go on"]
    await press(tab, found, control)


async def pressed(tab: Tab, pages: Pages, body: str) -> int:
    """Press the one control named "Go on", and tell how often that reached it."""
    await press_on(tab, pages, body)
    return int(await tab.page.evaluate("window.pressed"))


SHADOW = """<div id=host></div><script>
document.getElementById('host').attachShadow({mode: 'open'}).innerHTML = `%s`;
</script>"""


@pytest.mark.parametrize(
    "body",
    [
        BUTTON,
        "<div id=it role=button tabindex=0>Go on</div>",
        f"<div style='height:3000px'></div>{BUTTON}",
        SHADOW % BUTTON,
        "<details open><summary id=it>Go on</summary></details>",
    ],
    ids=["button", "div", "far-down", "shadow-root", "summary"],
)
async def test_a_visible_control_is_pressed_once(tab: Tab, pages: Pages, body: str) -> None:
    assert await pressed(tab, pages, body) == 1


@pytest.mark.parametrize(
    "body",
    [
        SWITCH,
        SHADOW % SWITCH,
        BOXED,
    ],
    ids=["label", "label-in-shadow-root", "box-around-it"],
)
async def test_a_control_of_no_size_is_pressed_through_what_is_visible(
    tab: Tab, pages: Pages, body: str
) -> None:
    await pressed(tab, pages, body)
    assert await tab.page.locator("#it").is_checked()


async def test_a_control_of_no_size_at_all_is_pressed_with_the_keyboard(tab: Tab, pages: Pages) -> None:
    body = "<input id=it type=checkbox aria-label='Go on' style='all:unset;width:0;height:0'>"
    await pressed(tab, pages, f"<div style='width:0;height:0;overflow:hidden'>{body}</div>")
    assert await tab.page.locator("#it").is_checked()


async def test_a_control_in_a_frame_is_pressed(tab: Tab, pages: Pages) -> None:
    pages.put("/frame", COUNTING + BUTTON)
    assert await pressed(tab, pages, "<iframe src=/frame style='margin:200px'></iframe>") == 1


@pytest.mark.parametrize(
    ("body", "cover"),
    [
        (BUTTON + OVER, "div#veil"),
        (SWITCH + OVER, "div#veil"),
        ((SHADOW % BUTTON) + OVER, "div#veil"),
        (BESIDE, "span#veil.a.b"),
    ],
    ids=["button", "no-size", "shadow-root", "sibling"],
)
async def test_a_covered_control_is_not_pressed_and_the_cover_is_named(
    tab: Tab, pages: Pages, body: str, cover: str
) -> None:
    with pytest.raises(PageUnexpected) as caught:
        await pressed(tab, pages, body)
    assert (caught.value.why, caught.value.found) == (Why.COVERED, f"{cover} in the way")
    assert await tab.page.evaluate("window.pressed") == 0


@pytest.mark.parametrize(
    "body",
    ["<iframe src=/frame></iframe>" + OVER, "<button id=it disabled>Go on</button>"],
    ids=["covered-frame", "disabled"],
)
async def test_what_cannot_be_pressed_is_called_so_in_the_time_for_a_press(
    tab: Tab, pages: Pages, body: str
) -> None:
    pages.put("/frame", COUNTING + BUTTON)
    with pytest.raises(PageUnexpected, match="cannot be pressed"):
        await pressed(tab, pages, body)
    assert await tab.page.evaluate("window.pressed") == 0


@pytest.mark.parametrize(
    "body",
    [
        "<button id=it aria-label='Go on'>Delete everything</button>",
        "<button id=it aria-label='Go on' title='Delete everything'>Go</button>",
        "<input id=it type=button role=button aria-label='Go on' value='Delete everything'>",
        "<input id=it type=checkbox aria-label='Go on'><label for=it>Delete everything</label>",
    ],
    ids=["text", "title", "value", "label"],
)
async def test_what_a_control_says_to_the_eye_forbids_it_too(tab: Tab, pages: Pages, body: str) -> None:
    with pytest.raises(PageUnexpected) as caught:
        await pressed(tab, pages, body)
    assert caught.value.why is Why.FORBIDDEN
    assert await tab.page.evaluate("window.pressed") == 0


async def test_a_press_is_over_before_the_page_it_leads_to_has_answered(tab: Tab, pages: Pages) -> None:
    pages.put("/slow", "later", delay_s=1.5)
    began = time.monotonic()
    await press_on(tab, pages, "<form action=/slow><button>Go on</button></form>")
    assert time.monotonic() - began < 1.4
    await tab.page.wait_for_url("**/slow?")


MOVING = f"""<style>@keyframes to {{ to {{ margin-left: 300px }} }}
#it {{ animation: to 1s linear infinite alternate }}</style>{BUTTON}"""


async def test_a_page_that_goes_meanwhile_is_not_one_with_something_in_the_way(
    tab: Tab, pages: Pages
) -> None:
    pressing = asyncio.ensure_future(press_on(tab, pages, MOVING))
    await tab.page.wait_for_selector("[data-optout-mark]", state="attached")
    await tab.page.close()
    with pytest.raises(BrowserError, match="closed"):
        await pressing


async def test_what_comes_over_a_control_is_in_the_way_whatever_it_says(tab: Tab, pages: Pages) -> None:
    says = "<p id=late hidden style='position:fixed;inset:0'>This offer has been closed</p>"
    # Found to be free, it is marked; what comes now comes before it is pressed.
    comes = """<script>new MutationObserver(() => { late.hidden = false })
        .observe(it, { attributes: true })</script>"""
    with pytest.raises(PageUnexpected) as caught:
        await press_on(tab, pages, BUTTON + says + comes)
    assert caught.value.why is Why.COVERED
    assert "This offer has been closed" in str(caught.value)
