"""Starting Playwright's driver, the program between this one and the browser."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from playwright.async_api import async_playwright

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from playwright.async_api import Playwright

_OPTIONS = "NODE_OPTIONS"
# Over many visits it spends up to 50 MB on what it forgets at once, and is no slower with less.
_SMALL = "--max-semi-space-size=4"


@contextlib.asynccontextmanager
async def driver() -> AsyncIterator[Playwright]:
    """A driver of its own for one browser, ended with everything it started."""
    async with contextlib.AsyncExitStack() as stack:
        with _small():
            playwright = await stack.enter_async_context(async_playwright())
        yield playwright


@contextlib.contextmanager
def _small() -> Iterator[None]:
    """What is started meanwhile keeps its young generation small; it means something to Node only."""
    before = os.environ.get(_OPTIONS)
    if before and _SMALL in before:  # two start at once: the first one restores what was there
        yield
        return
    os.environ[_OPTIONS] = f"{before or ''} {_SMALL}".strip()
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(_OPTIONS, None)
        else:
            os.environ[_OPTIONS] = before
