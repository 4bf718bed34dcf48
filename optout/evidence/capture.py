"""Photographing a page by an allow-list: one row, its heading, and the line that names the account."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playwright.async_api import Error as BrowserError

from optout.errors import EvidenceNotWritten
from optout.evidence.discreet import discreet
from optout.evidence.places import (
    Box,
    Held,
    Places,
    bounds_of,
    masks_of,
    measure,
    measure_line,
    measure_page,
    relative,
)
from optout.page_scripts import script

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from playwright.async_api import Frame, Page

    # What is cut out of a picture, and the control's box in it.
    Pieces = Sequence[tuple[Box, Box | None]]

_PASSWORDS = "input[type=password]"
_FIELDS = (
    "input:not([type=hidden]):not([type=checkbox]):not([type=radio])",
    "textarea",
    "[contenteditable]:not([contenteditable=false])",
)
_TRIES = 3
_TALLEST = 4000.0
_SHOT_LIMIT_MS = 20_000
_DRAWN_MS = 100


@dataclass(frozen=True)
class Part:
    """One piece of a picture.

    Attributes:
        picture: PNG that holds it; it is cut down before anything is written.
        box: the piece, in pixels of that PNG.
        masks: what is painted over before anything else is done with the PNG.
        outline: the control's box in that PNG; None where there is none.
    """

    picture: bytes
    box: Box
    masks: tuple[Box, ...] = ()
    outline: Box | None = None


@dataclass(frozen=True)
class Shot:
    """What was photographed.

    Attributes:
        parts: from top to bottom: who is signed in, the heading, the row with the control, its menu.
        snapshot: the row's accessibility tree as text, without what was typed into fields.
        masks: how many elements each declared mask matched.
    """

    parts: tuple[Part, ...]
    snapshot: str = ""
    masks: Mapping[str, int] = field(default_factory=dict)


async def photograph(
    page: Page,
    frame: Frame,
    elements: Held,
    *,
    also: Held | None = None,
    outlined: bool = False,
    headings: Sequence[str] = (),
    identity: Sequence[str] = (),
    masks: Sequence[str] = (),
) -> Shot:
    """Photograph the row that some elements stand in, the heading above it, and who is signed in.

    Everything is measured before and after a picture is taken, and it is taken again if anything has
    moved meanwhile: outline, masks and cuts are where the picture has what they are for. What the
    window does not show together is photographed one after the other.

    Args:
        page: the page, read and at rest.
        frame: the page's frame that the elements stand in.
        elements: what must be in the picture.
        also: what belongs to it, such as the items of an open menu.
        outlined: whether the first of the elements is a control to be outlined.
        headings: texts of headings that belong to the row, nearest first.
        identity: CSS selectors of where the page names the person.
        masks: CSS selectors of what is painted over; password fields always are.

    Raises:
        EvidenceNotWritten: the control cannot be seen or does not stand still, or a mask matches
            nothing: then what it is to cover may be there under another name.
    """
    region = {
        "held": elements.told(),
        "also_held": also.told() if also else None,
        "headings": list(headings),
    }
    around = {"identity": list(identity), "masks": [_PASSWORDS, *masks]}

    async def snapshot(seen: Places) -> str:
        # Not before the page is drawn for the picture: from then on the picture does without the page.
        await frame.evaluate(script("drawn"), _DRAWN_MS)
        row = await frame.locator(seen.selector).first.aria_snapshot(timeout=_SHOT_LIMIT_MS)
        return "\n".join((*seen.outside, discreet(row)))

    try:
        seen, parts, text = await _still(
            page,
            lambda: measure(page, frame, {**region, "focus": "row"}, around),
            lambda seen: _of_row(seen, outlined=outlined),
            snapshot,
        )
        matched = _all_matched(masks, seen.matched[1:])
        if seen.heading and not seen.heading.whole:
            _, above, _ = await _still(
                page, lambda: measure(page, frame, {**region, "focus": "heading"}, around), _of_heading
            )
            first = 1 if seen.identity and seen.identity.whole else 0
            parts = (*parts[:first], *above, *parts[first:])
        if seen.identity and not seen.identity.whole:
            _, line, _ = await _still(page, lambda: measure_line(page, around), _of_line)
            parts = (*line, *parts)
    except BrowserError as error:
        raise _not_photographed("the setting", error) from None
    return Shot(parts, text, matched)


def _all_matched(masks: Sequence[str], matched: Sequence[int]) -> dict[str, int]:
    counts = dict(zip(masks, matched, strict=True))
    if missing := [mask for mask, count in counts.items() if not count]:
        raise EvidenceNotWritten(
            "the picture was not kept, because what must be painted over in it was not found",
            step="evidence",
            expected=" and ".join(missing),
            found="no such element",
            next_step="Nothing is recorded as proven. The page may have changed; report it to the "
            "flow's author.",
        )
    return counts


async def photograph_stop(page: Page, masks: Sequence[str] = ()) -> Shot:
    """Photograph the visible part of a page a visit stopped at, with every text field painted over.

    Raises:
        EvidenceNotWritten: the page is gone.
    """
    around = {"identity": [], "masks": [*_FIELDS, *masks]}
    try:
        before = await measure_line(page, around)
        picture = await _picture(page, before.view)
        after = await masks_of(page, around)
    except BrowserError as error:
        raise _not_photographed("the page", error) from None
    # This page may still be moving; what is painted over is wherever a field was before or after.
    return Shot((Part(picture, before.view, (*before.masks, *after.boxes)),))


async def photograph_page(page: Page, masks: Sequence[str] = ()) -> Shot:
    """Photograph a page from top to bottom, with every text field painted over.

    Raises:
        EvidenceNotWritten: the page is gone.
    """
    covered = (*_FIELDS, *masks)
    try:
        whole, before = await measure_page(page, covered)
        picture = await page.screenshot(full_page=True, animations="disabled", timeout=_SHOT_LIMIT_MS)
        _, after = await measure_page(page, covered)
    except BrowserError as error:
        raise _not_photographed("the page", error) from None
    return Shot((Part(picture, whole, (*before, *after)),))


def _not_photographed(what: str, error: BrowserError) -> EvidenceNotWritten:
    return EvidenceNotWritten(
        f"{what} could not be photographed",
        step="evidence",
        found=str(error).splitlines()[0][:160],
        next_step="Nothing is recorded as proven; run again.",
    )


async def _nothing_more(_: Places) -> str:
    return ""


async def _still(
    page: Page,
    look: Callable[[], Awaitable[Places]],
    cut: Callable[[Places], Pieces],
    describe: Callable[[Places], Awaitable[str]] = _nothing_more,
) -> tuple[Places, tuple[Part, ...], str]:
    """Take one picture of a page that stands still, and say what is kept of it."""
    before = await look()
    for _ in range(_TRIES):
        pieces = cut(before)
        if not pieces:
            return before, (), ""
        clip = bounds_of([box for box, _ in pieces])
        # Taking a picture is mostly waiting for frames to be drawn.
        picture, text = await asyncio.gather(_picture(page, clip, before), describe(before))
        after = await look()
        if after == before:
            masks = tuple(relative(mask, clip) for mask in before.masks)
            parts = tuple(
                Part(picture, relative(box, clip), masks, relative(outline, clip) if outline else None)
                for box, outline in pieces
            )
            return before, parts, text
        before = after
    raise EvidenceNotWritten(
        "the setting does not stand still, so it could not be photographed",
        step="evidence",
        expected=f"a page at rest in one of {_TRIES} pictures",
        next_step="Run again; if it happens again, report it to the flow's author.",
    )


def _of_row(seen: Places, *, outlined: bool) -> Pieces:
    control = seen.control if outlined else None
    if not seen.row.box[3] or (control is not None and not control.whole):
        raise EvidenceNotWritten(
            "the setting cannot be brought into view, so there is nothing to photograph",
            step="evidence",
            expected="the control inside the window",
            found=f"{(control or seen.row).box} of it in a window of {seen.view[2:]}",
            next_step="Nothing is recorded as proven; run again with --mode guided.",
        )
    row = _not_too_tall(seen.row.box, control.box if control else seen.row.box)
    if seen.heading and seen.heading.whole:
        row = bounds_of([seen.heading.box, row])
    pieces: list[tuple[Box, Box | None]] = []
    if seen.identity and seen.identity.whole:
        pieces.append((seen.identity.box, None))
    pieces.append((row, control.box if control else None))
    if seen.more and seen.more.box[3] and bounds_of([row, seen.more.box]) != bounds_of([row]):
        pieces.append((seen.more.box, None))
    return pieces


def _of_heading(seen: Places) -> Pieces:
    return [(seen.heading.box, None)] if seen.heading and seen.heading.whole else []


def _of_line(seen: Places) -> Pieces:
    return [(seen.identity.box, None)] if seen.identity and seen.identity.whole else []


def _not_too_tall(box: Box, control: Box) -> Box:
    if box[3] <= _TALLEST:
        return box
    top = max(box[1], control[1] - _TALLEST / 2)
    return (box[0], top, box[2], min(_TALLEST, box[1] + box[3] - top))


async def _picture(page: Page, clip: Box, seen: Places | None = None) -> bytes:
    left, top, width, height = clip
    beyond = seen is not None and bounds_of([clip, seen.view]) != seen.view
    if seen is not None and beyond:  # such a picture is measured from the page's corner
        left, top = left + seen.scroll[0], top + seen.scroll[1]
    return await page.screenshot(
        clip={"x": left, "y": top, "width": width, "height": height},
        full_page=beyond,
        animations="disabled",
        timeout=_SHOT_LIMIT_MS,
    )
