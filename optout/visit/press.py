"""Pressing a control the way a person would: on its visible part, if nothing lies over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.async_api import Error as BrowserError

from optout.errors import PageUnexpected
from optout.model import Why
from optout.visit.forbidden import refuse_forbidden
from optout.visit.scripts import script

if TYPE_CHECKING:
    from playwright.async_api import ElementHandle

    from optout.visit.survey import ControlSeen, Survey
    from optout.visit.tab import Tab


async def visible_part(element: ElementHandle) -> tuple[ElementHandle | None, str, str]:
    """What of a control can be pressed.

    Returns:
        The element to press (None where nothing of it has a size), its name for messages, and what
        lies over it (empty where nothing does).
    """
    touch = await element.evaluate_handle(script("touch"))
    facts = await touch.evaluate("({ cover, name }) => ({ cover, name })")
    part = (await touch.get_property("part")).as_element()
    return part, facts["name"], facts["cover"]


async def press(tab: Tab, survey: Survey, control: ControlSeen) -> None:
    """Press a control once.

    A control with no visible part at all is operated with the keyboard, as somebody without a mouse
    would.

    Raises:
        PageUnexpected: something lies over it, its text forbids it, or it cannot be pressed.
    """
    refuse_forbidden(control.name)
    element = await survey.element(control)
    part, _, cover = await visible_part(element)
    if cover:
        raise _covered(control, cover)
    try:
        if part is None:
            await element.focus()
            await element.press("Space", timeout=tab.patience.press * 1000)
        else:
            await part.click(timeout=tab.patience.press * 1000)
    except BrowserError as error:
        raise _covered(control, _interceptor(error)) from None


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
