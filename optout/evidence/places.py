"""Measuring a page for a picture: what may be kept of it, what is painted over, and where that is."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error as BrowserError

from optout.page_scripts import ask, script

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.async_api import Frame, JSHandle, Page

Box = tuple[float, float, float, float]
"""Left, top, width and height in pixels of the window."""

_NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)
_FRAME_LIMIT_S = 2.0
# A frame's own page begins inside its border and padding.
_EDGES = """(holder) => {
  const style = getComputedStyle(holder);
  const [left, top] = [parseFloat(style.paddingLeft), parseFloat(style.paddingTop)];
  return [
    holder.clientLeft + left, holder.clientTop + top,
    holder.clientWidth - left - parseFloat(style.paddingRight),
    holder.clientHeight - top - parseFloat(style.paddingBottom),
  ];
}"""


@dataclass(frozen=True)
class Held:
    """Elements that an object in a page holds.

    Attributes:
        holder: the object, with a list named `elements`.
        places: which of them, by their places in that list.
    """

    holder: JSHandle
    places: Sequence[int]

    def told(self) -> dict[str, Any]:
        """As a script of the page takes them."""
        return {"holder": self.holder, "places": [*self.places]}


@dataclass(frozen=True)
class Seen:
    """What a window shows of something.

    Attributes:
        box: the part that shows; empty where nothing does.
        whole: whether that is all of it.
    """

    box: Box
    whole: bool


@dataclass(frozen=True)
class Places:
    """Where everything is at one moment; None for what the page has not.

    Attributes:
        row: what stands around the elements and holds no other control.
        control: the part of the first element that a person would press.
        heading: the heading that the row stands under.
        more: what else belongs into the picture, such as an open menu.
        identity: the line that names the account.
        masks: what is painted over.
        matched: how many elements each mask matched, in the order they were asked for.
        view: the window.
        scroll: how far the page is scrolled.
        selector: the way to the row, in its own frame.
        outside: lines for a snapshot: what belongs to the row and stands outside of it.
    """

    row: Seen
    control: Seen | None
    heading: Seen | None
    more: Seen | None
    identity: Seen | None
    masks: tuple[Box, ...]
    matched: tuple[int, ...]
    view: Box
    scroll: tuple[float, float]
    selector: str
    outside: tuple[str, ...]


@dataclass(frozen=True)
class Masked:
    """What is painted over.

    Attributes:
        boxes: where, in the window.
        matched: how many elements each mask matched, in the order they were asked for.
    """

    boxes: tuple[Box, ...]
    matched: tuple[int, ...]


async def measure_page(page: Page, masks: Sequence[str]) -> tuple[Box, tuple[Box, ...]]:
    """The whole page, and what is painted over in it, both from the page's corner.

    Raises:
        playwright.async_api.Error: the page has moved on.
    """
    around = {"identity": [], "masks": list(masks)}
    main, found = await asyncio.gather(ask(page, script("around"), around), masks_of(page, around))
    left, top = main["scroll"]
    boxes = tuple((x + left, y + top, width, height) for x, y, width, height in found.boxes)
    return (0.0, 0.0, float(main["page"][0]), float(main["page"][1])), boxes


async def measure(page: Page, frame: Frame, region: dict[str, Any], around: dict[str, Any]) -> Places:
    """Measure everything that a picture of some elements needs, and bring it into view for that.

    Args:
        page: the page.
        frame: the frame that the elements stand in.
        region: the questions of `region.js`.
        around: the questions of `around.js`.

    Raises:
        playwright.async_api.Error: the page has moved on.
    """
    found, main = await _ask(page, frame, region, around)
    masks, holders = await asyncio.gather(_masks_in_frames(page, around), _holders(frame))
    view: Box = (0.0, 0.0, float(main["view"][0]), float(main["view"][1]))
    shift = (holders[0][0], holders[0][1]) if holders else (0.0, 0.0)

    def seen(name: str) -> Seen | None:
        if (place := found[name]) is None:
            return None
        return _cut(_moved(place["whole"], shift), _moved(place["shown"], shift), [*holders, view])

    row = seen("row")
    if not holders and found["row"]["whole"] == found["row"]["shown"]:
        # Only the window cuts it off: the page can be photographed beyond that.
        row = Seen(_box(found["row"]["whole"]), whole=True)
    line = _box(main["identity"]) if main["identity"] else None
    return Places(
        row=row or Seen(view, whole=False),
        control=seen("control"),
        heading=seen("heading"),
        more=seen("more"),
        identity=_cut(line, line, [view]) if line else None,
        masks=(*map(_box, main["masks"]), *masks.boxes),
        matched=_sum(main["matched"], masks.matched),
        view=view,
        scroll=(main["scroll"][0], main["scroll"][1]),
        selector=found["selector"],
        outside=tuple(found["outside"]),
    )


async def _ask(
    page: Page, frame: Frame, region: dict[str, Any], around: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    if frame is page.main_frame:
        both = await ask(page, script("places"), {"region": region, "around": around})
        return both["region"], both["around"]
    found = await ask(frame, script("region"), region)  # brings it into view, which moves the rest
    return found, await ask(page, script("around"), around)


async def measure_line(page: Page, around: dict[str, Any]) -> Places:
    """Bring the line that names the account into view, and measure only that.

    Raises:
        playwright.async_api.Error: the page has moved on.
    """
    main, masks = await asyncio.gather(
        ask(page, script("around"), {**around, "reveal": True}), masks_of(page, around)
    )
    view: Box = (0.0, 0.0, float(main["view"][0]), float(main["view"][1]))
    line = _box(main["identity"]) if main["identity"] else None
    return Places(
        row=Seen(view, whole=False),
        control=None,
        heading=None,
        more=None,
        identity=_cut(line, line, [view]) if line else None,
        masks=masks.boxes,
        matched=masks.matched,
        view=view,
        scroll=(main["scroll"][0], main["scroll"][1]),
        selector="",
        outside=(),
    )


async def masks_of(page: Page, around: dict[str, Any]) -> Masked:
    """What is painted over, in the page and in all its frames."""
    main = await ask(page, script("around"), {**around, "identity": []})
    frames = await _masks_in_frames(page, around)
    return Masked((*map(_box, main["masks"]), *frames.boxes), _sum(main["matched"], frames.matched))


async def _masks_in_frames(page: Page, around: dict[str, Any]) -> Masked:
    boxes: list[Box] = []
    matched = (0,) * len(around["masks"])
    for frame in page.frames:
        if frame is page.main_frame or frame.is_detached():
            continue
        holders = await _holders(frame)
        try:
            async with asyncio.timeout(_FRAME_LIMIT_S):
                found = await ask(frame, script("around"), {**around, "identity": []})
        except (BrowserError, TimeoutError):
            boxes += holders[:1]  # What cannot be looked into is painted over as a whole.
        else:
            shift = (holders[0][0], holders[0][1]) if holders else (0.0, 0.0)
            boxes += [_moved(mask, shift) for mask in found["masks"]]
            matched = _sum(matched, found["matched"])
    return Masked(tuple(boxes), matched)


async def _holders(frame: Frame) -> list[Box]:
    """The boxes in the window that a frame shows in, its own first; none for the page itself."""
    boxes: list[Box] = []
    while frame.parent_frame is not None:
        try:
            holder = await frame.frame_element()
            box, edges = await asyncio.gather(holder.bounding_box(), holder.evaluate(_EDGES))
        except BrowserError:
            if not frame.is_detached():
                raise
            box = None
        if box is None:
            return [_NOWHERE]
        left, top, width, height = edges
        boxes.append((box["x"] + left, box["y"] + top, width, height))
        frame = frame.parent_frame
    return boxes


def bounds_of(boxes: Sequence[Box]) -> Box:
    """The smallest box of whole pixels that holds all of these."""
    left = math.floor(min(box[0] for box in boxes))
    top = math.floor(min(box[1] for box in boxes))
    right = math.ceil(max(box[0] + box[2] for box in boxes))
    bottom = math.ceil(max(box[1] + box[3] for box in boxes))
    return (float(left), float(top), float(right - left), float(bottom - top))


def relative(box: Box, corner: Box) -> Box:
    """A box as seen from another one's corner."""
    return (box[0] - corner[0], box[1] - corner[1], box[2], box[3])


def _cut(whole: Box, shown: Box, bounds: Sequence[Box]) -> Seen:
    """What of a box is left within all of these."""
    left, top, right, bottom = shown[0], shown[1], shown[0] + shown[2], shown[1] + shown[3]
    for x, y, width, height in bounds:
        left, top = max(left, x), max(top, y)
        right, bottom = min(right, x + width), min(bottom, y + height)
    if right - left < 1 or bottom - top < 1:
        return Seen(_NOWHERE, whole=False)
    all_of_it = whole[2] - (right - left) < 1 and whole[3] - (bottom - top) < 1
    return Seen((left, top, right - left, bottom - top), whole=all_of_it)


def _sum(counts: Sequence[int], more: Sequence[int]) -> tuple[int, ...]:
    return tuple(one + other for one, other in zip(counts, more, strict=True))


def _box(numbers: Sequence[float]) -> Box:
    return (float(numbers[0]), float(numbers[1]), float(numbers[2]), float(numbers[3]))


def _moved(numbers: Sequence[float], by: tuple[float, float]) -> Box:
    return (numbers[0] + by[0], numbers[1] + by[1], float(numbers[2]), float(numbers[3]))
