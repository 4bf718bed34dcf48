"""The objection form: filled in by optout, read and sent by the person, and never called proven."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from optout.model import ExitBit, Mode, Outcome, Reading, Why
from optout.visit import form as form_module
from optout.visit.guide import listen
from tests.visit.rehearsal import QUICK
from tests.workshop.people import Someone

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from playwright.async_api import Page

    from optout.model import Result
    from optout.practice.switchboard import PracticeAccount
    from optout.visit.read import Sight
    from optout.visit.tab import Tab
    from tests.visit.rehearsal import Rehearsal

OPTION = "Object to processing for training content-generating AI models"
SENT = f"objected: {OPTION}"


async def send(page: Page) -> None:
    await page.get_by_label("First name").fill("Ada")
    await page.get_by_label("Last name").fill("Example")
    await page.get_by_role("button", name="Submit").click()


async def visited(
    rehearsal: Rehearsal, *conditions: str, act: Callable[[Page], Awaitable[None]] = send, **facts: Any
) -> tuple[Result, PracticeAccount, str]:
    """A guided visit to the form, and what the person was told."""
    account = rehearsal.add(*conditions)
    someone = Someone(rehearsal.browser, act)
    form = rehearsal.flow.setting("objection")
    result = await rehearsal.visit(
        account,
        **{"settings": (form,), "mode": Mode.GUIDED, "person": someone, "patience": QUICK, **facts},
    )
    return result, account, " ".join(someone.told)


@pytest.mark.parametrize("condition", ["", "form-radio"])
async def test_what_is_known_is_filled_in_and_the_person_sends_it(
    rehearsal: Rehearsal, condition: str
) -> None:
    result, account, told = await visited(rehearsal, *filter(None, [condition]))
    assert (result.outcome, result.why, result.reading) == (
        Outcome.CLAIMED,
        Why.REQUEST_SENT,
        Reading.UNKNOWN,
    ), result.reason
    assert (result.exit_bit, account.settings) == (ExitBit.NEEDS_PERSON, {SENT: True})
    assert "your first and last name" in told


async def test_the_page_that_confirms_it_is_kept_and_said_to_prove_no_setting(
    rehearsal: Rehearsal,
) -> None:
    result, _, _ = await visited(rehearsal)
    assert result.evidence
    assert {file.name for file in result.evidence.glob("*.png")} == {"filled.png", "sent.png"}
    record = json.loads((result.evidence / "record.json").read_text())
    readings = [step["reading"] for step in record["before"]]
    assert (record["changed_by"], readings, record["after"]) == ("person", ["unknown"] * 2, [])
    assert "proves no setting" in (result.evidence / "PROCESS.md").read_text()


async def test_a_form_that_the_site_refuses_was_not_sent(rehearsal: Rehearsal) -> None:
    result, account, _ = await visited(rehearsal, "form-refused")
    assert (result.outcome, result.why) == (Outcome.NOT_SAVED, Why.SAVE_REFUSED)
    assert account.settings == {}


@pytest.mark.parametrize("condition", ["form-gone", "form-renamed"])
async def test_a_page_without_the_known_form_is_left_alone(rehearsal: Rehearsal, condition: str) -> None:
    account = rehearsal.add(condition)
    result = await rehearsal.visit(
        account, settings=(rehearsal.flow.setting("objection"),), mode=Mode.GUIDED
    )
    assert (result.outcome, result.why) == (Outcome.UNREADABLE, Why.CONTROL_MISSING), result.reason


async def test_a_page_that_has_gone_on_before_it_is_listened_to_is_not_waited_for(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listen_late(tab: Tab, sight: Sight | None, deadline: float) -> asyncio.Task[None]:
        async def later() -> None:
            await asyncio.sleep(1.0)
            await listen(tab, sight, deadline)

        return asyncio.create_task(later())

    monkeypatch.setattr(form_module, "listen", listen_late)
    async with asyncio.timeout(20):
        result, _, _ = await visited(rehearsal, patience=replace(QUICK, person=60))
    assert result.outcome is Outcome.CLAIMED


async def test_what_is_not_sent_is_not_claimed(rehearsal: Rehearsal) -> None:
    async def leave_it(page: Page) -> None:
        await page.get_by_label("First name").fill("Ada")
        await page.get_by_role("button", name="Submit").click()  # the site wants the last name too

    patience = QUICK.__class__(quiet=0.15, person=1.5)
    result, account, _ = await visited(rehearsal, act=leave_it, patience=patience)
    assert (result.outcome, result.why) == (Outcome.NEEDS_PERSON, Why.TIMED_OUT), result.reason
    assert account.settings == {}


@pytest.mark.parametrize("facts", [{"mode": Mode.AUTOMATIC}, {"may_change": False}])
async def test_nothing_is_opened_where_nobody_may_send_it(
    rehearsal: Rehearsal, facts: dict[str, Any]
) -> None:
    account = rehearsal.add()
    form = rehearsal.flow.setting("objection")
    result = await rehearsal.visit(account, **{"settings": (form,), "mode": Mode.GUIDED, **facts})
    assert (result.outcome, result.why, account.counters.requests) == (
        Outcome.NEEDS_PERSON,
        Why.BY_HAND,
        0,
    )
    assert "--mode guided" in result.next_step
