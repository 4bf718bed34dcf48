"""Pictures: what belongs in is in, whole and where the outline says; what does not belong is not."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, cast

import pytest
from PIL import Image, ImageColor

from optout.errors import EvidenceNotWritten
from optout.evidence.caption import MASK_COLOUR, Caption, captioned
from optout.evidence.capture import photograph, photograph_page, photograph_stop
from optout.evidence.places import Held
from optout.evidence.png import as_png

if TYPE_CHECKING:
    from playwright.async_api import ElementHandle, Page

    from optout.evidence.capture import Shot

Colour = tuple[int, int, int]

HEADING, ROW, CONTROL = (10, 20, 30), (40, 50, 60), (0, 128, 255)
CANARY, PHOTO, SECRET, NAME = (255, 0, 255), (255, 128, 0), (0, 255, 0), (90, 60, 30)
RED: Colour = (179, 38, 30)
MASK = cast("Colour", ImageColor.getrgb(MASK_COLOUR))
BAND: Colour = (0x8A, 0x4B, 0x00)
CAPTION = Caption("Before: what the page showed", ("one line", "another"), practice=True)


def block(
    colour: Colour, width: int, height: int, *, more: str = "", inner: str = "", tag: str = "div"
) -> str:
    style = f"background: rgb{colour}; width: {width}px; height: {height}px; {more}"
    return f'<{tag} style="{style}">{inner}</{tag}>'


CONTROL_HTML = (
    f'<button role="switch" id="it" style="position: absolute; left: 30px; top: 12px; width: 40px; '
    f'height: 20px; border: 0; padding: 0; background: rgb{CONTROL}"></button>'
)
ROW_HTML = block(ROW, 300, 50, more="position: relative", inner=CONTROL_HTML)
HEADING_HTML = (
    f'<h2 style="margin: 0; width: 200px; height: 30px; background: rgb{HEADING}; color: transparent">'
    "Learning</h2>"
)
WHO_HTML = (
    f'<p class="who" style="margin: 0; width: 120px; height: 24px; background: rgb{NAME}">'
    f'<span class="photo" style="display: inline-block; width: 20px; height: 20px; '
    f'background: rgb{PHOTO}"></span></p>'
)
OTHER = '<input type="checkbox">'


def section(between: str = "", row: str = ROW_HTML) -> str:
    return f"<section>{HEADING_HTML}{between}{row}</section>{OTHER}"


def canary(width: int = 900, height: int = 200) -> str:
    return block(CANARY, width, height, inner="ada.private@example.org")


async def held(*elements: ElementHandle) -> Held:
    """Elements as a survey of their page would hold them."""
    first, *others = elements
    holder = "(first, others) => ({ elements: [first, ...others] })"
    return Held(await first.evaluate_handle(holder, others), range(len(elements)))


async def shoot(page: Page, html: str, *, selector: str = "#it", also: str = "") -> Shot:
    """The picture of the control `selector` on a page made of this."""
    await page.set_viewport_size({"width": 1000, "height": 700})
    await page.set_content(f'<body style="margin: 0">{html}</body>')
    frame = page.frames[-1]
    element = await frame.wait_for_selector(selector)
    assert element is not None
    return await photograph(
        page,
        frame,
        await held(element),
        also=await held(*await page.query_selector_all(also)) if also else None,
        outlined=True,
        headings=["Learning"],
        identity=[".who"],
        masks=[".photo"] if "photo" in html else [],
    )


def drawn(shot: Shot, caption: Caption = CAPTION) -> Image.Image:
    return Image.open(io.BytesIO(captioned(shot, caption))).convert("RGB")


def area(picture: Image.Image, colour: Colour) -> int:
    """How many pixels have this very colour."""
    return sum(count for count, seen in picture.getcolors(1 << 24) or () if seen == colour)


def extent(picture: Image.Image, colour: Colour) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of everything of this colour."""
    alike = Image.new("1", picture.size)
    alike.putdata([pixel == colour for pixel in picture.get_flattened_data()])
    box = alike.getbbox()
    assert box is not None, colour
    return box


LAYOUTS = {
    "plain": f"{WHO_HTML}{section()}",
    "far down": f"{WHO_HTML}{block((255, 255, 255), 10, 3000)}{section()}",
    "between canaries": f"{WHO_HTML}{canary()}{section()}{canary()}",
    "beside a canary": (
        f'{WHO_HTML}<div style="display: flex">{canary(200, 80)}<div>{section()}</div>'
        f"{canary(200, 80)}</div>"
    ),
    "heading far above": f"{WHO_HTML}{section(OTHER + block((255, 255, 255), 10, 1500) + OTHER)}",
    "in a box that scrolls": (
        f'{WHO_HTML}{canary()}<div style="height: 120px; width: 400px; overflow: auto">'
        f"{block((255, 255, 255), 10, 900)}{section()}{block((255, 255, 255), 10, 900)}</div>{canary()}"
    ),
    "wider than the window": (
        f'{WHO_HTML}<div style="padding-left: 1500px; width: 2000px">{section()}</div>'
    ),
    "on top of everything": (
        f"{WHO_HTML}{canary(900, 900)}"
        f'<div style="overflow: hidden; height: 0">'
        f'<div style="position: fixed; left: 50px; top: 60px; background: white">'
        f"{section()}</div></div>"
    ),
    "zoomed": f'{WHO_HTML}<div style="padding: 7.3px 0 0 5.7px">{section()}</div>{canary()}',
}
EACH = pytest.mark.parametrize("layout", LAYOUTS)


@EACH
async def test_heading_and_row_are_in_the_picture_whole(page: Page, layout: str) -> None:
    picture = drawn(await shoot(page, LAYOUTS[layout]))
    inside_outline = 40 * 20 + (50 * 30 - 40 * 20)
    assert area(picture, HEADING) >= 200 * 30 - 230  # a fraction of a pixel on two sides
    assert area(picture, ROW) + inside_outline >= 300 * 50 - 350


@EACH
async def test_the_outline_is_around_the_control_and_nothing_else(page: Page, layout: str) -> None:
    picture = drawn(await shoot(page, LAYOUTS[layout]))
    left, top, right, bottom = extent(picture, RED)
    inner = extent(picture, CONTROL)
    assert (inner[0] - left, inner[1] - top) == pytest.approx((5, 5), abs=1)
    assert (right - inner[2], bottom - inner[3]) == pytest.approx((5, 5), abs=1)


@EACH
async def test_who_is_signed_in_is_in_the_picture_with_the_photo_painted_over(
    page: Page, layout: str
) -> None:
    picture = drawn(await shoot(page, LAYOUTS[layout]))
    assert (area(picture, NAME) > 1000, area(picture, PHOTO)) == (True, 0)
    assert area(picture, MASK) >= 20 * 20


@EACH
async def test_what_else_the_page_shows_is_not_in_the_picture(page: Page, layout: str) -> None:
    assert area(drawn(await shoot(page, LAYOUTS[layout])), CANARY) == 0


def framed(
    inside: str, style: str = "width: 500px; height: 200px; border: 7px solid; padding: 5px"
) -> str:
    text = inside.replace("&", "&amp;").replace('"', "&quot;")
    return f'<iframe style="{style}" srcdoc="<body style=&quot;margin:0&quot;>{text}"></iframe>'


FRAMES = {
    "with a border": f"{WHO_HTML}{canary()}{framed(section())}{canary()}",
    "far down": f"{WHO_HTML}{block((255, 255, 255), 10, 2500)}{framed(section())}",
    "scrolled within": f"{WHO_HTML}{canary()}{framed(canary() + section() + canary())}{canary()}",
}


@pytest.mark.parametrize("layout", FRAMES)
async def test_in_a_frame_the_outline_fits_and_nothing_else_shows(page: Page, layout: str) -> None:
    picture = drawn(await shoot(page, FRAMES[layout]))
    left, top, _, _ = extent(picture, RED)
    inner = extent(picture, CONTROL)
    assert (inner[0] - left, inner[1] - top) == pytest.approx((5, 5), abs=1)
    assert (area(picture, CANARY), area(picture, HEADING) > 5000) == (0, True)


async def test_of_a_dialog_with_the_only_control_the_page_behind_it_does_not_show(page: Page) -> None:
    over = "position: fixed; left: 40px; top: 60px"
    dialog = f'<div role="dialog" style="{over}">{HEADING_HTML}{ROW_HTML}</div>'
    picture = drawn(await shoot(page, f"{WHO_HTML}<div>{canary(height=600)}{dialog}</div>"))
    assert (area(picture, HEADING) > 5000, area(picture, CONTROL) > 500) == (True, True)
    assert area(picture, CANARY) < 10_000  # a margin around the dialog, where the page has 500,000


async def test_in_nested_shadow_roots_the_outline_fits(page: Page) -> None:
    await page.set_content('<div id="host"></div>')
    await page.evaluate(
        """(html) => {
          const inner = document.createElement('div');
          document.querySelector('#host').attachShadow({ mode: 'open' }).append(inner);
          inner.attachShadow({ mode: 'open' }).innerHTML = html;
        }""",
        section(),
    )
    element = await page.wait_for_selector("#it")
    assert element is not None
    shot = await photograph(
        page, page.main_frame, await held(element), outlined=True, headings=["Learning"]
    )
    picture = drawn(shot)
    assert extent(picture, CONTROL)[0] - extent(picture, RED)[0] == 5
    assert '- heading "Learning"' in shot.snapshot
    assert "switch" in shot.snapshot


async def test_a_row_taller_than_the_window_is_in_the_picture_whole(page: Page) -> None:
    row = block(ROW, 300, 1800, more="position: relative", inner=CONTROL_HTML)
    picture = drawn(await shoot(page, f"{canary()}{section(row=row)}{canary()}"))
    assert area(picture, ROW) >= 300 * 1800 - 50 * 30
    assert (area(picture, CANARY), picture.height > 1800) == (0, True)


async def test_an_open_menu_is_a_piece_of_its_own(page: Page) -> None:
    menu = block(SECRET, 150, 90, more="position: absolute; left: 700px; top: 400px", tag="ul")
    picture = drawn(await shoot(page, f"{section()}{menu}{canary()}", also="ul"))
    assert (area(picture, SECRET) >= 150 * 90, area(picture, CANARY)) == (True, 0)


FIELD = f"width: 200px; height: 30px; border: 0; color: rgb{SECRET}; background: rgb{SECRET}"
FIELDS = {
    "text": f'<input value="canary" style="{FIELD}">',
    "no type that browsers know": f'<input type="pin" value="canary" style="{FIELD}">',
    "password": f'<input type="password" value="canary" style="{FIELD}">',
    "area": f'<textarea style="{FIELD}">canary</textarea>',
    "editable": f'<div contenteditable style="{FIELD}">canary</div>',
    "in a frame": framed(f'<input value="canary" style="{FIELD}">'),
    "in a frame in a frame": framed(
        framed(f'<input value="canary" style="{FIELD}">', "border: 3px solid")
    ),
}


@pytest.mark.parametrize("field", FIELDS)
async def test_where_a_visit_stopped_every_text_field_is_painted_over(page: Page, field: str) -> None:
    await page.set_content(f"<h1>Stop</h1>{FIELDS[field]}", wait_until="load")
    picture = drawn(await photograph_stop(page))
    assert (area(picture, SECRET), area(picture, MASK) >= 200 * 30) == (0, True)


async def test_a_password_in_the_row_is_painted_over(page: Page) -> None:
    password = f'<input type="password" value="canary" style="{FIELD}">'
    shot = await shoot(page, f"{HEADING_HTML}<div>{ROW_HTML}{password}</div>")
    assert area(drawn(shot), SECRET) == 0


TYPED = (
    '<label>Recovery: "it\'s" <input value="canary: 1"></label><label>Key <input type="password" '
    'value="canary"></label><textarea aria-label="notes">canary\nmore canary</textarea>'
    '<input type="number" value="4711"><input type="search" value="canary">'
    '<input list="x" value="canary"><a href="/next?canary=1#canary">next</a>'
)


async def test_the_snapshot_says_what_the_control_is_and_nothing_that_was_typed(page: Page) -> None:
    shot = await shoot(page, f"{HEADING_HTML}<div>{ROW_HTML}{TYPED}</div>")
    assert ("canary" in shot.snapshot, "4711" in shot.snapshot) == (False, False), shot.snapshot
    assert ("- switch" in shot.snapshot, "/url: /next" in shot.snapshot) == (True, True), shot.snapshot


async def test_a_control_that_never_stands_still_is_not_photographed(page: Page) -> None:
    await page.set_content(section())
    await page.evaluate(
        """setInterval(() => {
          document.querySelector('section').style.marginLeft = `${Math.random() * 90}px`;
        }, 5)"""
    )
    element = await page.wait_for_selector("#it")
    assert element is not None
    with pytest.raises(EvidenceNotWritten, match="does not stand still"):
        await photograph(page, page.main_frame, await held(element), outlined=True)


async def test_a_control_that_cannot_be_brought_into_view_is_not_photographed(page: Page) -> None:
    hidden = f'<div style="position: fixed; left: -900px; top: 0">{section()}</div>'
    with pytest.raises(EvidenceNotWritten, match="cannot be brought into view"):
        await shoot(page, hidden)


async def test_a_page_that_is_gone_is_not_photographed(page: Page) -> None:
    await page.set_content(section())
    element = await page.wait_for_selector("#it")
    assert element is not None
    gone = await held(element)
    await page.goto("about:blank")
    with pytest.raises(EvidenceNotWritten, match="could not be photographed"):
        await photograph(page, page.main_frame, gone)


# Captions


@pytest.mark.parametrize(("practice", "band"), [(True, BAND), (False, (0xEE, 0xF1, 0xF5))])
async def test_practice_is_said_on_the_picture_and_only_there(
    page: Page, practice: bool, band: Colour
) -> None:
    shot = await shoot(page, section())
    picture = drawn(shot, Caption("Before", ("one line",), practice=practice))
    assert picture.getpixel((2, 2)) == band


LONG = {
    "words": "on whatever else anybody who works with me does here " * 8,
    "one word": "x" * 400,
    "no spaces": "コンテンツを作るAIの学習に私のデータを使う" * 8,
}


@pytest.mark.parametrize("kind", LONG)
async def test_a_long_caption_goes_on_in_the_next_line(page: Page, kind: str) -> None:
    shot = await shoot(page, section())
    picture = drawn(shot, Caption("Before", (LONG[kind],), practice=False))
    head = extent(picture, (0xEE, 0xF1, 0xF5))
    margin = picture.crop((picture.width - 16, 0, picture.width, head[3]))
    assert margin.getcolors() == [(16 * head[3], (0xEE, 0xF1, 0xF5))]
    assert head[3] > 100


async def test_signs_that_no_font_knows_are_told_apart(page: Page) -> None:
    shot = await shoot(page, section())
    one, other = (drawn(shot, Caption("Before", (name,), practice=False)) for name in ("山田", "川口"))
    assert one.tobytes() != other.tobytes()


async def test_a_mask_that_matches_nothing_fails_the_capture(page: Page) -> None:
    await page.set_content(f'<body style="margin: 0">{section()}</body>')
    element = await page.query_selector("#it")
    assert element is not None
    with pytest.raises(EvidenceNotWritten, match=r"\.face"):
        await photograph(
            page, page.main_frame, await held(element), outlined=True, masks=["h2", ".face"]
        )


async def test_what_each_mask_matched_is_told(page: Page) -> None:
    shot = await shoot(page, WHO_HTML + WHO_HTML + section())
    assert shot.masks == {".photo": 2}


async def test_a_whole_page_is_shown_to_its_end_and_painted_over(page: Page) -> None:
    await page.set_viewport_size({"width": 1000, "height": 700})
    far = block(CANARY, 900, 1500) + WHO_HTML
    await page.set_content(f'<body style="margin: 0">{section()}{far}</body>')
    await page.evaluate("scrollTo(0, 400)")
    picture = drawn(await photograph_page(page, [".photo"]))
    assert extent(picture, CANARY)[3] - extent(picture, CANARY)[1] == 1500
    assert area(picture, PHOTO) == 0
    assert area(picture, NAME) > 0
    assert area(picture, MASK) >= 20 * 20


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (7, 3), (1280, 800)])
def test_a_written_picture_has_every_pixel_of_the_one_that_was_drawn(size: tuple[int, int]) -> None:
    drawn = Image.effect_noise(size, 90).convert("RGB")
    drawn.putpixel((size[0] - 1, size[1] - 1), CANARY)
    with Image.open(io.BytesIO(as_png(drawn))) as written:
        assert (written.format, written.mode, written.size) == ("PNG", "RGB", size)
        assert written.tobytes() == drawn.tobytes()
