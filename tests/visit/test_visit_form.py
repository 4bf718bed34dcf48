"""Filling in a form that a person is to read and send."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from optout.flow import Form
from optout.flow.discovery import discover
from optout.page_scripts import script
from optout.visit.fence import Fence
from optout.visit.form import fill_in
from optout.visit.patience import Patience
from optout.visit.site import Site
from optout.visit.tab import Tab

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.visit.pages import Pages

LOGIN = "ada@example.org"
A_MOMENT_S = 0.3


@pytest.fixture
def form() -> Form:
    setting = discover().flows["linkedin"].setting("objection")
    assert setting
    assert isinstance(setting.control, Form)
    return setting.control


@pytest.fixture
async def tab(page: Page, pages: Pages) -> Tab:
    # Made within the loop that the page belongs to.
    return Tab(page, Fence(Site(pages.origin)), replace(Patience(), press=0.6))


def page_with(form: Form, script: str = "") -> str:
    login, option = form.login.wordings[0].text, form.option.wordings[0].text
    return (
        f"<form action='/in'><label>{login}<input id=login></label>"
        f"<label><input id=option type=radio>{option}</label></form><script>{script}</script>"
    )


async def test_what_is_known_is_filled_in(tab: Tab, pages: Pages, form: Form) -> None:
    await tab.page.goto(pages.put("/page", page_with(form)))
    assert await fill_in(tab, form, LOGIN) == [form.by_person]
    assert await tab.page.input_value("#login") == LOGIN
    assert await tab.page.is_checked("#option")


async def test_a_field_that_the_page_replaces_is_left_to_the_person(
    tab: Tab, pages: Pages, form: Form
) -> None:
    anew = "const again = option.cloneNode(); again.removeAttribute('data-optout-mark');"
    replaces = f"login.oninput = () => {{ {anew} option.replaceWith(again); }}"
    await tab.page.goto(pages.put("/page", page_with(form, replaces)))
    left = await fill_in(tab, form, LOGIN)
    assert left == [f'"{form.option.wordings[0].text}"', form.by_person]
    assert await tab.page.input_value("#login") == LOGIN


async def test_what_is_marked_is_no_sign_of_life(page: Page, pages: Pages) -> None:
    await page.goto(pages.put("/page", "<button>Send</button>"))
    stirred = asyncio.ensure_future(page.evaluate(script("stir"), 30_000))
    await page.locator("button").evaluate(script("mark"), "a-mark")
    await asyncio.wait({stirred}, timeout=A_MOMENT_S)
    assert not stirred.done()
    await page.evaluate("() => document.body.append('more')")
    await stirred
