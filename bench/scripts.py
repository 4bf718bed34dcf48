"""What somebody would write by hand: sign in, switch off, load afresh, two pictures, nothing else.

`scripts.py WAY AT_ONCE BROWSER ORIGIN FOLDER` visits the logins on its stdin, one a line. They are of
LinkedIn's practice site, and all have the same password.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.async_api import async_playwright, expect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from playwright.async_api import Browser

PASSWORD = "Correct-horse 7 battery"  # noqa: S105
SETTING = "/mypreferences/d/settings/data-for-ai-improvement"
SELENIUM, PLAYWRIGHT, CONTEXTS = "selenium", "playwright", "contexts"

_PATIENCE_S = 60
_WINDOW = "--window-size=1280,720"


async def by_playwright(browser: Browser, origin: str, login: str, folder: Path) -> None:
    """Visit one account, in a context of its own."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(f"{origin}/login")
    await page.fill("#username", login)
    await page.fill("#password", PASSWORD)
    await page.click("button[type=submit]")
    await page.wait_for_url("**/feed/")
    await page.goto(f"{origin}{SETTING}")
    await expect(page.get_by_role("switch")).to_be_checked()
    await page.screenshot(path=folder / f"{login}-before.png")
    async with page.expect_response(lambda response: response.request.method == "PUT"):
        await page.click(".setting-toggle__toggle")
    fresh = await context.new_page()
    await fresh.goto(f"{origin}{SETTING}")
    await expect(fresh.get_by_role("switch")).not_to_be_checked()
    await fresh.screenshot(path=folder / f"{login}-after.png")
    await context.close()


def by_selenium(browser: str, origin: str, login: str, folder: Path) -> None:
    """Visit one account, in a browser of its own."""
    # Imported here: every other way does without it.
    from selenium.webdriver.common.by import By  # noqa: PLC0415
    from selenium.webdriver.support.ui import WebDriverWait  # noqa: PLC0415

    driver = _driver(browser)
    try:
        soon = WebDriverWait(driver, _PATIENCE_S, poll_frequency=0.05)
        switch = (By.CSS_SELECTOR, "[role=switch]")
        driver.get(f"{origin}/login")
        driver.find_element(By.ID, "username").send_keys(login)
        driver.find_element(By.ID, "password").send_keys(PASSWORD)
        driver.find_element(By.CSS_SELECTOR, "button[type=submit]").click()
        soon.until(lambda here: here.current_url.endswith("/feed/"))
        driver.get(f"{origin}{SETTING}")
        soon.until(lambda here: here.find_element(*switch).is_selected())
        driver.save_screenshot(str(folder / f"{login}-before.png"))
        driver.find_element(By.CSS_SELECTOR, ".setting-toggle__toggle").click()
        # It cannot wait for an answer, only for what the page says once that is there.
        soon.until(lambda here: here.find_elements(By.CLASS_NAME, "artdeco-toast-item"))
        driver.switch_to.new_window("tab")
        driver.get(f"{origin}{SETTING}")
        soon.until(lambda here: not here.find_element(*switch).is_selected())
        driver.save_screenshot(str(folder / f"{login}-after.png"))
    finally:
        driver.quit()


def no_selenium() -> str:
    """Why Selenium cannot be used here; nothing where it can."""
    if importlib.util.find_spec("selenium") is None:
        return "Selenium is not installed: pip install -e '.[bench]'"
    if shutil.which("chromedriver") is None:
        return "there is no chromedriver: apt-get install chromium-driver"
    return ""


def _driver(browser: str) -> Any:
    from selenium import webdriver  # noqa: PLC0415 - as above

    options = webdriver.ChromeOptions()
    options.binary_location = browser
    options.add_argument("--headless=new")
    options.add_argument(_WINDOW)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")
    # The driver is named: Selenium would ask the network for one.
    return webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))


async def _a_browser_each(program: str, origin: str, folder: Path, logins: Iterable[str]) -> None:
    async with async_playwright() as playwright:
        for login in logins:
            async with await playwright.chromium.launch(executable_path=program) as browser:
                await by_playwright(browser, origin, login, folder)


async def _contexts(
    program: str, origin: str, folder: Path, logins: Iterable[str], *, at_once: int
) -> None:
    left = iter(logins)
    async with (
        async_playwright() as playwright,
        await playwright.chromium.launch(executable_path=program) as browser,
    ):

        async def line() -> None:
            for login in left:
                await by_playwright(browser, origin, login, folder)

        await asyncio.gather(*(line() for _ in range(at_once)))


def main() -> None:
    way, at_once, browser, origin, told = sys.argv[1:]
    folder, logins = Path(told), sys.stdin.read().split()
    expect.set_options(timeout=_PATIENCE_S * 1000)
    if way == SELENIUM:
        for login in logins:
            by_selenium(browser, origin, login, folder)
    elif way == PLAYWRIGHT:
        asyncio.run(_a_browser_each(browser, origin, folder, logins))
    else:
        asyncio.run(_contexts(browser, origin, folder, logins, at_once=int(at_once)))


if __name__ == "__main__":
    main()
