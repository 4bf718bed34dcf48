"""Who is signed in, as the page itself says."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from optout.errors import PageUnexpected
from optout.flow.wording import plain
from optout.model import Why
from optout.page_scripts import script
from optout.visit.words import person_needed

if TYPE_CHECKING:
    from optout.flow import Flow
    from optout.model import Account
    from optout.visit.tab import Tab


async def who_is_signed_in(tab: Tab, flow: Flow) -> str:
    """The name the page gives the person who is signed in.

    Raises:
        PageUnexpected: it names nobody within the time for rendering.
    """
    deadline = asyncio.get_running_loop().time() + tab.patience.render
    while not (name := str(await tab.page.evaluate(script("named"), marks_of(flow)))):
        if asyncio.get_running_loop().time() >= deadline:
            raise PageUnexpected(
                "the page does not say who is signed in, so nothing was changed",
                step="identity",
                expected=" or ".join(mark.selector for mark in flow.identity),
                found=await _what_is_there(tab),
                next_step="Change the setting by hand, and report it to the flow's author.",
                why=Why.IDENTITY_UNREADABLE,
            )
        await tab.settle()
    return name


def marks_of(flow: Flow) -> list[list[str]]:
    """The flow's identity marks as `named.js` takes them."""
    return [[mark.selector, mark.attribute] for mark in flow.identity]


def vouched_for(account: Account) -> str:
    """Who is signed in where no page says so: whoever the person at the window says."""
    return f"{account.login}, on the word of the person at the window"


async def _what_is_there(tab: Tab) -> str:
    empty = not (await tab.page.inner_text("body")).strip()
    return f"an empty page at {tab.path}" if empty else f"neither on {tab.path}"


def same_person(account: Account, pinned: str, seen: str) -> None:
    """Compare who is signed in with who was at this account's first visit.

    Raises:
        PersonNeeded: it is somebody else.
    """
    if pinned and plain(pinned) != plain(seen):
        raise person_needed(
            Why.OTHER_PERSON, account, expected=f'"{pinned}"', found=f'"{seen}"', step="identity"
        )
