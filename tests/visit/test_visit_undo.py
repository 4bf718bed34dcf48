"""Undoing: a setting goes back to what its bundle recorded, with the same proof as any change."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from optout.evidence.bundle import check_bundle
from optout.model import Outcome, Reading
from optout.watch.changes import states_before
from tests.workshop import flow as shapes
from tests.workshop.work import Work, record_of, workshop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optout.flow import Setting
    from optout.model import Result
    from optout.visit.browser import OpenBrowser

EACH = pytest.mark.parametrize(
    ("setting", "before"),
    [
        (shapes.AUTO, "on"),
        (shapes.PREVENT, "off"),
        (shapes.SELECT, "Enabled"),
        (shapes.CHOICE, "Allow training on my writing"),
    ],
    ids=lambda given: given if isinstance(given, str) else given.name,
)


@pytest.fixture
def work(fenced_browser: OpenBrowser, tmp_path: Path) -> Iterator[Work]:
    yield from workshop(fenced_browser, tmp_path)


async def undo(work: Work, setting: Setting, change: Result) -> Result:
    assert change.evidence is not None
    return await work.run(setting, put_back=states_before(change.evidence))


@EACH
async def test_it_goes_back_to_what_was_recorded(work: Work, setting: Setting, before: str) -> None:
    work.add()
    change = await work.run(setting)
    assert [each["state"] for each in record_of(change)["before"]] == [before]
    result = await undo(work, setting, change)
    assert (result.outcome, result.reading, work.stored(setting.name)) == (
        Outcome.UNDONE,
        Reading.IN,
        True,
    )
    record = record_of(result)
    assert [each["reading"] for each in (*record["before"], *record["after"])] == ["out", "in"]
    assert result.evidence is not None
    check_bundle(result.evidence)


async def test_a_menu_that_asks_nothing_on_the_way_back(work: Work) -> None:
    work.add()
    change = await work.run(shapes.MENU)
    result = await undo(work, shapes.MENU, change)
    assert (result.outcome, work.stored("menu")) == (Outcome.UNDONE, True), result


async def test_what_was_out_before_stays_out(work: Work) -> None:
    """Of several sites, one was out before optout came: it is left alone."""
    work.add(**{"site-1": False})
    change = await work.run(shapes.SITES)
    before = work.sent
    result = await undo(work, shapes.SITES, change)
    assert result.outcome is Outcome.UNDONE, result
    assert work.sent - before == len(record_of(change)["after"])
    assert work.stored("site-1") is False


async def test_what_is_in_already_is_left_alone(work: Work) -> None:
    work.add()
    result = await work.run(shapes.AUTO, put_back={"/settings/auto": "on"})
    assert (result.outcome, result.reading, work.sent) == (Outcome.STILL_IN, Reading.IN, 0)
    assert "nothing was changed" in result.reason


async def test_a_way_back_that_is_not_kept_is_called_so(work: Work) -> None:
    work.add("forgets", auto=False)
    result = await work.run(shapes.AUTO, put_back={"/settings/auto": "on"})
    assert (result.outcome, result.reading) == (Outcome.NOT_SAVED, Reading.OUT)
    assert "by hand" in result.next_step


async def test_an_option_that_is_there_no_more_is_not_replaced_by_another(work: Work) -> None:
    work.add(choice=False)
    result = await work.run(shapes.CHOICE, put_back={"/settings/choice": "Only on Sundays"})
    assert (result.outcome, result.reading, work.sent) == (Outcome.UNREADABLE, Reading.OUT, 0)
    assert "Only on Sundays" in result.reason


async def test_a_check_that_is_told_what_to_put_back_still_changes_nothing(work: Work) -> None:
    work.add(auto=False)
    result = await work.check(shapes.AUTO, put_back={"/settings/auto": "on"})
    assert (result.reading, work.sent) == (Reading.OUT, 0)


SOURCES = Path(__file__).parents[2] / "optout"


@pytest.mark.parametrize(
    ("words", "where"),
    [
        # A run hands on what it was given.
        (r"put_back=(?!(?:self|common)\.put_back\b)", ["cli/undo.py"]),
        (r"\bUndoVisit\(|else UndoVisit", ["visit/undo.py", "visit/visit.py"]),
        (r"from optout\.cli\.undo import", []),
    ],
)
def test_only_the_undo_command_leads_here(words: str, where: list[str]) -> None:
    found = [
        file.relative_to(SOURCES).as_posix()
        for file in sorted(SOURCES.rglob("*.py"))
        if re.search(words, file.read_text(encoding="utf-8"))
    ]
    assert found == where
