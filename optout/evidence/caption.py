"""Turning a shot into a picture that says by itself what it is."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from functools import cache, lru_cache
from math import ceil
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from optout.evidence.places import relative
from optout.evidence.png import as_png

if TYPE_CHECKING:
    from optout.evidence.capture import Part, Shot
    from optout.evidence.places import Box

_WIDTH = 900
_PAD = 16
_INSET = 8
_LINE = 24
# Signs may reach beyond the line they stand on.
_ROOM = 4
_INK = "#1d2430"
_PAPER = "#ffffff"
# What is left of a blurred picture: squares of so many pixels, in so many tones.
_COARSE = 14
_WHITE = 255
_TONES = 8
_BAND = "#eef1f5"
_WARNING = "#8a4b00"
_OUTLINE = "#b3261e"
MASK_COLOUR = "#5b6470"
_EDGE = "#c9d0d9"
# The first that this system has and that knows every sign of the line; the last ones are for East Asian
# names. The last resort is Pillow's own, which knows Latin letters only.
_FONTS = (
    *("DejaVuSans.ttf", "NotoSans-Regular.ttf", "Arial Unicode.ttf", "arial.ttf", "segoeui.ttf"),
    *("NotoSansCJK-Regular.ttc", "Hiragino Sans GB.ttc", "YuGothM.ttc", "msgothic.ttc", "msyh.ttc"),
)


# No font draws this one: what stands for it stands for every sign a font does not know.
_NO_SIGN = "\U0010fffe"
_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


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
    """The picture as PNG: the caption, then the shot's parts from top to bottom, one outlined."""
    # Most parts are cut from one picture, which is opened and masked once.
    sources = {(part.picture, part.masks) for part in shot.parts}
    opened = {source: _opened(*source) for source in sources}
    pieces = [_cut(opened[part.picture, part.masks], part.box) for part in shot.parts]
    width = max(_WIDTH, *(piece.width + 2 * (_PAD + _INSET) for piece in pieces))
    lines = [line for text in caption.lines for line in _wrapped(text, width - 2 * _PAD)]
    head = _PAD + (len(lines) + 1) * _LINE + 12 + (_LINE + 8 if caption.practice else 0)
    height = head + sum(piece.height + 2 * _INSET + _PAD for piece in pieces) + _PAD
    canvas = Image.new("RGB", (width, height), _PAPER)
    _draw_head(canvas, caption, lines, head)
    top = head + _PAD
    for part, piece in zip(shot.parts, pieces, strict=True):
        _draw_piece(canvas, piece, part, (_PAD + _INSET, top + _INSET))
        top += piece.height + 2 * _INSET + _PAD
    return as_png(canvas)


def blurred(picture: bytes) -> bytes:
    """A captioned picture without its caption, and so coarse that nothing in it can be read.

    Args:
        picture: PNG as `captioned` made it.
    """
    whole = Image.open(io.BytesIO(picture)).convert("L")
    # The caption's band reaches the left edge; below it there is paper.
    edge = [whole.getpixel((0, row)) for row in range(whole.height)]
    head = edge.index(_WHITE) if _WHITE in edge else whole.height - 1
    page = whole.crop((0, head, whole.width, whole.height))
    small = page.resize(
        (max(1, page.width // _COARSE), max(1, page.height // _COARSE)), Image.Resampling.BOX
    )
    few = small.quantize(_TONES).convert("L")
    out = io.BytesIO()
    few.resize(page.size, Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()


def _draw_piece(canvas: Image.Image, piece: Image.Image, part: Part, at: tuple[int, int]) -> None:
    """A piece in a frame of its own, because the page has nothing to show between two of them."""
    left, top = at
    edge = (
        left - _INSET,
        top - _INSET,
        left + piece.width + _INSET - 1,
        top + piece.height + _INSET - 1,
    )
    right, bottom = piece.width - 1, piece.height - 1
    corners = [piece.getpixel(corner) for corner in ((right, bottom), (0, bottom), (right, 0), (0, 0))]
    around = max(corners, key=corners.count)
    ImageDraw.Draw(canvas).rectangle(edge, fill=around, outline=_EDGE)
    canvas.paste(piece, at)
    if part.outline:
        # Drawn last, so that it is whole even where the control touches the edge of its piece.
        _draw_outline(canvas, relative(part.outline, (part.box[0] - left, part.box[1] - top, 0, 0)))


def _opened(png: bytes, masks: tuple[Box, ...]) -> Image.Image:
    """What pieces are cut from, with everything painted over that must be."""
    picture: Image.Image = Image.open(io.BytesIO(png))
    if picture.mode != "RGB":
        picture = picture.convert("RGB")
    for mask in masks:
        _paint_over(picture, mask)
    return picture


def _cut(picture: Image.Image, box: Box) -> Image.Image:
    left, top, width, height = box
    # Not a pixel beyond the picture's edge: Pillow would make it black.
    right, bottom = min(picture.width, round(left + width)), min(picture.height, round(top + height))
    return picture.crop((round(left), round(top), right, bottom))


def _paint_over(picture: Image.Image, box: Box) -> None:
    x, y, width, height = box
    edges = (int(x) - 1, int(y) - 1, int(x + width) + 1, int(y + height) + 1)
    ImageDraw.Draw(picture).rectangle(edges, fill=MASK_COLOUR)


def _draw_outline(canvas: Image.Image, box: Box) -> None:
    x, y, width, height = box
    frame = (round(x) - 5, round(y) - 5, round(x + width) + 4, round(y + height) + 4)
    ImageDraw.Draw(canvas).rectangle(frame, outline=_OUTLINE, width=3)


def _draw_head(canvas: Image.Image, caption: Caption, lines: list[str], head: int) -> None:
    draw = ImageDraw.Draw(canvas)
    draw.rectangle((0, 0, canvas.width, head), fill=_BAND)
    top = 0
    if caption.practice:
        draw.rectangle((0, 0, canvas.width, _LINE + 8), fill=_WARNING)
        text = "PRACTICE: made on a practice site, not on the platform"
        _write(canvas, (_PAD, 6), text, 16, "#ffffff")
        top = _LINE + 8
    _write(canvas, (_PAD, top + 10), caption.title, 19, _INK)
    for number, line in enumerate(lines, start=1):
        _write(canvas, (_PAD, top + 14 + number * _LINE), line, 15, _INK)


def _write(canvas: Image.Image, at: tuple[int, int], line: str, size: int, ink: str) -> None:
    left, top = at
    canvas.paste(ink, (left - _ROOM, top - _ROOM), _written(line, size))


# Most lines of a caption are those of the one before: letters take longer to draw than to copy.
@lru_cache(maxsize=64)
def _written(line: str, size: int) -> Image.Image:
    """A line as a mask: how much of each pixel its letters cover, and some room around them."""
    font = _font_for(line, size)
    _, _, right, bottom = font.getbbox(line)
    mask = Image.new("L", (ceil(right) + 2 * _ROOM, ceil(bottom) + 2 * _ROOM))
    ImageDraw.Draw(mask).text((_ROOM, _ROOM), line, font=font, fill=_WHITE)
    return mask


def _wrapped(text: str, width: int) -> list[str]:
    """A text in lines that fit, broken at spaces, and within a word only where that fits no line."""
    text = _writable(text)
    font = _font_for(text, 15)
    if font.getlength(text) <= width:
        return [text] if text.strip() else []
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width:
            lines[-1] = longer
            continue
        lines.append("")
        for sign in word:
            if font.getlength(lines[-1] + sign) > width:
                lines.append("")
            lines[-1] += sign
    return [line for line in lines if line]


def _writable(text: str) -> str:
    """A text in which every sign that no font here can draw is written as its code."""
    if _covers(_font_for(text, 15), text):
        return text
    font = _font(15)
    return "".join(sign if _covers(font, sign) else f"\\u{ord(sign):04x}" for sign in text)


def _font_for(text: str, size: int) -> _Font:
    return next((font for font in _fonts(size) if _covers(font, text)), _font(size))


def _covers(font: _Font, text: str) -> bool:
    return all(_draws(font, sign) for sign in set(text))


@cache
def _draws(font: _Font, sign: str) -> bool:
    return sign.isspace() or bytes(font.getmask(sign)) != bytes(font.getmask(_NO_SIGN))


def _font(size: int) -> _Font:
    return _fonts(size)[0]


@cache
def _fonts(size: int) -> tuple[_Font, ...]:
    found: list[_Font] = []
    for name in _FONTS:
        with contextlib.suppress(OSError):
            found.append(ImageFont.truetype(name, size))
    return (*found, ImageFont.load_default(size))
