"""Opening what hides a setting: tabs, dialogs, menus. Never a control that holds a state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.errors import PageUnexpected
from optout.model import Why
from optout.visit.forbidden import refuse_forbidden
from optout.visit.locate import Missing, locate, menu_items
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


def furthest_in_sight(openers: Sequence[Opener], seen: PageSeen) -> int:
    """The place of the last of these that the page shows; the first where it shows none yet."""
    shown = [place for place, opener in enumerate(openers) if len(_fitting(opener, seen)) == 1]
    return shown[-1] if shown else 0


def _fitting(opener: Opener, seen: PageSeen) -> list[ControlSeen]:
    leads = [each for each in seen.of_role(_LEADS) if each.stated is None]
    by_key = [each for each in leads if any(each.keys.get(key) == value for key, value in opener.keys)]
    return by_key or [each for each in leads if opener.labels.match(each.name)]


async def open_menu(tab: Tab, flow: Flow, control: MenuItem, found: Survey) -> tuple[Survey, bool]:
    """Open the menu in which a setting's item stands, and look again.

    Returns:
        The page with the menu open, and whether anything was pressed for that.
    """
    if menu_items(found.seen, control.switches_out, control.switches_in):
        return found, False
    located = locate(control, found.seen, at_its_place=True)
    if isinstance(located, Missing) or located.seen.disabled:
        return found, False
    await press(tab, found, located.seen)
    await tab.settle()
    return await survey(tab.page, tab.fence.site, flow.embedded_data), True
