"""What the tests of flows share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from optout.visit.browser import open_browser
from optout.visit.site import Site
from tests.flows.together import Together

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from optout.visit.browser import OpenBrowser


@pytest.fixture(scope="session")
def together() -> Together:
    """The visits of this session that are made several at once."""
    return Together()


@pytest_asyncio.fixture(scope="session")
async def free_browser() -> AsyncIterator[OpenBrowser]:
    """The product's own browser as a person at the window has it, without a fence."""
    async with open_browser(Site("http://127.0.0.1"), headed=False, fenced=False, tell=print) as opened:
        yield opened
