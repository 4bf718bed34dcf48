"""Grok.com: members and strangers stand at one address, and what it shows tells them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from optout_flows.grok.flow import Grok
from optout_flows.grok.practice.site import site

from optout.flow import SceneKind
from optout.model import Mode, Outcome
from optout.visit.scene import _recognise
from tests.workshop.people import Someone

if TYPE_CHECKING:
    from playwright.async_api import Page

    from optout.practice.site import PracticeSite
    from tests.visit.rehearsal import Rehearsal


@pytest.fixture
def practice_site() -> PracticeSite:
    made: PracticeSite = site(slow_seconds=1.0)
    return made


@pytest.mark.parametrize(
    ("path", "marks", "kind"),
    [
        ("/", (), SceneKind.SIGNED_IN),
        ("/", ('a[href*="/sign-in"]',), SceneKind.SIGNED_OUT),
        ("/", ('a[href*="accounts.x.ai"]',), SceneKind.SIGNED_OUT),
        ("/sign-in", (), SceneKind.SIGNED_OUT),
        ("/imagine", (), None),
    ],
)
def test_a_link_to_the_door_says_that_nobody_is_in(
    path: str, marks: tuple[str, ...], kind: SceneKind | None
) -> None:
    look: dict[str, Any] = {
        "path": path,
        "search": "?_s=data",
        "marks": marks,
        "traces": [],
        "texts": [],
    }
    assert _recognise(Grok(), look | {"named": ""}).kind is kind


async def test_a_stranger_goes_through_the_door_and_the_visit_goes_on(rehearsal: Rehearsal) -> None:
    account = rehearsal.add()

    async def sign_in(page: Page) -> None:
        await page.get_by_role("link", name="Sign in").click()
        await page.get_by_label("Login").fill(account.login)
        await page.get_by_role("button", name="Continue", exact=True).click()
        await page.get_by_label("Code").fill(account.code)
        await page.get_by_role("button", name="Go on").click()

    person = Someone(rehearsal.browser, sign_in)
    result = await rehearsal.visit(account, mode=Mode.ATTENDED, credentials=None, person=person)
    await person.rest()
    assert result.outcome is Outcome.OPTED_OUT
    assert account.settings == {}
    assert person.told[0].startswith("Please sign in as")
    assert "says who is signed in" in person.told[1]
