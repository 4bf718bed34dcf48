"""Switches to which only a person knows the way: they open it, and are asked again for the proof."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from optout.authors.window import AtTheWindow
from optout.errors import OptoutError
from optout.flow.discovery import discover
from optout.model import Mode, Outcome, Why
from optout.practice.load import practice_site_of
from optout.visit.visit import visit
from tests.visit.rehearsal import QUICK

if TYPE_CHECKING:
    from optout.practice.site import PracticeSite
    from optout.practice.switchboard import PracticeAccount
    from tests.visit.rehearsal import Rehearsal

FLOW = discover().flows["microsoft-copilot"]


@pytest.fixture
def practice_site() -> PracticeSite:
    return practice_site_of(FLOW)


async def attended(rehearsal: Rehearsal, account: PracticeAccount, *, person: float = 10) -> list[str]:
    """A visit to both switches with somebody at the window; returns what they were told."""
    server = rehearsal.server
    assert server.site.session_for
    someone = AtTheWindow(rehearsal.browser, server.origin)
    await rehearsal.visit(
        account,
        settings=FLOW.settings,
        mode=Mode.ATTENDED,
        person=someone,
        session=server.site.session_for(account, server.origin),
        patience=replace(QUICK, person=person),
    )
    await someone.rest()
    return someone.told


async def test_both_switches_are_switched_off_and_no_session_is_kept(rehearsal: Rehearsal) -> None:
    account = rehearsal.add()
    told = await attended(rehearsal, account)
    outcomes = [result.outcome for result in rehearsal.results]
    assert (outcomes, account.counters.changes) == ([Outcome.OPTED_OUT] * 2, 2)
    # For each switch once to read it, and once for the proof.
    assert sum(sentence.startswith("Please open") for sentence in told) == 4
    # No page tells a stranger's from a member's: what the browser holds may be nobody's session.
    assert rehearsal.signed_in == []


async def test_where_no_switch_shows_the_reason_says_what_is_known_of_that(rehearsal: Rehearsal) -> None:
    account = rehearsal.add("absent-empty")
    await attended(rehearsal, account, person=0.5)
    for result in rehearsal.results:
        assert (result.outcome, result.why) == (Outcome.UNREADABLE, Why.CONTROL_MISSING)
        assert "2026-08-18 and later has no such switch" in result.reason


async def test_signing_in_for_later_is_refused_and_nothing_is_opened(rehearsal: Rehearsal) -> None:
    account = rehearsal.add()
    with pytest.raises(OptoutError, match="tell whether somebody is signed in"):
        await visit(rehearsal.order(account, settings=(), mode=Mode.ATTENDED), rehearsal.browser)
    assert rehearsal.server.site.switchboard.log == []
