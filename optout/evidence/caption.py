"""Turning a shot into a picture that says by itself what it is."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from optout.evidence.capture import Shot

_WIDTH = 900
_PAD = 16
_LINE = 24
_INK = "#1d2430"
_PAPER = "#ffffff"
_BAND = "#eef1f5"
_WARNING = "#8a4b00"
_OUTLINE = "#b3261e"
# The first that this system has; the last resort is Pillow's own, which knows Latin letters only.
_FONTS = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "Arial Unicode.ttf", "arial.ttf")


@dataclass(frozen=True)
class Caption:
    """What stands above a picture.

    Attributes:
        title: what the picture shows, such as "Before".
        lines: the facts, one line each.
        practice: whether it was made on a practice site.
    """

    title: str
    lines: tuple[str, ...]
    practice: bool


def captioned(shot: Shot, caption: Caption) -> bytes:
    """The picture as PNG: caption, the line naming the account, the section with its outline."""
    section = Image.open(io.BytesIO(shot.section)).convert("RGB")
    if shot.outline:
        _draw_outline(section, shot.outline)
    named = Image.open(io.BytesIO(shot.identity)).convert("RGB") if shot.identity else None
    parts = [part for part in (named, section) if part is not None]
    width = max(_WIDTH, *(part.width + 2 * _PAD for part in parts))
    lines = [line for text in caption.lines for line in _wrapped(text, width - 2 * _PAD)]
    head = _PAD + (len(lines) + 1) * _LINE + 12 + (_LINE + 8 if caption.practice else 0)
    height = head + sum(part.height + _PAD for part in parts) + _PAD
    canvas = Image.new("RGB", (width, height), _PAPER)
    _draw_head(canvas, caption, lines, head)
    top = head + _PAD
    for part in parts:
        canvas.paste(part, (_PAD, top))
        top += part.height + _PAD
    out = io.BytesIO()
    canvas.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _draw_outline(picture: Image.Image, box: tuple[float, float, float, float]) -> None:
    x, y, width, height = box
    frame = (max(0, x - 4), max(0, y - 4), x + width + 4, y + height + 4)
    ImageDraw.Draw(picture).rectangle(frame, outline=_OUTLINE, width=3)


def _draw_head(canvas: Image.Image, caption: Caption, lines: list[str], head: int) -> None:
    draw = ImageDraw.Draw(canvas)
    draw.rectangle((0, 0, canvas.width, head), fill=_BAND)
    top = 0
    if caption.practice:
        draw.rectangle((0, 0, canvas.width, _LINE + 8), fill=_WARNING)
        text = "PRACTICE: made on a practice site, not on the platform"
        draw.text((_PAD, 6), text, font=_font(16), fill="#ffffff")
        top = _LINE + 8
    draw.text((_PAD, top + 10), caption.title, font=_font(19), fill=_INK)
    for number, line in enumerate(lines, start=1):
        draw.text((_PAD, top + 14 + number * _LINE), line, font=_font(15), fill=_INK)


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _font(15).getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)
