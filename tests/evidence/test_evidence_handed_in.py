"""Pictures that people hand in: looked at, made anew, and rid of what they hide."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import random
import struct
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageDraw, PngImagePlugin

from optout.errors import UsageProblem
from optout.evidence.handed_in import take_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_GPS, _ORIENTATION, _CAMERA = 0x8825, 0x0112, 0x0110


def drawn(size: tuple[int, int] = (640, 400), mode: str = "RGB") -> Image.Image:
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).rectangle((20, 20, 200, 80), fill="navy")
    return picture.convert(mode)


def saved(folder: Path, picture: Image.Image, name: str = "shot.png", **facts: Any) -> Path:
    picture.save(folder / name, **facts)
    return folder / name


def refusal(file: Path) -> str:
    with pytest.raises(UsageProblem) as caught:
        take_in(file)
    assert str(file) in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1"])
def test_a_screenshot_keeps_its_pixels(tmp_path: Path, mode: str) -> None:
    taken = take_in(saved(tmp_path, drawn(mode=mode)))
    picture = Image.open(io.BytesIO(taken.picture))
    assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", (640, 400))
    assert picture.getpixel((5, 5)) == (255, 255, 255)
    assert picture.getpixel((100, 50)) != (255, 255, 255)


@pytest.mark.parametrize("name", ["shot.jpg", "shot.webp", "shot.png"])
def test_the_known_formats_are_taken_whatever_the_file_is_called(tmp_path: Path, name: str) -> None:
    file = saved(tmp_path, drawn(), name).rename(tmp_path / "x.dat")
    taken = take_in(file)
    assert taken.original_format == {"jpg": "JPEG", "webp": "WEBP", "png": "PNG"}[name[5:]]
    assert taken.original_sha256 == hashlib.sha256(file.read_bytes()).hexdigest()


def test_place_camera_and_text_stay_behind(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[_CAMERA] = "Ada's Phone"
    exif.get_ifd(_GPS)[2] = (52.0, 31.0, 12.0)
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "Ada Example")
    jpeg = saved(tmp_path, drawn(), "a.jpg", exif=exif, comment=b"Ada Example")
    png = saved(tmp_path, drawn(), "b.png", exif=exif, pnginfo=text)
    assert b"Ada" in jpeg.read_bytes()
    assert b"Ada" in png.read_bytes()
    for file in (jpeg, png):
        made = Image.open(io.BytesIO(take_in(file).picture))
        made.load()
        assert (dict(made.getexif()), made.info) == ({}, {})
        assert b"Ada" not in take_in(file).picture


def test_what_is_hidden_behind_the_picture_stays_behind(tmp_path: Path) -> None:
    file = saved(tmp_path, drawn())
    file.write_bytes(file.read_bytes() + b"PK\x03\x04 a whole archive")
    assert b"archive" not in take_in(file).picture


def test_a_photograph_is_turned_the_right_way_up(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[_ORIENTATION] = 6
    taken = take_in(saved(tmp_path, drawn((640, 400)), "a.jpg", exif=exif))
    assert (taken.width, taken.height) == (400, 640)


def test_what_shines_through_is_put_on_white_paper(tmp_path: Path) -> None:
    picture = drawn(mode="RGBA")
    picture.putpixel((300, 300), (10, 10, 10, 0))
    made = Image.open(io.BytesIO(take_in(saved(tmp_path, picture)).picture))
    assert made.getpixel((300, 300)) == (255, 255, 255)


def test_a_very_large_picture_is_made_smaller_and_says_how_large_it_was(tmp_path: Path) -> None:
    taken = take_in(saved(tmp_path, drawn((4000, 400)), "a.jpg"))
    assert (taken.width, taken.height, taken.original_size) == (3000, 300, (4000, 400))


def _bomb(file: Path, side: int) -> None:
    """A small file that says it is a square of this side."""
    drawn().save(file, "PNG")
    content = bytearray(file.read_bytes())
    content[16:24] = struct.pack(">II", side, side)
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    file.write_bytes(content)


def _sparse(file: Path) -> None:
    with file.open("wb") as content:
        content.truncate(26 * 1024 * 1024)


BAD: dict[str, tuple[Callable[[Path], Any], str]] = {
    "nothing": (lambda file: file.unlink(missing_ok=True), "no such file"),
    "a folder": (lambda file: file.mkdir(), "not a file"),
    "a pipe": (os.mkfifo, "not a file"),
    "empty": (lambda file: file.write_bytes(b""), "cannot identify image file"),
    "a text": (lambda file: file.write_text("Privacy mode is on, honestly"), "cannot identify image"),
    "markup": (
        lambda file: file.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>"),
        "cannot identify",
    ),
    "another format": (lambda file: drawn().save(file, "GIF"), "cannot identify image file"),
    "an icon": (lambda file: drawn((64, 64)).save(file, "PNG"), "64 x 64 pixels"),
    "a bomb": (lambda file: _bomb(file, 30_000), "far too many pixels"),
    "a smaller bomb": (lambda file: _bomb(file, 10_000), "10000 x 10000 pixels"),
    "a huge file": (_sparse, "26 MB"),
    "one colour": (lambda file: Image.new("RGB", (640, 400)).save(file, "PNG"), "one colour"),
}


@pytest.mark.parametrize("bad", BAD)
def test_what_is_no_screenshot_is_refused_with_what_it_is(tmp_path: Path, bad: str) -> None:
    make, said = BAD[bad]
    file = tmp_path / "shot.png"
    make(file)
    assert said in refusal(file)


@pytest.mark.parametrize("name", ["shot.png", "shot.jpg", "shot.webp"])
def test_a_damaged_picture_is_refused_or_read_and_never_a_surprise(tmp_path: Path, name: str) -> None:
    whole = saved(tmp_path, drawn(), name).read_bytes()
    chance = random.Random(20261122)  # noqa: S311 - reproducible damage
    for _ in range(60):
        damaged = bytearray(whole[: chance.randrange(len(whole))])
        if damaged:
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        (tmp_path / name).write_bytes(damaged)
        with contextlib.suppress(UsageProblem):  # anything else is the surprise
            take_in(tmp_path / name)
