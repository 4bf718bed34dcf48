"""Every shape that a setting can have: a run opts out and proves it, a check touches nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from optout.model import Outcome, Reading
from tests.workshop import flow as shapes
from tests.workshop.work import Work, workshop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optout.flow import Setting
    from optout.visit.browser import OpenBrowser

# What is stored under which key when a setting is out.
SAVED = {
    setting.name: setting
    for setting in (
        *(shapes.AUTO, shapes.PREVENT, shapes.DIALOG, shapes.SELECT, shapes.CHOICE, shapes.MENU),
        *(shapes.CONFIRM, shapes.NAMELESS, shapes.SKIN, shapes.FORM, shapes.FRAME, shapes.SHADOW),
        shapes.FAR,
    )
}
EACH = pytest.mark.parametrize("setting", SAVED.values(), ids=SAVED)


@pytest.fixture
def work(fenced_browser: OpenBrowser, tmp_path: Path) -> Iterator[Work]:
    yield from workshop(fenced_browser, tmp_path)


@EACH
async def test_a_run_opts_out_and_the_server_knows(work: Work, setting: Setting) -> None:
    work.add()
    result = await work.run(setting)
    assert (result.outcome, work.stored(setting.name)) == (Outcome.OPTED_OUT, False), result


@EACH
async def test_where_it_is_out_already_a_run_sends_nothing(work: Work, setting: Setting) -> None:
    work.add(**{setting.name: False})
    result = await work.run(setting)
    assert (result.outcome, work.sent) == (Outcome.ALREADY_OUT, 0), result


@EACH
async def test_a_check_reads_and_sends_nothing(work: Work, setting: Setting) -> None:
    work.add()
    result = await work.check(setting)
    assert (result.reading, work.sent) == (Reading.IN, 0), result


@EACH
async def test_a_save_that_is_not_kept_is_called_so(work: Work, setting: Setting) -> None:
    work.add("refuses" if setting is shapes.FORM else "forgets")
    result = await work.run(setting)
    assert (result.outcome, result.reading) == (Outcome.NOT_SAVED, Reading.IN), result
