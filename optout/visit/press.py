"""Pressing a control the way a person would: on its visible part, if nothing lies over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.async_api import Error as BrowserError

from optout.errors import PageUnexpected
from optout.model import Why
from optout.page_scripts import script
from optout.visit.element import Element
from optout.visit.forbidden import refuse_forbidden

if TYPE_CHECKING:
    from optout.visit.survey import ControlSeen, Survey
    from optout.visit.tab import Tab

_CLOSED = "has been closed"


async def press(tab: Tab, survey: Survey, control: ControlSeen) -> None:
    """Press a control once.

    A control with no visible part at all is operated with the keyboard, as somebody without a mouse
    would.

    Raises:
        PageUnexpected: something lies over it, its text forbids it, or it cannot be pressed.
        BrowserError: the page is gone.
    """
    element = Element(survey.frame(control))
    grip = await survey.ask(control, script("grip"), element.mark)
    refuse_forbidden(control.name, *grip["says"])
    if grip["replaced"]:
        raise _covered(control, "its replacement")
    if grip["cover"]:
        raise _covered(control, grip["cover"])
    limit_ms = tab.patience.press * 1000
    try:
        # A page that the press leads to may take its time; the press itself is over by then.
        if grip["visible"]:
            await element.locator.click(timeout=limit_ms, no_wait_after=True)
        else:
            await element.locator.press("Space", timeout=limit_ms, no_wait_after=True)
    except BrowserError as error:
        if tab.page.is_closed() or _is_gone(error):
            raise  # nothing is in the way: there is no page any more
        raise _covered(control, _interceptor(error)) from None


def _is_gone(error: BrowserError) -> bool:
    """Whether the driver says that the page has gone, which it may before the page is marked so."""
    # Below its first line there is what the page says.
    return _CLOSED in str(error).partition("\n")[0]


def _interceptor(error: BrowserError) -> str:
    lines = [line for line in str(error).splitlines() if "intercepts pointer events" in line]
    return lines[0].strip(" -")[:120] if lines else "something that keeps it from being pressed"


def _covered(control: ControlSeen, cover: str) -> PageUnexpected:
    return PageUnexpected(
        "the control cannot be pressed",
        step="press",
        expected=f"{control.role} free to press",
        found=f"{cover} in the way",
        next_step="Close what lies over it by hand: run again with --mode guided.",
        why=Why.COVERED,
    )
