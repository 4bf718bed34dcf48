"""Pages opened in a real browser: whatever strangers wrote stays text, and nothing is fetched."""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from optout.ledger.coverage import histories, practice_histories
from optout.model import Outcome, Why
from optout.report.as_html import write
from optout.report.bundle_view import view
from optout.report.coverage import gathered
from optout.report.evidence_page import evidence_page
from optout.report.pages import template
from optout.report.pdf import printed
from tests.report.book import START, Book
from tests.report.records import CLAIMED, VISITED, bundle, with_texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.async_api import Page, Request

MARKUP = (
    "<img src=x onerror=\"document.title='hit'\"><script>document.title='hit'</script>"
    "<svg onload=\"document.title='hit'\"></svg></style><style>*{display:none}</style>"
    "<a href=\"javascript:document.title='hit'\">x</a><base href=//evil.test><link rel=stylesheet "
    "href=http://evil.test/x.css><iframe src=http://evil.test></iframe>{{ 7*7 }}{% raw %}&lt;\"'`"
)
LONG = "x" * 300
TURNED = "\u202egnp.exe\u2066\0\x1b[31m"
HOSTILE = MARKUP + LONG + TURNED
# Words of our own in a record; anything else there would be refused before it is shown.
OURS = frozenset(
    {
        *("schema", "mode", "changed_by", "outcome", "why", "reading", "locked", "picture", "handed_in"),
        "tool",
    }
)
_ACTIVE = "script, iframe, object, embed, link, base, form, svg, a, [onerror], [onload], [style]"


@contextmanager
def report_page(book: Book, *, practice: bool = False) -> Iterator[bytes]:
    found = practice_histories(book.ledger) if practice else histories(book.ledger)
    with gathered(found, book.home.evidence, made_at=START, practice=practice) as report:
        out = io.BytesIO()
        write(report, out)
        yield out.getvalue()


class Opened:
    """A page in the browser, and everything it tried."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked_for: list[str] = []
        self.popped_up: list[str] = []
        self.complaints: list[str] = []
        page.on("request", self._note)
        page.on("dialog", lambda dialog: self.popped_up.append(dialog.message))
        page.on("console", lambda message: self.complaints.append(message.text))

    def _note(self, request: Request) -> None:
        if not request.url.startswith("data:image/"):
            self.asked_for.append(request.url)

    async def open(self, content: bytes, folder: Path) -> None:
        file = folder / "page.html"
        file.write_bytes(content)
        await self.page.goto(file.as_uri())
        self.asked_for.remove(file.as_uri())

    async def is_harmless(self) -> None:
        """No script, no request, nothing that could become one."""
        assert await self.page.title() != "hit"
        assert (self.asked_for, self.popped_up, self.complaints) == ([], [], [])
        assert await self.page.locator(_ACTIVE).count() == 0

    async def text(self) -> str:
        return await self.page.locator("body").inner_text()


@pytest_asyncio.fixture
async def opened(page: Page) -> Opened:
    return Opened(page)


@pytest.fixture
def hostile(book: Book) -> Book:
    """Markup in every text of a ledger that a stranger can choose."""
    platform = f"plat{MARKUP}"
    for login, outcome in ((HOSTILE, Outcome.STILL_IN), (MARKUP, Outcome.UNREADABLE)):
        account = book.account(login, platform)
        facts: dict[str, Any] = {"reason": HOSTILE, "next_step": HOSTILE, "why": Why.COVERED}
        book.look(outcome, account=account, setting=MARKUP, proof=False, **facts)
    book.account("bob")
    book.account("ada@example.org")
    book.look(Outcome.OPTED_OUT)
    return book


async def test_hostile_names_in_a_report_stay_text(
    hostile: Book, opened: Opened, tmp_path: Path
) -> None:
    with report_page(hostile) as content:
        await opened.open(content, tmp_path)
    await opened.is_harmless()
    shown = await opened.text()
    assert MARKUP.partition("</style>")[0] in shown
    assert "\u202e" not in shown
    assert "␛[31m" in shown


async def test_a_report_fits_a_small_telephone(hostile: Book, opened: Opened, tmp_path: Path) -> None:
    await opened.page.set_viewport_size({"width": 320, "height": 640})
    with report_page(hostile) as content:
        await opened.open(content, tmp_path)
    assert await opened.page.evaluate("document.documentElement.scrollWidth") <= 320


async def test_a_report_says_how_many_are_left_and_why(
    book: Book, opened: Opened, tmp_path: Path
) -> None:
    for login in ("ada@example.org", "bob@example.org"):
        book.account(login)
    book.look(Outcome.OPTED_OUT)
    with report_page(book) as content:
        await opened.open(content, tmp_path)
    verdict = opened.page.locator(".verdict")
    assert await verdict.inner_text() == ("Proven out: 1 of 2 targets, 0 not offered, 1 left.")
    cells = opened.page.get_by_role("table").first.get_by_role("row").last.get_by_role("cell")
    assert await cells.all_inner_texts() == ["2", "1", "1"]


async def test_practice_is_plain_on_a_report(book: Book, opened: Opened, tmp_path: Path) -> None:
    book.look(Outcome.OPTED_OUT, practice=True)
    with report_page(book, practice=True) as content:
        await opened.open(content, tmp_path)
    assert await opened.page.get_by_role("note").is_visible()
    assert (await opened.page.title()).startswith("PRACTICE")


@pytest.mark.parametrize("record", [VISITED, CLAIMED], ids=["visited", "claimed"])
async def test_hostile_texts_in_a_bundle_stay_text(
    record: dict[str, Any], opened: Opened, tmp_path: Path
) -> None:
    folder = bundle(tmp_path / "bundle", with_texts(record, HOSTILE, keep=OURS))
    await opened.page.set_viewport_size({"width": 320, "height": 640})
    await opened.open(evidence_page(view(folder)), tmp_path)
    await opened.is_harmless()
    assert MARKUP.partition("</style>")[0] in await opened.text()
    assert await opened.page.evaluate("document.documentElement.scrollWidth") <= 320


async def test_a_bundle_shows_its_pictures_side_by_side(opened: Opened, tmp_path: Path) -> None:
    await opened.page.set_viewport_size({"width": 1200, "height": 900})
    await opened.open(evidence_page(view(bundle(tmp_path / "bundle"))), tmp_path)
    await opened.is_harmless()
    before, after = [await image.bounding_box() for image in await opened.page.locator("img").all()]
    assert before
    assert after
    assert before["y"] == after["y"]
    assert before["x"] + before["width"] < after["x"]
    assert await opened.page.evaluate("[...document.images].every((image) => image.naturalWidth === 90)")


async def test_practice_is_plain_on_a_bundle(opened: Opened, tmp_path: Path) -> None:
    folder = bundle(tmp_path / "bundle", VISITED | {"practice": True})
    await opened.open(evidence_page(view(folder)), tmp_path)
    assert "PRACTICE" in await opened.page.get_by_role("note").inner_text()
    assert (await opened.page.title()).startswith("PRACTICE")


async def test_a_page_is_printed_as_pdf_with_the_browser_there_is(tmp_path: Path) -> None:
    paper = await printed(evidence_page(view(bundle(tmp_path / "bundle"))), tell=print)
    assert paper.startswith(b"%PDF-")
    assert b"/Title (Evidence: exemplar/ai-training" in paper


def test_every_colour_of_a_text_can_be_read_on_its_ground() -> None:
    style = str(template("report").environment.globals["style"])
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", style)) | {"paper": "#ffffff"}
    pairs = [
        *(("ink", "paper"), ("quiet", "paper"), ("ink", "band"), ("quiet", "band")),
        *(("good", "good-band"), ("open", "open-band"), ("bad", "bad-band")),
    ]
    poor = [pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 4.5]
    assert poor == []


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, as WCAG 2 defines it."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return sum(each * weight for each, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))
