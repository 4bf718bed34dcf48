"""The practice site in a browser: what its own scripts do, as a person would see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from optout_flows.linkedin.practice.site import site as new_site
from playwright.async_api import TimeoutError as PlaywrightTimeout
from playwright.async_api import async_playwright, expect

from optout.practice.server import PracticeServer, serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from playwright.async_api import Browser, Page

    from optout.practice.switchboard import PracticeAccount

KEY = "allowDataForGenerativeAI"
SETTING = "/mypreferences/d/settings/data-for-ai-improvement"
SWITCH = f"input[role=switch][aria-labelledby={KEY}]"
TOAST = ".artdeco-toast-item__message"


@pytest.fixture(scope="module")
def server() -> Iterator[PracticeServer]:
    with serve(new_site(slow_seconds=0.05)) as served:
        yield served


@pytest.fixture
def add(server: PracticeServer, request: pytest.FixtureRequest) -> Any:
    """Adds an account of this test's own."""

    def adding(*conditions: str, **facts: Any) -> PracticeAccount:
        login = f"{request.node.name}-{len(server.site.switchboard.accounts)}@example.org"
        return server.site.switchboard.add(login, "pw", conditions=conditions, **facts)

    return adding


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path="/usr/bin/chromium-headless-shell")
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, server: PracticeServer) -> AsyncIterator[Page]:
    context = await browser.new_context(base_url=server.origin)
    context.set_default_timeout(5000)
    yield await context.new_page()
    await context.close()


async def sign_in(page: Page, account: PracticeAccount) -> None:
    """Sign in by hand, on the way to the setting's page."""
    wanted = SETTING.replace("/", "%2F")
    await page.goto(f"/checkpoint/rm/sign-in-another-account?session_redirect={wanted}")
    await page.fill("#username", account.login)
    await page.fill("#password", "pw")
    await page.click("button[type=submit]")


async def open_setting(page: Page, account: PracticeAccount) -> None:
    """Sign in by hand and land on the setting's page."""
    await sign_in(page, account)
    await page.wait_for_url(f"**{SETTING}")


async def test_the_whole_job_by_hand_holds_after_a_fresh_load(add: Any, page: Page) -> None:
    account = add()
    await open_setting(page, account)
    await expect(page.locator(SWITCH)).to_be_checked()
    await page.click(".setting-toggle__toggle")
    await expect(page.locator(TOAST)).to_have_text("Your change has been saved.")
    await page.goto(SETTING)
    await expect(page.locator(SWITCH)).not_to_be_checked()
    assert account.out


async def test_the_real_switch_has_no_size_and_answers_a_scripted_click(add: Any, page: Page) -> None:
    account = add()
    await open_setting(page, account)
    assert await page.locator(SWITCH).evaluate("it => it.offsetWidth + it.offsetHeight") == 0
    async with page.expect_response(f"**/{KEY}"):
        await page.locator(SWITCH).dispatch_event("click")
    assert account.out


@pytest.mark.parametrize("condition", ["save-403", "save-429", "save-500"])
async def test_a_refused_change_goes_back_and_is_told(add: Any, page: Page, condition: str) -> None:
    await open_setting(page, add(condition))
    await page.click(".setting-toggle__toggle")
    await expect(page.locator(TOAST)).to_contain_text("could not be saved")
    await expect(page.locator(SWITCH)).to_be_checked()


async def test_a_tab_that_remembers_lies_after_a_reload_and_not_in_a_new_tab(
    add: Any, page: Page
) -> None:
    await open_setting(page, add("remembered-in-page"))
    await page.click(".setting-toggle__toggle")
    await page.wait_for_selector(".artdeco-toast-item")
    await page.reload()
    await expect(page.locator(SWITCH)).not_to_be_checked()
    other = await page.context.new_page()
    await other.goto(SETTING)
    await expect(other.locator(SWITCH)).to_be_checked()


async def test_a_late_state_reads_off_first_and_on_afterwards(add: Any, page: Page) -> None:
    await open_setting(page, add("late-state"))
    assert not await page.locator(SWITCH).is_checked()
    await expect(page.locator(SWITCH)).to_be_checked()


@pytest.mark.parametrize(("kind", "found"), [("", 1), ("closed-", 0)])
async def test_a_switch_in_a_shadow_root_is_reached_only_where_it_is_open(
    add: Any, page: Page, kind: str, found: int
) -> None:
    await open_setting(page, add(f"in-{kind}shadow-root"))
    await expect(page.locator(".setting-host")).to_be_visible()
    assert await page.locator(SWITCH).count() == found


async def test_an_approval_in_the_app_lets_the_waiting_page_in(add: Any, page: Page) -> None:
    account = add("challenge-app-approval")
    account.approve()
    await open_setting(page, account)
    await expect(page.locator(SWITCH)).to_be_checked()


async def test_another_way_than_the_app_is_a_code(add: Any, page: Page) -> None:
    account = add("challenge-app-approval")
    await sign_in(page, account)
    await page.click("#try-another-way")
    await page.fill("form#two-step-challenge [name=pin]", account.code)
    await page.click("#two-step-submit-button")
    await page.wait_for_url(f"**{SETTING}")


async def test_a_click_at_the_first_possible_moment_is_not_lost(add: Any, page: Page) -> None:
    account = add()
    await open_setting(page, account)
    async with page.expect_response(f"**/{KEY}"):
        await page.goto(SETTING, wait_until="commit")
        await page.click(".setting-toggle__toggle")
    assert account.out


@pytest.mark.parametrize(
    ("button", "out"), [("Cancel", False), ("Save change", True)], ids=["no", "yes"]
)
async def test_a_dialog_saves_only_what_is_confirmed(
    add: Any, page: Page, button: str, out: bool
) -> None:
    account = add("confirm-dialog")
    await open_setting(page, account)
    await page.click(".setting-toggle__toggle")
    assert account.counters.state_changing_requests == 0
    await page.get_by_role("dialog").get_by_role("button", name=button).click()
    await expect(page.locator(SWITCH)).to_be_checked(checked=not out)
    assert account.out is out


async def test_the_newer_form_tells_errors_in_place_and_leaves_by_itself(add: Any, page: Page) -> None:
    account = add("form-react")
    await page.goto("/login")
    form = page.locator(".login-fields")
    await form.get_by_label("Email or phone").fill(account.login)
    await form.get_by_label("Password").fill("wrong")
    await form.get_by_role("button", name="Sign in").click()
    await expect(form.get_by_role("alert")).to_have_text("Wrong email or password.")
    await form.get_by_label("Password").fill("pw")
    await form.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/feed/")


async def test_a_cookie_question_takes_every_click_until_it_is_answered(add: Any, page: Page) -> None:
    add("cookie-banner")
    await page.goto("/login")
    with pytest.raises(PlaywrightTimeout):
        await page.click("button[type=submit]", timeout=300, trial=True)
    await page.click(".artdeco-global-alert--COOKIE_CONSENT button[action-type=DENY]")
    await page.reload()
    await page.click("button[type=submit]", trial=True)
