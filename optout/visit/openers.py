"""Opening what hides a setting: tabs, dialogs, menus. Never a control that holds a state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.errors import PageUnexpected
from optout.model import Why
from optout.visit.forbidden import refuse_forbidden
from optout.visit.locate import Missing, locate
from optout.visit.press import press
from optout.visit.survey import Survey, survey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optout.flow import Flow, MenuItem, Opener
    from optout.visit.survey import ControlSeen, PageSeen
    from optout.visit.tab import Tab

# Roles that only lead somewhere. Switches, boxes, options and lists are not among them, so nothing
# that reads a setting can change one.
_LEADS = ("link", "tab", "button", "menuitem")


async def open_way(tab: Tab, openers: Sequence[Opener]) -> None:
    """Press each opener in turn, each as soon as it is there.

    Raises:
        PageUnexpected: one of them is not on the page, or more than one fits.
    """
    for opener in openers:
        seen = await wait_for_opener(tab, opener)
        await press(tab, seen[0], seen[1])


async def wait_for_opener(tab: Tab, opener: Opener) -> tuple[Survey, ControlSeen]:
    """Find an opener, waiting for the page to show and enable it.

    Raises:
        PageUnexpected: it does not appear, or more than one control fits.
    """
    last: tuple[ControlSeen, ...] | None = None
    while True:
        found = await survey(tab.page, tab.fence.site)
        fitting = tuple(_fitting(opener, found.seen))
        enabled = [control for control in fitting if not control.disabled]
        if len(enabled) == 1:
            refuse_forbidden(enabled[0].name)
            return found, enabled[0]
        if last == fitting:
            raise PageUnexpected(
                "the way to the setting is not there",
                step="open",
                expected=" or ".join(f'"{w.text}"' for w in opener.labels) or str(opener.keys),
                found=", ".join(map(str, fitting)) or "nothing like it",
                next_step="The page may have changed; report it to the flow's author.",
                why=Why.CONTROL_MISSING,
            )
        last = fitting
        await tab.settle()


def _fitting(opener: Opener, seen: PageSeen) -> list[ControlSeen]:
    leads = seen.of_role(_LEADS)
    by_key = [each for each in leads if any(each.keys.get(key) == value for key, value in opener.keys)]
    return by_key or [each for each in leads if opener.labels.match(each.name)]


async def open_menu(tab: Tab, flow: Flow, control: MenuItem, found: Survey) -> Survey:
    """Open the menu in which a setting's item stands, and look again."""
    located = locate(control, found.seen, at_its_place=True)
    if isinstance(located, Missing) or found.seen.of_role(("menuitem",)):
        return found
    refuse_forbidden(located.seen.name)
    await press(tab, found, located.seen)
    await tab.settle()
    return await survey(tab.page, tab.fence.site, flow.embedded_data)


async def close_menu(tab: Tab) -> None:
    """Put an open menu away without choosing anything."""
    await tab.page.keyboard.press("Escape")
