"""Guided mode: the tool opens, points and waits; the person clicks; a fresh load proves it."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from optout.model import Mode, Outcome, Reading, Why
from optout.visit.patience import Patience
from tests.workshop import flow as shapes
from tests.workshop.people import Someone
from tests.workshop.work import QUICK, Work, record_of, workshop

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from playwright.async_api import Page

    from optout.flow import Setting
    from optout.model import Result
    from optout.visit.browser import OpenBrowser

    Act = Callable[[Page], Awaitable[None]]

NOTE_PAPER = (255, 248, 225)
OUTLINED = "[data-optout-guide]"
PATIENT = replace(QUICK, person=300)


@pytest.fixture
def work(fenced_browser: OpenBrowser, tmp_path: Path) -> Iterator[Work]:
    yield from workshop(fenced_browser, tmp_path)


async def guide(work: Work, setting: Setting, act: Act, **facts: object) -> tuple[Result, Someone]:
    """A guided run."""
    someone = Someone(work.browser, act)
    async with asyncio.timeout(40):  # what is not noticed by then is found out only in the end
        result = await work.run(setting, mode=Mode.GUIDED, person=someone, **facts)
    await someone.rest()
    return result, someone


async def shows_the_note(page: Page) -> bool:
    """Whether the note can be seen as it is, with nothing dim over it."""
    picture = Image.open(io.BytesIO(await page.screenshot())).convert("RGB")
    return NOTE_PAPER in {colour for _, colour in picture.getcolors(1 << 24) or ()}


async def click_it(page: Page) -> None:
    for frame in page.frames:
        if await frame.locator(OUTLINED).count():
            await frame.locator(OUTLINED).click()


async def click_it_and_save(page: Page) -> None:
    await page.locator(OUTLINED).click()
    await page.locator("#optout-note", has_text="save the change").wait_for()
    await page.get_by_role("button", name="Save", exact=False).click()


async def click_it_and_agree(page: Page) -> None:
    await page.locator(OUTLINED).click()
    await page.locator("[data-answer=yes]").click()


async def choose_it(page: Page) -> None:
    await page.locator(OUTLINED).select_option(label="Disabled")


WAYS: dict[str, tuple[Setting, Act]] = {
    "box": (shapes.AUTO, click_it),
    "box and button": (shapes.PREVENT, click_it_and_save),
    "box in a posted form": (shapes.FORM, click_it_and_save),
    "switch in a dialog": (shapes.DIALOG, click_it),
    "switch and question": (shapes.CONFIRM, click_it_and_agree),
    "menu and question": (shapes.MENU, click_it_and_agree),
    "list": (shapes.SELECT, choose_it),
    "option": (shapes.CHOICE, click_it),
    "box in a frame": (shapes.FRAME, click_it),
    "switch in a shadow root": (shapes.SHADOW, click_it),
}
ADVICE = {
    "box": 'untick "Use what I write for training"',
    "box and button": 'tick "Prevent third-party sharing for this site"',
    "switch in a dialog": 'switch off "Improve the model for everyone"',
    "menu and question": 'choose "Turn off" (',
    "list": 'choose "Disabled" in "Allow us to use my data for AI model training"',
    "option": 'choose "Do not allow training"',
}


@pytest.mark.parametrize("way", WAYS)
async def test_what_the_person_does_is_noticed_and_proven(work: Work, way: str) -> None:
    setting, act = WAYS[way]
    work.add()

    async def act_later(page: Page) -> None:
        await page.locator("#optout-note").wait_for()
        await act(page)

    result, _ = await guide(work, setting, act_later, patience=PATIENT)
    assert (result.outcome, work.stored(setting.name)) == (Outcome.OPTED_OUT, False), result.reason
    assert (record_of(result)["mode"], record_of(result)["changed_by"]) == ("guided", "person")


@pytest.mark.parametrize("way", ADVICE)
async def test_the_person_is_told_what_to_do_in_the_controls_own_words(work: Work, way: str) -> None:
    setting, _ = WAYS[way]
    work.add()

    async def leave(_: Page) -> None:
        pass

    _, someone = await guide(work, setting, leave, patience=Patience(quiet=0.2, person=0.2))
    assert ADVICE[way] in someone.told[0]


async def test_the_control_is_outlined_and_a_note_stands_above(work: Work) -> None:
    work.add()
    seen: list[object] = []

    async def look_first(page: Page) -> None:
        await page.locator("#optout-note").wait_for()
        outlined = page.locator(OUTLINED)
        seen.append(await outlined.get_attribute("data-testid"))
        seen.append(await outlined.evaluate("(each) => getComputedStyle(each).outlineColor"))
        seen.append(await shows_the_note(page))  # the dialogs of the page do not hide it
        await outlined.click()

    await guide(work, shapes.DIALOG, look_first)
    assert seen == ["improve-model", "rgb(179, 38, 30)", True]


async def test_a_question_that_opens_does_not_hide_the_note(work: Work) -> None:
    work.add()

    async def wait_for_the_note(page: Page) -> None:
        await page.locator(OUTLINED).click()
        await page.locator("[data-answer=yes]").wait_for()
        async with asyncio.timeout(20):
            while not await shows_the_note(page):
                await page.wait_for_timeout(100)
        await page.locator("[data-answer=yes]").click()

    result, _ = await guide(work, shapes.CONFIRM, wait_for_the_note, patience=PATIENT)
    assert result.outcome is Outcome.OPTED_OUT


async def test_pointing_is_in_no_picture_of_the_evidence(work: Work) -> None:
    work.add()

    async def leave(page: Page) -> None:
        await page.locator("#optout-note").wait_for()

    result, _ = await guide(work, shapes.AUTO, leave, patience=Patience(quiet=0.2, person=1))
    assert result.evidence is not None
    pictures = [Image.open(file).convert("RGB") for file in result.evidence.glob("*.png")]
    colours = [{colour for _, colour in each.getcolors(1 << 24) or ()} for each in pictures]
    assert [NOTE_PAPER in each for each in colours] == [False] * len(pictures)


async def test_the_page_is_left_without_a_trace_of_the_pointing(work: Work) -> None:
    work.add("forgets")
    left: list[int] = []

    async def act(page: Page) -> None:
        await page.locator("#optout-note").wait_for()
        await page.locator(OUTLINED).click()
        await page.locator("#optout-note").wait_for(state="detached")
        left.append(await page.locator(OUTLINED).count())

    await guide(work, shapes.AUTO, act)
    assert left == [0]


async def test_a_person_who_does_nothing_is_not_waited_for_for_ever(work: Work) -> None:
    work.add()

    async def leave(_: Page) -> None:
        pass

    result, _ = await guide(work, shapes.AUTO, leave, patience=Patience(quiet=0.2, person=0.5))
    assert (result.outcome, result.why) == (Outcome.NEEDS_PERSON, Why.TIMED_OUT)
    assert (result.reading, record_of(result)["changed_by"]) == (Reading.IN, "none")


async def test_other_clicks_are_not_taken_for_the_right_one(work: Work) -> None:
    work.add()

    async def wander(page: Page) -> None:
        await page.locator("#optout-note").wait_for()
        await page.get_by_role("heading", name="Privacy").click()
        await page.get_by_label("Suggest people to me").click()
        await page.locator("#optout-note").wait_for()
        await page.locator(OUTLINED).click()

    result, _ = await guide(work, shapes.AUTO, wander)
    assert result.outcome is Outcome.OPTED_OUT
    assert result.notes == ('"Suggest people to me" went from on to off as well',)


async def test_second_thoughts_are_waited_for(work: Work) -> None:
    work.add()

    async def hesitate(page: Page) -> None:
        await page.locator(OUTLINED).click()
        await page.locator("[data-answer=no]").click()
        await page.locator(OUTLINED).click()
        await page.locator("[data-answer=yes]").click()

    result, _ = await guide(work, shapes.CONFIRM, hesitate)
    assert result.outcome is Outcome.OPTED_OUT


async def test_a_change_that_is_not_kept_is_told_from_one_that_is(work: Work) -> None:
    work.add("forgets")
    result, _ = await guide(work, shapes.AUTO, click_when_told)
    assert (result.outcome, result.why) == (Outcome.NOT_SAVED, Why.NOT_KEPT)
    assert record_of(result)["changed_by"] == "person"


@pytest.mark.parametrize("what", ["the tab", "the window"])
async def test_closing_the_window_ends_the_visit(work: Work, what: str) -> None:
    work.add()

    async def close(page: Page) -> None:
        await page.locator("#optout-note").wait_for()
        await (page.close() if what == "the tab" else page.context.close())

    result, _ = await guide(work, shapes.AUTO, close)
    assert (result.outcome, result.why) == (Outcome.NEEDS_PERSON, Why.INTERRUPTED), result.reason
    assert work.sent == 0


async def test_the_tool_itself_presses_nothing(work: Work) -> None:
    work.add()
    sent: list[int] = []

    async def wait_and_click(page: Page) -> None:
        await page.locator("#optout-note").wait_for()
        await page.wait_for_timeout(1000)
        sent.append(work.sent)
        await page.locator(OUTLINED).click()

    await guide(work, shapes.AUTO, wait_and_click)
    assert (sent, work.sent) == ([0], 1)


async def click_when_told(page: Page) -> None:
    await page.locator(OUTLINED).click()
