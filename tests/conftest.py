"""What browser tests share: one browser per worker, found the way the product finds it."""

from __future__ import annotations

import asyncio
import gc
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from optout.accounts.redact import _process as process
from optout.practice.server import serve
from optout.visit.browser import open_browser
from optout.visit.install import find_or_install
from optout.visit.site import Site
from tests.visit.pages import listen_outside, serve_pages
from tests.visit.rehearsal import Rehearsal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from playwright.async_api import Browser, BrowserContext, Page, Playwright

    from optout.practice.site import PracticeSite
    from optout.visit.browser import OpenBrowser
    from tests import postgres
    from tests.visit.pages import Outside, Pages

# How long one example takes says more about what else the machine is doing than about the code.
hypothesis.settings.register_profile("optout", deadline=None)
hypothesis.settings.load_profile("optout")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share a fixture of their module go to one worker, so that it is made once."""
    for item in items:
        if isinstance(item, pytest.Function) and not item.get_closest_marker("xdist_group"):
            known = item._fixtureinfo.name2fixturedefs.values()
            if any(fixture.scope == "module" for fixtures in known for fixture in fixtures):
                item.add_marker(pytest.mark.xdist_group(item.path.stem))
    # The longest stories, which would have every other worker wait at the end.
    items.sort(key=lambda item: item.path.parent != Path(__file__).parent)


def pytest_collection_finish() -> None:
    """Take what was collected out of the sight of Python's garbage collector: it stays to the end."""
    gc.collect()
    gc.freeze()


def _say(sentence: str) -> None:
    print(sentence)  # noqa: T201 - pytest shows it when the browser cannot be had


@pytest.fixture(autouse=True)
def _nothing_secret_from_other_tests() -> Iterator[None]:
    """A secret that a test leaves covered would be found by chance in what another one writes."""
    before = Counter(process._holders)
    yield
    for text in (Counter(process._holders) - before).elements():
        process.uncover(text)


@pytest_asyncio.fixture(scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as started:
        yield started


@pytest_asyncio.fixture(scope="session")
async def browser_type_launch_args(playwright: Playwright) -> dict[str, Any]:
    """What every browser is started with; where there is none, tests fail and say so."""
    bundled = Path(playwright.chromium.executable_path)
    found = await asyncio.to_thread(find_or_install, bundled, headed=False, tell=_say)
    sandbox = getattr(os, "geteuid", lambda: 1)() != 0
    return {"executable_path": found.path, "headless": True, "chromium_sandbox": sandbox}


@pytest_asyncio.fixture(scope="session")
async def browser(
    playwright: Playwright, browser_type_launch_args: dict[str, Any]
) -> AsyncIterator[Browser]:
    """A plain browser without a fence."""
    started = await playwright.chromium.launch(**browser_type_launch_args)
    yield started
    await started.close()


@pytest_asyncio.fixture
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    opened = await browser.new_context()
    opened.set_default_timeout(5000)
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def page(context: BrowserContext) -> Page:
    return await context.new_page()


@pytest_asyncio.fixture(scope="session")
async def fenced_browser() -> AsyncIterator[OpenBrowser]:
    """The product's own browser, fenced to this machine's loopback address."""
    async with open_browser(Site("http://127.0.0.1"), headed=False, fenced=True, tell=_say) as opened:
        yield opened


@pytest.fixture(scope="session")
def postgresql() -> Iterator[postgres.Server]:
    """A PostgreSQL server of this worker's own; where there is none, tests are skipped and say so."""
    from tests import postgres  # noqa: PLC0415 - asks the system things that Windows does not know

    if reason := postgres.missing():
        pytest.skip(reason)
    with postgres.running() as server:
        yield server


@pytest.fixture
def practice_site() -> PracticeSite:
    """The practice site that `rehearsal` serves; a test module may have another."""
    from optout_flows.linkedin.practice.site import site  # noqa: PLC0415

    made: PracticeSite = site(slow_seconds=1.0)
    return made


@pytest.fixture
def rehearsal(
    practice_site: PracticeSite, fenced_browser: OpenBrowser, tmp_path: Path
) -> Iterator[Rehearsal]:
    """Visits to a practice site of this test's own."""
    with serve(practice_site) as server:
        yield Rehearsal(server, fenced_browser, tmp_path / "evidence")


@pytest.fixture
def pages() -> Iterator[Pages]:
    """A web server whose pages a test writes itself."""
    with serve_pages() as served:
        yield served


@pytest.fixture
def outside() -> Iterator[Outside]:
    """Somewhere a fenced browser must never get to."""
    with listen_outside() as listening:
        yield listening
