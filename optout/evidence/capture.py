"""Photographing a page by an allow-list: one section of it, and the line that names the account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error as BrowserError

from optout.errors import EvidenceNotWritten
from optout.evidence.scripts import script

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.async_api import ElementHandle, FloatRect, Page

MASK_COLOUR = "#5b6470"
_PASSWORDS = "input[type=password]"
_MARGIN = 16.0
_LEAST_SIDE = 8.0
_SHOT_LIMIT_MS = 20_000


@dataclass(frozen=True)
class Shot:
    """What was photographed, before it gets its caption.

    Attributes:
        section: PNG of the section.
        outline: the control's box within it (x, y, width, height in pixels); None where none is meant.
        identity: PNG of the line that names the account; None where it shows none.
        snapshot: the section's accessibility tree as text.
    """

    section: bytes
    outline: tuple[float, float, float, float] | None = None
    identity: bytes | None = None
    snapshot: str = ""


async def photograph(
    page: Page,
    elements: Sequence[ElementHandle],
    *,
    part: ElementHandle | None = None,
    headings: Sequence[str] = (),
    identity: Sequence[str] = (),
    masks: Sequence[str] = (),
) -> Shot:
    """Photograph the section that some elements stand in.

    Args:
        page: the page, read and at rest.
        elements: what must be in the picture.
        part: the visible part of the control, to be outlined.
        headings: texts of headings that belong to the section, nearest first.
        identity: CSS selectors of where the page names the person.
        masks: CSS selectors of what is painted over; password fields always are.

    Raises:
        EvidenceNotWritten: there is nothing to see of the section.
    """
    try:
        frame = await elements[0].owner_frame() or page.main_frame
        facts = {"elements": list(elements), "part": part, "headings": list(headings)}
        region = await frame.evaluate(script("region"), facts)
        shift = await _frame_offset(elements[0])
        section = _moved(region["section"], shift)
        control = _moved(region["control"], shift)
        view = await _view(page)
        clip = _clip(section, view)
        mask = [page.locator(selector) for selector in (_PASSWORDS, *masks)]
        picture = await page.screenshot(
            clip=clip,
            mask=mask,
            mask_color=MASK_COLOUR,
            animations="disabled",
            timeout=_SHOT_LIMIT_MS,
        )
        line = await _identity(page, identity, view)
        named = (
            await page.screenshot(clip=line, mask=mask, mask_color=MASK_COLOUR, timeout=_SHOT_LIMIT_MS)
            if line
            else None
        )
        snapshot = await _snapshot(elements[0], region["selector"])
    except BrowserError as error:
        raise EvidenceNotWritten(
            "the setting could not be photographed",
            step="evidence",
            found=str(error).splitlines()[0][:160],
            next_step="Nothing is recorded as proven; run again.",
        ) from None
    outline = (control[0] - clip["x"], control[1] - clip["y"], control[2], control[3])
    return Shot(picture, outline if part else None, named, snapshot)


async def photograph_stop(page: Page, masks: Sequence[str] = ()) -> Shot:
    """Photograph the visible part of a page a visit stopped at, with every text field painted over.

    Raises:
        EvidenceNotWritten: the page is gone.
    """
    fields = ("input:not([type=hidden]):not([type=checkbox]):not([type=radio])", "textarea", *masks)
    try:
        picture = await page.screenshot(
            mask=[page.locator(selector) for selector in fields],
            mask_color=MASK_COLOUR,
            animations="disabled",
            timeout=_SHOT_LIMIT_MS,
        )
    except BrowserError as error:
        raise EvidenceNotWritten(
            "the page could not be photographed",
            step="evidence",
            found=str(error).splitlines()[0][:160],
        ) from None
    return Shot(picture)


async def _frame_offset(element: ElementHandle) -> tuple[float, float]:
    """How far the element's frame is from the page's corner, in pixels."""
    frame = await element.owner_frame()
    if frame is None or frame.parent_frame is None:
        return (0.0, 0.0)
    holder = await frame.frame_element()
    box = await holder.bounding_box()
    return (box["x"], box["y"]) if box else (0.0, 0.0)


async def _view(page: Page) -> tuple[float, float]:
    size: dict[str, Any] = await page.evaluate("({ width: innerWidth, height: innerHeight })")
    return (float(size["width"]), float(size["height"]))


def _moved(box: Sequence[float], by: tuple[float, float]) -> tuple[float, float, float, float]:
    return (box[0] + by[0], box[1] + by[1], box[2], box[3])


def _clip(box: tuple[float, float, float, float], view: tuple[float, float]) -> FloatRect:
    """A box with a margin, cut to what the window shows.

    Raises:
        EvidenceNotWritten: nothing of it is in the window.
    """
    left, top = max(0.0, box[0] - _MARGIN), max(0.0, box[1] - _MARGIN)
    right = min(view[0], box[0] + box[2] + _MARGIN)
    bottom = min(view[1], box[1] + box[3] + _MARGIN)
    if right - left < _LEAST_SIDE or bottom - top < _LEAST_SIDE:
        raise EvidenceNotWritten(
            "the setting is outside the window, so there is nothing to photograph",
            step="evidence",
            expected="a box inside the window",
            found=f"{box} in {view}",
        )
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


async def _identity(page: Page, selectors: Sequence[str], view: tuple[float, float]) -> FloatRect | None:
    box = await page.evaluate(script("identity"), list(selectors))
    if not box:
        return None
    try:
        return _clip((box[0], box[1], box[2], box[3]), view)
    except EvidenceNotWritten:
        return None  # Scrolled out of the window; the record still says who was named.


async def _snapshot(element: ElementHandle, selector: str) -> str:
    frame = await element.owner_frame()
    if frame is None:
        return ""
    return await frame.locator(selector).first.aria_snapshot(timeout=_SHOT_LIMIT_MS)
