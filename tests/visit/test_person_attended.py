"""Attended mode: the person signs in, whatever the site asks of them, and the rest happens by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyotp
import pytest

from optout.model import Mode, Outcome, Why
from optout.visit.patience import Patience
from optout.visit.visit import visit
from tests.workshop.people import Someone

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from playwright.async_api import Page

    from optout.model import Result
    from optout.practice.switchboard import PracticeAccount
    from tests.visit.rehearsal import Rehearsal

    Act = Callable[[Page], Awaitable[None]]

QUICK = Patience(render=3, quiet=0.2, press=3, save=5, person=15)


async def attend(rehearsal: Rehearsal, account: PracticeAccount, act: Act, **facts: object) -> Result:
    """A visit that has no credentials at all: whoever types, it is not the tool."""
    someone = Someone(rehearsal.browser, act)
    given = {"mode": Mode.ATTENDED, "credentials": None, "patience": QUICK, **facts}
    await visit(replace(rehearsal.order(account, **given), person=someone), rehearsal.browser)
    await someone.rest()
    return rehearsal.results[-1]


def signing_in(account: PracticeAccount) -> Act:
    """Signing in the way a person does, past whatever offers itself first."""

    async def act(page: Page) -> None:
        other = page.get_by_role("button", name="Sign in using another account")
        refuse = page.get_by_role("button", name="Reject")
        user = page.locator("input[autocomplete~=username]:visible")
        password = page.locator("input[type=password]:visible")
        await password.or_(other).first.wait_for()
        if await refuse.is_visible():
            await refuse.click()
        if await other.is_visible():
            await other.click()
            await password.wait_for()
        if await user.is_visible():
            await user.fill(account.login)
        await password.fill(account.password)
        button = page.get_by_role("button", name="Sign in", exact=True)
        await (button.click() if await button.is_visible() else password.press("Enter"))

    return act


async def code(page: Page, account: PracticeAccount) -> None:
    await page.fill("input[name=pin]:visible", account.code)
    await page.click("button.form__submit")


async def authenticator(page: Page, account: PracticeAccount) -> None:
    await page.fill("input[name=pin]:visible", pyotp.TOTP(account.totp).now())
    await page.click("button.form__submit")


async def approval(page: Page, account: PracticeAccount) -> None:
    await page.wait_for_selector("#in-app-challenge")
    account.approve()


async def tick(page: Page, _: PracticeAccount) -> None:
    await page.check("#person")
    await page.get_by_role("button", name="Continue").click()


async def agree(page: Page, _: PracticeAccount) -> None:
    await page.get_by_role("button", name="Agree to comply").click()


async def nothing(_: Page, __: PracticeAccount) -> None:
    pass


WAYS = {
    "": nothing,
    "form-react": nothing,
    "form-react-enter": nothing,
    "form-password-only": nothing,
    "account-chooser": nothing,
    "interstitial-add-phone": nothing,
    "new-nav": nothing,
    "challenge-email-code": code,
    "challenge-sms-code": code,
    "challenge-authenticator": authenticator,
    "challenge-app-approval": approval,
    "challenge-captcha": tick,
    "challenge-identity": tick,
    "agree-to-comply": agree,
}


@pytest.mark.parametrize(("condition", "then"), WAYS.items(), ids=[name or "plain" for name in WAYS])
async def test_the_person_signs_in_and_the_tool_goes_on_by_itself(
    rehearsal: Rehearsal,
    condition: str,
    then: Callable[[Page, PracticeAccount], Awaitable[None]],
) -> None:
    account = rehearsal.add(*filter(None, [condition]))

    async def act(page: Page) -> None:
        await signing_in(account)(page)
        await then(page, account)

    result = await attend(rehearsal, account, act)
    assert (result.outcome, account.out) == (Outcome.OPTED_OUT, True), result.reason
    assert account.counters.credential_submissions == 1


async def test_a_person_may_try_more_than_once(rehearsal: Rehearsal) -> None:
    account = rehearsal.add()

    async def act(page: Page) -> None:
        await page.fill("#username", account.login)
        await page.fill("#password", "mistyped")
        await page.press("#password", "Enter")
        await page.locator("#error-for-password", has_text="Wrong").wait_for()
        await signing_in(account)(page)

    assert (await attend(rehearsal, account, act)).outcome is Outcome.OPTED_OUT


async def test_a_page_that_waits_longer_is_waited_for_longer(rehearsal: Rehearsal) -> None:
    account = rehearsal.add("challenge-app-approval")

    async def act(page: Page) -> None:
        await signing_in(account)(page)
        await page.wait_for_selector("#in-app-challenge")
        await page.wait_for_timeout(2500)  # the telephone is in the other room
        account.approve()

    brief = Patience(render=3, quiet=0.2, person=2)
    result = await attend(rehearsal, account, act, patience=brief)
    assert result.outcome is Outcome.OPTED_OUT


async def test_nobody_at_the_window_ends_the_visit_in_time(rehearsal: Rehearsal) -> None:
    account = rehearsal.add()

    async def act(_: Page) -> None:
        pass

    result = await attend(rehearsal, account, act, patience=Patience(quiet=0.2, person=0.5))
    assert (result.outcome, result.why) == (Outcome.NEEDS_PERSON, Why.TIMED_OUT)
    assert account.counters.changes == 0


@pytest.mark.parametrize("what", ["the tab", "the window"])
async def test_closing_the_window_ends_the_visit(rehearsal: Rehearsal, what: str) -> None:
    account = rehearsal.add()

    async def act(page: Page) -> None:
        await page.wait_for_selector("#username")
        await (page.close() if what == "the tab" else page.context.close())

    result = await attend(rehearsal, account, act)
    assert (result.outcome, result.why) == (Outcome.NEEDS_PERSON, Why.INTERRUPTED), result.reason


async def test_another_persons_session_is_left_alone(rehearsal: Rehearsal) -> None:
    account = rehearsal.add()
    bob = rehearsal.add(name="Bob Example")
    result = await attend(rehearsal, account, signing_in(bob), pinned="Ada Example")
    assert (result.outcome, result.why) == (Outcome.NEEDS_PERSON, Why.OTHER_PERSON)
    assert bob.counters.state_changing_requests == 0


async def test_who_was_told_what_to_do_is_told_once_and_by_name(rehearsal: Rehearsal) -> None:
    account = rehearsal.add()
    someone = Someone(rehearsal.browser, signing_in(account))
    order = rehearsal.order(account, mode=Mode.ATTENDED, credentials=None, patience=QUICK)
    await visit(replace(order, person=someone), rehearsal.browser)
    (sentence,) = someone.told
    assert account.login in sentence
