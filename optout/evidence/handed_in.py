"""Taking in a picture that a person hands in: looked at, made anew, and without what it hides."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageOps

from optout.errors import UsageProblem

if TYPE_CHECKING:
    from pathlib import Path

_FORMATS = ("PNG", "JPEG", "WEBP")
_MOST_BYTES = 25 * 1024 * 1024
_MOST_PIXELS = 50_000_000
_LEAST_SIDE = 100
_MOST_SIDE = 3000
_AS_FILE = "Save it as PNG or JPEG and hand in that file."


@dataclass(frozen=True)
class HandedIn:
    """A picture as it was taken in.

    Attributes:
        picture: PNG of its pixels alone: no place, no camera, no text, no thumbnail.
        width: of that PNG, in pixels.
        height: of that PNG, in pixels.
        original_format: what the file was.
        original_size: width and height of the file's picture.
        original_sha256: digest of the file, so that its owner can show later which one it was.
    """

    picture: bytes
    width: int
    height: int
    original_format: str
    original_size: tuple[int, int]
    original_sha256: str


def take_in(file: Path) -> HandedIn:
    """Read a screenshot, and keep nothing of it but what it shows.

    Raises:
        UsageProblem: it is no picture, too large, too small, damaged, or shows nothing.
    """
    content = _content(file)
    try:
        with warnings.catch_warnings():
            # What Pillow only warns of is measured below.
            warnings.simplefilter("ignore")
            opened = Image.open(io.BytesIO(content), formats=_FORMATS)
            _measure(file, opened.size)
            picture = _plain(opened)
    except Image.DecompressionBombError:
        raise _refused(file, "far too many pixels", _AS_FILE) from None
    # Pillow's decoders raise all of these for files that are cut off or made up.
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        found = type(error).__name__ if isinstance(error, SyntaxError) else str(error)
        raise _refused(file, found.replace(repr(content), ""), _AS_FILE) from None
    if all(low == high for low, high in _spread(picture)):
        raise _refused(file, "one colour and nothing else", "Take the screenshot again, and look at it.")
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=6)
    return HandedIn(
        picture=out.getvalue(),
        width=picture.width,
        height=picture.height,
        original_format=str(opened.format),
        original_size=opened.size,
        original_sha256=hashlib.sha256(content).hexdigest(),
    )


def _content(file: Path) -> bytes:
    if not file.is_file():
        raise _refused(file, "no such file" if not file.exists() else "not a file", "Check the path.")
    if file.stat().st_size > _MOST_BYTES:
        megabytes = file.stat().st_size / 1024 / 1024
        raise _refused(file, f"{megabytes:.0f} MB", f"Hand in at most {_MOST_BYTES >> 20} MB.")
    try:
        return file.read_bytes()
    except OSError as error:
        raise _refused(file, error.strerror or str(error), "Make it readable.") from None


def _measure(file: Path, size: tuple[int, int]) -> None:
    if min(size) < _LEAST_SIDE:
        small = "It is too small to show a setting; hand in the whole screenshot."
        raise _refused(file, f"{size[0]} x {size[1]} pixels", small)
    if size[0] * size[1] > _MOST_PIXELS:
        large = f"Hand in one of at most {_MOST_PIXELS // 1_000_000} million pixels."
        raise _refused(file, f"{size[0]} x {size[1]} pixels", large)


def _plain(opened: Image.Image) -> Image.Image:
    """The pixels on white paper, the right way up, and no larger than can be read."""
    upright = ImageOps.exif_transpose(opened).convert("RGBA")
    paper = Image.new("RGBA", upright.size, "white")
    flat = Image.alpha_composite(paper, upright).convert("RGB")
    if max(flat.size) > _MOST_SIDE:
        flat.thumbnail((_MOST_SIDE, _MOST_SIDE), Image.Resampling.LANCZOS)
    # A picture of its own: what the file said besides its pixels stays behind.
    bare = Image.new("RGB", flat.size)
    bare.paste(flat)
    return bare


def _spread(picture: Image.Image) -> list[tuple[float, float]]:
    extrema = picture.getextrema()
    return [pair for pair in extrema if isinstance(pair, tuple)]


def _refused(file: Path, found: str, next_step: str) -> UsageProblem:
    return UsageProblem(
        f"{file} cannot be taken in",
        step="record",
        expected="a screenshot as PNG, JPEG or WebP",
        found=found,
        next_step=next_step,
    )
