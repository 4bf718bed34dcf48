"""The person at a visible window, and waiting for them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from optout.errors import PersonNeeded
from optout.model import Why
from optout.visit.scene import THROUGH, until_elsewhere, where
from optout.visit.words import person_needed

if TYPE_CHECKING:
    from optout.flow import Flow
    from optout.model import Account
    from optout.visit.tab import Tab


class Person(Protocol):
    """Whoever sits in front of the terminal."""

    def tell(self, message: str) -> None:
        """Say one sentence to them."""


async def until_signed_in(tab: Tab, flow: Flow, account: Account, person: Person) -> None:
    """Wait while the person signs in, any way they like; nothing is typed or pressed meanwhile.

    The time is generous, and longer where the page itself says that it will wait longer.

    Raises:
        PersonNeeded: the time is over.
        playwright.async_api.Error: the window was closed.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + tab.patience.person
    person.tell(f"Please sign in as {account.login} in the window. The rest happens by itself.")
    asked: set[str] = set()
    here = await where(tab, flow)
    while here.kind not in THROUGH:
        if here.path not in asked:  # a page that counts down must not put the end off for ever
            asked.add(here.path)
            deadline = max(deadline, loop.time() + await _page_waits(tab, flow))
        later = await until_elsewhere(tab, flow, here, deadline - loop.time())
        if later is None:
            raise person_needed(Why.TIMED_OUT, account)
        here = later


async def _page_waits(tab: Tab, flow: Flow) -> float:
    if not flow.sign_in.polling_limit:
        return 0.0
    element = await tab.page.query_selector(flow.sign_in.polling_limit)
    text = (await element.text_content() or "").strip() if element else ""
    return float(text) if text.isdecimal() else 0.0


def window_closed(account: Account) -> PersonNeeded:
    """The error for a window that the person has closed."""
    return PersonNeeded(
        "the window was closed before the visit was through",
        step="attended",
        next_step=f"Start again: optout run {account} --mode attended",
        why=Why.INTERRUPTED,
    )
